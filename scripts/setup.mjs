// Set-up shared by `npm start` and `npm test`: needs Node alone. Each step is skipped when it is done.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** Runs a program with the terminal's streams; ends this script when it fails. */
export function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    // npm is a .cmd file on Windows, which only a shell starts.
    shell: process.platform === 'win32',
    ...options,
  });
  if (error) console.error(error.message);
  if (status !== 0 && !options.allowFailure) process.exit(status ?? 1);
  return status ?? 1;
}

/** Installs the dependencies of the lock file unless they are the ones installed. */
export function installDependencies() {
  const lock = readFileSync(path.join(root, 'package-lock.json'));
  const stamp = path.join(root, 'node_modules', '.easel-lock');
  const digest = createHash('sha256').update(lock).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return;
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  mkdirSync(path.dirname(stamp), { recursive: true });
  writeFileSync(stamp, digest);
}

export function build() {
  run(process.execPath, ['esbuild.js']);
}
