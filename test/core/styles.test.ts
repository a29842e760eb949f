import assert from 'node:assert/strict';
import { EaselError } from '../../src/core/errors';
import { parseRequest } from '../../src/core/request';
import { applyStyle, DEFAULT_STYLES, findStyle, resolveStyles } from '../../src/core/styles';

const isBadRequest = (thrown: unknown) =>
  thrown instanceof EaselError && thrown.code === 'bad-request';

describe('styles', () => {
  it('put a prompt into words, and leave what was asked for', () => {
    const style = {
      name: 'x',
      prompt: 'icon of {prompt}, flat',
      negativePrompt: 'photo',
      steps: 30,
      width: 64,
    };
    const request = { prompt: 'a $& cat', negativePrompt: 'dog', steps: 5 };
    assert.deepEqual(applyStyle(style, request), {
      prompt: 'icon of a $& cat, flat',
      negativePrompt: 'dog, photo',
      steps: 5,
      width: 64,
    });
    assert.deepEqual(applyStyle({ name: 'x', prompt: 'flat' }, { prompt: 'a cat' }), {
      prompt: 'a cat, flat',
    });
  });

  it('come with a set that makes valid requests, each different', () => {
    const prompts = DEFAULT_STYLES.map(
      (style) => parseRequest(applyStyle(style, { prompt: 'a lighthouse' })).prompt,
    );
    assert.equal(new Set(prompts).size, DEFAULT_STYLES.length);
    assert.ok(prompts.every((prompt) => prompt.includes('a lighthouse')));
    for (const name of [
      'flat icon',
      'Isometric',
      'watercolour',
      'LINE-ART',
      'pixel_art',
      'photo',
    ]) {
      assert.ok(findStyle(DEFAULT_STYLES, name));
    }
    assert.throws(() => findStyle(DEFAULT_STYLES, 'cubist'), isBadRequest);
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
    for (const setting of [[], 'x', { A: 'x' }, { A: {} }, { A: { prompt: 'x', colour: 1 } }]) {
      assert.throws(() => resolveStyles(setting), isBadRequest);
    }
    assert.throws(() => resolveStyles({ A: { prompt: 'x', steps: -1 } }), /A\.steps/);
  });
});
