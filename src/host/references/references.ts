import { isReferenceLanguage, type ReferenceLanguage } from '../languages';
import { cssReferences } from './css-references';
import { htmlReferences } from './html-references';
import { jsxReferences } from './jsx-references';
import { markdownReferences } from './markdown-references';
import type { ImageReference } from './image-reference';

const FINDERS: Readonly<Record<ReferenceLanguage, (text: string) => ImageReference[]>> = {
  markdown: (text) => markdownReferences(text, false),
  mdx: (text) => markdownReferences(text, true),
  html: (text) => htmlReferences(text),
  javascriptreact: jsxReferences,
  typescriptreact: jsxReferences,
  javascript: jsxReferences,
  css: cssReferences,
  scss: cssReferences,
  less: cssReferences,
};

/** The references to images in a text, in order; none where it cannot be parsed at all. */
export function referencesIn(languageId: string, text: string): ImageReference[] {
  if (!isReferenceLanguage(languageId)) return [];
  try {
    return FINDERS[languageId](text).sort((a, b) => a.start - b.start);
  } catch {
    // Unfinished MDX or code that the parser rejects: nothing is offered until it parses.
    return [];
  }
}
