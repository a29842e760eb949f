// Runs Mocha suites inside the extension host of a real VS Code, on the installed extension.
import { strict as assert } from 'node:assert';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { buildSync } from 'esbuild';
import type { Browser } from 'playwright-core';
import { engines } from '../../../package.json';
import { root } from '../../../scripts/steps';
import { startBrowser } from './browser';
import { startServer, type VsCodeServer } from './server';

export interface HostTestOptions {
  /** The packaged extension. */
  readonly vsix: string;
  /** The suites' source files; their tests run in this order. */
  readonly suites: readonly string[];
  /** The folder to open. */
  readonly workspace: string;
  /** For the profile and the bundled suites. */
  readonly folder: string;
  /** User settings. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Variables the suites read. */
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds. */
  readonly timeout?: number;
}

export interface HostTestResult {
  readonly tests: readonly { readonly title: string; readonly error?: string }[];
  /** What the suites measured. */
  readonly measured: Readonly<Record<string, number>>;
}

/** Runs suites on the extension in a VS Code of their own. */
export async function runHostTests(options: HostTestOptions): Promise<HostTestResult> {
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
  return JSON.parse(readFileSync(results, 'utf8')) as HostTestResult;
}

/** Asserts that all tests of suites have passed, and that there are any. */
export function requirePassed(tests: HostTestResult['tests']): void {
  const failed = tests.filter(({ error }) => error !== undefined);
  assert.deepEqual(
    failed.map(({ title, error }) => `${title}\n${error ?? ''}`),
    [],
  );
  assert.ok(tests.length > 0, 'no test ran');
}

/** Tests come with an extension of their own, which does nothing: the one they test is installed. */
function makeCarrier(folder: string): string {
  const carrier = path.join(folder, 'carrier');
  mkdirSync(carrier, { recursive: true });
  const manifest = { name: 'carrier', publisher: 'test', version: '0.0.1', engines };
  writeFileSync(path.join(carrier, 'package.json'), JSON.stringify(manifest));
  return carrier;
}

async function runInPage(
  browser: Browser,
  server: VsCodeServer,
  { workspace, timeout = 600_000 }: HostTestOptions,
  { bundle, carrier }: { readonly bundle: string; readonly carrier: string },
): Promise<void> {
  const page = await browser.newPage();
  const lines: string[] = [];
  await page.exposeFunction('codeAutomationLog', (type: string, args: unknown) => {
    lines.push(`${type}: ${JSON.stringify(args)}`);
  });
  const exited = new Promise<unknown>((resolve) => {
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
export function bundleSuites(suites: readonly string[], folder: string): string {
  const mocha = require.resolve('mocha');
  const runner = path.join(root, 'test/vscode/support/host-runner.ts');
  const imports = suites.map((file) => `await import(${JSON.stringify(path.resolve(file))});`);
  const outfile = path.join(folder, 'suites.js');
  buildSync({
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
    // CommonJS has no import.meta; paths made of it name the bundle's folder, and no suite reads them.
    define: { 'import.meta.dirname': '__dirname' },
    logLevel: 'warning',
  });
  return outfile;
}
