import { cssReferences } from './css-references';
import { htmlReferences } from './html-references';
import { jsxReferences } from './jsx-references';
import { isReferenceLanguage, type ReferenceLanguage } from './languages';
import { markdownReferences } from './markdown-references';
import type { PictureReference } from './picture-reference';

const FINDERS: Readonly<Record<ReferenceLanguage, (text: string) => PictureReference[]>> = {
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

/** The pictures a document names, in order; none where it cannot be read at all. */
export function findReferences(languageId: string, text: string): PictureReference[] {
  if (!isReferenceLanguage(languageId)) return [];
  try {
    return FINDERS[languageId](text).sort((a, b) => a.start - b.start);
  } catch {
    // Half-written MDX or code that no parser gets through: nothing is offered until it is readable.
    return [];
  }
}
