/** How a language shows an image: Markdown's `![](…)`, `<img>` of HTML or JSX, `url(…)` of CSS. */
export type LinkStyle = 'markdown' | 'mdx' | 'html' | 'jsx' | 'css';

interface DocumentLanguage {
  /** How an image is inserted; absent where none can be. */
  readonly link?: LinkStyle;
  /** Whether the images that a document names are found in it, for the hover and the quick fix. */
  readonly hasReferences?: true;
  /** File endings that *Draw All Missing Images* looks into below a folder. */
  readonly endings?: readonly string[];
}

/**
 * The languages that Easel works in, by VS Code's identifiers. The manifest's activation events and `when`
 * clauses follow from it, which a test checks.
 */
export const LANGUAGES = {
  markdown: { link: 'markdown', hasReferences: true, endings: ['md', 'markdown'] },
  mdx: { link: 'mdx', hasReferences: true, endings: ['mdx'] },
  html: { link: 'html', hasReferences: true, endings: ['html', 'htm'] },
  javascriptreact: { link: 'jsx', hasReferences: true, endings: ['jsx'] },
  typescriptreact: { link: 'jsx', hasReferences: true, endings: ['tsx'] },
  // JSX is found in it, but most of these files hold none: nothing is inserted, and no folder searched.
  javascript: { hasReferences: true },
  css: { link: 'css', hasReferences: true, endings: ['css'] },
  scss: { link: 'css', hasReferences: true, endings: ['scss'] },
  less: { link: 'css', hasReferences: true, endings: ['less'] },
  vue: { link: 'html' },
  svelte: { link: 'html' },
  astro: { link: 'html' },
  handlebars: { link: 'html' },
  php: { link: 'html' },
  razor: { link: 'html' },
  sass: { link: 'css' },
  stylus: { link: 'css' },
  postcss: { link: 'css' },
} as const satisfies Readonly<Record<string, DocumentLanguage>>;

type Languages = typeof LANGUAGES;
type LanguageId = keyof Languages;

/** The languages in which references to images are found. */
export type ReferenceLanguage = {
  [K in LanguageId]: Languages[K] extends { readonly hasReferences: true } ? K : never;
}[LanguageId];

const TABLE: Readonly<Record<string, DocumentLanguage>> = LANGUAGES;

export const LINK_LANGUAGES: readonly string[] = Object.keys(TABLE).filter((id) => TABLE[id]?.link);

export const REFERENCE_LANGUAGES = Object.keys(TABLE).filter(isReferenceLanguage);

/** File endings, without a dot, of the documents that are searched below a folder. */
export const DOCUMENT_ENDINGS: readonly string[] = Object.values(TABLE).flatMap(
  ({ endings = [] }) => endings,
);

/** @returns undefined where the language shows no images */
export function linkStyleOf(languageId: string): LinkStyle | undefined {
  return find(languageId)?.link;
}

export function isReferenceLanguage(languageId: string): languageId is ReferenceLanguage {
  return find(languageId)?.hasReferences === true;
}

function find(languageId: string): DocumentLanguage | undefined {
  return Object.hasOwn(TABLE, languageId) ? TABLE[languageId] : undefined;
}
