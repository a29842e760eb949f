import assert from 'node:assert/strict';
import { wantedImage } from '../../../src/host/missing/wanted-image';

const wanted = (path: string, more: { alt?: string; width?: number; height?: number } = {}) =>
  wantedImage({ alt: '', ...more }, path);

describe('the picture a reference wants', () => {
  it('takes the prompt from the alternative text, else from the name', () => {
    assert.equal(wanted('a.png', { alt: 'a lighthouse at dawn' })?.prompt, 'a lighthouse at dawn');
    assert.equal(wanted('img/redApple_on-table-800x400.png')?.prompt, 'red apple on table');
    assert.equal(wanted('800x400.png'), undefined);
  });

  it('takes the size from the attributes, else from the name', () => {
    assert.deepEqual(wanted('hero-1200x400.png')?.size, { width: 1200, height: 400 });
    assert.deepEqual(wanted('hero-1200x400@2x.png')?.size, { width: 1200, height: 400 });
    assert.deepEqual(wanted('icon-64.png')?.size, { width: 64, height: 64 });
    assert.deepEqual(wanted('hero-1200x400.png', { width: 600 })?.size, {
      width: 600,
      height: 200,
    });
    assert.deepEqual(wanted('cat.png', { height: 90 })?.size, { width: 90, height: 90 });
    assert.deepEqual(wanted('cat.png', { width: 90, height: 30 })?.size, { width: 90, height: 30 });
    assert.equal(wanted('cat.png')?.size, undefined);
    assert.equal(wanted('apollo-11.png')?.size, undefined);
  });

  it('takes the format from the ending', () => {
    assert.equal(wanted('cat.JPG')?.format, 'jpeg');
    assert.equal(wanted('cat.webp')?.format, 'webp');
    assert.equal(wanted('cat.gif'), undefined);
    assert.equal(wanted('cat'), undefined);
  });
});
