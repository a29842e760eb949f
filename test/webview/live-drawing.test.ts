import assert from 'node:assert/strict';
import { cancelled } from '../../src/core/errors';
import { DEFAULT_REQUEST_SETTINGS } from '../../src/core/request/settings';
import type { ModelEntry } from '../../src/protocol/engine';
import type { Caller, CallOptions } from '../../src/protocol/peer';
import type { LiveImage, StudioMethods, StudioState } from '../../src/protocol/studio';
import { LiveDrawing } from '../../webview/page/live-drawing';
import { PageState } from '../../webview/page/page-state';
import type { Mark } from '../../webview/sketch/marks';
import { until } from '../support/until';

const STROKE: Mark = {
  ...{ kind: 'stroke', layer: 'paint', erase: false, colour: '#d8433b', size: 10 },
  ...{ pressed: false, points: [[0, 0, 0.5]] },
};
const IMAGE: LiveImage = { bytes: new Uint8Array([1]), format: 'webp', width: 64, height: 64 };

const starter = {
  ...{ id: 'starter', path: '/starter', origin: 'starter', kind: 'pipeline', pipeline: '' },
  ...{ family: '', precision: 'F16', sizeBytes: 1, lastUsedMs: 0, runnable: true, reason: '' },
  defaults: {
    ...{ steps: 8, guidanceScale: 2, width: 256, height: 256, multiple: 32, scheduler: '' },
    sketchStrength: 0.45,
  },
} satisfies ModelEntry;

interface Asked {
  readonly params: StudioMethods['drawLive']['params'];
  readonly signal: AbortSignal;
  readonly answer: (image: LiveImage) => void;
}

/** A page with a host that answers when a test says so. */
function studio(state: Partial<StudioState> = {}) {
  const page = new PageState(undefined);
  const asked: Asked[] = [];
  const shown: string[] = [];
  const call = (_method: string, params: unknown, { signal }: CallOptions<never> = {}) =>
    new Promise<LiveImage>((resolve, reject) => {
      assert.ok(signal);
      signal.addEventListener('abort', () => reject(cancelled()));
      const request = params as StudioMethods['drawLive']['params'];
      asked.push({ params: request, signal, answer: resolve });
    });
  new LiveDrawing(
    page,
    { call } as unknown as Pick<Caller<StudioMethods>, 'call'>,
    { export: () => Promise.resolve({ image: new Uint8Array([2]) }) },
    {
      setOffered: (offered) => shown.push(offered ? 'offered' : 'off'),
      setBusy: () => undefined,
      showHint: (missing) => shown.push(`needs ${missing}`),
      showError: (message) => shown.push(message),
      showImage: (_image, prompt) => shown.push(`image of ${prompt}`),
    },
  );
  page.update({
    models: [starter],
    settings: { ...DEFAULT_REQUEST_SETTINGS, style: '', styles: [], liveDrawing: true },
    ...state,
  });
  page.view.update({ tab: 'sketch' });
  return { page, asked, shown };
}

describe('the image that follows the sketch', () => {
  it('is drawn after a stroke, from the sketch and the words, with the same seed each time', async () => {
    const { page, asked, shown } = studio();
    assert.ok(shown.includes('needs sketch'));
    page.sketch.add(STROKE);
    assert.equal(shown.at(-1), 'needs prompt');
    page.form.update({ prompt: 'a red apple' });
    await until('a request', () => asked.length === 1);
    const [first] = asked;
    const { request } = first!.params;
    assert.deepEqual([request.prompt, request.strength], ['a red apple', 0.45]);
    assert.deepEqual(request.initImage, new Uint8Array([2]));
    first!.answer(IMAGE);
    await until('the image', () => shown.at(-1) === 'image of a red apple');
    page.sketch.add(STROKE);
    await until('another request', () => asked.length === 2);
    assert.equal(asked[1]!.params.request.seed, request.seed);
  });

  it('is cancelled by the next stroke, and shows what was asked for last', async () => {
    const { page, asked, shown } = studio();
    page.form.update({ prompt: 'a red apple' });
    page.sketch.add(STROKE);
    await until('a request', () => asked.length === 1);
    page.form.update({ prompt: 'a green apple' });
    assert.ok(asked[0]!.signal.aborted);
    await until('another request', () => asked.length === 2);
    asked[1]!.answer(IMAGE);
    await until('the image', () => shown.at(-1) === 'image of a green apple');
    assert.ok(!shown.includes('image of a red apple'));
  });

  it('waits while images are drawn that the user has asked for', async () => {
    const { page, asked } = studio();
    page.form.update({ prompt: 'a red apple' });
    page.sketch.add(STROKE);
    await until('a request', () => asked.length === 1);
    page.update({
      jobs: [
        {
          ...{ id: 1, state: 'queued', numImages: 1, ahead: 0, stepsDone: 0, stepsTotal: 0 },
          ...{ warnings: [], images: [] },
          request: { prompt: 'a', negativePrompt: '', model: 'starter', seed: 1 },
        },
      ],
    });
    assert.ok(asked[0]!.signal.aborted);
    page.update({ jobs: [] });
    await until('another request', () => asked.length === 2);
  });

  it('is not offered where the setting is off, or where the model is slow or not known', () => {
    const settings = { ...DEFAULT_REQUEST_SETTINGS, style: '', styles: [], liveDrawing: false };
    assert.equal(studio({ settings }).shown.at(-1), 'off');
    assert.equal(studio({ models: [] }).shown.at(-1), 'off');
    const way = { precision: 'full', tokenDownsampling: 1 } as const;
    const speed = { model: 'starter', device: 'cpu', pixels: 65_536, ...way } as const;
    const integers = { exact: true, fast: true };
    const devices = { devices: [], chosen: 'cpu', reason: '', integers } as const;
    const slow = { ...speed, secondsPerEvaluation: 5, overhead: 1 };
    assert.ok(studio({ devices, speeds: [slow] }).shown.at(-1) === 'off');
    const fast = { ...speed, secondsPerEvaluation: 0.01, overhead: 0.1 };
    assert.notEqual(studio({ devices, speeds: [fast] }).shown.at(-1), 'off');
  });
});
