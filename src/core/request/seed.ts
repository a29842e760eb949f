/**
 * Seeds that are chosen for a request that names none are below this. Users read them in file names and
 * captions, type them and tell them to each other, so they are short; any seed of `LIMITS.seed` is taken.
 */
export const CHOSEN_SEEDS = 1_000_000;

/** The seed for a request that names none. */
export function randomSeed(): number {
  return Math.floor(Math.random() * CHOSEN_SEEDS);
}
