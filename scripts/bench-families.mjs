// `npm run bench:families [-- MODEL ...]`: draws one picture with each family of models at its published size,
// from random float16 weights, through the command line; and compares one call of its UNet with diffusers.
// bench/README.md says what is measured. Needs Python 3.10 or later, 8 GB of disk and, for SDXL beside
// diffusers, 16 GB of memory. A family's weights go when it is done, unless EASEL_BENCH_KEEP is set.
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import {
  bundle,
  cache,
  largestDifference,
  measure,
  models,
  preparePython,
  writeModels,
} from './bench-tools.mjs';
import { build, installDependencies, root } from './setup.mjs';

const GUIDED = ['--negative-prompt', 'blurry', '--scheduler', 'euler'];
const UNGUIDED = ['--guidance-scale', '0'];
const TINY = ['--vae', 'tiny'];

/** Model, title, steps, options, and whether its UNet is compared (those that share one are not again). */
const FAMILIES = [
  ['sd14', 'SD 1.4, 512 × 512, guided', 2, GUIDED, true],
  ['sd14', 'the same with TAESD', 1, [...GUIDED, ...TINY]],
  ['lcm', 'LCM_Dreamshaper_v7, 768 × 768', 2, [], true],
  ['sd21', 'SD 2.1, 768 × 768, guided', 2, GUIDED, true],
  ['sd-turbo', 'SD-Turbo, 512 × 512', 1, UNGUIDED],
  ['sdxl', 'SDXL base, 1024 × 1024, guided', 2, GUIDED, true],
  ['sdxl', 'the same with TAESDXL', 1, [...GUIDED, ...TINY]],
  ['sdxl-turbo', 'SDXL-Turbo, 512 × 512', 1, UNGUIDED],
];

/** A cache of the hub in which both tiny autoencoders are the one of random weights. */
function tinyCache() {
  const hub = path.join(cache, 'hub');
  for (const name of ['taesd', 'taesdxl']) {
    const repo = path.join(hub, `models--madebyollin--${name}`);
    rmSync(repo, { recursive: true, force: true });
    mkdirSync(path.join(repo, 'refs'), { recursive: true });
    mkdirSync(path.join(repo, 'snapshots'));
    writeFileSync(path.join(repo, 'refs', 'main'), '0'.repeat(40));
    const snapshot = path.join(repo, 'snapshots', '0'.repeat(40));
    symlinkSync(path.join(models, 'taesd', 'vae'), snapshot, 'junction');
  }
  return hub;
}

/** Draws with the command line; what it says is noted with the seconds since it was started. */
async function draw(model, steps, options, hub) {
  const started = performance.now();
  const args = ['dist/cli.js', 'generate', 'a red apple', '--model', path.join(models, model)];
  args.push('--steps', String(steps), '--seed', '1', '--device', 'cpu', ...options);
  args.push('--output', path.join(cache, 'pictures'), '--json');
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, HF_HUB_CACHE: hub },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const found = { steps: [] };
  for await (const line of createInterface({ input: child.stdout })) {
    const event = JSON.parse(line);
    found.said ??= event.neededBytes;
    if (event.event === 'done') found.done = event;
    if (event.event === 'error') throw new Error(`${model}: ${event.message}`);
    if (event.event !== 'step') continue;
    found.start ??= (performance.now() - started) / 1000;
    found.steps.push(event.seconds);
  }
  return found;
}

/** One call of the UNet by either side: how long the second one took, and how far the outputs are apart. */
function compare(model, python, easel) {
  const unet = ['unet', `${model}/unet`, 1, 2, 2];
  const file = path.join(models, model, 'unet', 'diffusion_pytorch_model.fp16.safetensors');
  // Weights in float32, and half as much again to compute in.
  if (process.availableMemory() < statSync(file).size * 3) return ['too little memory', ''];
  const outputs = ['families-easel.f32', 'families-diffusers.f32'].map((name) => path.join(cache, name)); // prettier-ignore
  const ours = measure(process.execPath, [easel], unet, outputs[0]);
  const theirs = measure(python, ['bench/pytorch.py'], unet, outputs[1]);
  const { largest, relative } = largestDifference(...outputs);
  const ratio = Math.min(...ours.runSeconds) / Math.min(...theirs.runSeconds);
  return [ratio.toFixed(2), `${largest.toExponential(1)} (${relative.toExponential(1)} σ)`];
}

installDependencies();
build();
const python = preparePython();
const easel = await bundle();
const wanted = process.argv.slice(2);
const chosen = FAMILIES.filter(([model]) => wanted.length === 0 || wanted.includes(model));
writeModels(python, ['taesd']);
const hub = tinyCache();
const seconds = (number) => (number === undefined ? '' : `${number.toFixed(1)} s`);
const gigabytes = (bytes) => (bytes === undefined ? '' : `${(bytes / 2 ** 30).toFixed(1)} GB`);
const unetShared = new Set(['sd-turbo', 'sdxl-turbo']);

console.log('| | start | a step | decode | peak memory | said before | UNet, of diffusers | differs by |'); // prettier-ignore
console.log('|---|---|---|---|---|---|---|---|');
for (const [index, [model, title, steps, options, compared]] of chosen.entries()) {
  writeModels(python, [model]);
  const { start, steps: times, said, done } = await draw(model, steps, options, hub);
  const later = times.length > 1 ? Math.min(...times.slice(1)) : times[0];
  const checks = compared ? compare(model, python, easel) : ['', ''];
  const cells = [title, seconds(start), seconds(later), seconds(done.seconds.decode)];
  cells.push(gigabytes(done.peakRssBytes), gigabytes(said), ...checks);
  console.log(`| ${cells.join(' | ')} |`);
  const again = chosen.slice(index + 1).some(([next]) => next === model || unetShared.has(next));
  if (!process.env.EASEL_BENCH_KEEP && !again) {
    rmSync(path.join(models, model), { recursive: true, force: true });
  }
}
