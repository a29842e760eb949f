import * as assert from 'node:assert/strict';

import type { Precision } from '../../../src/core/devices';
import { EaselError } from '../../../src/core/errors';
import type { HalfTrial, IntegerTrial } from '../../../src/core/request/precision';
import {
  choosePrecision,
  recordedPrecision,
  type PrecisionNeeds,
} from '../../../src/engine/pipeline/precision';

const FAST: IntegerTrial = { exact: true, fast: true };
const HALF: HalfTrial = { half: true, halfSpeed: 2, halfFault: '' };
const NO_HALF: HalfTrial = { half: false, halfSpeed: 0, halfFault: 'the adapter has no float16' };
const LARGE = 860_000_000;
const SMALL = 19_000_000;

describe('the precision of a job', () => {
  const choose = (needs: Partial<PrecisionNeeds>, trial = FAST) =>
    choosePrecision({
      asked: 'auto',
      device: 'cpu',
      weightCount: LARGE,
      tryIntegers: () => Promise.resolve(trial),
      tryHalf: () => Promise.resolve(HALF),
      runs: 20,
      hasBytes: () => Promise.reject(new Error('looked for')),
      ...needs,
    });
  const refused = (part: RegExp) => (thrown: unknown) =>
    thrown instanceof EaselError &&
    thrown.code === 'unsupported-precision' &&
    part.test(thrown.message);

  it('is int8 for large models on a processor that is fast at it', async () => {
    const { precision, reason } = await choose({});
    assert.equal(precision, 'int8');
    assert.match(reason, /fast here/);
  });

  it('is full for small models, exported graphs, other devices and slow processors', async () => {
    const full = [
      choose({ weightCount: SMALL }),
      choose({ weightCount: undefined }),
      choose({ device: 'cuda', tryHalf: () => Promise.resolve(NO_HALF) }),
      choose({ device: 'cuda', weightCount: SMALL }),
      choose({ device: 'cuda', weightCount: undefined }),
      choose({}, { exact: true, fast: false }),
      choose({}, { exact: false, fast: false }),
    ];
    for (const decided of await Promise.all(full)) assert.equal(decided.precision, 'full');
  });

  it('is half for large models on a device that is right and fast at it, also for a single run', async () => {
    const { precision, reason } = await choose({ device: 'webgpu', runs: 1 });
    assert.equal(precision, 'half');
    assert.match(reason, /float16 is right here/);
  });

  it('is full for a single run of a model whose weights are not prepared', async () => {
    const none = () => Promise.resolve(false);
    const { precision, reason } = await choose({ runs: 1, hasBytes: none });
    assert.equal(precision, 'full');
    assert.match(reason, /sooner/);
    const there = await choose({ runs: 1, hasBytes: () => Promise.resolve(true) });
    assert.equal(there.precision, 'int8');
    assert.equal((await choose({ runs: 2, hasBytes: none })).precision, 'int8');
    assert.equal((await choose({ runs: 1, hasBytes: none, asked: 'int8' })).precision, 'int8');
  });

  it('does not try the processor where that decides nothing', async () => {
    const tryIntegers = () => Promise.reject(new Error('tried'));
    await choose({ asked: 'full', tryIntegers });
    await choose({ weightCount: SMALL, tryIntegers });
    await choose({ device: 'webgpu', tryIntegers });
    const tryHalf = () => Promise.reject(new Error('tried'));
    await choose({ asked: 'full', device: 'webgpu', tryHalf });
    await choose({ weightCount: SMALL, device: 'webgpu', tryHalf });
    await choose({ tryHalf });
  });

  it('is what was asked for, also for small models', async () => {
    assert.equal((await choose({ asked: 'int8', weightCount: SMALL })).precision, 'int8');
    const half = { asked: 'half', device: 'webgpu', weightCount: SMALL } as const;
    assert.equal((await choose(half)).precision, 'half');
    assert.equal((await choose({ asked: 'full' })).precision, 'full');
  });

  it('is refused where the device, the model or the processor cannot, with what can be asked for', async () => {
    await assert.rejects(choose({ asked: 'half' }), refused(/CPU does not have it.*full or int8/));
    await assert.rejects(choose({ asked: 'int8', device: 'cuda' }), refused(/CUDA.*full or half/));
    await assert.rejects(choose({ asked: 'int8', weightCount: undefined }), refused(/exported/));
    const noHalf = { device: 'webgpu', tryHalf: () => Promise.resolve(NO_HALF) } as const;
    await assert.rejects(
      choose({ ...noHalf, asked: 'half' }),
      refused(/no float16. Ask for full,/),
    );
    await assert.rejects(choose({ ...noHalf, asked: 'int8' }), refused(/Ask for full,/));
    const wrong = { exact: false, fast: false };
    await assert.rejects(choose({ asked: 'int8' }, wrong), refused(/exactly.*Ask for full/));
  });

  it('is recorded where another machine could choose another one', () => {
    const recorded = (precision: Precision, weightCount: number | undefined) =>
      recordedPrecision({ precision, reason: '' }, { weightCount });
    assert.equal(recorded('full', SMALL), 'auto');
    assert.equal(recorded('full', undefined), 'auto');
    assert.equal(recorded('full', LARGE), 'full');
    assert.equal(recorded('int8', LARGE), 'int8');
    assert.equal(recorded('int8', SMALL), 'int8');
    assert.equal(recorded('half', LARGE), 'half');
  });
});
