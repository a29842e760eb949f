import assert from 'node:assert/strict';
import { drawOneImage, type Generator } from '../../src/client/engine';
import { EaselError } from '../../src/core/errors';
import type { GenerationEvent, GenerationSummary } from '../../src/protocol/engine';
import type { CallOptions } from '../../src/protocol/peer';

const IMAGE: GenerationEvent = {
  ...{ event: 'image', image: 0, seed: 7, width: 8, height: 8, format: 'png' },
  bytes: new Uint8Array(1),
};
const SUMMARY = { model: 'starter' } as GenerationSummary;

/** An engine that sends events, then ends with a summary or an error. */
function engine(
  events: readonly GenerationEvent[],
  error?: EaselError,
): Generator<CallOptions<GenerationEvent>> {
  return {
    generate: (_request, options) => {
      for (const event of events) options?.onEvent?.(event);
      return error ? Promise.reject(error) : Promise.resolve(SUMMARY);
    },
  };
}

describe('drawing one image', () => {
  const request = { prompt: 'a fox' };
  const crash = new EaselError('engine-crashed', 'The engine ended.');

  it('collects the image, the warnings and the summary, and passes the events on', async () => {
    const seen: string[] = [];
    const drawn = await drawOneImage(
      engine([{ event: 'warning', message: 'cut off' }, IMAGE]),
      request,
      { onEvent: ({ event }) => seen.push(event) },
    );
    assert.deepEqual(drawn, { image: IMAGE, warnings: ['cut off'], summary: SUMMARY });
    assert.deepEqual(seen, ['warning', 'image']);
  });

  it('keeps an image that came before the engine failed', async () => {
    const drawn = await drawOneImage(engine([IMAGE], crash), request, {});
    assert.deepEqual(drawn, { image: IMAGE, warnings: ['The engine ended.'] });
  });

  it('fails without an image, and after an abort', async () => {
    await assert.rejects(drawOneImage(engine([], crash), request, {}), crash);
    await assert.rejects(drawOneImage(engine([]), request, {}), { code: 'internal' });
    const signal = AbortSignal.abort();
    const cancelled = new EaselError('cancelled', 'Cancelled.');
    await assert.rejects(drawOneImage(engine([IMAGE], cancelled), request, { signal }), cancelled);
  });
});
