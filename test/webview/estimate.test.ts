import assert from 'node:assert/strict';
import { findInCatalogue } from '../../src/core/catalogue/catalogue';
import * as v from 'valibot';
import { countEvaluations } from '../../src/core/diffusion/evaluations';
import { ForecastSchema } from '../../src/core/diffusion/forecast';
import { stepsAtStrength } from '../../src/core/diffusion/denoise';
import type { LocalSummary, ModelEntry } from '../../src/protocol/engine';
import {
  addedWork,
  estimateSeconds,
  guessImageSeconds,
  type PlannedJob,
  type Speed,
} from '../../src/core/estimate';
import type { Job } from '../../src/protocol/studio';
import { measure } from '../../src/host/drawing/speeds';
import { guessSeconds, secondsLeft } from '../../webview/state/estimate';

const plan: PlannedJob = {
  model: 'starter',
  device: 'cpu',
  pixels: 256 * 256,
  precision: 'full',
  tokenDownsampling: 1,
  steps: 12,
  evaluations: 24,
  images: 1,
};

const speed: Speed = {
  model: 'starter',
  device: 'cpu',
  precision: 'full',
  tokenDownsampling: 1,
  pixels: 256 * 256,
  secondsPerEvaluation: 0.02,
  overhead: 0.1,
};

const summary: LocalSummary = {
  model: 'starter',
  device: 'cpu',
  deviceReason: '',
  precision: 'full',
  precisionReason: '',
  savings: { tokenDownsampling: 1 },
  seconds: { load: 3, encode: 0.1, denoise: 4.8, decode: 0.5, total: 9 },
  peakRssBytes: 0,
  settings: {
    steps: 12,
    guidanceScale: 4,
    strength: 1,
    width: 256,
    height: 256,
    scheduler: 'DDIMScheduler',
    seed: 1,
  },
};

const job: Job = {
  id: 1,
  state: 'drawing',
  request: { prompt: '', negativePrompt: '', model: 'starter', seed: 1 },
  numImages: 3,
  ahead: 0,
  stepsDone: 6,
  stepsTotal: 36,
  secondsLeft: 15,
  warnings: [],
  images: [],
};

describe('time estimates', () => {
  it('say nothing that was not measured', () => {
    assert.equal(estimateSeconds(plan, []), undefined);
    assert.equal(estimateSeconds({ ...plan, device: 'webgpu' }, [speed]), undefined);
    assert.equal(estimateSeconds({ ...plan, model: 'other' }, [speed]), undefined);
  });

  it('grow with steps, images, area and guidance', () => {
    const base = estimateSeconds(plan, [speed])!;
    assert.ok(Math.abs(base - (24 * 0.02 + 0.1)) < 1e-9);
    assert.ok(Math.abs(estimateSeconds({ ...plan, images: 3 }, [speed])! - 3 * base) < 1e-9);
    assert.ok(estimateSeconds({ ...plan, evaluations: 12 }, [speed])! < base);
    assert.ok(estimateSeconds({ ...plan, pixels: 4 * plan.pixels }, [speed])! > 3 * base);
  });

  it('take the measure of the nearest size', () => {
    const large = { ...speed, pixels: 1024 * 1024, secondsPerEvaluation: 1 };
    assert.equal(estimateSeconds(plan, [large, speed]), estimateSeconds(plan, [speed]));
  });

  it('take the measure of the same precision, or else guess from that of another one', () => {
    const int8: Speed = { ...speed, precision: 'int8', secondsPerEvaluation: 0.005 };
    const inBytes: PlannedJob = { ...plan, precision: 'int8' };
    assert.equal(estimateSeconds(inBytes, [speed, int8]), 24 * 0.005 + 0.1);
    assert.equal(estimateSeconds(plan, [int8, speed]), 24 * 0.02 + 0.1);
    const guessed = estimateSeconds(inBytes, [speed])!;
    const [least, most] = [0.3, 0.6].map((share) => 24 * 0.02 * share + 0.1);
    assert.ok(guessed > least! && guessed < most!, `${guessed} s`);
    assert.ok(estimateSeconds({ ...plan, tokenDownsampling: 2 }, [speed])! < 24 * 0.02 + 0.1);
  });

  it('count the ControlNets that run in each step', () => {
    const measured = (controlNets: number | undefined) =>
      measure('starter', { ...summary, controlNets }, 1)!;
    const one = { ...plan, controlNets: 1 };
    const plain = estimateSeconds(plan, [measured(undefined)])!;
    const guessed = estimateSeconds(one, [measured(undefined)])!;
    assert.ok(guessed > 1.3 * plain && guessed < 1.5 * plain, `${guessed} s, ${plain} s without`);
    // Measured with one, a model is faster without.
    assert.ok(estimateSeconds(plan, [measured(1)])! < estimateSeconds(one, [measured(1)])!);
    const slow = { ...measured(1), secondsPerEvaluation: 9 };
    assert.equal(estimateSeconds(plan, [slow, measured(undefined)]), plain);
    assert.equal(estimateSeconds(one, [measured(undefined), slow]), 24 * 9 + slow.overhead);
    const two = { ...plan, controlNets: 2 };
    assert.ok(estimateSeconds(two, [measured(1)])! > estimateSeconds(one, [measured(1)])!);
  });

  it('count the runs of the network that a forecast and a guidance interval leave', () => {
    const forecast = v.getDefaults(ForecastSchema) as LocalSummary['savings']['forecast'];
    const savings = { forecast, guidanceInterval: { start: 0, end: 0.5 }, tokenDownsampling: 1 };
    const whole = measure('org/sd', summary, 1)!;
    const saved = measure('org/sd', { ...summary, savings }, 1)!;
    assert.ok(saved.secondsPerEvaluation > whole.secondsPerEvaluation);
    const evaluations = 4.8 / saved.secondsPerEvaluation;
    assert.equal(
      Math.round(evaluations),
      countEvaluations({ ...savings, steps: 12, guided: true }),
    );
    assert.ok(evaluations < 24);
  });

  it('count the third row of perturbed-attention guidance', () => {
    const planned = { steps: 10, guided: true };
    assert.equal(countEvaluations({ ...planned, ...addedWork({ pagScale: 3 }, {}) }), 30);
    assert.equal(countEvaluations({ ...planned, ...addedWork({ pagScale: 0 }, {}) }), 20);
    const unguided = { ...planned, guided: false };
    assert.equal(countEvaluations({ ...unguided, perturbed: true }), 20);
  });

  it("count a refiner's steps by the work of its network", () => {
    const planned = { steps: 10, guided: true };
    const ofRefiner = (asked: Parameters<typeof addedWork>[0], work?: number) =>
      countEvaluations({
        ...planned,
        ...addedWork({ refiner: 'org/refiner', ...asked }, { model: 6000, refiner: work }),
      });
    assert.equal(ofRefiner({}), 20);
    assert.equal(ofRefiner({}, 12_000), 2 * 8 + 2 * 2 * 2);
    assert.equal(ofRefiner({ denoisingEnd: 0.5 }, 12_000), 2 * 5 + 2 * 2 * 5);
    // Of an image to start from, the steps that its strength skips are the model's.
    const refiner = { begin: 0.8, work: 2 };
    assert.equal(countEvaluations({ ...planned, strength: 0.5, refiner }), 2 * 3 + 2 * 2 * 2);
    assert.equal(countEvaluations({ ...planned, strength: 0.1, refiner }), 2 * 2);
  });

  it('count a second pass by its area, with the refiner at its end', () => {
    const planned = { steps: 10, guided: false };
    const hires = { scale: 2, strength: 0.5 };
    const again = (asked: Parameters<typeof addedWork>[0]) =>
      countEvaluations({ ...planned, ...addedWork({ hires, ...asked }, { model: 1, refiner: 3 }) });
    assert.equal(again({}), 10 + 4 * 5);
    assert.equal(again({ hires: { ...hires, steps: 20 } }), 10 + 4 * 10);
    assert.equal(again({ refiner: 'org/refiner' }), 10 + 4 * (3 + 3 * 2));
  });

  it('measure a job with all of these as its summary says', () => {
    const added = { perturbed: true, refiner: { begin: 0.5, work: 2 } };
    const measured = measure('org/sdxl', { ...summary, added }, 1);
    assert.ok(Math.abs(measured!.secondsPerEvaluation - 4.8 / (3 * 6 + 2 * 3 * 6)) < 1e-9);
  });

  it('foretell a job like the one they were measured on', () => {
    const measured = measure('starter', summary, 3)!;
    const again = estimateSeconds({ ...plan, images: 3 }, [measured])!;
    assert.ok(Math.abs(again - 5.4) < 1e-9, `${again} s`);
  });

  it('know that a sketch skips the first steps', () => {
    assert.equal(stepsAtStrength(12, undefined), 12);
    assert.equal(stepsAtStrength(12, 0.7), 8);
    assert.equal(stepsAtStrength(12, 1), 12);
    const measured = (strength: number) =>
      measure('starter', { ...summary, settings: { ...summary.settings, strength } }, 1);
    assert.ok(Math.abs(measured(0.5)!.secondsPerEvaluation - 4.8 / 12) < 1e-9);
    assert.equal(measured(0), undefined);
  });

  it('count down a running job between its events, and never below nothing', () => {
    assert.equal(secondsLeft(job, 0), 15);
    assert.equal(secondsLeft(job, 5), 10);
    assert.equal(secondsLeft(job, 60), 0);
    assert.equal(secondsLeft({ ...job, secondsLeft: undefined }, 0), undefined);
  });

  it('guess for models of the published size alone', () => {
    const model: ModelEntry = {
      id: 'CompVis/stable-diffusion-v1-4',
      path: '',
      origin: 'cache',
      kind: 'pipeline',
      pipeline: 'StableDiffusionPipeline',
      family: 'SD 1.x',
      precision: 'F16',
      sizeBytes: 2.7e9,
      lastUsedMs: 0,
      runnable: true,
      reason: '',
      defaults: {
        steps: 50,
        guidanceScale: 7.5,
        width: 512,
        height: 512,
        multiple: 8,
        gigaflops: 800,
        scheduler: 'PNDMScheduler',
      },
    };
    const probe = { device: 'cpu', works: true, gflops: 400, detail: '' } as const;
    const sd = { ...plan, model: model.id, pixels: 512 * 512, evaluations: 100 };
    const seconds = guessSeconds(sd, model, probe)!;
    assert.ok(seconds > 200 && seconds < 500, `${seconds} s for 50 steps on a slow CPU`);
    assert.equal(guessSeconds(sd, { ...model, sizeBytes: 5e7 }, probe), undefined);
    assert.equal(guessSeconds(sd, model, undefined), undefined);
  });
});

describe('the time of a model that is not downloaded yet', () => {
  const [turbo, large] = ['stabilityai/sd-turbo', 'stabilityai/stable-diffusion-xl-base-1.0'].map(
    (id) => findInCatalogue(id)!,
  );

  it('is guessed from the speed that the probe of the device found', () => {
    // One step of 800 gigaflops and a decoding of 2500, at 0.6 of the speed.
    assert.equal(Math.round(guessImageSeconds(turbo!, 200, 'full')!), Math.round(3300 / 120));
    assert.equal(
      guessImageSeconds(turbo!, 400, 'full'),
      guessImageSeconds(turbo!, 200, 'full')! / 2,
    );
    // Fifty steps with guidance.
    assert.ok(
      guessImageSeconds(large!, 200, 'full')! > 100 * guessImageSeconds(turbo!, 200, 'full')!,
    );
  });

  it('is shorter of a pruned network', () => {
    for (const [pruned, whole] of [
      ['segmind/SSD-1B', 'stabilityai/stable-diffusion-xl-base-1.0'],
      ['nota-ai/bk-sdm-tiny', 'stable-diffusion-v1-5/stable-diffusion-v1-5'],
    ] as const) {
      const [less, more] = [pruned, whole].map((id) =>
        guessImageSeconds(findInCatalogue(id)!, 200, 'full')!,
      );
      assert.ok(less! > more! / 2 && less! < more! * 0.75, `${less} s of ${pruned}, ${more} s`);
    }
  });

  it('is not known without that speed, or of other kinds of models', () => {
    assert.equal(guessImageSeconds(turbo!, 0, 'full'), undefined);
    assert.equal(guessImageSeconds({ ...turbo!, family: 'other' }, 200, 'full'), undefined);
    assert.equal(guessImageSeconds(findInCatalogue('madebyollin/taesd')!, 200, 'full'), undefined);
  });
});
