// `npm run bench`: Easel and diffusers (PyTorch, CPU) on models of published sizes with random weights,
// alternately and in processes of their own, as a table of ratios. bench/README.md says what is measured.
// Needs Python 3.10 or later; everything it makes goes into .cache/bench (about 4 GB).
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { installDependencies, root, run } from './setup.mjs';

const cache = path.join(root, '.cache', 'bench');
const models = path.join(cache, 'models');
const rounds = Number(process.argv[2] ?? 3);

/** Component, folder, batch, runs planned for, runs made, and what to print of it. */
const CASES = [
  ['unet', 'sd15/unet', 1, 1, 1, 'SD 1.5 UNet, 512 × 512, one step', ['first', 'peak']],
  ['unet', 'sd15/unet', 1, 4, 4, 'the same, four steps', ['first', 'step', 'peak']],
  ['unet', 'sd15/unet', 2, 20, 3, 'the same, twenty steps, guided', ['first', 'step', 'peak']],
  [
    'text_encoder',
    'sd15/text_encoder',
    2,
    1,
    1,
    'SD 1.5 text encoder, two prompts',
    ['first', 'peak'],
  ],
  ['vae', 'sd15/vae', 1, 1, 1, 'SD 1.5 VAE, decode 512 × 512', ['run', 'peak']],
  ['taesd', 'taesd/vae', 1, 1, 1, 'TAESD, decode 512 × 512', ['run', 'peak']],
];

const VALUES = {
  first: ['start to the end of the first run', (of) => of.firstSeconds, 's'],
  step: ['a later run', (of) => Math.min(...of.runSeconds.slice(1)), 's'],
  run: ['the run alone', (of) => of.runSeconds[0], 's'],
  peak: ['peak memory', (of) => of.peakBytes / 2 ** 30, 'GB'],
};

function preparePython() {
  const windows = process.platform === 'win32';
  const python = path.join(cache, 'venv', windows ? 'Scripts/python.exe' : 'bin/python');
  const stamp = path.join(cache, 'venv', '.requirements');
  const wanted = readFileSync(path.join(root, 'bench', 'requirements.txt'), 'utf8');
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
    run(windows ? 'python' : 'python3', ['-m', 'venv', '--clear', path.join(cache, 'venv')]);
    run(python, ['-m', 'pip', 'install', '--quiet', '-r', 'bench/requirements.txt']);
    writeFileSync(stamp, wanted);
  }
  run(python, ['scripts/reference/fullsize.py', models, 'sd15', 'taesd'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return python;
}

async function bundle() {
  // Only there once the dependencies are installed.
  const { build } = await import('esbuild');
  const outfile = path.join(cache, 'easel.cjs');
  const options = { bundle: true, platform: 'node', external: ['onnxruntime-node'], outfile };
  await build({ entryPoints: [path.join(root, 'bench', 'easel.ts')], ...options });
  return outfile;
}

function measure(command, args, [component, folder, batch, planned, made], output) {
  const startedAt = Date.now();
  const settings = [component, path.join(models, folder), batch, planned, made, output];
  const child = spawnSync(command, [...args, ...settings.map(String)], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, HF_HUB_OFFLINE: '1' },
  });
  if (child.status !== 0) throw new Error(`${component}: ${child.stderr}`);
  const result = JSON.parse(child.stdout.trim().split('\n').at(-1));
  return { ...result, firstSeconds: (result.firstAt - startedAt) / 1000 };
}

function readFloats(file) {
  const bytes = readFileSync(file);
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
}

function largestDifference(a, b) {
  return a.reduce((most, value, index) => Math.max(most, Math.abs(value - b[index])), 0);
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

mkdirSync(cache, { recursive: true });
installDependencies();
const python = preparePython();
const easel = await bundle();
const outputs = {
  easel: path.join(cache, 'easel.f32'),
  diffusers: path.join(cache, 'diffusers.f32'),
};

console.log('| | | Easel | diffusers | ratio |\n|---|---|---|---|---|');
for (const settings of CASES) {
  const results = { easel: [], diffusers: [] };
  for (let round = 0; round < rounds; round++) {
    results.easel.push(measure(process.execPath, [easel], settings, outputs.easel));
    results.diffusers.push(measure(python, ['bench/pytorch.py'], settings, outputs.diffusers));
  }
  const [, , , , , label, wanted] = settings;
  for (const [index, name] of wanted.entries()) {
    const [what, value, unit] = VALUES[name];
    const ours = median(results.easel.map(value));
    const theirs = median(results.diffusers.map(value));
    const numbers = [ours, theirs].map((number) => `${number.toFixed(2)} ${unit}`).join(' | ');
    console.log(
      `| ${index === 0 ? label : ''} | ${what} | ${numbers} | ${(ours / theirs).toFixed(2)} |`,
    );
  }
  const difference = largestDifference(readFloats(outputs.easel), readFloats(outputs.diffusers));
  console.log(`| | largest difference of a value | ${difference.toExponential(1)} | | |`);
}
