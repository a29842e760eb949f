import type { Builder } from './builder';
import type { Value } from './graph';
import {
  hasSkip,
  K_GROUP_SIZE,
  outerChannels,
  type KAttention,
  type KLevel,
  type KLevels,
} from './k-unet-levels';
import { activation, type Activation } from './ops/activation';
import { add } from './ops/arithmetic';
import { attention } from './ops/attention';
import { convolution } from './ops/convolution';
import { doubleSmoothly, halveSmoothly } from './ops/k-resampling';
import { concatChannels, fromTokens, toTokens } from './ops/layout';
import { linear } from './ops/linear';
import { adaGroupNorm, layerNorm } from './ops/normalization';
import { image } from './ops/shape';
import type { UNetConditions } from './unet-conditions';

/** The eps of AdaGroupNorm and LayerNorm in KAttentionBlock: that of the config is for the ResNet blocks alone. */
const ATTENTION_EPS = 1e-5;

export interface KUNetOptions {
  readonly activation: Activation;
  /** Of the norms of ResNet blocks. */
  readonly eps: number;
  readonly conditions: UNetConditions;
}

/**
 * The blocks of k-diffusion's UNet (diffusers, models/unets/unet_2d_blocks.py: `KDownBlock2D`, `KCrossAttnDownBlock2D`,
 * `KUpBlock2D`, `KCrossAttnUpBlock2D`). Of each level, the last ResNet block alone has a skip connection.
 */
export class KUNetBlocks {
  constructor(
    private readonly levels: KLevels,
    private readonly options: KUNetOptions,
  ) {}

  /** @param first what `conv_in` gives */
  run(b: Builder, first: Value): Value {
    const { down, up } = this.levels;
    const channels = down.map((level) => level.channels);
    const last = down.length - 1;
    const skips: Value[] = [];
    let x = first;
    down.forEach((level, depth) => {
      const at = b.at('down_blocks').at(depth);
      x = this.layers(at, x, level, channels[depth]!);
      if (hasSkip(down, depth)) skips.push(x);
      if (depth < last) x = halveSmoothly(at, x);
    });
    up.forEach((level, index) => {
      const at = b.at('up_blocks').at(index);
      const depth = last - index;
      if (hasSkip(down, depth)) x = concatChannels(at, [x, skips.pop()!]);
      x = this.layers(at, x, level, outerChannels(channels, depth));
      if (depth > 0) x = doubleSmoothly(at, x);
    });
    return x;
  }

  /** @param outer the channels that the block gives; inside it has those of its level */
  private layers(
    b: Builder,
    input: Value,
    { resnets, channels: inner, attention: attends }: KLevel,
    outer: number,
  ): Value {
    let x = input;
    for (let index = 0; index < resnets; index++) {
      const out = index === resnets - 1 ? outer : inner;
      // Without attention, both convolutions of the last ResNet block have the channels that it gives.
      const hidden = attends ? inner : out;
      x = this.resnet(b.at('resnets').at(index), x, { hidden, out, groups: groupsOf(inner) });
      if (attends) x = this.attend(b.at('attentions').at(index), x, attends);
    }
    return x;
  }

  /**
   * ResnetBlockCondNorm2D (diffusers, models/resnet.py) on x [B, C, H, W]: [B, out, H, W].
   * @param widths `hidden` channels between its convolutions, in so many `groups`
   */
  private resnet(b: Builder, x: Value, widths: ResnetWidths): Value {
    const { activation: kind, eps, conditions } = this.options;
    const { hidden, out, groups } = widths;
    const channels = x.shape[1]!;
    const before = (norm: Builder, value: Value, count: number) =>
      activation(b, adaGroupNorm(norm, value, conditions.time, { groups: count, eps }), kind);
    const first = before(b.at('norm1'), x, groupsOf(channels));
    const middle = convolution(b.at('conv1'), first, hidden);
    const second = convolution(b.at('conv2'), before(b.at('norm2'), middle, groups), out);
    const isSame = channels === out;
    const shortcut = { kernel: 1, bias: false } as const;
    const residual = isSame ? x : convolution(b.at('conv_shortcut'), x, out, shortcut);
    return add(b, residual, second);
  }

  /** KAttentionBlock (diffusers, models/unets/unet_2d_blocks.py) on x [B, C, H, W]. */
  private attend(b: Builder, x: Value, { headSize, self }: KAttention): Value {
    const { text } = this.options.conditions;
    const own = self ? this.attention(b, x, { index: 1, headSize }) : x;
    const context = layerNorm(b.at('attn2.norm_cross'), text, ATTENTION_EPS);
    return this.attention(b, own, { index: 2, headSize, context });
  }

  /** What x attends to, added to it: each other, or `context` [B, S, D]. */
  private attention(b: Builder, x: Value, attended: Attended): Value {
    const { index, headSize, context } = attended;
    const [, channels, height, width] = image(x);
    const norm = { groups: groupsOf(channels), eps: ATTENTION_EPS };
    const { time } = this.options.conditions;
    const tokens = toTokens(b, adaGroupNorm(b.at(`norm${index}`), x, time, norm));
    const at = b.at(`attn${index}`);
    const query = linear(at.at('to_q'), tokens, channels);
    const key = linear(at.at('to_k'), context ?? tokens, channels);
    const value = linear(at.at('to_v'), context ?? tokens, channels);
    const mixed = attention(at, query, key, value, { heads: channels / headSize });
    const out = linear(at.at('to_out.0'), mixed, channels);
    return add(b, fromTokens(b, out, height, width), x);
  }
}

interface ResnetWidths {
  readonly hidden: number;
  readonly out: number;
  readonly groups: number;
}

interface Attended {
  /** Of the layer: `norm1` and `attn1`, or `norm2` and `attn2`. */
  readonly index: 1 | 2;
  readonly headSize: number;
  readonly context?: Value;
}

function groupsOf(channels: number): number {
  return channels / K_GROUP_SIZE;
}
