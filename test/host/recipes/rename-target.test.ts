import { strict as assert } from 'node:assert';
import { LANGUAGES } from '../../../src/host/languages';
import { referencesIn } from '../../../src/host/references/references';
import { renameTarget } from '../../../src/host/recipes/rename-target';

type Language = keyof typeof LANGUAGES;

/** A document with its first reference pointed at another file. */
function renamed(language: Language, text: string, fileName: string): string | undefined {
  const [reference] = referencesIn(LANGUAGES[language].syntax, text);
  assert.ok(reference, text);
  const change = renameTarget(text, reference, fileName);
  return change && text.slice(0, change.start) + change.text + text.slice(change.end);
}

describe('pointing a link at another file', () => {
  const cases: readonly [language: Language, before: string, fileName: string, after: string][] = [
    ['markdown', '![a](i/x.png)', 'x-7.png', '![a](i/x-7.png)'],
    ['markdown', '![x.png](x.png "x.png")', 'x-7.png', '![x.png](x-7.png "x.png")'],
    ['markdown', '![a](<my pics/x y.png>)', 'x y-7.png', '![a](<my pics/x y-7.png>)'],
    ['markdown', '![a](i/x%20y.png)', 'x y-7.png', '![a](i/x%20y-7.png)'],
    ['markdown', '![a][p]\n\n[p]: i/x.png "x"', 'x-7.png', '![a][p]\n\n[p]: i/x-7.png "x"'],
    [
      'markdown',
      'x.png\n\n<img alt="x.png" src="x.png">',
      'x-7.png',
      'x.png\n\n<img alt="x.png" src="x-7.png">',
    ],
    ['mdx', '<img alt="x" src={"i/x.png"} />', 'x-7.png', '<img alt="x" src={"i/x-7.png"} />'],
    ['html', "<img src='i/x.png?v=2'>", 'x-7.png', "<img src='i/x-7.png?v=2'>"],
    ['html', '<img src=i/x%20y.png>', 'x y-7.png', '<img src=i/x%20y-7.png>'],
    ['html', '<img src=i/a&amp;b.png>', 'a&b-7.png', '<img src=i/a&amp;b-7.png>'],
    [
      'typescriptreact',
      'const a = <img src="/i/x.png" />;',
      'x-7.png',
      'const a = <img src="/i/x-7.png" />;',
    ],
    ['css', 'a { background: url(i/x.png#f) }', 'x-7.png', 'a { background: url(i/x-7.png#f) }'],
    ['html', '<img srcset="x.png 1x, y.png 2x">', 'x-7.png', '<img srcset="x-7.png 1x, y.png 2x">'],
    ['markdown', '---\ncover: x.png\n---\n', 'x-7.png', '---\ncover: x-7.png\n---\n'],
    ['javascript', "import x from './x.png?w=3'", 'x-7.png', "import x from './x-7.png?w=3'"],
    [
      'asciidoc',
      ':imagesdir: x\n\nimage::x.png[x.png]',
      'y.png',
      ':imagesdir: x\n\nimage::y.png[x.png]',
    ],
    ['css', 'a { background: url("i/x.png") }', 'x-7.png', 'a { background: url("i/x-7.png") }'],
  ];
  for (const [language, before, fileName, after] of cases) {
    it(`changes the name alone in ${language}: ${before.replaceAll('\n', ' ')}`, () => {
      assert.equal(renamed(language, before, fileName), after);
    });
  }

  it('leaves alone what it cannot find as it is written', () => {
    assert.equal(renamed('html', '<img src="i/&#120;.png">', 'x-7.png'), undefined);
  });
});
