import type { IpAdapterBlocks } from '../../core/request/ip-adapter-blocks';
import type { WeightSource } from '../weights/source';
import type { Builder } from './builder';
import type { ByteMatrices } from './byte-matrices';
import type { Value } from './graph';
import { add, cast, mul } from './ops/arithmetic';
import { attention, type AttentionOptions } from './ops/attention';
import { linear } from './ops/linear';
import type { UNetConfig } from './unet-config';
import type { UNetLevel } from './unet-levels';

/** An IP-Adapter in the graph of a UNet. */
export interface ImagePrompt {
  /** `ip_adapter.{n}.to_k_ip.weight` and `to_v_ip`, by the numbers of `crossAttentions`. */
  readonly weights: WeightSource;
  /** Tokens of all its images. */
  readonly tokens: number;
  /** Where in the UNet it works. */
  readonly blocks: IpAdapterBlocks;
  /** The weights as bytes of the layers that multiply bytes by bytes. Default: none do. */
  readonly byteMatrices?: ByteMatrices | undefined;
}

/**
 * The modules with cross-attention of a UNet, such as `down_blocks.0.attentions.1.transformer_blocks.0.attn2`, and
 * the number that each has in an IP-Adapter: that of its processor among all of `attn_processors`, where the middle
 * comes last (diffusers, loaders/unet.py, `_convert_ip_adapter_attn_to_diffusers`).
 */
export function crossAttentions({
  down,
  up,
  mid,
}: UNetConfig): ReadonlyMap<string, CrossAttention> {
  const found = new Map<string, CrossAttention>();
  const add = (block: string, channels: number, layers: readonly number[]) => {
    for (const [index, count] of layers.entries()) {
      for (let layer = 0; layer < count; layer++) {
        // Self-attention has a number, too.
        const number = 2 * found.size + 1;
        const module = `${block}.attentions.${index}.transformer_blocks.${layer}.attn2`;
        found.set(module, { number, channels });
      }
    }
  };
  const addLevels = (name: string, levels: readonly UNetLevel[]) => {
    for (const [index, { channels, transformers }] of levels.entries()) {
      add(`${name}.${index}`, channels, transformers?.layers ?? []);
    }
  };
  addLevels('down_blocks', down);
  addLevels('up_blocks', up);
  add('mid_block', down.at(-1)?.channels ?? 0, mid?.transformers?.layers ?? []);
  return found;
}

export interface CrossAttention {
  readonly number: number;
  /** Width of its queries. */
  readonly channels: number;
}

interface Adapter {
  readonly layers: Builder;
  /** [batch, tokens, crossAttentionDim] */
  readonly tokens: Value;
  /** [1] */
  readonly scale: Value;
  /** The modules that it works in, and those below them. Absent: all. */
  readonly within: readonly string[] | undefined;
}

/**
 * The transformers of SDXL that InstantStyle works in (arXiv:2404.02733; diffusers' guide of IP-Adapter): the second one
 * of the first block on the way up for the style, the last one on the way down for the layout.
 */
function modulesOf(blocks: IpAdapterBlocks, { down }: UNetConfig): readonly string[] | undefined {
  if (blocks === 'all') return undefined;
  const last = down.length - 1;
  return blocks
    .split('+')
    .map((part) =>
      part === 'style'
        ? 'up_blocks.0.attentions.1'
        : `down_blocks.${last}.attentions.${down[last]!.resnets - 1}`,
    );
}

/**
 * IP-Adapters of a UNet (arXiv:2308.06721; diffusers, models/attention_processor.py, IPAdapterAttnProcessor2_0): in each
 * cross-attention, the queries also attend to the tokens of images. Adds two inputs for each to the graph, float32:
 * - `image_tokens_<index>` [batch, tokens, crossAttentionDim];
 * - `ip_adapter_scale_<index>` [1]: what is attended to of the images is multiplied by it.
 */
export class ImagePrompts {
  private readonly numbers: ReadonlyMap<string, CrossAttention>;
  private readonly adapters: readonly Adapter[];

  constructor(unet: Builder, config: UNetConfig, batch: number, prompts: readonly ImagePrompt[]) {
    this.numbers = crossAttentions(config);
    this.adapters = prompts.map(({ weights, tokens, blocks, byteMatrices }, index) => {
      const b = unet.beside(weights, byteMatrices);
      const input = (name: string, shape: readonly number[]) =>
        cast(b, b.graph.input(`${name}_${index}`, 'float32', shape), b.computeType);
      return {
        layers: b.at('ip_adapter'),
        tokens: input('image_tokens', [batch, tokens, config.crossAttentionDim]),
        scale: input('ip_adapter_scale', [1]),
        within: modulesOf(blocks, config),
      };
    });
  }

  /**
   * What a cross-attention attends to, before its last layer.
   * @param b its module
   * @param mixed what it attends to of the text, as the queries [batch, T, channels]
   */
  attend(b: Builder, query: Value, mixed: Value, options: AttentionOptions): Value {
    const place = this.numbers.get(b.module);
    if (!place) return mixed;
    const channels = query.shape[2]!;
    return this.adapters.reduce((sum, { layers, tokens, scale, within }) => {
      if (within?.every((module) => !b.module.startsWith(`${module}.`))) return sum;
      const own = layers.at(place.number);
      const key = linear(own.at('to_k_ip'), tokens, channels, false);
      const value = linear(own.at('to_v_ip'), tokens, channels, false);
      return add(b, sum, mul(b, attention(b, query, key, value, options), scale));
    }, mixed);
  }
}
