import assert from 'node:assert/strict';
import { EaselError } from '../../../src/core/errors';
import type { GenerationRequestInput } from '../../../src/core/request/request';
import type { GenerationEvent } from '../../../src/protocol/engine';
import { DrawingEngine } from '../../../src/engine/engine';
import { SessionCache } from '../../../src/engine/runtime/session-cache';
import { breakTensor } from '../../support/broken-weights';
import { oneDevice, runEngine, warningsOf } from '../../support/engine-run';
import { drawRequest } from '../../support/drawing';
import { materialise, pictureBytes } from '../../support/fixture';

const REQUEST = { prompt: 'a cat', seed: 1, steps: 2, width: 32, height: 32 } as const;
const INIT_IMAGE = 'sketch.png';

/** A model with NaN in one tensor. */
function brokenModel(component: string, tensor: string, caseName = 'sd1'): string {
  const folder = materialise(caseName);
  breakTensor(folder, component, tensor);
  return folder;
}

async function failureOf(work: Promise<unknown>): Promise<EaselError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof EaselError, `it did not fail, or with ${String(error)}`);
  assert.equal(error.code, 'not-finite');
  return error;
}

describe('a model whose values are not finite', () => {
  const sessions = new SessionCache();
  after(() => sessions.clear());

  const draw = (folder: string, changes: Partial<GenerationRequestInput> = {}) =>
    failureOf(drawRequest({ ...REQUEST, model: folder, ...changes }, folder, sessions));

  it('ends at the text encoder', async () => {
    const folder = brokenModel('text_encoder', 'text_model.final_layer_norm.bias');
    const { data } = await draw(folder);
    assert.deepEqual(data, { place: 'text encoder' });
  });

  it('ends at the first step of the denoiser', async () => {
    const { data, message } = await draw(brokenModel('unet', 'conv_out.bias'));
    assert.deepEqual(data, { place: 'denoiser', step: 1, steps: 3 });
    assert.match(message, /step 1 of 3/);
  });

  it('ends at the encoder of a second pass', async () => {
    const folder = brokenModel('vae', 'encoder.conv_out.bias');
    const hires = { scale: 2, strength: 0.7, steps: 2, upscaler: 'lanczos' } as const;
    const { data } = await draw(folder, { hires });
    assert.deepEqual(data, { place: 'encoder' });
  });

  for (const vaeTiling of [false, true]) {
    it(`ends at the decoder${vaeTiling ? ', in tiles' : ''}`, async () => {
      const folder = brokenModel('vae', 'decoder.conv_out.bias');
      const { data } = await draw(folder, { vaeTiling, width: 96, height: 96 });
      assert.deepEqual(data, { place: 'decoder' });
    });
  }

  it('ends at the tiny decoder', async () => {
    const folder = brokenModel('vae', 'decoder.layers.0.bias', 'taesd');
    const { data } = await draw(folder);
    assert.deepEqual(data, { place: 'decoder' });
  });

  it('ends at the encoder of an initial image', async () => {
    const folder = brokenModel('vae', 'encoder.conv_out.bias');
    const initImage = pictureBytes(INIT_IMAGE);
    const { data } = await draw(folder, { initImage, strength: 0.8 });
    assert.deepEqual(data, { place: 'encoder' });
  });
});

/** A device that is there and whose text encoder gives NaN, in place of a graphics card with a faulty driver. */
class FaultyDevice extends SessionCache {
  opened = 0;

  override use<T>(
    ...[group, key, bytes, create, work]: Parameters<SessionCache['use']>
  ): Promise<T> {
    if (!group.startsWith('webgpu ')) {
      return super.use(group, key, bytes, create, work) as Promise<T>;
    }
    this.opened++;
    const nan = new Float32Array(77 * 32).fill(NaN);
    const outputs = { last_hidden_state: nan, pooler_output: nan };
    const run = () => Promise.resolve(outputs);
    return work({ run, release: () => Promise.resolve() }) as Promise<T>;
  }
}

describe('values that are not finite on a graphics card', () => {
  const sessions = new FaultyDevice();
  const engine = new DrawingEngine(oneDevice('webgpu'), sessions);
  after(() => sessions.clear());

  const draw = (request: GenerationRequestInput) => runEngine(engine, request);

  it('lead to the processor once, with a warning', async () => {
    const model = materialise('sd1');
    const first = await draw({ ...REQUEST, model });
    assert.equal(first.summary.device, 'cpu');
    assert.match(warningsOf(first).join('\n'), /WebGPU.*text encoder.*CPU instead/);
    assert.equal(first.events.filter(({ event }) => event === 'image').length, 1);

    // The next job of this model does not try the card again.
    const before = sessions.opened;
    const second = await draw({ ...REQUEST, model });
    assert.equal(second.summary.device, 'cpu');
    assert.match(second.summary.deviceReason, /not finite on webgpu/);
    assert.equal(sessions.opened, before);
  });

  it('lead to the processor for a device that was asked for too', async () => {
    const run = await draw({ ...REQUEST, model: materialise('sd1'), device: 'webgpu' });
    assert.equal(run.summary.device, 'cpu');
    assert.equal(warningsOf(run).length, 1);
  });

  it('are an error with a way out where the processor has them too', async () => {
    const model = brokenModel('vae', 'decoder.conv_out.bias');
    const error = await failureOf(draw({ ...REQUEST, model }));
    assert.equal(error.data.place, 'decoder');
    for (const part of [model, 'decoder', 'easel models verify', '--vae tiny']) {
      assert.ok(error.message.includes(part), error.message);
    }
  });

  it('of a preview alone do not end a job, and no black image is given', async () => {
    const model = brokenModel('vae', 'decoder.layers.0.bias', 'taesd');
    const steps: GenerationEvent[] = [];
    const context = {
      signal: new AbortController().signal,
      emit: (event: GenerationEvent) => void steps.push(event),
    };
    const request = { ...REQUEST, model, preview: true };
    const error = await failureOf(engine.handlers.generate({ request }, context));
    assert.equal(error.data.place, 'decoder');
    const shown = steps.filter(({ event }) => event === 'step');
    assert.ok(shown.length > 0);
    assert.ok(shown.every((event) => !('preview' in event)));
    assert.ok(steps.every(({ event }) => event !== 'image'));
  });
});
