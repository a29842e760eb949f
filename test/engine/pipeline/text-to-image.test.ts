import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { RgbImage } from '../../../src/core/pixels';
import { parseRequest, type GenerationRequestInput } from '../../../src/core/request';
import { JobClock } from '../../../src/engine/pipeline/job-clock';
import { openModel } from '../../../src/engine/pipeline/model';
import { Networks } from '../../../src/engine/pipeline/networks';
import { encodeText } from '../../../src/engine/pipeline/text';
import { draw } from '../../../src/engine/pipeline/draw';
import { SessionCache } from '../../../src/engine/session-cache';
import { caseNames, materialise, reference, type ReferenceRun } from '../../support/fixture';
import { differences, readPixels } from '../../support/pictures';

/** Latents may drift this far from PyTorch's over the steps, in units of their own deviation. */
const LATENT_TOLERANCE = 2e-3;

/** The largest difference, relative to the reference's standard deviation. */
function relativeError(found: Float32Array, expected: Float32Array): number {
  assert.equal(found.length, expected.length);
  let largest = 0;
  let squares = 0;
  for (const [i, value] of expected.entries()) {
    largest = Math.max(largest, Math.abs(value - found[i]!));
    squares += value * value;
  }
  return largest / Math.sqrt(squares / expected.length);
}

/** As `X.from_config(pipe.scheduler.config, **changes)`: the model's own config, changed. */
function changeScheduler(folder: string, changes: ReferenceRun['schedulerConfig']): void {
  if (!changes) return;
  const file = path.join(folder, 'scheduler', 'scheduler_config.json');
  const config = JSON.parse(readFileSync(file, 'utf8')) as object;
  writeFileSync(file, JSON.stringify({ ...config, ...changes }));
}

function requestOf(run: ReferenceRun, model: string): GenerationRequestInput {
  const { prompt, negativePrompt, seed, steps, guidanceScale, guidanceRescale } = run;
  const { width, height, numImages, scheduler } = run;
  return {
    ...{ prompt, negativePrompt, seed, steps, guidanceScale, guidanceRescale },
    ...{ width, height, numImages, model, ...(scheduler === undefined ? {} : { scheduler }) },
  };
}

describe('text to image, against diffusers', () => {
  const sessions = new SessionCache();
  after(() => sessions.clear());

  for (const name of caseNames()) {
    const expected = reference(name);
    for (const runName of expected.runNames('text-to-image')) {
      const run = expected.run(runName);
      it(`${name}: ${runName}`, async () => {
        const folder = materialise(name);
        changeScheduler(folder, run.schedulerConfig);
        const model = await openModel({ id: name, folder });
        const clock = new JobClock();
        const networks = new Networks({
          ...{ model, device: 'cpu', sessions, clock, onLoading: () => undefined },
        });
        const request = parseRequest(requestOf(run, folder));
        const compare = (stage: string, found: Float32Array, tolerance: number) => {
          if (!expected.arrayNames().includes(`${runName}/${stage}`)) return;
          const error = relativeError(found, expected.floats(`${runName}/${stage}`));
          assert.ok(error <= tolerance, `${stage} is off by ${error.toExponential(1)}`);
        };

        const { embeds } = await encodeText(networks, {
          ...{ prompt: run.prompt, negativePrompt: run.negativePrompt, guided: true },
          ...{ keepLoaded: true, onWarning: () => undefined },
        });
        compare('negative.embeds', embeds[0]!, 2e-5);
        compare('text.embeds', embeds[1]!, 2e-5);

        const steps: Float32Array[][] = [];
        const pictures: RgbImage[] = [];
        await draw({
          networks,
          request,
          settings: { ...run, strength: 1 },
          source: undefined,
          keepLoaded: true,
          clock,
          signal: new AbortController().signal,
          listener: {
            warning: () => undefined,
            step: (image, { latents }) => {
              (steps[image] ??= []).push(latents.slice());
              return Promise.resolve();
            },
            image: (_image, _seed, picture) => {
              pictures.push(picture);
              return Promise.resolve();
            },
          },
        });
        for (const [index] of steps[0]!.entries()) {
          const latents = steps.flatMap((image) => [...image[index]!]);
          compare(`latents.step.${String(index)}`, Float32Array.from(latents), LATENT_TOLERANCE);
        }
        assert.equal(pictures.length, run.numImages);
        for (const [index, picture] of pictures.entries()) {
          const png = await readPixels(expected.picture(runName, index));
          const { largest } = differences(picture, png);
          assert.ok(largest <= 1, `picture ${String(index)} differs by up to ${String(largest)}`);
        }
      });
    }
  }
});
