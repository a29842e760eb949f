import { strict as assert } from 'node:assert';
import { editorShowsImage } from '../../../src/host/recipes/editor-image';

describe('the image in the hover of VS Code', () => {
  /** A bar marks the place in the reference. */
  const shown = (marked: string, languageId = 'markdown') =>
    editorShowsImage(languageId, marked.replace('|', ''), marked.indexOf('|'));

  it('is there over the address in Markdown, and nowhere else', () => {
    const there = [
      '![a cat](|img/cat.png)',
      '![a cat](img/ca|t.png)',
      '![a cat](img/cat.png|)',
      '![a cat](<my c|at.webp>)',
      '![a cat](img/c|at.jpg "A cat")',
      '![](c|at_(2).png)',
      '<img alt="a" src="c|at.png">',
    ];
    const elsewhere = [
      '|![a cat](img/cat.png)',
      '![a| cat](img/cat.png)',
      '![a cat](img/cat.png)|',
      '![a cat](img/cat.png "A| cat")',
      '![a cat|][cat]',
      // A kind that it does not show.
      '![a cat](img/ca|t.avif)',
      '<img alt="|a" src="cat.png">',
    ];
    for (const text of there) assert.ok(shown(text), text);
    for (const text of elsewhere) assert.ok(!shown(text), text);
    assert.ok(!shown('![a cat](img/ca|t.png)', 'mdx'));
    assert.ok(!shown('<img src="ca|t.png">', 'html'));
  });
});
