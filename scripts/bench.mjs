// `npm run bench`: Easel and diffusers (PyTorch, CPU) on models of published sizes with random weights,
// alternately and in processes of their own, as a table of ratios. bench/README.md says what is measured.
// Needs Python 3.10 or later; everything it makes goes into .cache/bench (about 4 GB).
import path from 'node:path';
import {
  bundle,
  cache,
  largestDifference,
  measure,
  preparePython,
  writeModels,
} from './bench-tools.mjs';
import { installDependencies } from './setup.mjs';

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

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

installDependencies();
const python = preparePython();
writeModels(python, ['sd15', 'taesd']);
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
  const { largest } = largestDifference(outputs.easel, outputs.diffusers);
  console.log(`| | largest difference of a value | ${largest.toExponential(1)} | | |`);
}
