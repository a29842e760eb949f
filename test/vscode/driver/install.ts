// Puts a real VS Code where tests and people can run it without a desktop: code-server's VS Code
// server with the Node it wants, in a git-ignored cache, and a Chromium to look at it. Each step is
// skipped when it is done. code-server is no dependency of the project: its own installation scripts
// build what only its proxy needs, and fail on other Nodes.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { installDebianPackages } from '../../../scripts/steps';
import { installNode, installPackage, NODE_RELEASES, npm } from '../../support/npm-packages';

const CODE_SERVER_VERSION = '4.139.1';
const CHROMIUMS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The browser's executable, or undefined. */
export function findChromium(): string | undefined {
  return [process.env.CHROMIUM_PATH, ...CHROMIUMS].find((file) => file && existsSync(file));
}

/** Where VS Code lies. */
export interface VsCode {
  /** The executable of the Node that runs it. */
  readonly node: string;
  /** The main script of the server. */
  readonly server: string;
}

/**
 * Installs what is missing.
 * @throws where it cannot, saying what to do
 */
export function installVsCode(): VsCode {
  installChromium();
  const node = installNode(NODE_RELEASES[24]);
  const name = 'code-server';
  const folder = installPackage(name, CODE_SERVER_VERSION, (packageFolder) => {
    // The server's own lock file names packages that are not published, so no `npm ci`.
    npm(path.join(packageFolder, 'lib/vscode'), ['install', '--omit=dev'], node);
  });
  return {
    node,
    server: path.join(folder, 'node_modules', name, 'lib/vscode/out/server-main.js'),
  };
}

function installChromium(): void {
  if (findChromium()) return;
  if (installDebianPackages(['chromium', 'fonts-dejavu-core'])) return;
  throw new Error('Install Chromium (Debian: apt install chromium), or name it in CHROMIUM_PATH.');
}
