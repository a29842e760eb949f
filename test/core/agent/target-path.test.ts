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
      ['a..b/..c/../d.e.png', '/site', 'a..b/d.e.png'],
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

  it('may not be hidden, nor in a folder of tools or packages', () => {
    const hidden = [
      ...['.git/hooks/x.png', 'docs/.git/x.png', '.vscode/x.png', '.x.png', 'docs/.x.png'],
      ...[
        'node_modules/x.png',
        'web/Node_Modules/a/x.png',
        'GIT~1/x.png',
        '..a/b.png',
        '.GIT/x.png',
      ],
    ];
    for (const path of hidden) {
      assert.throws(
        () => segmentsBelow(path, '/site'),
        /is hidden or belongs to a tool|is not a valid file/,
        path,
      );
    }
    assert.equal(segmentsBelow('a/b~1.png', '/home/.config/a').length, 2);
    assert.equal(
      segmentsBelow('/home/.config/site/a.png', '/home/.config/site').join('/'),
      'a.png',
    );
    assert.equal(segmentsBelow('my_modules/node.png', '/site').length, 2);
  });

  it('has a name that every system takes', () => {
    const wrong = [
      'con.png',
      'a/NUL',
      'aux.b.png',
      'com1/x.png',
      'a\u007f.png',
      `${'ü'.repeat(128)}.png`,
    ];
    for (const path of wrong) {
      assert.throws(() => segmentsBelow(path, '/site'), /is not a valid file or folder name/, path);
    }
    assert.equal(segmentsBelow('console.png', '/site').join(), 'console.png');
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
