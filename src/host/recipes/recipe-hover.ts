import * as vscode from 'vscode';
import type { Recipe } from '../../core/recipe';
import type { CommandId } from '../command-ids';
import { REFERENCE_DOCUMENTS } from '../languages';
import { findReferences } from '../references/find-references';
import { resolveImage } from '../sites/resolve-image';
import { recipeLine } from './recipe-facts';
import { imageRecipe, type ImageLinkArgument } from './linked-image';

/** Pixels. */
const THUMBNAIL_HEIGHT = 96;
/** Characters; *Show Recipe* has the whole prompt. */
const LONGEST_PROMPT = 400;

/** The hover of a link to an image: how it was made, with links that draw it again. */
export class RecipeHover implements vscode.HoverProvider {
  static register(): vscode.Disposable {
    return vscode.languages.registerHoverProvider([...REFERENCE_DOCUMENTS], new RecipeHover());
  }

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.Hover | undefined> {
    const offset = document.offsetAt(position);
    const reference = (await findReferences(document, token)).find(
      ({ start, end }) => start <= offset && offset <= end,
    );
    const image = reference && (await resolveImage(reference, document));
    if (!image) return undefined;
    // A missing image has a quick fix instead.
    const recipe = await imageRecipe(image).catch(() => undefined);
    if (!recipe || token.isCancellationRequested) return undefined;
    const { start, end } = reference;
    const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
    const argument = { image: image.toString(), document: document.uri.toString(), start };
    return new vscode.Hover(hoverText(recipe, argument), range);
  }
}

function hoverText(recipe: Recipe, argument: ImageLinkArgument): vscode.MarkdownString {
  const { t } = vscode.l10n;
  const address = escapeBrackets(argument.image);
  const text = new vscode.MarkdownString(`![](${address}|height=${THUMBNAIL_HEIGHT})\n\n`, true);
  // Only these three commands can run from the hover, and the prompt below is escaped.
  text.isTrusted = {
    enabledCommands: ['easel.drawAgain', 'easel.vary', 'easel.showRecipe'] satisfies CommandId[],
  };
  const { prompt } = recipe.request;
  const shown = prompt.length > LONGEST_PROMPT ? `${prompt.slice(0, LONGEST_PROMPT)}…` : prompt;
  const notes = recipe.notes.map(({ message }) => `$(info) ${plain(message)}`);
  text.appendMarkdown(
    [`$(paintcan) ${plain(shown)}`, plain(recipeLine(recipe)), ...notes].join('\n\n'),
  );
  const query = escapeBrackets(encodeURIComponent(JSON.stringify(argument)));
  const link = (command: CommandId, label: string, title: string) =>
    `[${label}](command:${command}?${query} "${title}")`;
  const links = [
    link(
      'easel.drawAgain',
      t('Draw Again'),
      t('Draws the same recipe again and saves it beside this image'),
    ),
    link(
      'easel.vary',
      t('Vary'),
      t('Draws it with another seed, saves it beside this image and links the new one'),
    ),
    link('easel.showRecipe', t('Show Recipe'), t('Shows every setting')),
  ];
  text.appendMarkdown(`\n\n${links.join(' · ')}`);
  return text;
}

/** An address that can stand between parentheses. */
function escapeBrackets(address: string): string {
  return address.replaceAll('(', '%28').replaceAll(')', '%29');
}

/** Text with its Markdown escaped. `appendText` would also replace spaces, so that lines do not wrap. */
function plain(text: string): string {
  return text.replace(/\s+/gu, ' ').replace(/[!-/:-@[-`{-~]/g, '\\$&');
}
