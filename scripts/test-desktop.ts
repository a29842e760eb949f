// `npm run test:desktop`: runs the suites of the extension host in a desktop VS Code, which
// @vscode/test-electron downloads: once in the oldest version that is supported, once in the newest.
import { runTests } from '@vscode/test-electron';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { engines } from '../package.json';
import { bundleSuites, type HostTestResult } from '../test/vscode/driver/host-tests';
import { packageExtension, thisTarget } from './package/extension';
import { root, runMain } from './steps';

// The safety suite looks for processes as Linux lists them.
const SUITES = ['generate', ...(process.platform === 'linux' ? ['activation', 'safety'] : [])];

async function main(): Promise<void> {
  await packageExtension(thisTarget);
  let failed = false;
  for (const version of [engines.vscode.replace('^', ''), 'stable']) {
    for (const suite of SUITES) {
      for (const { title, error } of (await runSuite(suite, version)).tests) {
        console.log(`${error ? '✘' : '✔'} ${version}: ${title}${error ? `\n${error}` : ''}`);
        failed ||= error !== undefined;
      }
    }
  }
  process.exit(failed ? 1 : 0);
}

async function runSuite(suite: string, version: string): Promise<HostTestResult> {
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
  return JSON.parse(readFileSync(results, 'utf8')) as HostTestResult;
}

runMain(main);
