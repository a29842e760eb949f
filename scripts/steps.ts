// Steps that several scripts take.
import { execFileSync, spawnSync, type SpawnSyncOptions } from 'node:child_process';
import path from 'node:path';

/** The root folder of the repository. */
export const root = path.resolve(__dirname, '..');

/**
 * Runs a program in the root folder with the terminal's streams.
 * @returns its exit status
 */
export function tryRun(command: string, args: string[], options: SpawnSyncOptions = {}): number {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
  if (error) console.error(error.message);
  return status ?? 1;
}

/** Runs a program like `tryRun`, and ends this process when it fails. */
export function run(command: string, args: string[], options?: SpawnSyncOptions): void {
  const status = tryRun(command, args, options);
  if (status !== 0) process.exit(status);
}

/** Builds the bundles into dist/. */
export function build(): void {
  run(process.execPath, ['esbuild.js']);
}

/**
 * Draws an image with the command line that was built, see `build`.
 * @param options more of `easel generate`
 * @returns the path of its file
 */
export function drawImage(prompt: string, output: string, options: readonly string[]): string {
  const cli = [path.join(root, 'dist', 'cli.js'), 'generate', prompt, ...options];
  const lines = execFileSync(
    process.execPath,
    [...cli, '--format', 'png', '--output', output, '--json'],
    {
      encoding: 'utf8',
    },
  );
  for (const line of lines.trim().split('\n')) {
    const event = JSON.parse(line) as { readonly event: string; readonly path?: string };
    if (event.event === 'image' && event.path !== undefined) return event.path;
  }
  throw new Error(`Nothing was drawn for "${prompt}".`);
}

/** Runs the main function of a script, and ends this process with its message when it fails. */
export function runMain(main: () => Promise<void>): void {
  main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  });
}

/**
 * Installs Debian packages with apt.
 * @returns whether they are installed: false where this is not Debian, the user is not root, or apt failed
 */
export function installDebianPackages(names: readonly string[]): boolean {
  const options: SpawnSyncOptions = {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['ignore', 'ignore', 'inherit'],
  };
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  // The lists of packages may be older than the packages; where they cannot be fetched, the old ones may do.
  tryRun('apt-get', ['update', '-qq'], options);
  const args = ['install', '-y', '-qq', '--no-install-recommends', ...names];
  return tryRun('apt-get', args, options) === 0;
}
