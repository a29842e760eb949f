import { strict as assert } from 'node:assert';
import { KeptImages } from '../../src/server/kept-images';

const image = (size: number) => ({ bytes: new Uint8Array(size), mimeType: 'image/png' });

describe('images behind links', () => {
  it('end after ten minutes', () => {
    let now = 0;
    const kept = new KeptImages(() => now);
    const name = kept.keep(image(1));
    now = 10 * 60_000 - 1;
    assert.ok(kept.find(name));
    now += 1;
    assert.equal(kept.find(name), undefined);
  });

  it('have names that differ, and that only they have', () => {
    const kept = new KeptImages();
    const names = new Set(Array.from({ length: 50 }, () => kept.keep(image(1))));
    assert.equal(names.size, 50);
    for (const name of names) assert.match(name, /^[\w-]{32}$/);
    for (const name of ['', '__proto__', 'constructor']) assert.equal(kept.find(name), undefined);
  });

  it('take no more memory than they may: the oldest go', () => {
    const kept = new KeptImages(() => 0, 10);
    const [first, second] = [kept.keep(image(6)), kept.keep(image(4))];
    assert.ok(kept.find(first) && kept.find(second));
    const third = kept.keep(image(5));
    assert.deepEqual(
      [first, second, third].map((name) => kept.find(name) !== undefined),
      [false, true, true],
    );
    // One that is larger alone is kept until the next.
    const large = kept.keep(image(20));
    assert.ok(kept.find(large));
    assert.equal(kept.find(third), undefined);
  });
});
