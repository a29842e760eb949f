/**
 * How many cases a property test tries: EASEL_FUZZ_RUNS if it is set (`npm run fuzz` sets a million), else
 * `usual`. Use it as `numRuns` in `fc.assert`, in a file named `*.fuzz.test.ts` without a time limit of its own.
 * @throws Error if EASEL_FUZZ_RUNS is not a whole number above 0
 */
export function fuzzRuns(usual: number): number {
  const asked = process.env.EASEL_FUZZ_RUNS;
  if (asked === undefined || asked === '') return usual;
  const runs = Number(asked);
  if (Number.isSafeInteger(runs) && runs > 0) return runs;
  throw new Error(`EASEL_FUZZ_RUNS must be a whole number above 0, not "${asked}".`);
}
