import { strict as assert } from 'node:assert';
import { REQUEST_FIELDS } from '../../src/core/request/fields';
import { LIMITS } from '../../src/core/request/fields/limits';
import type { RecipeRequest } from '../../src/core/recipe';
import type { ModelEntry } from '../../src/protocol/engine';
import type { Job, StudioEndpoint } from '../../src/protocol/studio';
import { STUDIO_STRINGS } from '../../src/protocol/studio-strings';
import { setLanguage } from '../../webview/l10n';
import { PageState } from '../../webview/page/page-state';
import { recoveryActions } from '../../webview/results/recovery-actions';
import { planEstimate } from '../../webview/state/estimate';
import {
  FIELD_ADDITION_NAMES,
  fieldsOf,
  type FieldAddition,
} from '../../webview/state/field-additions';
import {
  NEW_FORM,
  withAddition,
  withoutFields,
  withRecipe,
  withRequest,
  type Form,
} from '../../webview/state/form';
import { readLayers } from '../../webview/state/pag-layers';
import { toRequest } from '../../webview/state/request';
import { modelEntry as model } from '../support/model-entries';

const models = [
  model('sd', 'SD 1.x'),
  model('two', 'SD 2.x'),
  model('xl', 'SDXL', { xl: true, gigaflops: 6000 }),
  model('other-xl', 'SDXL', { xl: true }),
  model('inpaint-xl', 'SDXL inpainting', { xl: true, inpaints: true }),
  model('edit-xl', 'SDXL', { xl: true, edits: true }),
  model('upscaler', 'SD 2.x upscaling', { upscales: 4 }),
  {
    ...model('latent-upscaler', 'SD 1.x upscaling', { upscales: 2 }),
    pipeline: 'StableDiffusionLatentUpscalePipeline',
  },
  model('starter', '', { composes: true }),
  { ...model('onnx', 'SD 1.x'), precision: 'ONNX' },
];
const refiner = model('refiner', 'SDXL refiner', { refines: true, gigaflops: 12_000 });
const endpoint: StudioEndpoint = {
  ...{ name: 'away', host: 'host.example', isLoopback: false, models: ['m@away'] },
  abilitiesOf: {},
};

function page(fields: Partial<Form>, here: readonly ModelEntry[] = [...models, refiner]) {
  const made = new PageState(undefined);
  made.update({ models: here, endpoints: [endpoint] });
  made.form.update({ model: 'sd', prompt: 'a house', ...fields });
  return made;
}
function withAll(fields: Partial<Form>, ...additions: readonly FieldAddition[]) {
  const made = page(fields);
  for (const addition of additions) made.form.update(withAddition(made.form.value, addition));
  return made;
}
function requestOf(made: PageState) {
  return toRequest(made.form.value, undefined, made.studio.value.settings, made.drawing);
}
const refusedOf = (made: PageState) =>
  FIELD_ADDITION_NAMES.filter((addition) => made.addedFields.refused[addition] !== undefined);

/** The fields that the additions are about, as they are in a request. */
const FIELDS = [
  ...(['hires', 'seamless', 'variationSeed', 'variationStrength', 'refiner'] as const),
  ...(['denoisingEnd', 'prompt2', 'negativePrompt2', 'pagScale', 'pagAdaptiveScale'] as const),
  ...(['pagAppliedLayers', 'freeu', 'guidanceRescale', 'clipSkip'] as const),
  ...(['hiresUpscaler', 'aestheticScore', 'negativeAestheticScore'] as const),
];
const fieldsIn = (made: PageState) => {
  const request = requestOf(made);
  return Object.fromEntries(
    FIELDS.flatMap((field) => (request[field] === undefined ? [] : [[field, request[field]]])),
  );
};

describe('the cards of request fields', () => {
  before(() => setLanguage(STUDIO_STRINGS, 'en'));

  it('are in no request before they are added', () => {
    assert.deepEqual(fieldsIn(page({})), {});
    // What is left in a form without its card says nothing.
    assert.deepEqual(fieldsIn(page({ pagScale: 5, seamless: 'x', refiner: 'refiner' })), {});
  });

  it('draw at once with what is usual', () => {
    const made = withAll({ model: 'xl' }, ...FIELD_ADDITION_NAMES);
    assert.deepEqual(fieldsIn(made), {
      hires: { scale: 2, strength: 0.7, upscaler: 'latent' },
      seamless: 'xy',
      variationStrength: 0.2,
      refiner: 'refiner',
      denoisingEnd: 0.8,
      pagScale: 3,
      pagAdaptiveScale: 0,
      pagAppliedLayers: ['mid'],
      freeu: { s1: 0.6, s2: 0.4, b1: 1.1, b2: 1.2 },
      guidanceRescale: 0.7,
      clipSkip: 1,
    });
    made.form.update({ prompt2: ' oil ', negativePrompt2: ' ', variationSeed: 7 });
    made.form.update({ refinerFrom: 0.5, seamless: 'y', freeu: { s1: 1, s2: 1, b1: 1, b2: 1 } });
    const { prompt2, negativePrompt2, variationSeed, denoisingEnd, seamless, freeu } =
      requestOf(made);
    assert.deepEqual([prompt2, negativePrompt2, variationSeed], ['oil', undefined, 7]);
    assert.deepEqual([denoisingEnd, seamless, freeu?.b2], [0.5, 'y', 1]);
  });

  it('have the factors of FreeU that its authors use with the family', () => {
    const first = (id: string) => requestOf(withAll({ model: id }, 'freeu')).freeu?.b1;
    assert.deepEqual([first('sd'), first('two'), first('xl')], [1.5, 1.4, 1.1]);
  });

  it('are refused where the model cannot use them, and are not sent then', () => {
    const refused: Readonly<Record<string, readonly FieldAddition[]>> = {
      sd: ['refiner', 'secondPrompts'],
      two: ['refiner', 'secondPrompts'],
      xl: [],
      refiner: ['refiner', 'secondPrompts'],
      'inpaint-xl': ['refiner'],
      'edit-xl': ['hires', 'refiner', 'pag'],
      upscaler: ['hires', 'refiner', 'secondPrompts', 'pag'],
      'latent-upscaler': ['hires', 'refiner', 'secondPrompts', 'pag', 'freeu', 'clipSkip'],
      starter: ['hires', 'seamless', 'refiner', 'secondPrompts'],
      onnx: ['seamless', 'refiner', 'secondPrompts', 'pag', 'freeu', 'clipSkip'],
      // A checkpoint that is not opened for the list: the engine knows.
      unknown: [],
      'm@away': FIELD_ADDITION_NAMES,
    };
    for (const [id, expected] of Object.entries(refused)) {
      const made = withAll({ model: id, prompt2: 'oil' }, ...FIELD_ADDITION_NAMES);
      assert.deepEqual(refusedOf(made), expected, id);
      const sent = fieldsIn(made);
      for (const [field = ''] of expected.map(fieldsOf))
        assert.ok(!(field in sent), `${id}: ${field}`);
      // They come back with another model.
      assert.equal(made.form.value.added.length, FIELD_ADDITION_NAMES.length);
    }
    const made = page({ model: 'starter' });
    assert.match(made.addedFields.refused.seamless ?? '', /prompt/);
    assert.match(page({}).addedFields.refused.refiner ?? '', /Stable Diffusion XL/);
  });

  it('are taken by an endpoint as far as it says', () => {
    const made = page({ model: 'm@away' });
    const abilities = { progress: true, previews: true, cancels: true };
    const fields = ['clipSkip', 'variationSeed', 'variationStrength'] as const;
    made.update({ endpoints: [{ ...endpoint, abilities: { ...abilities, fields } }] });
    const { refused } = made.addedFields;
    assert.deepEqual([refused.clipSkip, refused.variations], [undefined, undefined]);
    assert.match(refused.seamless ?? '', /host\.example/);
  });

  it('leave a second pass out where a mask says what is drawn', () => {
    const made = withAll({}, 'hires');
    const masked = { isUsed: true, isMasked: true };
    const known = { ...made.studio.value, devices: { devices: [], chosen: 'cpu', reason: '' } };
    const plan = (role: typeof masked) =>
      planEstimate(made.form.value, known as never, models[0]!.defaults, role)!;
    assert.ok(plan({ ...masked, isMasked: false }).evaluations > plan(masked).evaluations);
  });

  it('choose a refiner of this machine, or wait for one', () => {
    const made = withAll({ model: 'xl' }, 'refiner');
    const { listed, chosen } = made.addedFields.refiners;
    assert.deepEqual(
      listed.map(({ id }) => id),
      ['refiner', 'other-xl'],
    );
    assert.deepEqual([chosen, made.needsRefiner], ['refiner', false]);
    made.update({ models });
    assert.deepEqual([made.addedFields.refiners.chosen, made.needsRefiner], [undefined, true]);
    assert.equal(requestOf(made).refiner, undefined);
    made.form.update({ refiner: 'other-xl' });
    assert.deepEqual([requestOf(made).refiner, made.needsRefiner], ['other-xl', false]);
    // What a recipe names is asked for, and not another one in its place.
    made.form.update({ refiner: '/elsewhere/refiner' });
    assert.equal(requestOf(made).refiner, '/elsewhere/refiner');
    assert.equal(made.addedFields.refiners.listed[0]?.id, '/elsewhere/refiner');
    made.form.update({ refiner: undefined, model: 'sd' });
    assert.equal(made.needsRefiner, false);
  });

  it('say nothing that the chosen refiner is not told, or the endpoint does not take', () => {
    const made = withAll({ model: 'xl' }, 'refiner', 'hires', 'pag');
    made.form.update({ aestheticScore: 8, negativeAestheticScore: 1, hiresUpscaler: '/x4.pth' });
    made.form.update({ pagAppliedLayers: ['up_blocks.1'] });
    const sent = () => {
      const { aestheticScore, negativeAestheticScore, hiresUpscaler, pagAppliedLayers } =
        requestOf(made);
      return [aestheticScore, negativeAestheticScore, hiresUpscaler, pagAppliedLayers?.join()];
    };
    assert.deepEqual(sent(), [8, 1, '/x4.pth', 'up_blocks.1']);
    made.form.update({ refiner: 'other-xl' });
    assert.deepEqual(sent(), [undefined, undefined, '/x4.pth', 'up_blocks.1']);
    const abilities = { progress: true, previews: true, cancels: true };
    made.update({ endpoints: [{ ...endpoint, abilities: { ...abilities, fields: ['hires'] } }] });
    made.form.update({ model: 'm@away' });
    assert.deepEqual(sent(), [undefined, undefined, undefined, undefined]);
    assert.equal(requestOf(made).hires?.scale, 2);
  });

  it('read the names of layers, and leave out what is too long', () => {
    assert.deepEqual(readLayers(' down_blocks.2,mid  up_blocks.0.attentions.1; mid'), [
      ...['down_blocks.2', 'mid', 'up_blocks.0.attentions.1'],
    ]);
    assert.deepEqual(readLayers(`up_blocks.1 ${'a'.repeat(LIMITS.pagLayer + 1)}`), ['up_blocks.1']);
    assert.deepEqual(readLayers('mid, (d|u).{1,9}\\.1'), ['mid', '(d|u).{1,9}\\.1']);
    for (const none of ['', ' , ']) assert.deepEqual(readLayers(none), ['mid']);
    assert.equal(readLayers(Array.from({ length: 99 }, (_, i) => `b${i}`).join()).length, LIMITS.pagLayers); // prettier-ignore
  });

  it('come with a recipe, and nothing of them is kept beside', () => {
    const recipe: RecipeRequest = {
      prompt: 'x',
      model: 'xl',
      hires: { scale: 1.5, steps: 9 },
      seamless: 'x',
      variationSeed: 5,
      variationStrength: 0.4,
      refiner: 'refiner',
      denoisingEnd: 0.6,
      hiresUpscaler: 'org/name/x4.pth',
      aestheticScore: 8,
      negativeAestheticScore: 1,
      prompt2: 'oil',
      pagScale: 2,
      pagAppliedLayers: ['down_blocks.2', 'mid'],
      freeu: { s1: 1, s2: 1, b1: 1, b2: 1 },
      guidanceRescale: 0.3,
      clipSkip: 2,
    };
    const made = page({});
    const form = withRequest(made.form.value, recipe, made.studio.value.settings);
    assert.deepEqual(form.added, FIELD_ADDITION_NAMES);
    assert.equal(form.kept, undefined);
    made.form.update(form);
    const { prompt, model: id, ...rest } = recipe;
    const hires = { ...recipe.hires, strength: 0.7, upscaler: 'latent' };
    assert.deepEqual(fieldsIn(made), { ...rest, hires, pagAdaptiveScale: 0 });
    assert.deepEqual([prompt, id], ['x', form.model]);
    // The next one has none of them.
    const plain = withRequest(form, { prompt: 'y' }, made.studio.value.settings);
    assert.deepEqual([plain.added, plain.pagScale, plain.refinerFrom], [[], 0, undefined]);
    const summary = withRecipe(form, { prompt: 'y', negativePrompt: '', model: 'xl' });
    assert.deepEqual([summary.added, summary.hires, summary.clipSkip], [[], undefined, 0]);
  });

  it('take what of a recipe goes with them, and no more', () => {
    const made = page({ model: 'xl' });
    const { settings } = made.studio.value;
    const recipe = { prompt: 'x', refiner: 'refiner', aestheticScore: 7, eta: 0.5 };
    made.form.update(withRequest(made.form.value, recipe, settings));
    assert.deepEqual([made.form.value.kept, made.form.value.aestheticScore], [{ eta: 0.5 }, 7]);
    assert.equal(requestOf(made).aestheticScore, 7);
    made.form.update({ model: 'sd' });
    assert.deepEqual([requestOf(made).aestheticScore, requestOf(made).eta], [undefined, 0.5]);
    made.form.update({ model: 'xl', ...withoutFields(made.form.value, ['refiner']) });
    assert.deepEqual([made.form.value.kept, requestOf(made).aestheticScore], [{ eta: 0.5 }, undefined]); // prettier-ignore
    assert.deepEqual([made.form.value.added, made.form.value.refiner], [[], undefined]);
    // A refiner that draws by itself is told its score, and has no card for it.
    const alone = { prompt: 'x', model: 'refiner', aestheticScore: 8 };
    made.form.update(withRequest(made.form.value, alone, settings));
    assert.deepEqual([made.form.value.kept, requestOf(made).aestheticScore], [{ aestheticScore: 8 }, 8]); // prettier-ignore
    made.form.update({ model: 'xl', ...withAddition(made.form.value, 'refiner') });
    assert.deepEqual([made.form.value.kept, requestOf(made).aestheticScore], [undefined, 8]);
    // A share without a refiner is kept beside.
    const unfinished = withRequest(NEW_FORM, { prompt: 'x', denoisingEnd: 0.5 }, settings);
    assert.deepEqual([unfinished.kept, unfinished.added], [{ denoisingEnd: 0.5 }, []]);
  });

  it('stay while the page is hidden', () => {
    const made = withAll({ model: 'xl', seamless: 'x', refinerFrom: 0.5 }, ...FIELD_ADDITION_NAMES);
    made.form.update({ hires: { scale: 3, strength: 0.5, upscaler: 'lanczos' } });
    const saved: unknown = JSON.parse(JSON.stringify(made.save()));
    const restored = new PageState(saved);
    restored.update({ models: [...models, refiner] });
    assert.deepEqual(fieldsIn(restored), fieldsIn(made));
    const wrong = new PageState({ form: { added: ['pag', 'other'], pagScale: 'much', freeu: 3 } });
    const { added, pagScale, freeu } = wrong.form.value;
    assert.deepEqual([added, pagScale, freeu], [[], 0, undefined]);
  });

  it('keep their values where they are added once more', () => {
    const made = withAll({}, 'pag');
    made.form.update({ pagScale: 5 });
    made.form.update(withAddition(made.form.value, 'pag'));
    assert.equal(requestOf(made).pagScale, 5);
    made.form.update(withoutFields(made.form.value, ['pag']));
    made.form.update(withAddition(made.form.value, 'pag'));
    assert.equal(requestOf(made).pagScale, REQUEST_FIELDS.pagScale.form.initial);
  });

  it('count in the estimate of the time', () => {
    const made = page({ model: 'xl' });
    const devices = { devices: [], chosen: 'cpu', reason: '' } as const;
    const role = { isUsed: false, isMasked: false };
    const evaluations = () =>
      planEstimate(
        made.form.value,
        { ...made.studio.value, devices: devices as never },
        made.modelDefaults,
        role,
      )!.evaluations;
    const plain = evaluations();
    made.form.update(withAddition(made.form.value, 'pag'));
    assert.equal(evaluations(), plain * 1.5);
    made.form.update(withoutFields(made.form.value, ['pag']));
    made.form.update(withAddition(made.form.value, 'refiner'));
    assert.equal(evaluations(), plain * 1.2);
    made.form.update(withAddition(made.form.value, 'hires'));
    assert.ok(evaluations() > 2 * plain);
  });

  it('are left out by the buttons of an error that is about them, or about any setting', () => {
    const failed = (field: string, code = 'bad-request') =>
      recoveryActions({
        error: { code, message: '', data: { field } },
        request: { prompt: '', negativePrompt: '', model: 'sd' },
      } as unknown as Job);
    const [without, all] = failed('pagAppliedLayers');
    assert.equal(without?.label, 'Draw without: Structure guidance (PAG)');
    assert.deepEqual([without.dropAdded, without.drawAgain], ['pag', true]);
    assert.equal(all?.dropAdded, 'all');
    assert.equal(failed('seamless', 'unsupported-model')[0]?.dropAdded, 'seamless');
    assert.notEqual(failed('steps')[0]?.label, without.label);
  });
});
