import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { imageFileName } from '../../../src/core/file-name';
import {
  isInside,
  joinFolder,
  copyPath,
  variantPath,
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
    assert.equal(copyPath('/w/a.png', 1), '/w/a.png');
    assert.equal(copyPath('/w/a.b.png', 3), '/w/a.b-3.png');
    assert.equal(withEndingOf('x.png', '/w/a.PNG'), '/w/a.PNG');
    assert.equal(withEndingOf('x.png', '/w/a.jpg'), '/w/a.jpg.png');
    assert.equal(withEndingOf('x.webp', '/w/a'), '/w/a.webp');
  });

  it('go on with the number of a copy, and take no other number for one', async () => {
    const cases: [string, string, string[], string][] = [
      ['/w/a-red-apple.png', 'a red apple', [], '/w/a-red-apple.png'],
      ['/w/a-red-apple-2.png', 'a red apple', [], '/w/a-red-apple.png'],
      // As former versions named it, with the seed.
      ['/w/a-red-apple-42-2.png', 'a red apple', [], '/w/a-red-apple.png'],
      ['/w/icon-512.png', 'icon 512', [], '/w/icon-512.png'],
      ['/w/icon-512.png', 'a gear', ['/w/icon.png'], '/w/icon-512.png'],
      ['/w/hero-800x400.webp', 'a castle', [], '/w/hero-800x400.webp'],
      ['/w/hero-2.png', 'a castle', ['/w/hero.png'], '/w/hero.png'],
      ['/w/hero-3.png', 'a castle', ['/w/hero-2.png'], '/w/hero.png'],
      ['/w/hero-3.png', 'a castle', [], '/w/hero-3.png'],
    ];
    for (const [path, prompt, files, wanted] of cases) {
      const isTaken = (other: string) => Promise.resolve(files.includes(other));
      assert.equal(await variantPath(path, prompt, isTaken), wanted, path);
    }
  });

  it('stay in their folder, whatever the prompt', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.nat(), (prompt, copy) => {
        const name = imageFileName(prompt, 'webp', copy);
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
