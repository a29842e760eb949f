import { strict as assert } from 'node:assert';
import { STUDIO_STRINGS } from '../../src/protocol/studio-strings';
import { setLanguage } from '../../webview/l10n';
import { PageState } from '../../webview/page/page-state';
import { NEW_FORM } from '../../webview/state/form';
import { linesOf } from '../../webview/state/lines';
import { toRequest } from '../../webview/state/request';
import { modelEntry as model } from '../support/model-entries';

const models = [
  model('sd', 'SD 1.x'),
  model('lcm', 'LCM'),
  model('fill', 'SD 1.x inpainting'),
  model('xl', 'SDXL'),
  model('refiner', 'SDXL refiner'),
  model('starter', '', { composes: true }),
  model('editor', 'SD 1.x editing', { edits: true }),
  model('upscaler', 'SD 2.x upscaling', { upscales: 4 }),
  { ...model('onnx', 'SD 1.x'), precision: 'ONNX' },
];
const controlnets = [
  { id: 'a/canny', family: 'SD 1.x' },
  { id: 'a/scribble', family: 'SD 1.x' },
  { id: 'a/canny-xl', family: 'SDXL' },
];
const state = { models, controlnets, endpoints: [] };

/** A page with a sketch that is to be followed by a model. */
function following(id: string, has: readonly { id: string; family: string }[] = controlnets) {
  const page = new PageState(undefined);
  page.update({ models, controlnets: has });
  page.form.update({ model: id, prompt: 'a house', followsLines: true });
  page.sketch.add({ kind: 'wash', colour: '#ff0000', layer: 'paint' });
  page.sketch.add({ kind: 'wash', colour: '#ff0000', layer: 'mask' });
  return page;
}
const canvas = {
  export: () => Promise.resolve({ image: Uint8Array.of(1), mask: Uint8Array.of(2) }),
};

describe('the lines of a sketch', () => {
  before(() => setLanguage(STUDIO_STRINGS, 'en'));

  it('are followed by the ControlNets that fit the model, the best for a sketch first', () => {
    for (const id of ['sd', 'lcm', 'fill']) {
      const { controlnets: found, chosen } = linesOf({ model: id, controlnet: undefined }, state);
      assert.deepEqual([found, chosen], [['a/scribble', 'a/canny'], 'a/scribble'], id);
    }
    const xl = linesOf({ model: 'xl', controlnet: undefined }, state);
    assert.deepEqual(xl.controlnets, ['a/canny-xl']);
    const refiner = linesOf({ model: 'refiner', controlnet: undefined }, state);
    assert.deepEqual(refiner.controlnets, []);
  });

  it('are followed by the chosen ControlNet, as long as it fits', () => {
    assert.equal(linesOf({ model: 'sd', controlnet: 'a/canny' }, state).chosen, 'a/canny');
    assert.equal(linesOf({ model: 'xl', controlnet: 'a/canny' }, state).chosen, 'a/canny-xl');
  });

  it('are not followed by models that take no ControlNet', async () => {
    for (const id of ['starter', 'onnx']) {
      assert.match(linesOf({ model: id, controlnet: undefined }, state).refused ?? '', /cannot/);
      assert.equal(following(id).startsFromSketch, true, id);
    }
    for (const id of ['editor', 'upscaler']) {
      const page = following(id, [...controlnets, { id: 'a/canny-2', family: 'SD 2.x' }]);
      assert.deepEqual([page.followsLines, page.startsFromSketch], [false, true], id);
      assert.match(page.additions.linesRefused ?? '', /cannot follow lines/);
      const from = await page.exportSketch(canvas);
      assert.ok('image' in (from ?? {}));
      const { settings } = page.studio.value;
      const request = toRequest(page.form.value, from, settings, page.drawing);
      assert.deepEqual([request.initImage, request.strength], [Uint8Array.of(1), undefined]);
    }
  });

  it('make a request of their own, without strength and mask', async () => {
    const page = following('sd');
    assert.deepEqual(
      [page.sketchUse, page.usesSketch, page.startsFromSketch, page.usesMask],
      ['followed', true, false, false],
    );
    page.form.update({ linesScale: 0.6, strength: 0.3 });
    const from = await page.exportSketch(canvas);
    const { settings } = page.studio.value;
    const request = toRequest(page.form.value, from, settings, page.drawing);
    assert.deepEqual(
      [request.controlnets, request.controlImages, request.controlnetConditioningScale],
      [['a/scribble'], [Uint8Array.of(1)], [0.6]],
    );
    assert.deepEqual(request.controlPreprocess, ['scribble']);
    assert.deepEqual(
      [request.initImage, request.mask, request.strength],
      [undefined, undefined, undefined],
    );
  });

  it('take the time of a ControlNet, where the network is one', () => {
    assert.equal(following('sd').sketchRole.controlNets, 1);
    const adapter = [{ id: 'a/t2iadapter_sketch_sd15v2', family: 'SD 1.x' }];
    assert.equal(following('sd', adapter).sketchRole.controlNets, 0);
    assert.deepEqual(following('starter').sketchRole, {
      ...{ isUsed: true, isMasked: true, controlNets: 0 },
    });
  });

  it('wait for a ControlNet where there is none yet', async () => {
    const page = following('sd', []);
    assert.deepEqual([page.followsLines, page.lines.chosen], [true, undefined]);
    assert.equal(await page.exportSketch(canvas), undefined);
  });

  it('are a choice that is kept, and off at first', () => {
    const page = following('sd');
    const restored = new PageState(JSON.parse(JSON.stringify(page.save())));
    assert.equal(restored.form.value.followsLines, true);
    assert.equal(NEW_FORM.followsLines, false);
  });
});
