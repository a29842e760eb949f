// One image of SD-Turbo as users draw it: from a cold start of the command line, and by an engine that is warm.
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { drawOneImage, generatorOf } from '../../src/client/engine';
import { openEngine } from '../../src/client/open';
import type { GenerationRequestInput } from '../../src/core/request/request';
import { root } from '../steps';
import { cache, models, tinyCache } from './tools';

const PRECISIONS = ['full', 'int8'] as const;

type Precision = (typeof PRECISIONS)[number];

interface TurboRow {
  readonly label: string;
  readonly what: string;
  /** Seconds, the fastest of the rounds. */
  readonly values: ReadonlyMap<string, number>;
}

/** One step of a model of SD-Turbo's kind. */
export const ONE_STEP = {
  prompt: 'a red apple',
  vae: 'tiny',
  steps: 1,
  guidanceScale: 0,
  seed: 1,
} as const satisfies GenerationRequestInput;

const REQUEST = {
  ...ONE_STEP,
  model: path.join(models, 'sd-turbo'),
  device: 'cpu',
} as const satisfies GenerationRequestInput;

/** Draws 512 × 512 pixels in one step with TAESD, on every precision in turns. */
export async function drawWithTurbo(rounds: number): Promise<readonly TurboRow[]> {
  const env = { HF_HUB_CACHE: tinyCache(), EASEL_CACHE: path.join(cache, 'turbo') };
  rmSync(env.EASEL_CACHE, { recursive: true, force: true });
  const cold = { full: Infinity, int8: Infinity };
  const warm = { full: Infinity, int8: Infinity };
  // The first image prepares the weights.
  const prepared = drawCold('int8', env);
  // The next start reads what was written to its end, once.
  drawCold('int8', env);
  for (let round = 0; round < rounds; round++) {
    for (const precision of PRECISIONS) {
      const [first, later] = [
        drawCold(precision, env),
        await drawWarm({ ...REQUEST, precision }, env),
      ];
      cold[precision] = Math.min(cold[precision], first);
      warm[precision] = Math.min(warm[precision], later);
      console.error(`turbo, ${precision}: cold ${first.toFixed(2)} s, warm ${later.toFixed(2)} s`);
    }
  }
  const label = 'SD-Turbo with TAESD, 512 × 512, one step';
  return [
    {
      label,
      what: 'the very first image, weights prepared',
      values: new Map([['int8', prepared]]),
    },
    { label: '', what: 'an image from a cold start', values: new Map(Object.entries(cold)) },
    { label: '', what: 'an image by a warm engine', values: new Map(Object.entries(warm)) },
  ];
}

/** @returns how long the command line takes from its start to its end, in seconds */
function drawCold(precision: Precision, env: Readonly<Record<string, string>>): number {
  const { prompt, model, vae, device, steps, guidanceScale, seed } = REQUEST;
  const output = path.join(cache, 'turbo-image.webp');
  rmSync(output, { force: true });
  const args = ['dist/cli.js', 'generate', prompt, '--model', model, '--vae', vae];
  args.push('--device', device, '--steps', String(steps), '--seed', String(seed));
  args.push('--guidance-scale', String(guidanceScale), '--precision', precision);
  args.push('--output', output, '--json');
  const started = performance.now();
  execFileSync(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: 'ignore',
  });
  return (performance.now() - started) / 1000;
}

/**
 * @param limitMs how long the first image may take with those that are measured. Default: without end
 * @returns how long an engine takes that has drawn the same before, in seconds
 * @throws EaselError of the job; Error where it took longer
 */
export async function drawWarm(
  request: GenerationRequestInput,
  env: Readonly<Record<string, string>>,
  limitMs?: number,
): Promise<number> {
  const engine = openEngine({ module: path.join(root, 'dist', 'engine.js'), env });
  const limit = limitMs === undefined ? undefined : AbortSignal.timeout(limitMs);
  limit?.addEventListener('abort', () => engine.dispose());
  try {
    const draw = (seed: number) => drawOneImage(generatorOf(engine), { ...request, seed }, {});
    await draw(1);
    let fastest = Infinity;
    for (let seed = 2; seed < 4; seed++) {
      const started = performance.now();
      await draw(seed);
      fastest = Math.min(fastest, (performance.now() - started) / 1000);
    }
    return fastest;
  } catch (thrown) {
    if (limit?.aborted) {
      const seconds = ((limitMs ?? 0) / 1000).toFixed(0);
      throw new Error(`stopped after ${seconds} s`, { cause: thrown });
    }
    throw thrown;
  } finally {
    engine.dispose();
  }
}
