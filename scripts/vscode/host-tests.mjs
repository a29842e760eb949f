// Runs Mocha suites inside the extension host of a real VS Code, on the installed extension.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout } from 'node:timers';
import { root } from '../setup.mjs';
import { startBrowser } from './browser.mjs';
import { startServer } from './server.mjs';

/**
 * @param options.vsix the packaged extension
 * @param options.suites the suites' source files; their tests run in this order
 * @param options.workspace the folder to open
 * @param options.folder for the profile and the bundled suites
 * @param options.settings user settings
 * @param options.env variables the suites read
 * @returns [{ title, error? }] for every test, and what the suites wrote to `report`
 */
export async function runHostTests(options) {
  const bundle = bundleSuites(options.suites, options.folder);
  const results = path.join(options.folder, 'results.json');
  const carrier = makeCarrier(options.folder);
  const server = await startServer({
    folder: options.folder,
    vsix: options.vsix,
    settings: options.settings,
    driver: true,
    env: { ...options.env, EASEL_TEST_RESULTS: results },
  });
  try {
    const browser = await startBrowser();
    try {
      await runInPage(browser, server, options, { bundle, carrier });
    } finally {
      await browser.close();
    }
  } finally {
    await server.stop();
  }
  return JSON.parse(readFileSync(results, 'utf8'));
}

/** Tests come with an extension of their own, which does nothing: the one they test is installed. */
function makeCarrier(folder) {
  const carrier = path.join(folder, 'carrier');
  mkdirSync(carrier, { recursive: true });
  const { engines } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const manifest = { name: 'carrier', publisher: 'test', version: '0.0.1', engines };
  writeFileSync(path.join(carrier, 'package.json'), JSON.stringify(manifest));
  return carrier;
}

async function runInPage(browser, server, { workspace, timeout = 600_000 }, { bundle, carrier }) {
  const page = await browser.newPage();
  const lines = [];
  await page.exposeFunction('codeAutomationLog', (type, args) => {
    lines.push(`${type}: ${JSON.stringify(args)}`);
  });
  const exited = new Promise((resolve) => {
    void page.exposeFunction('codeAutomationExit', resolve);
  });
  const remote = `vscode-remote://127.0.0.1:${server.port}`;
  const payload = [
    ['extensionDevelopmentPath', `${remote}${carrier}`],
    ['extensionTestsPath', `${remote}${bundle}`],
    ['skipWelcome', 'true'],
  ];
  const query = `&payload=${encodeURIComponent(JSON.stringify(payload))}`;
  await page.goto(server.open(workspace) + query, { timeout: 120_000 });
  const late = new Promise((resolve) => setTimeout(resolve, timeout, 'late').unref());
  if ((await Promise.race([exited, late])) === 'late') {
    const seconds = timeout / 1000;
    throw new Error(
      `The suites did not end in ${seconds} s:\n${lines.join('\n')}\n${server.output()}`,
    );
  }
}

/** Bundles suites with their runner. @returns the bundle's path, as `extensionTestsPath` wants it */
export function bundleSuites(suites, folder) {
  const require = createRequire(path.join(root, 'package.json'));
  const mocha = require.resolve('mocha');
  const runner = path.join(root, 'test/vscode/support/host-runner.ts');
  const imports = suites.map((file) => `await import(${JSON.stringify(path.resolve(file))});`);
  const outfile = path.join(folder, 'suites.js');
  require('esbuild').buildSync({
    stdin: {
      contents: `
        import { runSuites } from ${JSON.stringify(runner)};
        export const run = () => runSuites(async () => { ${imports.join('\n')} });`,
      resolveDir: root,
    },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    outfile,
    // Mocha finds its own parts beside it, so it is loaded from where it is installed.
    external: ['vscode', mocha],
    alias: { mocha },
    logLevel: 'warning',
  });
  return outfile;
}
