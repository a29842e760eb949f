// `npm run check`: types, lint, format, unused code and architecture.
import { architectureCheck, runChecks, sourceChecks, unusedCheck } from './checks';
import { runMain } from './steps';

runMain(async () => {
  const failures = await runChecks([...sourceChecks(), unusedCheck, architectureCheck]);
  process.exitCode = failures === 0 ? 0 : 1;
});
