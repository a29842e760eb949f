import { strict as assert } from 'node:assert';
import type { ModelEntry } from '../../src/protocol/engine';
import { STUDIO_STRINGS } from '../../src/protocol/studio-strings';
import { setLanguage } from '../../webview/l10n';
import { likeItself } from '../../webview/page/drawn-from';
import { PageState } from '../../webview/page/page-state';
import { NEW_FORM, restoreForm, withRecipe, withRequest } from '../../webview/state/form';
import { lorasOf, saysWords, withWords } from '../../webview/state/loras';
import { toRequest } from '../../webview/state/request';
import { styleBy } from '../../webview/state/style-image';
import { LISTED, modelEntry as model } from '../support/model-entries';

function lora(id: string, family: string, facts?: ModelEntry['lora']): ModelEntry {
  return { ...LISTED, kind: 'lora', id, family, ...(facts && { lora: facts }) } as ModelEntry;
}

const models = [
  model('sd', 'SD 1.x'),
  model('two', 'SD 2.x'),
  model('xl', 'SDXL'),
  model('starter', '', { composes: true }),
  { ...model('onnx', 'SD 1.x'), precision: 'ONNX' },
];
const ipAdapters = [
  { id: 'a/x/ip-adapter-plus-face_sd15.safetensors', family: 'SD 1.x' },
  { id: 'a/x/ip-adapter-plus_sd15.safetensors', family: 'SD 1.x' },
  { id: 'a/x/ip-adapter_sd15.safetensors', family: 'SD 1.x' },
  { id: 'a/x/ip-adapter_sdxl.safetensors', family: 'SDXL' },
];
const loras = [
  lora('/l/zebra.safetensors', 'SD 1.x', { tags: ['stripes', 'animal'] }),
  lora('/l/a.safetensors', 'SD 1.x', { title: 'Ink', trigger: 'ink wash', tags: ['bird'] }),
  lora('/l/xl.safetensors', 'SDXL'),
  lora('/l/flux.safetensors', 'FLUX'),
  lora('/l/unknown.safetensors', ''),
];
const endpoint = {
  ...{ name: 'away', host: 'host.example', isLoopback: false, models: ['m@away'] },
  ...{ abilitiesOf: {} },
};
const state = { models, ipAdapters, loras, endpoints: [endpoint] };
const src = `data:image/webp;base64,${Buffer.from([1, 2, 3, 250]).toString('base64')}`;
const styleImage = { src, name: 'sea.png' };

function page(fields: Partial<typeof NEW_FORM>) {
  const made = new PageState(undefined);
  made.update(state);
  made.form.update({ model: 'sd', prompt: 'a house', ...fields });
  return made;
}
function requestOf(made: PageState) {
  return toRequest(made.form.value, undefined, made.studio.value.settings, made.drawing);
}

describe('the style of a picture', () => {
  before(() => setLanguage(STUDIO_STRINGS, 'en'));

  it('is followed by the IP-Adapters that fit the model, the most general first', () => {
    const { ipAdapters: found, chosen, refused } = styleBy({ ...NEW_FORM, model: 'sd' }, state);
    assert.deepEqual(
      found.map((id) => id.split('/').at(-1)),
      [
        'ip-adapter_sd15.safetensors',
        'ip-adapter-plus_sd15.safetensors',
        'ip-adapter-plus-face_sd15.safetensors',
      ],
    );
    assert.deepEqual([chosen, refused], [found[0], undefined]);
    const own = { ...NEW_FORM, ipAdapter: found[1] };
    assert.equal(styleBy({ ...own, model: 'sd' }, state).chosen, found[1]);
    assert.equal(styleBy({ ...own, model: 'xl' }, state).chosen, ipAdapters[3]!.id);
  });

  it('is not followed by models that take no IP-Adapter, which is said', () => {
    for (const id of ['starter', 'onnx', 'two']) {
      assert.match(styleBy({ ...NEW_FORM, model: id }, state).refused ?? '', /cannot/, id);
    }
    const away = styleBy({ ...NEW_FORM, model: 'm@away' }, state);
    assert.match(away.refused ?? '', /host\.example/);
  });

  it('is in the request as the bytes of the picture, with its scale', () => {
    const made = page({ added: ['styleImage'], styleImage });
    assert.deepEqual(requestOf(made).ipAdapters, ['a/x/ip-adapter_sd15.safetensors']);
    assert.deepEqual(requestOf(made).ipAdapterImages, [Uint8Array.of(1, 2, 3, 250)]);
    assert.deepEqual(requestOf(made).ipAdapterScale, [1]);
    made.form.update({ styleScale: 0.3 });
    assert.deepEqual(requestOf(made).ipAdapterScale, [0.3]);
  });

  it('is not in the request where it is not added, has no picture or does not fit', () => {
    for (const fields of [
      { styleImage },
      { added: ['styleImage' as const] },
      { added: ['styleImage' as const], styleImage, model: 'starter' },
    ]) {
      const request = requestOf(page(fields));
      assert.deepEqual([request.ipAdapters, request.ipAdapterImages], [undefined, undefined]);
    }
  });

  it('waits for an IP-Adapter where there is none yet', () => {
    const made = page({ added: ['styleImage'], styleImage });
    assert.equal(made.needsIpAdapter, false);
    made.update({ ipAdapters: [] });
    assert.deepEqual([made.needsIpAdapter, made.styleBy.refused], [true, undefined]);
    made.form.update({ model: 'starter' });
    assert.equal(made.needsIpAdapter, false);
  });

  it('is kept while the page is hidden, unless what was kept is no image', () => {
    const made = page({ added: ['styleImage'], styleImage, styleScale: 0.3 });
    const restored = new PageState(JSON.parse(JSON.stringify(made.save()))).form.value;
    assert.deepEqual(
      [restored.added, restored.styleImage, restored.styleScale],
      [['styleImage'], styleImage, 0.3],
    );
    for (const wrong of ['https://host.example/a.png', 'data:text/html;base64,AAAA', '', 3]) {
      const form = restoreForm({ styleImage: { src: wrong, name: '' } });
      assert.equal(form.styleImage, undefined);
    }
  });

  it('is asked for again by a recipe that names an IP-Adapter, and by no other', () => {
    const { settings } = page({}).studio.value;
    const before = { ...NEW_FORM, added: ['styleImage' as const], styleImage };
    const named = { prompt: 'x', ipAdapters: ['a/plus'], ipAdapterScale: [0.5] };
    const form = withRequest(before, named, settings);
    assert.deepEqual(
      [form.added, form.styleImage, form.ipAdapter, form.styleScale],
      [['styleImage'], undefined, 'a/plus', 0.5],
    );
    assert.deepEqual(withRequest(before, { prompt: 'x' }, settings).added, []);
  });

  it('of a variation is that of the image itself', () => {
    const bytes = Uint8Array.of(9);
    const here = ipAdapters[0]!.id;
    const known = page({}).studio.value;
    assert.deepEqual(likeItself({ prompt: 'x', ipAdapters: [here] }, bytes, known), {
      ...{ ipAdapters: [here], ipAdapterImages: [bytes], ipAdapterScale: [1] },
    });
    assert.deepEqual(likeItself({ prompt: 'x', ipAdapters: ['other'] }, bytes, known), {});
    assert.deepEqual(likeItself({ prompt: 'x', ipAdapters: [here, here] }, bytes, known), {});
    assert.deepEqual(likeItself({ prompt: 'x' }, bytes, known), {});
  });
});

describe('the LoRAs of the form', () => {
  before(() => setLanguage(STUDIO_STRINGS, 'en'));

  const listed = (id: string, paths: readonly string[]) =>
    lorasOf({ model: id, loras: paths.map((path) => ({ path, scale: 1 })) }, state);

  it('can be those of this machine that fit the model and are not listed yet', () => {
    const { more } = listed('sd', ['/l/zebra.safetensors']);
    assert.deepEqual(
      more.map(({ label }) => label),
      ['Ink', 'unknown'],
    );
    assert.deepEqual(
      listed('xl', []).more.map(({ label }) => label),
      ['unknown', 'xl'],
    );
    assert.deepEqual(listed('starter', []).more, []);
    assert.match(listed('starter', []).refused ?? '', /takes no LoRAs/);
  });

  it('have their names and the words of their files: a phrase, or tags', () => {
    const { listed: rows } = listed('sd', ['/l/a.safetensors', '/l/zebra.safetensors', '/x/y.pt']);
    assert.deepEqual(
      rows.map(({ label, words }) => [label, words]),
      [
        ['Ink', ['ink wash']],
        ['zebra', ['stripes', 'animal']],
        ['y', []],
      ],
    );
  });

  it('are shown but not sent where they are for another family', () => {
    const asked = [
      { path: '/l/a.safetensors', scale: 0.5 },
      { path: '/l/xl.safetensors', scale: 1 },
      { path: '/l/flux.safetensors', scale: 1 },
      { path: '/elsewhere/own.safetensors', scale: -1, weights: { mid: 2 } },
    ];
    const made = page({ loras: asked });
    assert.deepEqual(
      made.additions.loras.listed.map(({ refused }) => refused !== undefined),
      [false, true, true, false],
    );
    assert.match(made.additions.loras.listed[1]?.refused ?? '', /SDXL/);
    assert.deepEqual(requestOf(made).loras, [asked[0], asked[3]]);
    made.form.update({ model: 'xl' });
    assert.deepEqual(requestOf(made).loras, [asked[1], asked[3]]);
    made.form.update({ model: 'starter' });
    assert.deepEqual(requestOf(made).loras, []);
    assert.deepEqual(made.form.value.loras, asked);
  });

  it('come with a recipe, with the usual weight where it names none', () => {
    const { settings } = page({}).studio.value;
    const form = withRequest(NEW_FORM, { prompt: 'x', loras: [{ path: '/a' }] }, settings);
    assert.deepEqual([form.loras, form.added], [[{ path: '/a', scale: 1 }], ['loras']]);
    assert.equal(form.kept, undefined);
    const summary = { prompt: 'x', negativePrompt: '', model: 'sd' };
    assert.deepEqual(withRecipe(form, summary).loras, []);
  });

  it('add each phrase to the prompt once', () => {
    assert.equal(withWords('a house', 'ink wash'), 'a house, ink wash');
    assert.equal(withWords(' a house, ', 'ink wash'), 'a house, ink wash');
    assert.equal(withWords('', 'ink wash'), 'ink wash');
    assert.equal(withWords('Ink Wash of a house', 'ink wash'), 'Ink Wash of a house');
    assert.equal(withWords('drinking (water)', 'ink'), 'drinking (water), ink');
    assert.equal(saysWords('a (very) big house', '(very) big'), true);
  });
});
