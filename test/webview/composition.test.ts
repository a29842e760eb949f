import assert from 'node:assert/strict';
import type { Composition } from '../../src/core/composition/composition';
import { parseRequest } from '../../src/core/request/request';
import { DEFAULT_REQUEST_SETTINGS } from '../../src/core/request/settings';
import { STUDIO_STRINGS } from '../../src/protocol/studio-strings';
import type { ModelEntry } from '../../src/protocol/engine';
import type { Job, RequestSummary, StudioImage } from '../../src/protocol/studio';
import { composingOf } from '../../webview/state/composing';
import {
  groundChoice,
  groundValue,
  partsOf,
  withGround,
  withKind,
} from '../../webview/state/parts';
import { nextVariation } from '../../webview/state/variations';
import { complete, isUnknown, readWords } from '../../webview/state/vocabulary';
import { groundWords, subjectWords } from '../../webview/state/part-words';
import { setLanguage } from '../../webview/l10n';
import { PageState } from '../../webview/page/page-state';
import { sizeMenu } from '../../webview/settings/sizes';
import { NEW_FORM } from '../../webview/state/form';
import { toRequest } from '../../webview/state/request';

const settings = { ...DEFAULT_REQUEST_SETTINGS, style: '', styles: [], liveDrawing: false };
const read = (prompt: string) => readWords(prompt).composition;

before(() => setLanguage(STUDIO_STRINGS, 'en'));

describe('what was understood of a prompt', () => {
  const prompt = 'a boat on the sea at dawn';
  const asked = read(prompt);

  it('is the words alone until it is changed', () => {
    const parts = partsOf(prompt, undefined, read);
    assert.deepEqual(parts, { composition: asked, isChanged: false });
    const [boat] = asked.subjects;
    assert.deepEqual([boat?.words.replace('a ', ''), boat?.source], ['boat', 'model']);
    assert.deepEqual(asked.ground, { name: 'sea', time: 'dawn' });
  });

  it('keeps a change while the words say the same of that part', () => {
    const desert: Composition = { ...asked, ground: { name: 'desert', time: 'night' } };
    const changed = { composition: desert, prompt };
    const other = partsOf('a robot on the sea at dawn', changed, read);
    assert.deepEqual(other.composition.ground, desert.ground);
    assert.match(other.composition.subjects[0]?.words ?? '', /robot/);
    assert.equal(other.isChanged, true);
    const beach = partsOf('a boat on the beach at dawn', changed, read);
    assert.equal(beach.isChanged, false);
    assert.deepEqual(beach.composition, read('a boat on the beach at dawn'));
    // Typed back, the words say again what was changed.
    assert.deepEqual(partsOf(prompt, changed, read).composition, desert);
  });

  it('can lose a ground that the words ask for', () => {
    const bare = withGround(asked, undefined);
    const parts = partsOf(prompt, { composition: bare, prompt }, read);
    assert.equal(parts.isChanged, true);
    assert.equal('ground' in parts.composition, false);
  });

  it('becomes another kind with what that kind needs', () => {
    const cat = read('a cat');
    assert.equal(withKind(cat, 'pattern', cat).tiled, true);
    const back = withKind(withKind(cat, 'pattern', cat), 'thing', cat);
    assert.equal(back.tiled, undefined);
    const empty = withKind(cat, 'background', cat);
    assert.equal(empty.subjects.length, 0);
    assert.ok(empty.ground && empty.ground !== 'transparent');
    assert.deepEqual(withKind(empty, 'icon', cat).subjects, cat.subjects);
    assert.equal(withKind(cat, 'avatar', cat).subjects[0]?.source, 'portrait');
  });

  it('is nothing where nothing is written', () => {
    assert.deepEqual(read('  '), { kind: 'thing', subjects: [] });
  });

  it('is said in words', () => {
    assert.equal(groundWords({ name: 'sea', time: 'dawn' }), 'sea, dawn');
    assert.equal(groundWords({ name: 'waves', dark: true }), 'waves, dark');
    assert.equal(groundWords({ name: 'tiles', form: 'hexagons' }), 'tiles, hexagons');
    assert.equal(groundWords({ name: 'stripes', form: 'rays', dark: true }), 'stripes, rays, dark');
    // Another ground's form says nothing.
    assert.equal(groundWords({ name: 'dots', form: 'rays' }), 'dots');
    assert.equal(groundWords({ name: 'plain', colours: ['#0066cc'] }), '#0066cc');
    assert.equal(groundWords('none'), 'none');
    const star = { words: 'a star', source: 'model', count: 3 } as const;
    assert.equal(subjectWords(star), '3 × star');
    assert.equal(isUnknown(star), false);
    assert.equal(isUnknown({ ...star, words: 'zbqwrt' }), true);
    assert.equal(isUnknown({ ...star, words: '404', source: 'text' }), false);
  });

  it('has a ground that stands for a value of the request, and back', () => {
    for (const choice of ['auto', 'none', 'transparent', 'sea', 'mesh-gradient', '#0066cc']) {
      assert.equal(groundChoice(groundValue(choice)), choice);
    }
  });
});

describe('requests of a model that edits by words', () => {
  it('have the sketch, and no strength', () => {
    const form = { ...NEW_FORM, prompt: 'make it snow', model: 'org/edit', strength: 0.4 };
    const sketch = { image: new Uint8Array([1]), strength: 0.7 };
    const edit = toRequest(form, sketch, settings, { edits: true });
    assert.deepEqual([edit.initImage, 'strength' in edit], [sketch.image, false]);
    assert.equal(toRequest(form, sketch, settings).strength, 0.4);
  });
});

describe('requests of a model that composes', () => {
  const drawing = (form: typeof NEW_FORM) => ({ composing: composingOf(form), anySize: true });
  const form = { ...NEW_FORM, prompt: 'a boat on the sea at dawn', model: 'starter' };

  it('leave the reading to the engine, unless the user has changed it', () => {
    const plain = toRequest(form, undefined, settings, drawing(form));
    assert.equal('composition' in plain, false);
    assert.equal(plain.ground, 'auto');
    const composition: Composition = { ...read(form.prompt), ground: { name: 'desert' } };
    const changed = { ...form, changed: { composition, prompt: form.prompt } };
    const request = parseRequest(toRequest(changed, undefined, settings, drawing(changed)));
    assert.deepEqual(request.composition, composition);
    const other = toRequest(changed, undefined, settings);
    assert.equal('composition' in other, false, 'another model got a composition');
    assert.equal('variation' in other, false);
  });

  it('have the size that the words suit, where the engine does not read them', () => {
    const hero = { ...form, prompt: 'hero image of a boat on the sea' };
    const { size } = readWords(hero.prompt);
    assert.ok(size && size.width > 2 * size.height - 200);
    const composition: Composition = { ...read(hero.prompt), ground: { name: 'city' } };
    const changed = { ...hero, changed: { composition, prompt: hero.prompt } };
    const request = toRequest(changed, undefined, settings, drawing(changed));
    assert.deepEqual({ width: request.width, height: request.height }, size);
    const own = { ...changed, width: 64, height: 64 };
    assert.equal(toRequest(own, undefined, settings, drawing(own)).width, 64);
  });

  it('draw the prompt as it is where the ground is none', () => {
    const composition: Composition = { ...read(form.prompt), ground: { name: 'desert' } };
    const none = { ...form, ground: 'none', changed: { composition, prompt: form.prompt } };
    const request = toRequest(none, undefined, settings, drawing(none));
    assert.equal(request.ground, 'none');
    assert.equal('composition' in request, false);
    assert.equal(composingOf(none).isPlain, true);
  });

  it('take the ground of the settings in the light that the words ask for', () => {
    const set = { ...form, ground: 'mountains' };
    assert.deepEqual(composingOf(set).ground, { name: 'mountains', time: 'dawn' });
    assert.equal(composingOf({ ...form, transparent: true }).ground, 'transparent');
  });

  it('ask for the size of the file where a sketch is drawn from', () => {
    const sketch = { image: new Uint8Array([1]), strength: 0.5 };
    const wide = { ...form, width: 1200, height: 630 };
    const request = toRequest(wide, sketch, settings, { anySize: true });
    assert.deepEqual(request.fit, { width: 1200, height: 630 });
    assert.equal('width' in request, false);
    assert.equal(toRequest(wide, sketch, settings).width, 1200);
  });
});

const model = {
  ...{ path: '', pipeline: '', family: '', precision: 'F16', sizeBytes: 1, lastUsedMs: 0 },
  ...{ runnable: true, reason: '' },
};
const defaults = {
  steps: 8,
  guidanceScale: 2,
  width: 256,
  height: 256,
  multiple: 32,
  scheduler: '',
};

describe('the page with a model that composes', () => {
  const starter: ModelEntry = {
    ...model,
    ...{ id: 'starter', origin: 'starter', kind: 'pipeline' },
    defaults: { ...defaults, composes: true },
  };
  const turbo: ModelEntry = { ...starter, id: 'org/turbo', defaults };
  const page = () => {
    const made = new PageState(undefined);
    made.update({ models: [starter, turbo], settings });
    made.form.update({ model: 'starter' });
    return made;
  };

  it('offers the sizes of files, and the one that suits the words', () => {
    const state = page();
    state.form.update({ prompt: 'hero image of a boat' });
    const { size } = readWords('hero image of a boat');
    assert.deepEqual(state.imageSize, size);
    const { form, modelDefaults, suitableSize: suitable } = state;
    const menu = sizeMenu({ form: form.value, defaults: modelDefaults, suitable });
    assert.equal(menu.current, 'auto');
    assert.match(menu.choices[0]?.label ?? '', new RegExp(`${size?.width} × ${size?.height}`));
    for (const value of [
      '64x64',
      '256x256',
      '512x512',
      '400x300',
      '1200x630',
      '1920x1080',
      '1600x400',
    ]) {
      assert.ok(
        menu.choices.some((choice) => choice.value === value),
        value,
      );
    }
    state.form.update({ model: turbo.id });
    assert.equal(state.suitableSize, undefined);
    assert.equal(state.composing, undefined);
  });

  it('has a sketch that can be drawn on, whatever the size of the image', () => {
    const state = page();
    state.form.update({ width: 4096, height: 2048 });
    assert.deepEqual(state.sketchSize, { width: 1024, height: 512 });
    state.form.update({ width: 64, height: 64 });
    assert.deepEqual(state.sketchSize, { width: 256, height: 256 });
  });

  it('comes back with the parts that were changed', () => {
    const state = page();
    const composition: Composition = { ...read('a cat'), ground: { name: 'snow' } };
    state.form.update({ prompt: 'a cat', changed: { composition, prompt: 'a cat' } });
    const saved: unknown = JSON.parse(JSON.stringify(state.save()));
    assert.deepEqual(new PageState(saved).form.value.changed, { composition, prompt: 'a cat' });
  });
});

describe('the next variation', () => {
  const drawn = (prompt: string, variation?: number): StudioImage => ({
    ...{ id: `${prompt}${variation}`, name: '', src: '', uri: '' },
    request: { prompt, negativePrompt: '', model: 'starter', seed: 1, variation },
  });
  const fox = { prompt: 'a fox', model: 'starter' };

  it('is the first after all that are drawn or being drawn', () => {
    assert.equal(nextVariation(fox, [], []), 1);
    assert.equal(nextVariation(fox, [drawn('a fox'), drawn('a fox', 3), drawn('a cat', 9)], []), 4);
    const request: RequestSummary = { ...fox, negativePrompt: '', seed: 1, variation: 4 };
    const job: Job = {
      ...{ id: 1, state: 'drawing', request, numImages: 3, ahead: 0, stepsDone: 0, stepsTotal: 0 },
      ...{ warnings: [], images: [] },
    };
    assert.equal(nextVariation(fox, [drawn('a fox', 3)], [job]), 7);
    assert.equal(nextVariation(fox, [drawn('a fox', 3)], [{ ...job, state: 'failed' }]), 4);
    assert.equal(nextVariation({ ...fox, model: 'other' }, [drawn('a fox', 3)], [job]), 1);
  });
});

describe('completions', () => {
  it('complete the word before the caret, and say what is drawn for it', () => {
    const { entries, isWhole } = complete('a red ap', 6);
    assert.equal(isWhole, false);
    const apple = entries.find(({ thing }) => thing === 'apple');
    assert.equal(apple?.text, 'a red apple');
    assert.equal(apple.label, 'apple');
    assert.equal(apple.note, undefined);
    const other = complete('a link', 6).entries.concat(complete('a lin', 6).entries);
    assert.ok(other.some(({ label, note }) => label === 'link' && note === 'chain'));
  });

  it('leave out what is whole already, and words of one letter', () => {
    const cat = complete('a cat', 6);
    assert.equal(cat.isWhole, true);
    assert.ok(cat.entries.length > 0);
    assert.ok(cat.entries.every(({ text }) => text !== 'a cat' && text.startsWith('a cat')));
    assert.deepEqual(complete('a c', 6).entries, []);
    assert.deepEqual(complete('a cat on zzzqx', 6).entries, []);
  });

  it('are as many as there is room for', () => {
    assert.equal(complete('a ca', 3).entries.length, 3);
  });
});
