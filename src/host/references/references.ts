import type { ReferenceSyntax } from '../languages';
import { asciidocReferences } from './asciidoc-references';
import { cssReferences } from './css-references';
import { frontMatter } from './front-matter';
import { htmlReferences } from './html-references';
import type { ImageReference } from './image-reference';
import { markdownReferences } from './markdown-references';
import { notebookReferences } from './notebook-references';
import { restructuredtextReferences } from './restructuredtext-references';
import { scriptReferences } from './script-references';
import { partOf, plainText, type SourceText } from './source-text';
import { astroReferences, svelteReferences, vueReferences } from './template-references';

const FINDERS: Readonly<Record<ReferenceSyntax, (text: SourceText) => ImageReference[]>> = {
  markdown: (text) => markdownReferences(text, 'markdown'),
  mdx: (text) => markdownReferences(text, 'mdx'),
  html: pageReferences,
  script: (text) => scriptReferences(text, 'javascript'),
  typescript: (text) => scriptReferences(text, 'typescript'),
  css: (text) => cssReferences(text, 'css'),
  scss: (text) => cssReferences(text, 'scss'),
  vue: vueReferences,
  svelte: svelteReferences,
  astro: astroReferences,
  asciidoc: asciidocReferences,
  restructuredtext: restructuredtextReferences,
  notebook: notebookReferences,
};

/** References of one document that are kept; more could not be looked for in a reasonable time. */
const MOST_REFERENCES = 5000;

/** The references to images in a text, in order. */
export function referencesIn(syntax: ReferenceSyntax, text: string): ImageReference[] {
  const byAddress = new Map<string, ImageReference>();
  // A mark of the byte order is no part of the document.
  const source = partOf(plainText(text), text.startsWith('\uFEFF') ? 1 : 0, text.length);
  for (const one of FINDERS[syntax](source)) {
    // An address can be found twice, in an element and in the code around it: what says more is kept. A
    // definition of Markdown is the address of many images.
    const { start, end } = one.address;
    const key = `${start} ${end} ${one.definition ? one.start : ''}`;
    const known = byAddress.get(key);
    if (!known || (known.alt === '' && one.alt !== '')) byAddress.set(key, one);
  }
  return [...byAddress.values()].sort((a, b) => a.start - b.start).slice(0, MOST_REFERENCES);
}

/** HTML, with the front matter that site generators read. */
function pageReferences(text: SourceText): ImageReference[] {
  const front = frontMatter(text);
  return [...front.references, ...htmlReferences(partOf(text, front.end, text.value.length))];
}
