// `npm run fuzz [-- FILE ...]`: runs the property tests (test/**/*.fuzz.test.ts, or the files that are named)
// with a million cases each, or with as many as EASEL_FUZZ_RUNS says. fast-check prints the seed of a failure.
import { build, run } from './steps';

build();
const files = process.argv.slice(2);
const mocha = ['node_modules/mocha/bin/mocha.js', '--timeout', '0'];
run(process.execPath, [...mocha, ...(files.length > 0 ? files : ['test/**/*.fuzz.test.ts'])], {
  env: { ...process.env, EASEL_FUZZ_RUNS: process.env.EASEL_FUZZ_RUNS ?? '1000000' },
});
