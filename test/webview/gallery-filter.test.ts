import assert from 'node:assert/strict';
import type { StudioImage } from '../../src/protocol/studio';
import { filterImages } from '../../webview/state/gallery-filter';

const image = (name: string, prompt: string, favourite?: boolean): StudioImage => ({
  ...{ id: name, name, src: '', uri: '', favourite },
  request: { prompt, negativePrompt: '', model: 'starter' },
});
const images = [
  image('a.webp', 'A red Apple on a table'),
  image('b.webp', 'ein grüner Apfel', true),
  image('harbour-2.webp', '一只红色的猫'),
];
const found = (text: string, onlyFavourites = false) =>
  filterImages(images, { text, onlyFavourites }).map(({ name }) => name);

describe('the filter of the gallery', () => {
  it('leaves all images without words', () => {
    assert.equal(filterImages(images, { text: ' ', onlyFavourites: false }), images);
  });

  it('finds words of the prompt and the name, in any order, without case and accents', () => {
    assert.deepEqual(found('TABLE red'), ['a.webp']);
    assert.deepEqual(found('gruner'), ['b.webp']);
    assert.deepEqual(found('grüner'), ['b.webp']);
    assert.deepEqual(found('猫'), ['harbour-2.webp']);
    assert.deepEqual(found('harbour'), ['harbour-2.webp']);
    assert.deepEqual(found('red grüner'), []);
  });

  it('keeps favourites, of all or of what is found', () => {
    assert.deepEqual(found('', true), ['b.webp']);
    assert.deepEqual(found('apple', true), []);
  });
});
