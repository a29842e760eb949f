import { FALLBACK_DEVICE } from '../../../../core/devices';
import { planSession } from '../../../graph/target';
import type { UNetConfig } from '../../../graph/unet-config';
import type { WeightSource } from '../../../weights/source';

export interface UNetUse {
  readonly batch: number;
  /** Number of latent cells: width × height. */
  readonly cells: number;
  /** How often the network runs. */
  readonly runs: number;
}

/** The weight of a linear layer against a convolution, in the choice of `planSession` (graph/ops/linear.ts). */
const LINEAR_SHARE = 1 / 16;

/** Tokens of a prompt, in CLIP. */
const TOKENS = 77;

/**
 * Bytes of a UNet's weights on the CPU: all weights as stored (the files are mapped into memory), plus a
 * float32 copy of those that the session prepares while loading (`planSession`) or that LoRAs change.
 */
export function unetWeightBytes(
  {
    weights,
    config,
    changed,
  }: {
    readonly weights: WeightSource;
    readonly config: UNetConfig;
    readonly changed: ReadonlySet<string> | undefined;
  },
  { batch, cells, runs }: UNetUse,
): number {
  const { prepareFrom = 0 } = planSession({ device: FALLBACK_DEVICE, runs }).target;
  let prepared = 0;
  for (const name of weights.names()) {
    const shape = weights.get(name)?.shape ?? [];
    if (shape.length < 2) continue;
    const positions = batch * positionsOf(name, cells, config.down.length);
    const often = positions * (shape.length === 2 ? LINEAR_SHARE : 1) >= prepareFrom;
    if (often || changed?.has(name)) prepared += shape.reduce((product, size) => product * size, 1);
  }
  return weights.totalBytes + prepared * 4;
}

/** At how many positions of one image a weight is used. Each level halves both sides of the image. */
function positionsOf(name: string, cells: number, levels: number): number {
  if (/attn2\.to_[kv]\./.test(name)) return TOKENS;
  if (/time_emb|add_embedding/.test(name)) return 1;
  const [, side, index] = /^(down|up|mid)_blocks?(?:\.(\d+))?/.exec(name) ?? [];
  const last = levels - 1;
  const level = { down: Number(index), mid: last, up: last - Number(index) }[side ?? ''] ?? 0;
  return cells / 4 ** level;
}
