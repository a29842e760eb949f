import type { WeightSource } from '../weights/source';
import { Builder } from './builder';
import { compactUpscaler, type CompactConfig } from './compact-upscaler';
import type { BuiltGraph } from './graph';
import { cast } from './ops/arithmetic';
import { rrdbNet, type RrdbConfig } from './rrdb-net';
import type { GraphTarget } from './target';

/** A network that enlarges an RGB image. */
export type UpscalerConfig = RrdbConfig | CompactConfig;

/** Channels of the images that upscalers take and give. */
export const IMAGE_CHANNELS = 3;

interface UpscalerOptions {
  /** Pixels; multiples of `shuffle` of an RRDBNet. */
  readonly height: number;
  readonly width: number;
  readonly target: GraphTarget;
}

/**
 * Writes an upscaler. Input `image` float32 [1, 3, height, width], 0 to 1. Output `enlarged` float32
 * [1, 3, height·scale, width·scale], about 0 to 1.
 * @throws EaselError `model-incomplete` if a weight is missing; `bad-file` if it has another shape or type
 */
export function buildUpscaler(
  config: UpscalerConfig,
  weights: WeightSource,
  { height, width, target }: UpscalerOptions,
): BuiltGraph {
  const b = Builder.create(weights, { target });
  const input = b.graph.input('image', 'float32', [1, IMAGE_CHANNELS, height, width]);
  const x = cast(b, input, b.computeType);
  const enlarged = config.kind === 'rrdb' ? rrdbNet(b, x, config) : compactUpscaler(b, x, config);
  b.graph.output('enlarged', cast(b, enlarged, 'float32'));
  return b.finish('upscaler');
}
