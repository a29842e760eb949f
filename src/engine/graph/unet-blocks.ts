import type { FreeU } from '../../core/request/free-u';
import type { Builder } from './builder';
import type { Value } from './graph';
import type { ImagePrompts } from './image-prompts';
import { add } from './ops/arithmetic';
import { convolution } from './ops/convolution';
import { applyFreeU } from './ops/free-u';
import { concatChannels } from './ops/layout';
import { image } from './ops/shape';
import type { PerturbedLayers } from './perturbed';
import { resnetBlock, type ResnetOptions } from './resnet-block';
import { transformer2d } from './transformer-2d';
import type { UNetConditions } from './unet-conditions';
import type { UNetConfig } from './unet-config';
import type { TransformerLevel } from './unet-levels';

/** What a ControlNet adds to a UNet: to each skip connection, and to the middle. */
export interface Residuals {
  readonly down: readonly Value[];
  readonly mid: Value;
}

/** The way down and the middle, before anything is added. */
export interface Descent {
  /** The skip connections, from the finest level on. */
  readonly skips: readonly Value[];
  readonly middle: Value;
}

/** A down block, and what a T2I-Adapter adds to it. */
interface DownPlace {
  readonly depth: number;
  readonly feature: Value | undefined;
}

export interface UNetBlockOptions {
  /** As in `UNetOptions`. */
  readonly tokenDownsampling?: number | undefined;
  /** Default: none. */
  readonly images?: ImagePrompts | undefined;
  /** Default: off. */
  readonly freeu?: FreeU | undefined;
  /** As in `UNetOptions`. */
  readonly perturbed?: PerturbedLayers | undefined;
}

/** The down blocks, the mid block and the up blocks of a UNet. A ControlNet has the first two. */
export class UNetBlocks {
  /** The level of the self-attention over the most tokens. Each level has a quarter of the one before. */
  private readonly finest: number;

  constructor(
    private readonly config: UNetConfig,
    private readonly conditions: UNetConditions,
    private readonly options: UNetBlockOptions = {},
  ) {
    const { down, up } = config;
    const attends = down.map(
      (level, i) => level.transformers ?? up[up.length - 1 - i]?.transformers,
    );
    const first = attends.findIndex((level) => level !== undefined);
    this.finest = first === -1 ? down.length - 1 : first;
  }

  /**
   * The down blocks and the mid block.
   * @param first what `conv_in` gives
   * @param features of T2I-Adapters (`down_intrablock_additional_residuals`), one for each of `featurePlaces`, or
   *   fewer
   */
  descend(b: Builder, first: Value, features: readonly Value[] = []): Descent {
    const { down, mid } = this.config;
    const skips = [first];
    let x = first;
    down.forEach((_, index) => {
      x = this.down(
        b.at('down_blocks').at(index),
        x,
        { depth: index, feature: features[index] },
        skips,
      );
    });
    if (mid === undefined) return { skips, middle: x };
    const middle = this.mid(b.at('mid_block'), x, mid);
    const feature = features[down.length];
    return { skips, middle: feature ? add(b, middle, feature) : middle };
  }

  /** The up blocks, on a way down to which residuals were added (`down_block_additional_residuals`). */
  ascend(b: Builder, { skips, middle }: Descent, residuals: readonly Residuals[]): Value {
    const added = skips.map((skip, index) =>
      residuals.reduce((sum, { down }) => add(b, sum, down[index]!), skip),
    );
    let x = residuals.reduce((sum, { mid }) => add(b, sum, mid), middle);
    this.config.up.forEach((_, index) => {
      x = this.up(b.at('up_blocks').at(index), x, index, added);
    });
    return x;
  }

  private down(b: Builder, input: Value, { depth, feature }: DownPlace, skips: Value[]): Value {
    const level = this.config.down[depth]!;
    const isLast = depth === this.config.down.length - 1;
    let x = input;
    for (let index = 0; index < level.resnets; index++) {
      x = resnetBlock(b.at('resnets').at(index), x, this.resnet(level.channels));
      x = this.attend(b, x, level.transformers, { index, depth });
      const isEnd = index === level.resnets - 1 && (isLast || level.transformers !== undefined);
      if (feature && isEnd) x = add(b, x, feature);
      skips.push(x);
    }
    if (isLast) return x;
    const padding = this.config.downsamplePadding;
    // Downsample2D with padding 0 pads the bottom and the right by one.
    const sides = padding === 0 ? ([0, 0, 1, 1] as const) : padding;
    x = convolution(b.at('downsamplers.0.conv'), x, level.channels, { stride: 2, padding: sides });
    // diffusers adds to a block without attention in place, once it is halved: to the skip connection too.
    if (feature && level.transformers === undefined) x = add(b, x, feature);
    skips.push(x);
    return x;
  }

  private mid(b: Builder, input: Value, mid: NonNullable<UNetConfig['mid']>): Value {
    const channels = input.shape[1]!;
    const resnet = { ...this.resnet(channels), outputScale: mid.scale };
    let x = resnetBlock(b.at('resnets.0'), input, resnet);
    if (mid.transformers === undefined) return x;
    const depth = this.config.down.length - 1;
    x = this.attend(b, x, mid.transformers, { index: 0, depth });
    return resnetBlock(b.at('resnets.1'), x, resnet);
  }

  private up(b: Builder, input: Value, block: number, skips: Value[]): Value {
    const { up } = this.config;
    const level = up[block]!;
    const depth = up.length - 1 - block;
    let x = input;
    for (let index = 0; index < level.resnets; index++) {
      const plain = { hidden: x, skip: skips.pop()! };
      const { freeu } = this.options;
      const { hidden, skip } = freeu ? applyFreeU(b, plain, block, freeu) : plain;
      x = concatChannels(b, [hidden, skip]);
      x = resnetBlock(b.at('resnets').at(index), x, this.resnet(level.channels));
      x = this.attend(b, x, level.transformers, { index, depth });
    }
    const next = skips[skips.length - 1];
    if (next === undefined) return x;
    // The next level has the size of its skip. It can be odd, because downsampling rounds up.
    const [, , height, width] = image(next);
    return convolution(b.at('upsamplers.0.conv'), x, level.channels, { resize: { height, width } });
  }

  private resnet(outChannels: number): ResnetOptions {
    const { normGroups: groups, normEps: eps, timeScaleShift } = this.config;
    return {
      outChannels,
      groups,
      eps,
      activation: this.config.activation,
      time: this.conditions.time,
      timeScaleShift,
    };
  }

  /** The transformer after the ResNet block `index` of a level. */
  private attend(
    b: Builder,
    x: Value,
    level: TransformerLevel | undefined,
    { index, depth }: { readonly index: number; readonly depth: number },
  ): Value {
    if (level === undefined) return x;
    const { linearProjection, upcastAttention, normGroups: groups } = this.config;
    const { heads, onlyCrossAttention } = level;
    return transformer2d(b.at('attentions').at(index), x, {
      layers: level.layers[index]!,
      heads,
      onlyCrossAttention,
      linearProjection,
      upcastAttention,
      groups,
      text: this.conditions.text,
      tokenDownsampling: depth === this.finest ? this.options.tokenDownsampling : undefined,
      images: this.options.images,
      perturbed: this.options.perturbed,
    });
  }
}
