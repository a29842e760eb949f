/**
 * How a language shows an image: Markdown's `![](…)`, `<img>` of HTML, JSX or a template language that reads
 * braces, `url(…)` of CSS with braces or by indentation, a macro, a directive.
 */
export type LinkStyle =
  | 'markdown'
  | 'mdx'
  | 'html'
  | 'template'
  | 'astro'
  | 'jsx'
  | 'css'
  | 'sass'
  | 'asciidoc'
  | 'restructuredtext';

/** How the images that a document names are written in it: which reader finds them. */
export type ReferenceSyntax =
  | 'markdown'
  | 'mdx'
  | 'html'
  | 'script'
  | 'typescript'
  | 'css'
  | 'scss'
  | 'vue'
  | 'svelte'
  | 'astro'
  | 'asciidoc'
  | 'restructuredtext'
  | 'notebook';

interface DocumentLanguage {
  /** How an image is inserted; absent where none can be. */
  readonly link?: LinkStyle;
  /** How the images that a document names are found, for the hover, the quick fix and *Draw All*. */
  readonly syntax: ReferenceSyntax;
  /** File endings, without a dot: for documents whose language VS Code does not know. */
  readonly endings: readonly string[];
}

/**
 * The languages that Easel works in, by VS Code's identifiers. The manifest's languages, activation events
 * and `when` clauses follow from it, which a test checks.
 */
export const LANGUAGES = {
  markdown: { link: 'markdown', syntax: 'markdown', endings: ['md', 'markdown', 'mdown', 'mkd'] },
  mdx: { link: 'mdx', syntax: 'mdx', endings: ['mdx'] },
  html: { link: 'html', syntax: 'html', endings: ['html', 'htm', 'xhtml', 'shtml'] },
  javascriptreact: { link: 'jsx', syntax: 'script', endings: ['jsx'] },
  typescriptreact: { link: 'jsx', syntax: 'script', endings: ['tsx'] },
  // Nothing is inserted into plain code, where an image is an import or a text.
  javascript: { syntax: 'script', endings: ['js', 'mjs', 'cjs'] },
  typescript: { syntax: 'typescript', endings: ['ts', 'mts', 'cts'] },
  css: { link: 'css', syntax: 'css', endings: ['css'] },
  scss: { link: 'css', syntax: 'scss', endings: ['scss'] },
  less: { link: 'css', syntax: 'scss', endings: ['less'] },
  vue: { link: 'html', syntax: 'vue', endings: ['vue'] },
  svelte: { link: 'template', syntax: 'svelte', endings: ['svelte'] },
  astro: { link: 'astro', syntax: 'astro', endings: ['astro'] },
  handlebars: { link: 'template', syntax: 'html', endings: ['hbs', 'handlebars', 'mustache'] },
  php: { link: 'html', syntax: 'html', endings: ['php', 'phtml'] },
  razor: { link: 'template', syntax: 'html', endings: ['cshtml', 'razor'] },
  sass: { link: 'sass', syntax: 'scss', endings: ['sass'] },
  stylus: { link: 'sass', syntax: 'scss', endings: ['styl'] },
  postcss: { link: 'css', syntax: 'css', endings: ['pcss', 'postcss'] },
  erb: { syntax: 'html', endings: ['erb'] },
  ejs: { syntax: 'html', endings: ['ejs'] },
  liquid: { syntax: 'html', endings: ['liquid'] },
  twig: { syntax: 'html', endings: ['twig'] },
  'jinja-html': { syntax: 'html', endings: ['jinja', 'jinja2', 'j2', 'njk'] },
  asciidoc: { link: 'asciidoc', syntax: 'asciidoc', endings: ['adoc', 'asciidoc'] },
  restructuredtext: { link: 'restructuredtext', syntax: 'restructuredtext', endings: ['rst'] },
  ipynb: { syntax: 'notebook', endings: ['ipynb'] },
} as const satisfies Readonly<Record<string, DocumentLanguage>>;

const TABLE: Readonly<Record<string, DocumentLanguage>> = LANGUAGES;

export const LINK_LANGUAGES: readonly string[] = Object.keys(TABLE).filter((id) => TABLE[id]?.link);

/** File endings, without a dot, of the documents in which images are found. */
export const DOCUMENT_ENDINGS: readonly string[] = Object.values(TABLE).flatMap(
  ({ endings }) => endings,
);

/** What providers are registered for: documents in which images are found. */
export const REFERENCE_DOCUMENTS: readonly ({ language: string } | { pattern: string })[] = [
  ...Object.keys(TABLE).map((language) => ({ language })),
  { pattern: `**/*.{${DOCUMENT_ENDINGS.join(',')}}` },
];

const SYNTAX_BY_ENDING: ReadonlyMap<string, ReferenceSyntax> = new Map(
  Object.values(TABLE).flatMap(({ syntax, endings }) => endings.map((one) => [one, syntax])),
);

/** Languages that users choose for files whose own language the editor does not know. */
const BROAD_LANGUAGES: readonly string[] = ['markdown', 'html'];

/** @returns undefined where the language shows no images */
export function linkStyleOf(languageId: string): LinkStyle | undefined {
  return find(languageId)?.link;
}

/**
 * How images are found in a document: by its language, else by its file's ending.
 * @returns undefined where none are
 */
export function syntaxOf(document: {
  readonly languageId: string;
  readonly uri: { readonly scheme: string; readonly path: string };
}): ReferenceSyntax | undefined {
  const { languageId, uri } = document;
  const byLanguage = find(languageId)?.syntax;
  // The cell of a notebook has the notebook's path and a language of its own.
  if (uri.scheme === NOTEBOOK_CELL) return byLanguage;
  const ending = /\.([^./]+)$/.exec(uri.path)?.[1]?.toLowerCase() ?? '';
  const byEnding = SYNTAX_BY_ENDING.get(ending);
  return BROAD_LANGUAGES.includes(languageId) ? (byEnding ?? byLanguage) : (byLanguage ?? byEnding);
}

/** The identifier of a document's language, by its file's ending where the editor does not know it. */
export function languageOf(document: {
  readonly languageId: string;
  readonly uri: { readonly path: string };
}): string {
  if (find(document.languageId)) return document.languageId;
  const ending = /\.([^./]+)$/.exec(document.uri.path)?.[1]?.toLowerCase() ?? '';
  const known = Object.keys(TABLE).find((id) => TABLE[id]?.endings.includes(ending));
  return known ?? document.languageId;
}

/** The scheme of the documents that are cells of a notebook. */
export const NOTEBOOK_CELL = 'vscode-notebook-cell';

function find(languageId: string): DocumentLanguage | undefined {
  return Object.hasOwn(TABLE, languageId) ? TABLE[languageId] : undefined;
}
