import assert from 'node:assert/strict';

import { requestedIpAdapters } from '../../../src/core/request/ip-adapters';
import { parseRequest, type GenerationRequestInput } from '../../../src/core/request/request';

const [A, B] = [Uint8Array.of(1), Uint8Array.of(2)];

describe('the IP-Adapters of a request', () => {
  const requested = (fields: Partial<GenerationRequestInput>) =>
    requestedIpAdapters(parseRequest({ prompt: 'a cat', ...fields }));

  it('take all images where there is one, and one each where there are several', () => {
    assert.deepEqual(requested({}), []);
    assert.deepEqual(requested({ ipAdapters: ['x'], ipAdapterImages: [A, B] }), [
      { model: 'x', images: [A, B], scale: 1, blocks: 'all' },
    ]);
    const two = {
      ...{ ipAdapters: ['x', 'y'], ipAdapterImages: [A, B], ipAdapterScale: [0, 0.5] },
      ipAdapterBlocks: ['style', 'all'],
    } satisfies Partial<GenerationRequestInput>;
    assert.deepEqual(requested(two), [
      { model: 'x', images: [A], scale: 0, blocks: 'style' },
      { model: 'y', images: [B], scale: 0.5, blocks: 'all' },
    ]);
  });

  it('are refused where it is not clear what belongs to which', () => {
    const wrong: readonly (readonly [Partial<GenerationRequestInput>, RegExp])[] = [
      [{ ipAdapterImages: [A] }, /--ip-adapter-image belongs to an IP-Adapter, and none/],
      [{ ipAdapterScale: [1] }, /--ip-adapter-scale belongs to an IP-Adapter, and none/],
      [{ ipAdapterImageEncoder: 'x' }, /--ip-adapter-image-encoder belongs to an IP-Adapter/],
      [{ ipAdapters: ['x'] }, /draws like an image.*--ip-adapter-image/],
      [{ ipAdapters: ['x', 'y'], ipAdapterImages: [A] }, /2 times, and --ip-adapter-image once/],
      [{ ipAdapterBlocks: ['style'] }, /--ip-adapter-blocks belongs to an IP-Adapter/],
      [
        { ipAdapters: ['x'], ipAdapterImages: [A], ipAdapterScale: [1, 1] },
        /once, and --ip-adapter-scale 2 times/,
      ],
    ];
    for (const [fields, message] of wrong) {
      assert.throws(() => requested(fields), { code: 'bad-request', message });
    }
    assert.throws(
      () => requested({ ipAdapters: ['x'], ipAdapterImages: [A], ipAdapterScale: [11] }),
      {
        code: 'bad-request',
      },
    );
  });
});
