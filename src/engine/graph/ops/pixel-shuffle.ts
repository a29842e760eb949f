import type { Builder } from '../builder';
import type { Value } from '../graph';
import { image, reshape, transpose } from './shape';

/** torch.nn.functional.pixel_shuffle: [B, C·r², H, W] → [B, C, H·r, W·r]. */
export function pixelShuffle(b: Builder, x: Value, factor: number): Value {
  if (factor === 1) return x;
  const [batch, all, height, width] = image(x);
  const channels = all / factor ** 2;
  const split = reshape(b, x, [batch, channels, factor, factor, height, width]);
  const ordered = transpose(b, split, [0, 1, 4, 2, 5, 3]);
  return reshape(b, ordered, [batch, channels, height * factor, width * factor]);
}

/** torch.nn.functional.pixel_unshuffle: [B, C, H·r, W·r] → [B, C·r², H, W]. */
export function pixelUnshuffle(b: Builder, x: Value, factor: number): Value {
  if (factor === 1) return x;
  const [batch, channels, height, width] = image(x);
  const [rows, columns] = [height / factor, width / factor];
  const split = reshape(b, x, [batch, channels, rows, factor, columns, factor]);
  const ordered = transpose(b, split, [0, 1, 3, 5, 2, 4]);
  return reshape(b, ordered, [batch, channels * factor ** 2, rows, columns]);
}
