import * as vscode from 'vscode';
import * as v from 'valibot';
import { EaselError } from '../../core/errors';
import { readRecipe, type Recipe } from '../../core/recipe';
import { isSmall } from '../files/image-files';

const LinkArgumentSchema = v.object({
  image: v.pipe(v.string(), v.nonEmpty()),
  document: v.optional(v.string()),
  start: v.optional(v.number()),
});
/** What a hover's link passes to its command: URIs as text, because links carry JSON. */
export type ImageLinkArgument = v.InferOutput<typeof LinkArgumentSchema>;

/** An image, and the place where a document links it if it was reached from there. */
export interface LinkedImage {
  readonly image: vscode.Uri;
  readonly link?: { readonly document: vscode.Uri; readonly start: number };
}

/**
 * Reads the argument of a command: a file of the explorer, or a hover's link.
 * @throws EaselError `bad-request` for anything else
 */
export function readImageArgument(argument: unknown): LinkedImage {
  if (argument instanceof vscode.Uri) return { image: argument };
  const parsed = v.safeParse(LinkArgumentSchema, argument);
  if (!parsed.success) {
    throw new EaselError('bad-request', vscode.l10n.t('Choose an image in the explorer first.'));
  }
  const { image, document, start = 0 } = parsed.output;
  return {
    image: vscode.Uri.parse(image, true),
    ...(document !== undefined && { link: { document: vscode.Uri.parse(document, true), start } }),
  };
}

/**
 * The recipe in an image's file.
 * @returns undefined where there is none, or the file is too large to be read for it
 */
export async function imageRecipe(image: vscode.Uri): Promise<Recipe | undefined> {
  if (!(await isSmall(image))) return undefined;
  return readRecipe(await vscode.workspace.fs.readFile(image));
}
