import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { onnx } from 'onnx-proto';

import type { GenerationRequestInput } from '../../../../../src/core/request/request';
import { DrawingEngine } from '../../../../../src/engine/engine';
import { SessionCache } from '../../../../../src/engine/runtime/session-cache';
import { oneDevice, runEngine, warningsOf } from '../../../../support/engine-run';
import { castInput } from '../../../../support/onnx-casts';
import {
  editOnnx,
  materialiseCheckedOnnx,
  ONNX_CHECKER,
  onnxPicture,
  onnxSettings,
} from '../../../../support/onnx-folder';
import { differences, readPixels } from '../../../../support/pictures';

const { FLOAT16 } = onnx.TensorProto.DataType;
const { flagged: FLAGGED, preprocessor: PREPROCESSOR } = ONNX_CHECKER;

describe('the safety checker of a folder of finished ONNX graphs', () => {
  const sessions = new SessionCache();
  after(() => sessions.clear());

  function draw(model: string, more: Partial<GenerationRequestInput> = {}) {
    const { prompt, negativePrompt, seed, steps, guidanceScale, width, height } = onnxSettings();
    const drawn = { prompt, negativePrompt, seed, steps, guidanceScale, width, height };
    const request = { ...drawn, model, numImages: FLAGGED.length, speed: 'exact' as const };
    return runEngine(new DrawingEngine(oneDevice('cpu'), sessions), { ...request, ...more });
  }

  const flagsOf = async (model: string, more: Partial<GenerationRequestInput> = {}) => {
    const { images } = await draw(model, more);
    return images.map(({ flagged }) => flagged);
  };
  const as = (choice: 'black' | 'blur' | 'warn') =>
    FLAGGED.map((isFlagged) => (isFlagged ? choice : undefined));
  const graphOf = (folder: string) => path.join(folder, 'safety_checker', 'model.onnx');
  const processorOf = (folder: string) =>
    path.join(folder, 'feature_extractor', 'preprocessor_config.json');

  it('flags what diffusers flags, and makes it black', async () => {
    assert.equal(new Set(FLAGGED).size, 2);
    const drawn = await draw(materialiseCheckedOnnx());
    for (const [index, { bytes, flagged }] of drawn.images.entries()) {
      const expected = await readPixels(onnxPicture(`checked-${index}.png`));
      const { largest } = differences(await readPixels(bytes), expected);
      assert.ok(largest <= 1, `image ${index} differs by up to ${largest}`);
      assert.equal(flagged, FLAGGED[index] ? 'black' : undefined);
    }
    const warnings = warningsOf(drawn);
    assert.equal(warnings.length, FLAGGED.filter(Boolean).length);
    assert.match(warnings[0]!, /image 1 .*black.*easel\.safetyChecker/);
  });

  it('does what the request says', async () => {
    const folder = materialiseCheckedOnnx();
    assert.deepEqual(await flagsOf(folder, { safetyChecker: 'warn' }), as('warn'));
    assert.deepEqual(await flagsOf(folder, { safetyChecker: 'blur' }), as('blur'));
    const { events } = await draw(folder, { safetyChecker: 'off' });
    assert.ok(!JSON.stringify(events).includes('safety'));
  });

  it('is run where it was exported in half precision, or for one size', async () => {
    const half = materialiseCheckedOnnx();
    editOnnx(graphOf(half), (graph) => {
      castInput(graph, 'clip_input', FLOAT16);
      castInput(graph, 'images', FLOAT16);
    });
    assert.deepEqual(await flagsOf(half), as('black'));

    const fixed = materialiseCheckedOnnx();
    editOnnx(graphOf(fixed), (graph) => {
      const dims = graph.input[0]?.type?.tensorType?.shape?.dim ?? [];
      for (const [axis, dimValue] of [1, 3, 24, 24].entries()) {
        Object.assign(dims[axis]!, { dimParam: undefined, dimValue });
      }
    });
    rmSync(processorOf(fixed));
    assert.deepEqual(await flagsOf(fixed), as('black'));
  });

  it('is refused where it would be read wrongly, before anything is loaded', async () => {
    for (const [changes, message] of [
      [{ crop_size: 'x' }, /crop_size/],
      [{ size: 20 }, /size.*24 or more/],
      [{ do_normalize: false }, /do_normalize/],
    ] as const) {
      const folder = materialiseCheckedOnnx();
      writeFileSync(processorOf(folder), JSON.stringify({ ...PREPROCESSOR, ...changes }));
      const thrown: unknown = await draw(folder).catch((error: unknown) => error);
      assert.ok(thrown instanceof Error);
      assert.match(thrown.message, message);
      assert.match(thrown.message, /--safety-checker off/);
    }
  });

  it('is not run where it is of another kind or missing, which a note says', async () => {
    const other = materialiseCheckedOnnx();
    editOnnx(graphOf(other), (graph) => {
      graph.input.push(onnx.ValueInfoProto.create({ ...graph.input[0]!, name: 'threshold' }));
    });
    const [kind] = warningsOf(await draw(other, { numImages: 1 }));
    assert.match(kind!, /not checked: Easel does not run its safety checker/);
    rmSync(graphOf(other));
    const [missing] = warningsOf(await draw(other, { numImages: 1 }));
    assert.match(missing!, /not checked: its safety checker is not there/);
  });
});
