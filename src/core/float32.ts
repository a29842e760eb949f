/**
 * The few float32 functions whose last bit decides whether a number equals torch's. Every value that goes
 * in or out is a float32 held in a JavaScript number.
 *
 * `fround(a * b + c)` stands for a fused multiply-add: the product of two float32 is exact in double and only
 * the sum is rounded twice, which can differ from a true FMA about once in 2^29 operations, by one ulp.
 */

const { fround } = Math;

const floatView = new Float32Array(1);
const bitsView = new Int32Array(floatView.buffer);

const SQRT_HALF = fround(Math.SQRT1_2);
const LOG_P0 = fround(7.0376836292e-2);
const LOG_P1 = fround(-1.151461031e-1);
const LOG_P2 = fround(1.167699874e-1);
const LOG_P3 = fround(-1.2420140846e-1);
const LOG_P4 = fround(1.4249322787e-1);
const LOG_P5 = fround(-1.6668057665e-1);
const LOG_P6 = fround(2.0000714765e-1);
const LOG_P7 = fround(-2.4999993993e-1);
const LOG_P8 = fround(3.3333331174e-1);
const LOG_Q1 = fround(-2.1219444e-4);
const LOG_Q2 = fround(0.693359375);

/**
 * Natural logarithm of a positive normal float32, equal to `log256_ps` of torch's
 * aten/src/ATen/native/cpu/avx_mathfun.h (the Cephes polynomial with its products fused into FMAs).
 */
export function log32(value: number): number {
  floatView[0] = value;
  const bits = bitsView[0]!;
  let exponent = (bits >>> 23) - 126;
  bitsView[0] = (bits & 0x007fffff) | 0x3f000000;
  let x = floatView[0];
  if (x < SQRT_HALF) {
    exponent -= 1;
    x = fround(fround(x - 1) + x);
  } else {
    x = fround(x - 1);
  }
  const z = fround(x * x);
  let y = fround(LOG_P0 * x + LOG_P1);
  y = fround(y * x + LOG_P2);
  y = fround(y * x + LOG_P3);
  y = fround(y * x + LOG_P4);
  y = fround(y * x + LOG_P5);
  y = fround(y * x + LOG_P6);
  y = fround(y * x + LOG_P7);
  y = fround(y * x + LOG_P8);
  y = fround(fround(y * x) * z + fround(exponent * LOG_Q1));
  y = fround(z * -0.5 + y);
  return fround(exponent * LOG_Q2 + fround(x + y));
}

const FOUR_OVER_PI = fround(1.27323954473516);
const MINUS_DP1 = fround(-0.78515625);
const MINUS_DP2 = fround(-2.4187564849853516e-4);
const MINUS_DP3 = fround(-3.774894977445941e-8);
const COS_P0 = fround(2.443315711809948e-5);
const COS_P1 = fround(-1.388731625493765e-3);
const COS_P2 = fround(4.166664568298827e-2);
const SIN_P0 = fround(-1.9515295891e-4);
const SIN_P1 = fround(8.3321608736e-3);
const SIN_P2 = fround(-1.6666654611e-1);

/** What `sincos32` writes: the two values of the latest call. */
export const sinCosResult = new Float32Array(2);

/**
 * Sine and cosine of a non-negative float32 angle (in radians, below about 8192), equal to `sincos256_ps` of
 * torch's avx_mathfun.h. Writes [sine, cosine] to `sinCosResult` so that the inner loop allocates nothing.
 */
export function sincos32(angle: number): void {
  const octant = ((angle * FOUR_OVER_PI) | 0) + 1;
  const even = octant & ~1;
  let x = fround(even * MINUS_DP1 + angle);
  x = fround(even * MINUS_DP2 + x);
  x = fround(even * MINUS_DP3 + x);
  const z = fround(x * x);
  let c = fround(COS_P0 * z + COS_P1);
  c = fround(c * z + COS_P2);
  c = fround(c * z);
  c = fround(c * z + fround(z * -0.5));
  c = fround(c + 1);
  let s = fround(SIN_P0 * z + SIN_P1);
  s = fround(s * z + SIN_P2);
  s = fround(s * z);
  s = fround(s * x + x);
  const swapped = (even & 2) !== 0;
  const sine = swapped ? c : s;
  const cosine = swapped ? s : c;
  sinCosResult[0] = (even & 4) !== 0 ? -sine : sine;
  sinCosResult[1] = ((even - 2) & 4) === 0 ? -cosine : cosine;
}

const SQRT_TWO = fround(Math.SQRT2);
const LN_TWO = fround(Math.LN2);
/** Numerator and denominator of the rational approximation, highest power first. */
const NUMPY_LOG_P = Float32Array.of(
  0.02589979117907923,
  0.3808837741388408,
  1.4800006335765066,
  2.112677543073053,
  0.9999999999999987,
  0,
);
const NUMPY_LOG_Q = Float32Array.of(
  0.005875095403124574,
  0.15464763749839067,
  0.986494295851942,
  2.453006071784736,
  2.612677543073109,
  1,
);

/**
 * Natural logarithm of a positive normal float32, equal to numpy's `np.log` on x86 with AVX2 or AVX-512
 * (`simd_log_FLOAT` of numpy's loops_exponent_log.dispatch.c.src), which is some units in the last place off
 * the true value for about one value in fourteen.
 */
export function numpyLog32(value: number): number {
  floatView[0] = value;
  const bits = bitsView[0]!;
  let exponent = (bits >>> 23) - 127;
  bitsView[0] = (bits & 0x007fffff) | 0x3f800000;
  let mantissa = floatView[0];
  if (mantissa > SQRT_TWO) {
    mantissa /= 2;
    exponent += 1;
  }
  const x = fround(mantissa - 1);
  return fround(
    exponent * LN_TWO + fround(polynomial(NUMPY_LOG_P, x) / polynomial(NUMPY_LOG_Q, x)),
  );
}

function polynomial(coefficients: Float32Array, x: number): number {
  return coefficients.reduce((sum, coefficient) => fround(sum * x + coefficient));
}
