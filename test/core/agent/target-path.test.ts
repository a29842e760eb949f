import assert from 'node:assert/strict';
import fc from 'fast-check';
import { segmentsBelow } from '../../../src/core/agent/target-path';

describe('a path that an agent names', () => {
  it('is read below its root', () => {
    const cases: [string, string, string][] = [
      ['a.png', '/site', 'a.png'],
      ['./docs//x/../a b.png', '/site/', 'docs/a b.png'],
      ['docs\\a.png', '/site', 'docs/a.png'],
      ['/site/docs/a.png', '/site', 'docs/a.png'],
      ['C:\\site\\a.png', 'c:/site', 'a.png'],
      ['c:/Site/a.png', '/c:/site', 'a.png'],
      ['..a/b.png', '/site', '..a/b.png'],
    ];
    for (const [path, root, wanted] of cases) {
      assert.equal(segmentsBelow(path, root).join('/'), wanted, path);
    }
  });

  it('may not lead out, nor name no file', () => {
    const wrong = [
      ...['..', '../a.png', 'a/../../b.png', '/a.png', '/sitemap/a.png', '/site/../a.png', '/site'],
      ...['c:/a.png', '', '.', 'docs/', 'a/..', 'a\0.png', 'a.png:stream', 'a?.png', 'nul./x.png'],
      '//server/share/a.png',
    ];
    for (const path of wrong) {
      assert.throws(() => segmentsBelow(path, '/site'), { code: 'bad-request' }, path);
    }
  });

  it('never yields a step upwards, whatever it is made of', () => {
    const part = fc.constantFrom('..', '.', '', '/', '\\', 'a', 'b.png', 'site', 'c:', '...', ' ');
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        let segments: readonly string[];
        try {
          segments = segmentsBelow(parts.join('/'), '/site');
        } catch {
          return;
        }
        assert.ok(segments.length > 0);
        assert.ok(segments.every((segment) => !['', '.', '..'].includes(segment)));
        assert.ok(segments.every((segment) => !/[/\\]/.test(segment)));
      }),
    );
  });
});
