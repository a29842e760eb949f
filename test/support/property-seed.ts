import fc from 'fast-check';

/** The seed of the property tests where a run must be repeatable. Any number serves. */
const REPEATABLE_SEED = 20_261_129;

// CI tries the same cases each time: its result tells of the change alone. Other runs, and `npm run fuzz`, try
// new cases, and print the seed of one that fails.
if (process.env.CI && !process.env.EASEL_FUZZ_RUNS) fc.configureGlobal({ seed: REPEATABLE_SEED });
