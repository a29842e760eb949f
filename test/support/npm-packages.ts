// Packages of the npm registry that some tests need and that are no dependencies of the project. They are
// installed into .cache, once.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './paths';

/** The newest releases of Node that npm packages have for Linux, by major version. */
export const NODE_RELEASES = { 20: '20.20.2', 22: '22.23.3', 24: '24.21.0' } as const;

/**
 * Installs a release of Node.
 * @returns the path of its executable
 * @throws where it cannot be installed: on other systems than Linux (x64 or arm64), or without a registry
 */
export function installNode(version: string): string {
  if (process.platform !== 'linux' || !['x64', 'arm64'].includes(process.arch)) {
    throw new Error('Other releases of Node are installed on Linux (x64 or arm64) only.');
  }
  const name = `node-linux-${process.arch}`;
  const folder = installPackage(name, version);
  return path.join(folder, 'node_modules', name, 'bin', 'node');
}

/**
 * Installs a package with its dependencies, without running their scripts, unless it was installed before.
 * @param finish runs after a first installation, with the folder of the package
 * @returns the folder whose node_modules has it
 * @throws where npm fails
 */
export function installPackage(
  name: string,
  version: string,
  finish?: (packageFolder: string) => void,
): string {
  const folder = path.join(ROOT, '.cache', `${name}-${version}`);
  const stamp = path.join(folder, '.installed');
  if (existsSync(stamp)) return folder;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), '{"private":true}\n');
  npm(folder, ['install', '--no-save', `${name}@${version}`]);
  finish?.(path.join(folder, 'node_modules', name));
  writeFileSync(stamp, '');
  return folder;
}

/**
 * Runs npm in a folder, without the packages' scripts.
 * @param node the executable of the Node to run it with; absent: the one of PATH
 * @throws where npm fails
 */
export function npm(folder: string, args: readonly string[], node?: string): void {
  const paths = [...(node === undefined ? [] : [path.dirname(node)]), process.env.PATH ?? ''];
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status } = spawnSync('npm', [...args, ...quiet], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, PATH: paths.join(path.delimiter) },
  });
  if (status !== 0) throw new Error(`npm ${args.join(' ')} failed in ${folder}.`);
}
