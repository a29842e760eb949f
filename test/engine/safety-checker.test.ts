import assert from 'node:assert/strict';
import { rmSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';

import { readRecipe } from '../../src/core/recipe/index';
import { DrawingEngine } from '../../src/engine/engine';
import { openModel } from '../../src/engine/model/open';
import { JobClock } from '../../src/engine/pipeline/job-clock';
import { JobNetworks } from '../../src/engine/pipeline/networks';
import { SessionCache } from '../../src/engine/runtime/session-cache';
import { oneDevice, runEngine, warningsOf } from '../support/engine-run';
import { materialise } from '../support/fixture';
import { readPixels } from '../support/pictures';
import {
  materialiseChecked,
  SAFETY_RUNS,
  safetyPicture,
  safetyRequest,
  type CheckerOptions,
} from '../support/safety-checker';

const USE = { runs: 1 };

describe('the engine with a safety checker', () => {
  const sessions = new SessionCache();
  after(() => sessions.clear());
  const newEngine = () => new DrawingEngine(oneDevice('cpu'), sessions);
  const run = SAFETY_RUNS.sd1!;
  const request = { ...safetyRequest(run), numImages: 2, steps: 4, speed: 'exact' as const };
  const quick = { ...request, steps: 1, numImages: 1 };

  it('says which image was flagged, what was done, and what changes that', async () => {
    const model = materialiseChecked('sd1');
    const drawn = await runEngine(newEngine(), { ...request, model });
    assert.deepEqual(
      drawn.images.map(({ flagged }) => flagged),
      [undefined, 'black'],
    );
    const [warning, ...others] = warningsOf(drawn);
    assert.deepEqual(others, []);
    assert.match(warning!, /image 2 .*black.*easel\.safetyChecker.*--safety-checker/);
    assert.match(readRecipe(drawn.images[1]!.bytes)!.details['Safety checker']!, /^black, /);
    assert.equal(readRecipe(drawn.images[0]!.bytes)!.details['Safety checker'], undefined);
    assert.equal('safetyChecker' in readRecipe(drawn.images[1]!.bytes)!.request, false);
  });

  it('does to a flagged image what the request says, also where its background goes', async () => {
    const model = materialiseChecked('sd1');
    const flagged = { ...quick, steps: 4, seed: request.seed! + 1, model };
    for (const choice of ['black', 'blur', 'warn'] as const) {
      const { images } = await runEngine(newEngine(), { ...flagged, safetyChecker: choice });
      assert.equal(images[0]!.flagged, choice);
    }
    const { images } = await runEngine(newEngine(), { ...flagged, transparent: true });
    const pixels = await sharp(images[0]!.bytes).stats();
    assert.deepEqual(
      pixels.channels.slice(0, 3).map(({ max }) => max),
      [0, 0, 0],
    );
    assert.ok(pixels.isOpaque);
    const off = await runEngine(newEngine(), { ...flagged, safetyChecker: 'off' });
    assert.equal(off.images[0]!.flagged, undefined);
    assert.ok(
      !off.events.some((event) => event.event === 'loading' && event.component.includes('safety')),
    );
  });

  async function warningsFor(options: CheckerOptions, safetyChecker: 'black' | 'off' = 'black') {
    const engine = newEngine();
    const asked = { ...quick, model: materialiseChecked('sd1', options), safetyChecker };
    const first = warningsOf(await runEngine(engine, asked));
    assert.deepEqual(warningsOf(await runEngine(engine, asked)), [], 'said once');
    return first;
  }

  it('draws without a checker that is not there or is another one, and says so once', async () => {
    const [missing] = await warningsFor({ isMissing: true });
    assert.match(missing!, /not checked: its safety checker is not there.*--safety-checker off/);
    const [other] = await warningsFor({ className: 'SafeStableDiffusionSafetyChecker' });
    assert.match(other!, /not checked: Easel does not run its safety checker/);
    assert.deepEqual(await warningsFor({ isMissing: true }, 'off'), []);
    const none = await runEngine(newEngine(), { ...quick, model: materialise('sd1') });
    assert.deepEqual(warningsOf(none), []);
  });

  it('refuses a checker that it would read wrongly, before anything is loaded', async () => {
    const refused: readonly (readonly [CheckerOptions, RegExp])[] = [
      [{ config: { vision_config: { hidden_size: 30 } } }, /num_attention_heads/],
      [{ preprocessor: { crop_size: 30 } }, /crop_size.*42/],
      [{ preprocessor: { size: 20 } }, /"?size.*42 or more/],
      [{ preprocessor: { do_center_crop: false } }, /do_center_crop/],
      [{ preprocessor: { resample: 2 } }, /resample/],
      [{ preprocessor: { image_std: [0, 1, 1] } }, /image_std/],
      [{ preprocessor: { image_mean: 'x' } }, /image_mean/],
    ];
    for (const [options, message] of refused) {
      const asked = { ...quick, model: materialiseChecked('sd1', options) };
      const thrown: unknown = await runEngine(newEngine(), asked).catch((error: unknown) => error);
      assert.ok(thrown instanceof Error);
      assert.match(thrown.message, message);
      assert.match(thrown.message, /--safety-checker off/);
      assert.equal(
        (await runEngine(newEngine(), { ...asked, safetyChecker: 'off' })).images.length,
        1,
      );
    }
  });

  it('refuses weights that are cut off, and takes a folder without them as one without a checker', async () => {
    const model = materialiseChecked('sd1');
    const weights = path.join(model, 'safety_checker', 'model.safetensors');
    truncateSync(weights, 5000);
    await assert.rejects(runEngine(newEngine(), { ...quick, model }), { code: 'bad-file' });
    rmSync(weights);
    const [warning] = warningsOf(await runEngine(newEngine(), { ...quick, model }));
    assert.match(warning!, /not there/);
    writeFileSync(path.join(model, 'safety_checker', 'config.json'), '{');
    await assert.rejects(runEngine(newEngine(), { ...quick, model }), { code: 'bad-file' });
  });

  it('gives the same verdict in every precision', async () => {
    const folder = materialiseChecked('sd1');
    const plain = await openModel({ id: folder, folder });
    const { model } = await plain.withSafetyChecker();
    const picture = await readPixels(safetyPicture('sd1', 0));
    const verdictIn = (precision: 'full' | 'half' | 'int8') => {
      const networks = new JobNetworks({
        ...{ device: 'cpu', sessions, sessionKey: model.sessionKey, keepLoaded: false, precision },
        giveBytes: () => Promise.reject(new Error('no weights of it become bytes')),
        clock: new JobClock(),
        signal: new AbortController().signal,
        onLoading: () => undefined,
        onWarning: () => undefined,
      });
      return model.checkSafety(networks, picture, USE);
    };
    const full = await verdictIn('full');
    assert.deepEqual(await verdictIn('half'), full);
    assert.deepEqual(await verdictIn('int8'), full);
  });

  it('counts its memory in float32, with the other networks and alone', async () => {
    const folder = materialiseChecked('sd1');
    const plain = await openModel({ id: folder, folder });
    const { model } = await plain.withSafetyChecker();
    const use = { width: 64, height: 64, guided: true, steps: 4, vaeTiling: undefined } as const;
    const bytes = (of: typeof model, precision: 'full' | 'half') =>
      of.estimateMemory({ ...use, precision }).bytesTogether;
    const full = bytes(model, 'full') - bytes(plain, 'full');
    assert.ok(full > 100_000, `${full} bytes`);
    assert.equal(bytes(model, 'half') - bytes(plain, 'half'), full);
  });
});
