import { strict as assert } from 'node:assert';
import { relativeLink } from '../../../src/host/links/relative-link';

const file = (path: string) => ({ scheme: 'file', authority: '', path });

describe('relative links', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['/w', '/w/assets/a.png', 'assets/a.png'],
    ['/w/docs/guide', '/w/assets/a.png', '../../assets/a.png'],
    ['/w/docs', '/w/docs/a.png', 'a.png'],
    ['/other', '/w/a.png', '../w/a.png'],
    ['/w', '/w/my pictures/a (1).png', 'my%20pictures/a%20%281%29.png'],
    ['/w', '/w/100%/#1?.png', '100%25/%231%3F.png'],
    ['/w', '/w/红苹果.png', '红苹果.png'],
    ['/w', '/w/a"b\'c<d>.png', 'a%22b%27c%3Cd%3E.png'],
    ['/w', '/w/a\u00a0b.png', 'a%C2%A0b.png'],
  ];
  for (const [from, to, link] of cases) {
    it(`from ${from} to ${to} is ${link}`, () => {
      assert.equal(relativeLink(file(from), file(to)), link);
    });
  }

  it('takes drive letters of either case for one drive', () => {
    assert.equal(relativeLink(file('/c:/w'), file('/C:/w/a.png')), 'a.png');
  });

  it('does not lead to another drive, another file system, or from nowhere', () => {
    assert.equal(relativeLink(file('/c:/w'), file('/d:/a.png')), undefined);
    const remote = { scheme: 'vscode-vfs', authority: 'github', path: '/w/a.png' };
    assert.equal(relativeLink(file('/w'), remote), undefined);
    assert.equal(relativeLink(undefined, file('/w/a.png')), undefined);
  });
});
