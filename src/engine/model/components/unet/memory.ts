import { planSession } from '../../../graph/session-plan';
import type { UNetConfig } from '../../../graph/unet-config';
import type { WeightSource } from '../../../weights/source';

export interface UNetUse {
  readonly batch: number;
  /** Cells of the latents. */
  readonly cells: number;
  /** How often the network runs. */
  readonly runs: number;
}

/** A linear layer counts this much less than a convolution (graph/ops/linear.ts). */
const LINEAR_SHARE = 1 / 16;

/** Tokens of a prompt. */
const TOKENS = 77;

/**
 * Bytes of a UNet's weights on the CPU: all of them as they lie in their files, which are mapped, and again in
 * float32 those that the session prepares while it loads (`planSession`) or that LoRAs change.
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
  const { prepareFrom = 0 } = planSession({ device: 'cpu', runs }).target;
  let prepared = 0;
  for (const name of weights.names()) {
    const shape = weights.get(name)?.shape ?? [];
    if (shape.length < 2) continue;
    const positions = batch * placesOf(name, cells, config.down.length);
    const often = positions * (shape.length === 2 ? LINEAR_SHARE : 1) >= prepareFrom;
    if (often || changed?.has(name)) prepared += shape.reduce((product, size) => product * size, 1);
  }
  return weights.totalBytes + prepared * 4;
}

/** At how many places of one picture a weight is used: each level halves the picture. */
function placesOf(name: string, cells: number, levels: number): number {
  if (/attn2\.to_[kv]\./.test(name)) return TOKENS;
  if (/time_emb|add_embedding/.test(name)) return 1;
  const [, side, index] = /^(down|up|mid)_blocks?(?:\.(\d+))?/.exec(name) ?? [];
  const last = levels - 1;
  const level = { down: Number(index), mid: last, up: last - Number(index) }[side ?? ''] ?? 0;
  return cells / 4 ** level;
}
