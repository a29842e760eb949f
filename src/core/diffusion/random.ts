import { EaselError } from '../errors';
import { log32, sinCosResult, sincos32 } from '../float32';

const STATE_SIZE = 624;
const SHIFT_SIZE = 397;
const BLOCK = 16;
const HALF_BLOCK = 8;
const TWO_PI_F32 = Math.fround(2 * Math.PI);
const MIN_SEED = -(2n ** 63n);
const MAX_SEED = 2n ** 64n - 1n;

/**
 * torch's CPU generator (`torch.Generator("cpu").manual_seed(seed)`): the Mersenne Twister mt19937 and the
 * normal numbers drawn from it, bit for bit as torch makes them on x86 with AVX2 or better, so that a seed
 * gives the same image in both.
 *
 * Sources: aten/src/ATen/core/MT19937RNGEngine.h, core/DistributionsHelper.h,
 * native/cpu/DistributionTemplates.h (`normal_fill`).
 */
export class TorchGenerator {
  private readonly state = new Int32Array(STATE_SIZE);
  private next = STATE_SIZE;
  /** The second value of a scalar Box-Muller pair, kept for the next short draw, as in torch. */
  private cachedNormal: number | undefined;

  /**
   * @param seed as for `manual_seed`: an integer from -2^63 to 2^64 - 1, negative ones in two's
   * complement. mt19937 only uses its low 32 bits.
   * @throws EaselError('bad-request') for anything else.
   */
  constructor(seed: number | bigint) {
    this.seedEngine(lowWord(seed));
  }

  /**
   * `torch.randn(count, generator=g)`: that many contiguous float32 normal numbers. A tensor of any shape
   * with `count` elements gets the same values in row-major order.
   */
  randn(count: number): Float32Array {
    if (!Number.isInteger(count) || count < 0) {
      throw new EaselError('bad-request', `Cannot draw ${count} random numbers.`, { count });
    }
    const values = new Float32Array(count);
    if (count < BLOCK) {
      for (let i = 0; i < count; i++) values[i] = this.nextNormal();
      return values;
    }
    for (let i = 0; i < count; i++) values[i] = this.nextUniform24();
    const whole = count - (count % BLOCK);
    for (let start = 0; start < whole; start += BLOCK) boxMullerBlock(values, start);
    if (whole !== count) {
      // torch draws the last sixteen again, over values that it has already made.
      const start = count - BLOCK;
      for (let i = start; i < count; i++) values[i] = this.nextUniform24();
      boxMullerBlock(values, start);
    }
    return values;
  }

  private nextUniform24(): number {
    return (this.nextInt32() & 0xffffff) * 2 ** -24;
  }

  private nextUniform53(): number {
    const high = this.nextInt32() & 0x1fffff;
    const low = this.nextInt32() >>> 0;
    return (high * 2 ** 32 + low) * 2 ** -53;
  }

  /** One normal number in double precision (`normal_distribution<double>`). */
  private nextNormal(): number {
    if (this.cachedNormal !== undefined) {
      const value = this.cachedNormal;
      this.cachedNormal = undefined;
      return value;
    }
    const u1 = this.nextUniform53();
    const u2 = this.nextUniform53();
    const radius = Math.sqrt(-2 * Math.log1p(-u2));
    const theta = 2 * Math.PI * u1;
    this.cachedNormal = radius * Math.sin(theta);
    return radius * Math.cos(theta);
  }

  private seedEngine(seed: number): void {
    const { state } = this;
    state[0] = seed;
    for (let i = 1; i < STATE_SIZE; i++) {
      const previous = state[i - 1]!;
      state[i] = Math.imul(1812433253, previous ^ (previous >>> 30)) + i;
    }
  }

  /** The next 32 bits, read as a signed integer (which V8 keeps unboxed). */
  private nextInt32(): number {
    if (this.next === STATE_SIZE) this.refill();
    let y = this.state[this.next++]!;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return y ^ (y >>> 18);
  }

  private refill(): void {
    const { state } = this;
    let i = 0;
    for (; i < STATE_SIZE - SHIFT_SIZE; i++) {
      state[i] = state[i + SHIFT_SIZE]! ^ twist(state[i]!, state[i + 1]!);
    }
    for (; i < STATE_SIZE - 1; i++) {
      state[i] = state[i + SHIFT_SIZE - STATE_SIZE]! ^ twist(state[i]!, state[i + 1]!);
    }
    state[i] = state[SHIFT_SIZE - 1]! ^ twist(state[i]!, state[0]!);
    this.next = 0;
  }
}

function twist(u: number, v: number): number {
  const mixed = ((u & 0x80000000) | (v & 0x7fffffff)) >>> 1;
  return (v & 1) !== 0 ? mixed ^ 0x9908b0df : mixed;
}

/** Turns sixteen uniforms into sixteen normals in place: value j pairs with value j + 8. */
function boxMullerBlock(values: Float32Array, start: number): void {
  for (let j = start; j < start + HALF_BLOCK; j++) {
    const radius = Math.fround(Math.sqrt(Math.fround(-2 * log32(Math.fround(1 - values[j]!)))));
    sincos32(Math.fround(TWO_PI_F32 * values[j + HALF_BLOCK]!));
    values[j] = radius * sinCosResult[1]!;
    values[j + HALF_BLOCK] = radius * sinCosResult[0]!;
  }
}

function lowWord(seed: number | bigint): number {
  if (typeof seed === 'number') {
    if (!Number.isSafeInteger(seed)) {
      throw new EaselError('bad-request', `The seed must be a whole number, not ${seed}.`, {
        seed,
      });
    }
    return Number(BigInt.asUintN(32, BigInt(seed)));
  }
  if (seed < MIN_SEED || seed > MAX_SEED) {
    throw new EaselError('bad-request', `The seed ${seed} does not fit in 64 bits.`, {
      seed: String(seed),
    });
  }
  return Number(BigInt.asUintN(32, seed));
}
