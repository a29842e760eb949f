import assert from 'node:assert/strict';
import { referencesIn } from '../../../src/host/references/references';

/** What each reference covers in the text, and what it says. */
function found(languageId: string, text: string): unknown[] {
  return referencesIn(languageId, text).map(({ start, end, definition, ...reference }) => {
    const { url, alt, width, height } = reference;
    const size = { ...(width && { width }), ...(height && { height }) };
    const at = definition && { at: text.slice(definition.start, definition.end) };
    return [text.slice(start, end), { url, alt, ...size, ...at }];
  });
}

describe('pictures that documents name', () => {
  it('in Markdown: images, references, HTML, with code left alone', () => {
    const text = [
      '# Title ![a lighthouse at dawn](images/lighthouse-800x400.png "Title")',
      '',
      '- ![deep   in a',
      '  list](<a b.webp>) and ![by label][logo]',
      '',
      '`![code](no.png)` <img src="x%20y.jpg" alt="an &amp; sign" width="320" height=200px>',
      '',
      '    ![indented code](no.png)',
      '',
      '[logo]: ./my%20logo.png',
      '[logo]: ./second.png',
    ].join('\n');
    assert.deepEqual(found('markdown', text), [
      [
        '![a lighthouse at dawn](images/lighthouse-800x400.png "Title")',
        { url: 'images/lighthouse-800x400.png', alt: 'a lighthouse at dawn' },
      ],
      ['![deep   in a\n  list](<a b.webp>)', { url: 'a b.webp', alt: 'deep in a list' }],
      [
        '![by label][logo]',
        { url: './my%20logo.png', alt: 'by label', at: '[logo]: ./my%20logo.png' },
      ],
      [
        '<img src="x%20y.jpg" alt="an &amp; sign" width="320" height=200px>',
        { url: 'x%20y.jpg', alt: 'an & sign', width: 320, height: 200 },
      ],
    ]);
  });

  it('in MDX: images and elements, with what is computed left alone', () => {
    const text =
      '![a fox](fox.png)\n\n<img src="owl.png" alt={"an owl"} width={64} />\n\n<img src={owl} />\n';
    assert.deepEqual(found('mdx', text), [
      ['![a fox](fox.png)', { url: 'fox.png', alt: 'a fox' }],
      [
        '<img src="owl.png" alt={"an owl"} width={64} />',
        { url: 'owl.png', alt: 'an owl', width: 64 },
      ],
    ]);
  });

  it('in HTML: whole pages and fragments, comments left alone', () => {
    const page =
      '<!doctype html><body><!-- <img src=no.png> --><IMG SRC="a.png" alt=\'A "b"\'></body>';
    assert.deepEqual(found('html', page), [
      ['<IMG SRC="a.png" alt=\'A "b"\'>', { url: 'a.png', alt: 'A "b"' }],
    ]);
    assert.deepEqual(found('html', '<p><img src="a.png"><template><img src="b.png"></template>'), [
      ['<img src="a.png">', { url: 'a.png', alt: '' }],
      ['<img src="b.png">', { url: 'b.png', alt: '' }],
    ]);
  });

  it('in JSX and TSX, also while the code has errors', () => {
    const text =
      'const A = (p: P) => <div><img src="a.png" alt={`a cat`} width={64} height="32" /><img src={p.x} /></div>;\nlet b; let b;';
    assert.deepEqual(found('typescriptreact', text), [
      [
        '<img src="a.png" alt={`a cat`} width={64} height="32" />',
        { url: 'a.png', alt: 'a cat', width: 64, height: 32 },
      ],
    ]);
  });

  it('in CSS: pictures but not fonts, also while the sheet has errors', () => {
    const text =
      '.a { background: url("hero-1200x400.webp"); src: url(f.woff2) } .b { color: ; } .c { background: url(b.png) }';
    assert.deepEqual(found('css', text), [
      ['url("hero-1200x400.webp")', { url: 'hero-1200x400.webp', alt: '' }],
      ['url(b.png)', { url: 'b.png', alt: '' }],
    ]);
  });

  it('not in other languages, and nowhere in what cannot be read', () => {
    assert.deepEqual(found('python', '![a](b.png)'), []);
    assert.deepEqual(found('mdx', '<img src="a.png" <<<'), []);
  });
});
