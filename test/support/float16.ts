const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** The IEEE half nearest to a float32, ties to even, as its 16 bits: what torch's `.half()` makes. */
export function toFloat16Bits(value: number): number {
  float[0] = value;
  const word = bits[0] ?? 0;
  const sign = (word >>> 16) & 0x8000;
  const magnitude = word & 0x7fffffff;
  if (magnitude >= 0x47800000) return sign | (magnitude > 0x7f800000 ? 0x7e00 : 0x7c00);
  // Adding this power of two moves the last bit of a half to the last bit of the float, which rounds.
  const exponent = Math.max((magnitude >>> 23) - 127, -14);
  const step = 2 ** (exponent - 10);
  const whole = roundHalfToEven(Math.abs(value) / step);
  const normal = exponent + 15;
  return sign | (((normal - 1) << 10) + whole);
}

/** The bfloat16 nearest to a float32, ties to even, as its 16 bits: what torch's `.bfloat16()` makes. */
export function toBFloat16Bits(value: number): number {
  float[0] = value;
  const word = bits[0] ?? 0;
  if ((word & 0x7fffffff) > 0x7f800000) return 0x7fc0;
  return ((word + 0x7fff + ((word >>> 16) & 1)) >>> 16) & 0xffff;
}

/**
 * The float8 nearest to a float32, ties to even, as its 8 bits: what torch's `.to(torch.float8_e4m3fn)` (3 bits of
 * fraction) and `.to(torch.float8_e5m2)` (2) make of numbers that are not too large for it.
 */
export function toFloat8Bits(value: number, fractionBits: 2 | 3): number {
  float[0] = value;
  const word = bits[0] ?? 0;
  const bias = fractionBits === 3 ? 7 : 15;
  const exponent = Math.max(((word >>> 23) & 0xff) - 127, 1 - bias);
  const whole = roundHalfToEven(Math.abs(value) / 2 ** (exponent - fractionBits));
  return ((word >>> 24) & 0x80) | (((exponent + bias - 1) << fractionBits) + whole);
}

function roundHalfToEven(value: number): number {
  const down = Math.floor(value);
  const rest = value - down;
  if (rest !== 0.5) return Math.round(value);
  return down % 2 === 0 ? down : down + 1;
}
