// `npm run test:desktop`: runs the suites of the extension host in a desktop VS Code, which
// @vscode/test-electron downloads: once in the oldest version that is supported, once in the newest.
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { packageExtension, thisTarget } from '../package.mjs';
import { installDependencies, root } from '../setup.mjs';
import { bundleSuites } from './host-tests.mjs';

// The safety suite looks for processes as Linux lists them.
const SUITES = ['generate', ...(process.platform === 'linux' ? ['activation', 'safety'] : [])];

installDependencies();
const { runTests } = await import('@vscode/test-electron');
await packageExtension(thisTarget);
const { engines } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
let failed = false;
for (const version of [engines.vscode.replace('^', ''), 'stable']) {
  for (const suite of SUITES) {
    const folder = mkdtempSync(path.join(tmpdir(), 'easel-desktop-'));
    const workspace = path.join(folder, 'workspace');
    const profile = path.join(folder, 'profile');
    mkdirSync(workspace);
    mkdirSync(path.join(profile, 'User'), { recursive: true });
    const settings = JSON.stringify({ 'easel.steps': 2 });
    writeFileSync(path.join(profile, 'User', 'settings.json'), settings);
    const results = path.join(folder, 'results.json');
    const source = path.join(root, 'test/vscode/host', `${suite}.suite.ts`);
    await runTests({
      version,
      // What is in the package, laid out as VS Code installs it.
      extensionDevelopmentPath: path.join(root, 'out', 'stage', thisTarget),
      extensionTestsPath: bundleSuites([source], folder),
      launchArgs: [workspace, '--user-data-dir', profile, '--disable-workspace-trust'],
      extensionTestsEnv: { EASEL_TEST_RESULTS: results },
    });
    for (const { title, error } of JSON.parse(readFileSync(results, 'utf8')).tests) {
      console.log(`${error ? '✘' : '✔'} ${version}: ${title}${error ? `\n${error}` : ''}`);
      failed ||= error !== undefined;
    }
  }
}
process.exit(failed ? 1 : 0);
