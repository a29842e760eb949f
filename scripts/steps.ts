// Steps that several scripts take.
import { execFileSync, spawn, spawnSync, type SpawnSyncOptions } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';

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

interface Ended {
  readonly status: number;
  /** Standard output; empty where it was `live`. */
  readonly stdout: string;
  /** What was written to file descriptor 3. */
  readonly report: string;
}

/**
 * Runs a program in the root folder, while others may run.
 * @param live whether its output is written at once; else when it has ended, so that it is in one piece
 */
export async function runBeside(
  command: string,
  args: readonly string[],
  { live = false } = {},
): Promise<Ended> {
  const output = live ? 'inherit' : 'pipe';
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', output, output, 'pipe'] });
  const [, stdout, stderr, report] = child.stdio.map((stream) => collected(stream));
  const status = await new Promise<number>((resolve) => {
    child.on('error', (error) => {
      console.error(error.message);
      resolve(1);
    });
    child.on('close', (code) => {
      resolve(code ?? 1);
    });
  });
  process.stdout.write(`${stdout?.text ?? ''}${stderr?.text ?? ''}`);
  return { status, stdout: stdout?.text ?? '', report: report?.text ?? '' };
}

/** The text of a stream, as far as it has come. */
function collected(stream: unknown): { readonly text: string } {
  const read = { text: '' };
  if (stream instanceof Readable) {
    stream.setEncoding('utf8').on('data', (part: string) => {
      read.text += part;
    });
  }
  return read;
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

/**
 * Makes a virtual environment with a dependency group of pyproject.toml (scripts/python_environment.py).
 * @param folder below .cache
 * @param env for its installation
 * @returns the path of its Python
 */
export function pythonEnvironment(
  group: string,
  folder: string,
  env: Readonly<Record<string, string>> = {},
): string {
  const place = path.join(root, '.cache', folder);
  mkdirSync(path.dirname(place), { recursive: true });
  const python = process.platform === 'win32' ? 'python' : 'python3';
  const child = spawnSync(python, ['scripts/python_environment.py', group, place], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (child.status !== 0) throw new Error(`The Python environment ${group} could not be made.`);
  return child.stdout.trim();
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
