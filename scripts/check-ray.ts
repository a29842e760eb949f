// `npm run check:ray [-- OPTIONS OF PYTEST]`: the server on several engines (deploy/ray), with real Ray on this machine.
// Needs Python 3.11, and Linux or macOS; Ray is installed into .cache/ray.
import { build, pythonEnvironment, run } from './steps';

build();
const python = pythonEnvironment('ray', 'ray');
// Ray itself uses what its own libraries have deprecated.
const options = ['--verbose', '-W', 'ignore::DeprecationWarning', ...process.argv.slice(2)];
run(python, ['-m', 'pytest', 'deploy/ray/tests', ...options]);
