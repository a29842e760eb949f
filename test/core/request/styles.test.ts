import assert from 'node:assert/strict';
import { EaselError } from '../../../src/core/errors';
import { parseRequest, type GenerationRequest } from '../../../src/core/request/request';
import {
  applyStyle,
  DEFAULT_STYLES,
  findStyle,
  needsOtherModel,
  requestForModel,
  resolveStyles,
  styledPrompts,
  styleRequest,
  type StyledRequest,
} from '../../../src/core/request/styles';

const isBadRequest = (thrown: unknown) =>
  thrown instanceof EaselError && thrown.code === 'bad-request';

describe('styles', () => {
  it('go along with a request, whose prompt stays, and fill what it leaves open', () => {
    const words = { name: 'x', prompt: 'icon of {prompt}, flat', negativePrompt: 'photo' };
    const request = { prompt: 'a $& cat', negativePrompt: 'dog', steps: 5 };
    const styled = applyStyle({ ...words, steps: 30, width: 64 }, request);
    assert.deepEqual(styled, { ...request, width: 64, style: words });
    assert.deepEqual(styledPrompts(parseRequest(styled)), {
      prompt: 'icon of a $& cat, flat',
      negativePrompt: 'dog, photo',
    });
    const short = applyStyle({ name: 'x', prompt: 'flat' }, { prompt: 'a cat' });
    assert.deepEqual(styledPrompts(short), { prompt: 'a cat, flat', negativePrompt: '' });
    assert.deepEqual(styledPrompts({ prompt: 'a cat' }), { prompt: 'a cat', negativePrompt: '' });
  });

  it('give what the model reads names of its own', () => {
    const request = parseRequest({ prompt: 'a cat', style: { name: 'x', prompt: 'flat' } });
    const { modelPrompt, modelNegativePrompt } = styleRequest(request);
    assert.deepEqual([modelPrompt, modelNegativePrompt], ['a cat, flat', '']);
    // @ts-expect-error -- the prompts of a user are not those of the model
    const mistaken: StyledRequest = request;
    // @ts-expect-error -- nor the other way round
    const asked: GenerationRequest = styleRequest(request);
    assert.notEqual(mistaken, asked);
  });

  it('are around the second prompts too, where there are some', () => {
    const style = { name: 'x', prompt: 'flat', negativePrompt: 'photo' };
    const asked = { prompt: 'a cat', prompt2: 'ink', negativePrompt2: '', style };
    assert.deepEqual(styledPrompts(asked), {
      ...{ prompt: 'a cat, flat', negativePrompt: 'photo', prompt2: 'ink, flat' },
    });
    const { modelPrompt2, modelNegativePrompt2 } = styleRequest(
      parseRequest({ ...asked, negativePrompt2: 'oil' }),
    );
    assert.deepEqual([modelPrompt2, modelNegativePrompt2], ['ink, flat', 'oil, photo']);
  });

  it('come with a set that makes valid requests, each different', () => {
    const prompts = DEFAULT_STYLES.map((style) => {
      const asked = parseRequest(applyStyle(style, { prompt: 'a lighthouse', model: 'org/other' }));
      return styledPrompts(requestForModel(asked, false)).prompt;
    });
    assert.equal(new Set(prompts).size, DEFAULT_STYLES.length);
    assert.ok(prompts.every((prompt) => prompt.includes('a lighthouse')));
    const wanted = ['flat icon', 'Isometric', 'watercolour', 'LINE-ART', 'pixel_art', 'photo'];
    for (const name of wanted) assert.ok(findStyle(DEFAULT_STYLES, name));
    assert.throws(() => findStyle(DEFAULT_STYLES, 'cubist'), isBadRequest);
  });

  it('are effects on what a model that composes draws, which reads the plain prompt', () => {
    const style = findStyle(DEFAULT_STYLES, 'watercolour');
    const asked = parseRequest(applyStyle(style, { prompt: 'a cat', negativePrompt: 'dog' }));
    assert.equal(asked.style?.effect, 'watercolour');
    const composed = requestForModel(asked, true);
    assert.deepEqual(composed, asked);
    assert.deepEqual(styledPrompts(composed), { prompt: 'a cat', negativePrompt: 'dog' });
    const read = requestForModel(asked, false);
    const { name, prompt, negativePrompt } = style;
    assert.deepEqual(read.style, { name, prompt, negativePrompt });
    assert.match(styledPrompts(read).prompt, /^watercolor painting of a cat, /);
    // One that was kept before it had an effect.
    const old = applyStyle({ name, prompt, negativePrompt }, { prompt: 'a cat' });
    assert.equal(old.style?.effect, 'watercolour');
  });

  it('are refused where the starter has no effect for them, but for own words', () => {
    const photo = findStyle(DEFAULT_STYLES, 'photo');
    for (const model of [undefined, 'starter']) {
      assert.equal(needsOtherModel(photo, model), true);
      assert.throws(
        () => applyStyle(photo, { prompt: 'a cat', model }),
        /^EaselError: Photo needs another model: .* Sticker/,
      );
    }
    assert.equal(applyStyle(photo, { prompt: 'a cat', model: 'org/other' }).style?.name, 'Photo');
    const own = { name: 'Photo', prompt: 'film photo of {prompt}' };
    assert.equal(applyStyle(own, { prompt: 'a cat' }).style?.name, 'Photo');
    const [brand] = resolveStyles({ ours: { prompt: '{prompt}', effect: 'duotone' } }).slice(-1);
    assert.equal(applyStyle(brand!, { prompt: 'a cat' }).style?.effect, 'duotone');
    assert.throws(() => resolveStyles({ ours: { prompt: 'x', effect: 'cubist' } }), isBadRequest);
  });

  it('take a setting that adds, replaces and removes', () => {
    const styles = resolveStyles({
      Brand: { prompt: '{prompt}, teal' },
      Photo: { prompt: 'film photo of {prompt}' },
      Sticker: null,
    });
    const names = styles.map(({ name }) => name);
    assert.ok(names.includes('Brand') && !names.includes('Sticker'));
    assert.equal(findStyle(styles, 'photo').prompt, 'film photo of {prompt}');
    assert.equal(styles.length, DEFAULT_STYLES.length);
  });

  it('refuse a setting that is not right, by name', () => {
    const long = { ['x'.repeat(101)]: { prompt: 'x' } };
    for (const setting of [
      [],
      'x',
      long,
      { A: 'x' },
      { A: {} },
      { A: { prompt: 'x', colour: 1 } },
    ]) {
      assert.throws(() => resolveStyles(setting), isBadRequest);
    }
    assert.throws(() => resolveStyles({ A: { prompt: 'x', steps: -1 } }), /A\.steps/);
  });
});
