// `npm run measure:speed [-- PROMPTS]`: draws 24 prompts, or fewer, with the starter model in 20 steps, and with
// fewer evaluations of its network. Prints how much the images differ (PSNR) as a table, for bench/README.md.
import os from 'node:os';
import path from 'node:path';
import * as v from 'valibot';
import { countEvaluations } from '../src/core/diffusion/evaluations';
import { ForecastSchema, type ForecastOptions } from '../src/core/diffusion/forecast';
import { differences, drawAll, PROMPTS } from './bench/starter-images';
import { runMain } from './steps';

const STEPS = 20;

const forecast = (changes: Partial<ForecastOptions> = {}) => ({
  forecast: v.parse(ForecastSchema, changes),
});
const guided = (start: number, end: number) => ({ guidanceInterval: { start, end } });

const WAYS = [
  ['--steps 10', { steps: 10 }],
  ['--steps 11', { steps: 11 }],
  ['--forecast', forecast()],
  ['--forecast w=0.1,lam=0.01', forecast({ w: 0.1, lam: 0.01 })],
  ['--forecast w=0.4,lam=0.01', forecast({ w: 0.4, lam: 0.01 })],
  ['--forecast w=0.4', forecast({ w: 0.4 })],
  ['--forecast flex=1', forecast({ flex: 1 })],
  ['--guidance-interval 0:0.9', guided(0, 0.9)],
  ['--guidance-interval 0:0.8', guided(0, 0.8)],
  ['--guidance-interval 0:0.6', guided(0, 0.6)],
  ['--guidance-interval 0.1:1', guided(0.1, 1)],
  ['--guidance-interval 0.2:1', guided(0.2, 1)],
  ['--forecast --guidance-interval 0:0.8', { ...forecast(), ...guided(0, 0.8) }],
] as const;

async function main(): Promise<void> {
  const prompts = PROMPTS.slice(0, Number(process.argv[2] ?? PROMPTS.length));
  const folder = path.join(os.tmpdir(), 'easel-speed');
  const exact = await drawAll(prompts, { fields: { steps: STEPS }, folder });
  console.log('| | calls | PSNR, mean | PSNR, worst | worst prompt |\n|---|---|---|---|---|');
  for (const [label, fields] of WAYS) {
    const planned = { steps: STEPS, ...fields };
    const images = await drawAll(prompts, { fields: planned, folder });
    const calls = countEvaluations({ ...planned, guided: true });
    console.log(`| \`${label}\` | ${calls} | ${differences(exact, images, prompts)} |`);
  }
}

runMain(main);
