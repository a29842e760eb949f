// `npm run test:vscode [-- FILE ...]`: builds the bundles and runs the tests in a real VS Code (or those of the
// files). Installs VS Code and Chromium where they are missing.
import { build, run } from './steps';

build();
const files = process.argv.slice(2);
const mocha = ['node_modules/mocha/bin/mocha.js', '--exit'];
run(process.execPath, [...mocha, ...(files.length > 0 ? files : ['test/vscode/**/*.test.ts'])]);
