import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LANGUAGES, type ReferenceSyntax } from '../../../src/host/languages';
import { referencesIn } from '../../../src/host/references/references';
import { fuzzRuns } from '../../support/fuzz';

const SYNTAXES = [...new Set(Object.values(LANGUAGES).map(({ syntax }) => syntax))];

/** What the languages are made of, so that random texts are nearly documents. */
const PIECES = [
  ...['![a](b.png)', '![a]', '[l]: c.png', '![[d.png]]', '# ', '> ', '- ', '```\n', '`', '| a |'],
  ...['---\n', '+++\n', 'image: e.png\n', 'alt: "x', "'", '"', '\\', '&amp;', '&#x41;', '%20', '%'],
  ...[
    '<img src="f.png" alt="g">',
    '<img ',
    'src=',
    '"h.png"',
    '>',
    '/>',
    '<',
    '</p>',
    '<!--',
    '-->',
  ],
  ...['<script>', '</script>', '<style lang="scss">', '</style>', '<template>', '</template>'],
  ...[
    'srcset="i.png 1x, j.png 2x"',
    'style="background: url(k.png)"',
    '{',
    '}',
    '{{',
    '}}',
    '{%',
    '%}',
  ],
  ...[
    '<?php ',
    '?>',
    '<%=',
    '%>',
    '${',
    '#{',
    '@{',
    ':src="\'l.png\'"',
    'src={m}',
    "import m from './n.png'\n",
  ],
  ...[
    'require("o.png")',
    'new URL("p.png", import.meta.url)',
    'const a = ',
    '=> ',
    '(',
    ')',
    ';',
    ',',
  ],
  ...['url(q.png)', 'url("', 'image-set("r.png" 1x)', '// ', '/* ', '*/', '@media x {', '$a: '],
  ...[
    'image::s.png[t,30]',
    ':imagesdir: u\n',
    '----\n',
    '.. image:: v.png\n',
    '   :alt: w\n',
    '::\n',
  ],
  ...[
    '{"cells":[{"cell_type":"markdown","source":["',
    '"]}]}',
    '\n',
    '\r\n',
    ' ',
    '\t',
    '\0',
    '😀',
    '\ud83d',
  ],
  ...[
    'https://placehold.co/60x40?text=x',
    '//x.y/z.png',
    'data:image/png;base64,AA',
    '@/y.png',
    '',
  ],
];

function checkReferences(syntax: ReferenceSyntax, text: string): void {
  let last = 0;
  for (const one of referencesIn(syntax, text)) {
    const { start, end, address, definition, path, width = 1, height = 1 } = one;
    for (const place of [{ start, end }, address, ...(definition ? [definition] : [])]) {
      assert.ok(0 <= place.start && place.start <= place.end && place.end <= text.length);
    }
    assert.ok(start >= last, 'in order');
    last = start;
    assert.ok(!path.includes('\0'));
    assert.ok(Number.isInteger(width) && width > 0 && Number.isInteger(height) && height > 0);
  }
}

describe('references in any text', () => {
  for (const syntax of SYNTAXES) {
    it(`are inside the text: ${syntax}`, () => {
      const text = fc.array(fc.constantFrom(...PIECES), { maxLength: 40 });
      fc.assert(
        fc.property(text, (pieces) => checkReferences(syntax, pieces.join(''))),
        { numRuns: fuzzRuns(300) },
      );
    });
  }
});

/** A document of each syntax that shows one image with a text. */
const DOCUMENTS: Readonly<Record<ReferenceSyntax, (path: string, alt: string) => string>> = {
  markdown: (path, alt) => `> - text ![${alt}](<${path}>)\n`,
  mdx: (path, alt) => `# T\n\n<Image\n  src="${path}" alt={'${alt}'}\n/>\n`,
  html: (path, alt) => `<p>a < b<img alt='${alt}' src="${path}"></p>`,
  script: (path, alt) => `const a = (b) => b > 1 && <img src={"${path}"} alt="${alt}" />;`,
  typescript: (path, alt) => `const a: B = { image: '${path}', alt: \`${alt}\` };`,
  css: (path) => `.a { .b { background: url("${path}") } }`,
  scss: (path) => `// don't\n$a: "${path}";`,
  vue: (path, alt) => `<template><img :src="'${path}'" alt="${alt}"/></template>`,
  svelte: (path, alt) =>
    `<script>let a = '${path}';</script>{#if b < c}<img src={a} alt="${alt}">{/if}`,
  astro: (path, alt) => `---\nconst a = 1;\n---\n{a && <img src="${path}" alt="${alt}" />}`,
  asciidoc: (path, alt) => `= T\n\nimage::${path}["${alt}",30]\n`,
  restructuredtext: (path, alt) => `.. figure:: ${path}\n   :alt: ${alt}\n`,
  notebook: (path, alt) =>
    JSON.stringify({
      cells: [{ cell_type: 'markdown', source: ['"é"\n', `![${alt}](<${path}>)`] }],
    }),
};

describe('the image of a document', () => {
  const path = fc.stringMatching(/^[a-z0-9é中][a-z0-9é中 _-]{0,8}[a-z0-9]\.(?:png|webp|jpg)$/);
  const alt = fc.stringMatching(/^[a-z0-9é中](?:[a-z0-9é中 -]{0,20}[a-z0-9])?$/);

  for (const syntax of SYNTAXES) {
    it(`is found where it is written, with its text: ${syntax}`, () => {
      const hasText = syntax !== 'css' && syntax !== 'scss';
      fc.assert(
        fc.property(path, alt, (name, words) => {
          const text = DOCUMENTS[syntax](name, words);
          const found = referencesIn(syntax, text);
          assert.equal(found.length, 1, text);
          const { address, url, alt: said } = found[0]!;
          assert.deepEqual([url, text.slice(address.start, address.end)], [name, name], text);
          assert.equal(said, hasText ? words.replace(/\s+/g, ' ') : '', text);
        }),
        { numRuns: fuzzRuns(100) },
      );
    });

    it(`breaks nothing where the document ends early: ${syntax}`, () => {
      const text = DOCUMENTS[syntax]('a.png', 'a cat');
      for (let end = 0; end <= text.length; end++) checkReferences(syntax, text.slice(0, end));
    });
  }
});
