import * as v from 'valibot';
import { LIMITS } from './limits';

/** A finite number within limits, which count. */
export const numberIn = ({ min, max }: { readonly min: number; readonly max: number }) =>
  v.pipe(v.number(), v.finite(), v.minValue(min), v.maxValue(max));

/** A whole number within limits, which count. */
export const integerIn = (limits: { readonly min: number; readonly max: number }) =>
  v.pipe(numberIn(limits), v.integer());

/** A text that is not empty. */
export const someText = v.pipe(v.string(), v.nonEmpty());

/** The bytes of an image file, in any format that the engine's image library reads. */
export const imageFile = v.pipe(
  v.custom<Uint8Array>(
    (value) => value instanceof Uint8Array,
    'must be the bytes of an image file',
  ),
  v.check((bytes) => bytes.byteLength > 0, 'is an empty file (0 bytes). Give an image'),
  v.check(
    (bytes) => bytes.byteLength <= LIMITS.imageBytes,
    `must have at most ${LIMITS.imageBytes / 2 ** 20} MiB`,
  ),
);
