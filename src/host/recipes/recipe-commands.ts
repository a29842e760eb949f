import * as vscode from 'vscode';
import * as v from 'valibot';
import { EaselError } from '../../core/errors';

export const DRAW_AGAIN = 'easel.drawAgain';
export const VARY = 'easel.vary';
export const SHOW_RECIPE = 'easel.showRecipe';

const LinkArgumentSchema = v.object({
  picture: v.pipe(v.string(), v.nonEmpty()),
  document: v.optional(v.string()),
  start: v.optional(v.number()),
});
/** What a hover's link hands to its command: addresses as texts, since links carry JSON. */
export type PictureLinkArgument = v.InferOutput<typeof LinkArgumentSchema>;

/** A picture, and where a document links it if it was reached from there. */
export interface LinkedPicture {
  readonly picture: vscode.Uri;
  readonly link?: { readonly document: vscode.Uri; readonly start: number };
}

/**
 * Reads what a command is run with: a file of the explorer, or a hover's link.
 * @throws EaselError `bad-request` for anything else
 */
export function readPictureArgument(argument: unknown): LinkedPicture {
  if (argument instanceof vscode.Uri) return { picture: argument };
  const parsed = v.safeParse(LinkArgumentSchema, argument);
  if (!parsed.success) {
    throw new EaselError('bad-request', vscode.l10n.t('Choose a picture in the explorer first.'));
  }
  const { picture, document, start = 0 } = parsed.output;
  return {
    picture: vscode.Uri.parse(picture, true),
    ...(document !== undefined && { link: { document: vscode.Uri.parse(document, true), start } }),
  };
}
