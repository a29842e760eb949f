const float = new Float32Array(1);
const word = new Uint32Array(float.buffer);
let halves: Float32Array | undefined;

/** The float32 values of IEEE half-precision numbers, given as their 16 bits. */
export function fromFloat16(bits: Uint16Array): Float32Array {
  halves ??= Float32Array.from({ length: 2 ** 16 }, (_, value) => decode(value));
  const table = halves;
  return Float32Array.from(bits, (value) => table[value]!);
}

/** The nearest half-precision numbers, ties to even, as their 16 bits; what is too large is infinite. */
export function toFloat16(values: Float32Array): Uint16Array {
  return Uint16Array.from(values, encode);
}

function decode(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function encode(value: number): number {
  float[0] = value;
  const bits = word[0]!;
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude >= 0x47800000) return sign | (magnitude > 0x7f800000 ? 0x7e00 : 0x7c00);
  // Counted in steps of the half's last bit; the carry of rounding up runs into the exponent by itself.
  const exponent = Math.max((magnitude >>> 23) - 127, -14);
  const steps = Math.abs(value) / 2 ** (exponent - 10);
  const whole = Math.floor(steps);
  const rest = steps - whole;
  const up = rest > 0.5 || (rest === 0.5 && whole % 2 === 1) ? 1 : 0;
  return sign | (((exponent + 14) << 10) + whole + up);
}
