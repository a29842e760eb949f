import { strict as assert } from 'node:assert';
import { linkStyleOf } from '../../../src/host/languages';
import { altText, linkText, placeLink } from '../../../src/host/links/link-text';

const parts = { href: 'assets/a.png', alt: 'a red apple' };

/** A document with the cursor at `|`, after the link was placed there. */
function place(marked: string, style: Parameters<typeof linkText>[0], afterSelection = false) {
  const offset = marked.indexOf('|');
  const text = marked.replace('|', '');
  const placed = placeLink(text, offset, afterSelection, style, parts);
  return text.slice(0, placed.offset) + placed.text + text.slice(placed.offset);
}

describe('link text', () => {
  it('is written as each language writes pictures', () => {
    const sized = { ...parts, width: 256, height: 128 };
    assert.equal(linkText('markdown', sized), '![a red apple](assets/a.png)');
    assert.equal(linkText('mdx', sized), '![a red apple](assets/a.png)');
    assert.equal(
      linkText('html', sized),
      '<img src="assets/a.png" alt="a red apple" width="256" height="128">',
    );
    assert.equal(
      linkText('jsx', sized),
      '<img src="assets/a.png" alt="a red apple" width="256" height="128" />',
    );
    assert.equal(linkText('jsx', parts), '<img src="assets/a.png" alt="a red apple" />');
    assert.equal(linkText('css', sized), 'url("assets/a.png")');
  });

  it('escapes what would end or change the text around it', () => {
    const alt = 'a [b](c) *d* `e` {f} "g" <h> &amp; i | j';
    assert.equal(
      linkText('markdown', { href: 'x', alt }),
      '![a \\[b\\](c) \\*d\\* \\`e\\` {f} "g" \\<h\\> \\&amp; i \\| j](x)',
    );
    assert.match(linkText('mdx', { href: 'x', alt }), / \\\{f\\\} /);
    assert.equal(
      linkText('html', { href: 'x', alt }),
      '<img src="x" alt="a [b](c) *d* `e` {f} &quot;g&quot; &lt;h> &amp;amp; i | j">',
    );
  });

  it('knows the languages that show pictures', () => {
    assert.equal(linkStyleOf('typescriptreact'), 'jsx');
    assert.equal(linkStyleOf('scss'), 'css');
    assert.equal(linkStyleOf('python'), undefined);
  });
});

describe('link placement', () => {
  it('puts a whole link at the cursor', () => {
    assert.equal(place('see | there', 'markdown'), 'see ![a red apple](assets/a.png) there');
  });

  it('puts only the address where one is awaited', () => {
    assert.equal(place('![x](|)', 'markdown'), '![x](assets/a.png)');
    assert.equal(place('<img src="|">', 'html'), '<img src="assets/a.png">');
    assert.equal(place('<img src="|">', 'markdown'), '<img src="assets/a.png">');
    assert.equal(place("<img src='|' />", 'jsx'), "<img src='assets/a.png' />");
    assert.equal(place('background: url(|)', 'css'), 'background: url(assets/a.png)');
    assert.equal(place('<p style="background: url(\'|\')">', 'html'), '<p style="background: url(\'assets/a.png\')">'); // prettier-ignore
  });

  it('leaves headings, lists and front matter what they are', () => {
    const link = '![a red apple](assets/a.png)';
    assert.equal(place('|# One\n', 'markdown'), `${link}\n\n# One\n`);
    assert.equal(place('# One\n\n|- two\n', 'mdx'), `# One\n\n${link}\n\n- two\n`);
    assert.equal(place('# One\n\n|\n', 'markdown'), `# One\n\n${link}\n`);
    assert.equal(place('|---\na: b\n---\n# One', 'markdown'), `---\na: b\n---\n${link}\n\n# One`);
    assert.equal(place('|---\r\n---\r\n', 'markdown'), `---\r\n---\r\n${link}`);
    assert.equal(place('|---\n\nno front matter', 'markdown'), `${link}\n\n---\n\nno front matter`);
    assert.equal(
      place('|<p>one</p>', 'html'),
      '<img src="assets/a.png" alt="a red apple"><p>one</p>',
    );
  });

  it('writes CSS inside a style element, and HTML after it', () => {
    assert.equal(
      place('<style>\na { background: | }', 'html'),
      '<style>\na { background: url("assets/a.png") }',
    );
    assert.match(place('<style></style>\n|', 'html'), /<img /);
  });

  it('keeps the selection, in a paragraph of its own where the line ends', () => {
    assert.equal(place('one|\ntwo', 'markdown', true), 'one\n\n![a red apple](assets/a.png)\ntwo');
    assert.equal(place('one| two', 'markdown', true), 'one ![a red apple](assets/a.png) two');
    assert.equal(
      place('  <p>one</p>|\n', 'html', true),
      '  <p>one</p>\n  <img src="assets/a.png" alt="a red apple">\n',
    );
  });
});

describe('alternative text', () => {
  it('puts the prompt into the template, on one line', () => {
    assert.equal(altText('${prompt}', 'a\n red\tapple '), 'a red apple');
    assert.equal(altText('Draft: ${prompt}', 'x'), 'Draft: x');
    assert.equal(altText('', 'x'), '');
  });

  it('takes the prompt as it is, whatever it holds', () => {
    assert.equal(altText('${prompt}', "$& $1 $' ${prompt}"), "$& $1 $' ${prompt}");
  });
});
