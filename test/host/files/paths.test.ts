import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { imageFileName } from '../../../src/core/file-name';
import {
  isInside,
  joinFolder,
  numberedPath,
  reseededPath,
  withEndingOf,
} from '../../../src/host/files/paths';
import { shiftOffset } from '../../../src/host/links/link-text';

describe('folder paths', () => {
  it('are joined as people write them', () => {
    assert.equal(joinFolder('/w', 'assets'), '/w/assets');
    assert.equal(joinFolder('/w', './a/../b/'), '/w/b/');
    assert.equal(joinFolder('/w', '../out'), '/out');
    assert.equal(joinFolder('/w', '/abs'), '/abs');
    assert.equal(joinFolder('/c:/w', 'a\\b'), '/c:/w/a/b');
    assert.equal(joinFolder('/c:/w', 'D:\\pictures'), '/D:/pictures');
  });

  it('are inside a folder or not', () => {
    assert.ok(isInside('/w', '/w'));
    assert.ok(isInside('/w/a/..b', '/w'));
    assert.ok(!isInside('/w/../x', '/w'));
    assert.ok(!isInside('/wx', '/w'));
    assert.ok(!isInside('/', '/w'));
  });
});

describe('picture names', () => {
  it('are numbered before the ending', () => {
    assert.equal(numberedPath('/w/a.png', 1), '/w/a.png');
    assert.equal(numberedPath('/w/a.b.png', 3), '/w/a.b-3.png');
    assert.equal(withEndingOf('x.png', '/w/a.PNG'), '/w/a.PNG');
    assert.equal(withEndingOf('x.png', '/w/a.jpg'), '/w/a.jpg.png');
    assert.equal(withEndingOf('x.webp', '/w/a'), '/w/a.webp');
  });

  it('tell another seed', () => {
    assert.equal(reseededPath('/w/a-red-apple-42.png', 42, 7), '/w/a-red-apple-7.png');
    assert.equal(reseededPath('/w/a-red-apple-42-2.png', 42, 7), '/w/a-red-apple-7.png');
    assert.equal(reseededPath('/w/hero-800x400.webp', 42, 7), '/w/hero-800x400-7.webp');
    assert.equal(reseededPath('/w/a-142.png', 42, 7), '/w/a-142-7.png');
    assert.equal(reseededPath('/w/a-42.png', 42, 42), '/w/a-42.png');
  });

  it('stay in their folder, whatever the prompt', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.nat(), (prompt, seed) => {
        const name = imageFileName(prompt, seed);
        assert.doesNotMatch(name, /[/\\:\0]|^\.|\.\./);
        assert.ok(new TextEncoder().encode(name).length <= 255);
      }),
    );
  });
});

describe('offsets', () => {
  it('follow the text around them', () => {
    const change = (rangeOffset: number, rangeLength: number, text: string) => ({
      rangeOffset,
      rangeLength,
      text,
    });
    assert.equal(shiftOffset(5, change(0, 0, 'abc')), 8);
    assert.equal(shiftOffset(5, change(5, 0, 'abc')), 5);
    assert.equal(shiftOffset(5, change(6, 2, '')), 5);
    assert.equal(shiftOffset(5, change(0, 3, 'x')), 3);
    assert.equal(shiftOffset(5, change(3, 4, 'xy')), 5);
    assert.equal(shiftOffset(5, change(0, 5, '')), 0);
  });
});
