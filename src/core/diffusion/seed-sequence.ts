const INIT_A = 0x43b0d7e5;
const MULT_A = 0x931e8875;
const INIT_B = 0x8b51f9dd;
const MULT_B = 0x58f38ded;
const MIX_LEFT = 0xca01f9dd;
const MIX_RIGHT = 0x4973f715;
const WORD = 2 ** 32;

/**
 * The first 32-bit words of `numpy.random.SeedSequence(entropy, spawn_key=…, pool_size=…).generate_state(count)`:
 * well mixed seeds for parts of one random process (numpy/random/bit_generator.pyx; the method is that of
 * M. E. O'Neill, "Developing a seed_seq Alternative").
 * @param entropy a whole number, 0 to 2^53 − 1
 * @param spawnKey whole numbers that tell the part, 0 to 2^53 − 1 each; empty for the root
 * @param poolSize words of the pool, at least 4
 */
export function seedSequence(
  entropy: number,
  spawnKey: readonly number[],
  poolSize: number,
  count: number,
): Uint32Array {
  const pool = mixedPool(assembled(entropy, spawnKey, poolSize), poolSize);
  let constant = INIT_B;
  return Uint32Array.from({ length: count }, (_, i) => {
    let value = pool[i % poolSize]! ^ constant;
    constant = Math.imul(constant, MULT_B);
    value = Math.imul(value, constant);
    return value ^ (value >>> 16);
  });
}

/** The numbers as words. With a spawn key, the entropy is filled up to the pool. */
function assembled(entropy: number, spawnKey: readonly number[], poolSize: number): number[] {
  const words = wordsOf(entropy);
  if (spawnKey.length === 0) return words;
  const filling = new Array<number>(Math.max(poolSize - words.length, 0)).fill(0);
  return [...words, ...filling, ...spawnKey.flatMap(wordsOf)];
}

/** A whole number in words of 32 bits, the lowest first; zero is one word. */
function wordsOf(value: number): number[] {
  const low = value % WORD;
  return value < WORD ? [low] : [low, ...wordsOf(Math.floor(value / WORD))];
}

function mixedPool(entropy: readonly number[], poolSize: number): Int32Array {
  let constant = INIT_A;
  const hash = (word: number): number => {
    let value = word ^ constant;
    constant = Math.imul(constant, MULT_A);
    value = Math.imul(value, constant);
    return value ^ (value >>> 16);
  };
  const pool = Int32Array.from({ length: poolSize }, (_, i) => hash(entropy[i] ?? 0));
  for (let from = 0; from < poolSize; from++) {
    for (let to = 0; to < poolSize; to++) {
      if (from !== to) pool[to] = mix(pool[to]!, hash(pool[from]!));
    }
  }
  for (const word of entropy.slice(poolSize)) {
    for (let to = 0; to < poolSize; to++) pool[to] = mix(pool[to]!, hash(word));
  }
  return pool;
}

function mix(left: number, right: number): number {
  const value = Math.imul(MIX_LEFT, left) - Math.imul(MIX_RIGHT, right);
  return value ^ (value >>> 16);
}
