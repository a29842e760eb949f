import type { Builder } from '../builder';
import type { Value } from '../graph';
import { concat, image, reshape, transpose } from './shape';

/*
 * Layers in bytes read and write images with the channels last. So that images need not be transposed before and
 * after each of them, a value [B, C, H, W] can have a twin [B, H, W, C] (`Value.last`), which the layers between
 * them work on. The transposed value itself is left out of the graph if nothing reads it (Graph.finish).
 */

/** [B, C, H, W] as [B, H, W, C]. */
export function channelsLast(b: Builder, x: Value): Value {
  return x.last ?? b.shared(`${x.name}|last`, () => transpose(b, x, [0, 2, 3, 1]));
}

/** [B, H, W, C] as [B, C, H, W], with `last` as its twin. */
export function fromChannelsLast(b: Builder, last: Value): Value {
  return { ...transpose(b, last, [0, 3, 1, 2]), last };
}

/** Does the same to the values' twins, if one of them has one. `work` must treat all elements alike. */
export function elementwise(
  b: Builder,
  values: readonly Value[],
  work: (...values: Value[]) => Value,
): Value {
  const [first] = values;
  const alike = values.every(({ shape }) => String(shape) === String(first!.shape));
  if (!alike || !values.some(({ last }) => last)) return work(...values);
  return fromChannelsLast(b, work(...values.map((value) => channelsLast(b, value))));
}

/** Images one after the other along their channels. */
export function concatChannels(b: Builder, parts: readonly Value[]): Value {
  if (!parts.some(({ last }) => last)) return concat(b, parts, 1);
  const twins = parts.map((part) => channelsLast(b, part));
  return fromChannelsLast(b, concat(b, twins, -1));
}

/** [B, C, H, W] to tokens [B, H·W, C]. */
export function toTokens(b: Builder, x: Value): Value {
  const [batch, channels, height, width] = image(x);
  if (x.last) return reshape(b, x.last, [batch, height * width, channels]);
  return transpose(b, reshape(b, x, [batch, channels, height * width]), [0, 2, 1]);
}

/** Tokens [B, H·W, C] to [B, C, H, W]. */
export function fromTokens(b: Builder, x: Value, height: number, width: number): Value {
  const [batch, , channels] = x.shape as [number, number, number];
  if (b.multipliesBytes) {
    return fromChannelsLast(b, reshape(b, x, [batch, height, width, channels]));
  }
  return reshape(b, transpose(b, x, [0, 2, 1]), [batch, channels, height, width]);
}
