// Puts a real VS Code where tests and people can run it without a desktop: code-server's VS Code
// server with the Node it wants, in a git-ignored cache, and a Chromium to look at it. Each step is
// skipped when it is done. code-server is no dependency of the project: its own installation scripts
// build what only its proxy needs, and fail on other Nodes.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { installDebianPackages, root } from '../../../scripts/steps';

const NODE_VERSION = '24.21.0';
const CODE_SERVER_VERSION = '4.139.1';
const cache = path.join(root, '.cache', 'vscode');
const nodePackage = path.join(cache, `node-${NODE_VERSION}`);
const serverPackage = path.join(cache, `code-server-${CODE_SERVER_VERSION}`);

/** Where the parts lie once installed. */
export const node = path.join(nodePackage, `node_modules/node-linux-${process.arch}/bin/node`);
const server = path.join(serverPackage, 'node_modules/code-server/lib/vscode');
export const serverMain = path.join(server, 'out/server-main.js');

const CHROMIUMS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The browser's executable, or undefined. */
export function findChromium(): string | undefined {
  return [process.env.CHROMIUM_PATH, ...CHROMIUMS].find((file) => file && existsSync(file));
}

/** Installs what is missing. Throws, saying what to do, where it cannot. */
export function installVsCode(): void {
  if (process.platform !== 'linux' || !['x64', 'arm64'].includes(process.arch)) {
    throw new Error('The VS Code used for tests runs on Linux (x64 or arm64) only.');
  }
  installChromium();
  once(nodePackage, () => npmInstall(nodePackage, `node-linux-${process.arch}@${NODE_VERSION}`));
  once(serverPackage, () => {
    npmInstall(serverPackage, `code-server@${CODE_SERVER_VERSION}`);
    // The server's own lock file names packages that are not published, so no `npm ci`.
    npm(server, 'install', '--omit=dev');
  });
}

function installChromium(): void {
  if (findChromium()) return;
  if (installDebianPackages(['chromium', 'fonts-dejavu-core'])) return;
  throw new Error('Install Chromium (Debian: apt install chromium), or name it in CHROMIUM_PATH.');
}

/** Runs an installation into a folder unless it has been finished there before. */
function once(folder: string, install: () => void): void {
  const stamp = path.join(folder, '.installed');
  if (existsSync(stamp)) return;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  install();
  writeFileSync(stamp, '');
}

function npmInstall(folder: string, spec: string): void {
  writeFileSync(path.join(folder, 'package.json'), '{"private":true}\n');
  npm(folder, 'install', '--no-save', spec);
}

function npm(folder: string, command: string, ...args: string[]): void {
  // The packages' scripts are not run: what is needed of them is data and JavaScript.
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status } = spawnSync('npm', [command, ...quiet, ...args], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, PATH: `${path.dirname(node)}:${process.env.PATH ?? ''}` },
  });
  if (status !== 0) throw new Error(`npm ${command} failed in ${folder}.`);
}
