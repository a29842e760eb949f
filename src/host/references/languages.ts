/** The editor's names of the languages in which pictures are looked for. */
export const REFERENCE_LANGUAGES = [
  'markdown',
  'mdx',
  'html',
  'javascriptreact',
  'typescriptreact',
  'javascript',
  'css',
  'scss',
  'less',
] as const;

export type ReferenceLanguage = (typeof REFERENCE_LANGUAGES)[number];

export function isReferenceLanguage(languageId: string): languageId is ReferenceLanguage {
  return (REFERENCE_LANGUAGES as readonly string[]).includes(languageId);
}
