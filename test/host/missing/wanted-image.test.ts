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

  it('takes numbers of a name for a size only where they are one', () => {
    const sizes: readonly [name: string, width?: number, height?: number][] = [
      ['hero-1200x630', 1200, 630],
      ['1920×1080 wallpaper', 1920, 1080],
      ['hero_800x400@2x', 800, 400],
      ['grid-4x4-1200x630', 1200, 630],
      ['icon-64', 64, 64],
      ['icon-64@3x', 64, 64],
      ['thumb_150', 150, 150],
      ['logo-33px', 33, 33],
      ['2024x10-report'],
      ['v1x2'],
      ['truck-4x4'],
      ['sprite@2x'],
      ['poster-9000x9000'],
      ['pixel-1x1'],
      ['report-2024'],
      ['figure-24'],
      ['step_32'],
      ['IMG_0064'],
      ['3f2a9c64'],
      ['logo-d41d8cd98f00b204e9800998ecf8427e'],
      ['apollo-11'],
      ['photo-1579'],
    ];
    for (const [name, width, height] of sizes) {
      const size = width === undefined ? undefined : { width, height };
      assert.deepEqual(wanted(`${name}.png`)?.size, size, name);
    }
    assert.equal(wanted('redApple-64@2x.png')?.prompt, 'red apple');
    assert.equal(wanted('sprite@2x.png')?.prompt, 'sprite');
    assert.equal(wanted('2024x10-report.png')?.prompt, '2024x10 report');
  });

  it('takes the format from the ending', () => {
    assert.equal(wanted('cat.JPG')?.format, 'jpeg');
    assert.equal(wanted('cat.webp')?.format, 'webp');
    assert.equal(wanted('cat.gif'), undefined);
    assert.equal(wanted('cat'), undefined);
  });
});
