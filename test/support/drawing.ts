import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { RgbImage } from '../../src/core/image/pixels';
import { parseRequest, type GenerationRequestInput } from '../../src/core/request/request';
import type { Model } from '../../src/engine/model/model';
import { openModel } from '../../src/engine/model/open';
import { styleRequest } from '../../src/core/request/styles';
import { openControls } from '../../src/engine/pipeline/control-images';
import { draw } from '../../src/engine/pipeline/draw';
import { openImagePrompts } from '../../src/engine/pipeline/image-prompts';
import { JobClock } from '../../src/engine/pipeline/job-clock';
import { planJob } from '../../src/engine/pipeline/plan';
import { openRefiner } from '../../src/engine/pipeline/refining';
import { openSource } from '../../src/engine/pipeline/source-image';
import { openRequestedUpscalers } from '../../src/engine/pipeline/upscaling/requested';
import type { SessionCache } from '../../src/engine/runtime/session-cache';
import {
  materialise,
  pictureBytes,
  reference,
  type Reference,
  type ReferenceRun,
  type Task,
} from './fixture';
import { networksOf } from './networks';
import { differences, readPixels } from './pictures';

/** Latents may drift this far from PyTorch's over the steps, in units of their own deviation. */
const LATENT_TOLERANCE = 2e-3;

/** The largest difference, relative to the reference's standard deviation. */
export function relativeError(found: Float32Array, expected: Float32Array): number {
  assert.equal(found.length, expected.length);
  let largest = 0;
  let squares = 0;
  for (const [i, value] of expected.entries()) {
    largest = Math.max(largest, Math.abs(value - found[i]!));
    squares += value * value;
  }
  return largest / Math.sqrt(squares / expected.length);
}

/** The model folder of a run: its case's, with the changes that the run makes to configs. */
export function materialiseRun(caseName: string, run: ReferenceRun): string {
  const folder = materialise(caseName);
  const change = (name: string, fields: object) => {
    const file = path.join(folder, name);
    const config = JSON.parse(readFileSync(file, 'utf8')) as object;
    writeFileSync(file, JSON.stringify({ ...config, ...fields }));
  };
  // As `X.from_config(pipe.scheduler.config, **changes)`: the model's own config, changed.
  const { schedulerConfig, timesteps } = run;
  if (schedulerConfig ?? timesteps) {
    change('scheduler/scheduler_config.json', {
      ...schedulerConfig,
      ...(timesteps && { timesteps }),
    });
  }
  for (const [name, fields] of Object.entries(run.changes ?? {})) change(name, fields);
  return folder;
}

/** The request that asks for a run. */
export function requestOf(run: ReferenceRun, model: string): GenerationRequestInput {
  const { prompt, negativePrompt, seed, steps, guidanceScale, guidanceRescale } = run;
  const { width, height, numImages, scheduler, strength } = run;
  // The size of a picture to start from is taken where none is asked for.
  const ownSize = run.initImage !== undefined && run.mask === undefined && !run.resize;
  return {
    ...{ prompt, negativePrompt, seed, steps, guidanceScale, guidanceRescale, numImages, model },
    ...(ownSize ? {} : { width, height }),
    ...(scheduler === undefined ? {} : { scheduler }),
    ...(run.freeu === undefined ? {} : { freeu: { ...run.freeu } }),
    ...(run.seamless === undefined ? {} : { seamless: run.seamless }),
    ...(run.prompt2 === undefined ? {} : { prompt2: run.prompt2 }),
    ...(run.negativePrompt2 === undefined ? {} : { negativePrompt2: run.negativePrompt2 }),
    ...(run.eta === undefined ? {} : { eta: run.eta }),
    ...(run.variationSeed === undefined ? {} : { variationSeed: run.variationSeed }),
    ...(run.variationStrength === undefined ? {} : { variationStrength: run.variationStrength }),
    ...(run.originalSize === undefined ? {} : { originalSize: run.originalSize }),
    ...(run.targetSize === undefined ? {} : { targetSize: run.targetSize }),
    ...(run.cropTopLeft === undefined ? {} : { cropTopLeft: run.cropTopLeft }),
    ...(run.negativeOriginalSize && { negativeOriginalSize: run.negativeOriginalSize }),
    ...(run.negativeTargetSize && { negativeTargetSize: run.negativeTargetSize }),
    ...(run.negativeCropTopLeft && { negativeCropTopLeft: run.negativeCropTopLeft }),
    ...(run.clipSkip === undefined ? {} : { clipSkip: run.clipSkip }),
    ...(run.denoisingStart === undefined ? {} : { denoisingStart: run.denoisingStart }),
    ...(run.denoisingEnd === undefined ? {} : { denoisingEnd: run.denoisingEnd }),
    ...(run.aestheticScore === undefined ? {} : { aestheticScore: run.aestheticScore }),
    ...(run.negativeAestheticScore === undefined
      ? {}
      : { negativeAestheticScore: run.negativeAestheticScore }),
    ...(strength === undefined ? {} : { strength }),
    ...(run.imageGuidanceScale === undefined ? {} : { imageGuidanceScale: run.imageGuidanceScale }),
    ...(run.noiseLevel === undefined ? {} : { noiseLevel: run.noiseLevel }),
    ...(run.guidanceInterval === undefined ? {} : { guidanceInterval: run.guidanceInterval }),
    ...(run.initImage === undefined ? {} : { initImage: pictureBytes(run.initImage) }),
    ...(run.mask === undefined ? {} : { mask: pictureBytes(run.mask) }),
    ...(run.outpaint === undefined ? {} : { outpaint: { ...run.outpaint } }),
    ...(run.hires === undefined ? {} : { hires: run.hires }),
    ...(run.vaeTiling === undefined ? {} : { vaeTiling: run.vaeTiling }),
  };
}

export interface Drawn {
  readonly model: Model;
  readonly pictures: readonly RgbImage[];
  /** Latents after each step, by image. */
  readonly steps: readonly (readonly Float32Array[])[];
  readonly warnings: readonly string[];
}

/** Draws a request on the CPU with the model of a folder, as the engine does. */
export async function drawRequest(
  input: GenerationRequestInput,
  folder: string,
  sessions: SessionCache,
): Promise<Drawn> {
  return drawModel(input, await openModel({ id: folder, folder }), sessions);
}

export async function drawModel(
  input: GenerationRequestInput,
  plain: Model,
  sessions: SessionCache,
): Promise<Drawn> {
  const parsed = parseRequest(input);
  const model = plain.withSeamlessEdges(parsed.seamless);
  const request = styleRequest({ ...parsed, vaeTiling: parsed.vaeTiling ?? false });
  const warnings: string[] = [];
  const networks = networksOf(model, sessions, (message) => void warnings.push(message));
  const given = {
    controls: await openControls(parsed),
    imagePrompts: await openImagePrompts(parsed),
    upscaling: await openRequestedUpscalers(parsed),
    refiner: await openRefiner(parsed, model, (id) => openModel({ id, folder: id })),
  };
  const plan = planJob(request, model, await openSource(parsed), given);
  const steps: Float32Array[][] = [];
  const pictures: RgbImage[] = [];
  await draw({
    ...{ plan, networks, clock: new JobClock() },
    signal: new AbortController().signal,
    listener: {
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
  return { model, pictures, steps, warnings };
}

/** Asserts that a run's latents after each step, and its pictures, are the reference's. */
async function assertAsReference(
  expected: Reference,
  runName: string,
  { pictures, steps }: Drawn,
): Promise<void> {
  const stored = new Set(expected.arrayNames());
  for (const index of steps[0]!.keys()) {
    const name = `${runName}/latents.step.${String(index)}`;
    if (!stored.has(name)) continue;
    const latents = Float32Array.from(steps.flatMap((image) => [...image[index]!]));
    const error = relativeError(latents, expected.floats(name));
    assert.ok(error <= LATENT_TOLERANCE, `${name} is off by ${error.toExponential(1)}`);
  }
  // There is no step beyond the last.
  assert.ok(!stored.has(`${runName}/latents.step.${String(steps[0]!.length)}`));
  assert.equal(pictures.length, expected.run(runName).numImages);
  for (const [index, picture] of pictures.entries()) {
    const png = await readPixels(expected.picture(runName, index));
    const { largest } = differences(picture, png);
    assert.ok(largest <= 1, `picture ${String(index)} differs by up to ${String(largest)}`);
  }
}

/** One test for each run of a kind that a case has. */
export function itDrawsAsDiffusers(caseName: string, task: Task, sessions: SessionCache): void {
  const expected = reference(caseName);
  for (const runName of expected.runNames(task)) {
    const run = expected.run(runName);
    it(`${caseName}: ${runName}`, async () => {
      const folder = materialiseRun(caseName, run);
      const base = run.base && materialiseRun(run.base.case, run);
      const request = { ...requestOf(run, base ?? folder), ...(base && { refiner: folder }) };
      const drawn = await drawRequest(request, base ?? folder, sessions);
      await assertAsReference(expected, runName, drawn);
    });
  }
}
