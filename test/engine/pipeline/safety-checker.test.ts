import assert from 'node:assert/strict';

import { parseRequest, type GenerationRequestInput } from '../../../src/core/request/request';
import type { SafetyVerdict } from '../../../src/engine/model/components/safety-checker/verdict';
import type { Model } from '../../../src/engine/model/model';
import { openModel } from '../../../src/engine/model/open';
import { checkImage } from '../../../src/engine/pipeline/safety';
import { SessionCache } from '../../../src/engine/runtime/session-cache';
import { drawModel } from '../../support/drawing';
import { networksOf } from '../../support/networks';
import { differences, readPixels } from '../../support/pictures';
import {
  materialiseChecked,
  SAFETY_RUNS,
  safetyPicture,
  safetyRequest,
} from '../../support/safety-checker';

const USE = { runs: 1 };

describe('the safety checker, against diffusers', () => {
  const sessions = new SessionCache();
  after(() => sessions.clear());

  async function openChecked(...given: Parameters<typeof materialiseChecked>): Promise<Model> {
    const folder = materialiseChecked(...given);
    const plain = await openModel({ id: folder, folder });
    const { model, warnings } = await plain.withSafetyChecker();
    assert.deepEqual(warnings, []);
    return model;
  }

  async function draw(name: string, model: Model, more: Partial<GenerationRequestInput> = {}) {
    const run = SAFETY_RUNS[name]!;
    return (await drawModel({ ...safetyRequest(run), ...more }, model, sessions)).pictures;
  }

  for (const [name, run] of Object.entries(SAFETY_RUNS)) {
    it(`returns the images of ${name}, black where they are flagged`, async () => {
      const pictures = await draw(name, await openChecked(run.model));
      assert.equal(pictures.length, run.numImages);
      for (const [index, picture] of pictures.entries()) {
        const { largest } = differences(picture, await readPixels(safetyPicture(name, index)));
        assert.ok(largest <= 1, `image ${index} differs by up to ${largest}`);
        assert.equal(picture.data.some(Boolean), !run.flagged[index], `image ${index}`);
      }
    });

    it(`scores the images of ${name} alike`, async () => {
      const model = await openChecked(run.model);
      const networks = networksOf(model, sessions);
      const pictures = await draw(name, model, { safetyChecker: 'warn' });
      for (const [index, picture] of pictures.entries()) {
        const verdict = await model.checkSafety(networks, picture, USE);
        assertAlike(verdict, { scores: run.scores[index]!, flagged: run.flagged[index]! });
      }
    });
  }

  it('says the same with weights by the names of transformers 5, in float16, and without a config of its processor', async () => {
    const picture = await readPixels(safetyPicture('sd1', 0));
    const expected = { scores: SAFETY_RUNS.sd1!.scores[0]!, flagged: false };
    for (const options of [
      { asPublished: false },
      { dtype: 'F16' },
      { preprocessor: null },
    ] as const) {
      const model = await openChecked('sd1', options);
      assertAlike(await model.checkSafety(networksOf(model, sessions), picture, USE), expected);
    }
  });

  const treated = async (safetyChecker: 'black' | 'blur' | 'warn' | 'off') => {
    const model = await openChecked('sd1');
    const networks = networksOf(model, sessions);
    const [, flagged] = await draw('sd1', model, { safetyChecker: 'off', numImages: 2 });
    const request = { ...parseRequest({ prompt: 'x', safetyChecker }) };
    const plan = { model, request } as unknown as Parameters<typeof checkImage>[0];
    return { original: flagged!, ...(await checkImage(plan, networks, flagged!, USE)) };
  };

  it('keeps, blurs or does not look at a flagged image, as the request says', async () => {
    const kept = await treated('warn');
    assert.deepEqual([kept.drawn, kept.flagged], [kept.original, 'warn']);
    const off = await treated('off');
    assert.deepEqual([off.drawn, off.flagged], [off.original, undefined]);
    const blurred = await treated('blur');
    assert.equal(blurred.flagged, 'blur');
    assert.ok(largestStep(blurred.drawn) < largestStep(blurred.original) / 4);
    assert.ok(blurred.drawn.data.some(Boolean));
  });
});

/** Scores within two thousandths, and the same flag. */
function assertAlike(found: SafetyVerdict | undefined, expected: Required<SafetyVerdict>): void {
  assert.ok(found?.scores);
  assert.equal(found.flagged, expected.flagged);
  for (const kind of ['special', 'concepts'] as const) {
    assert.equal(found.scores[kind].length, expected.scores[kind].length);
    for (const [index, score] of found.scores[kind].entries()) {
      const off = Math.abs(score - expected.scores[kind][index]!);
      assert.ok(off <= 0.0021, `${kind} ${index}: ${score}, not ${expected.scores[kind][index]}`);
    }
  }
}

/** The largest difference of two neighbours in a row. */
function largestStep({ width, data }: { width: number; data: Uint8Array }): number {
  let largest = 0;
  for (let i = 0; i + 3 < data.length; i++) {
    if ((Math.floor(i / 3) + 1) % width === 0) continue;
    largest = Math.max(largest, Math.abs(data[i]! - data[i + 3]!));
  }
  return largest;
}
