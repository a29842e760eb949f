import * as vscode from 'vscode';
import type { Recipe } from '../../core/recipe';
import { resolvePicture } from '../links/resolve-picture';
import { REFERENCE_LANGUAGES } from '../references/languages';
import { loadReferences } from '../references/load-references';
import { pictureRecipe } from './picture-recipe';
import { recipeLine } from './recipe-facts';
import { DRAW_AGAIN, SHOW_RECIPE, VARY, type PictureLinkArgument } from './recipe-commands';

/** Pixels; a look at the picture, not the picture. */
const THUMBNAIL_HEIGHT = 96;
/** A prompt of many lines is read in full elsewhere. */
const LONGEST_PROMPT = 400;

/** Over a link to a picture: how it was made, with links that draw it again. */
export class RecipeHover implements vscode.HoverProvider {
  static register(): vscode.Disposable {
    return vscode.languages.registerHoverProvider([...REFERENCE_LANGUAGES], new RecipeHover());
  }

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.Hover | undefined> {
    const { findReferences } = await loadReferences();
    const offset = document.offsetAt(position);
    const reference = findReferences(document.languageId, document.getText()).find(
      ({ start, end }) => start <= offset && offset <= end,
    );
    const picture = reference && (await resolvePicture(reference.url, document.uri));
    if (!picture) return undefined;
    // A picture that is missing has a quick fix, and no recipe.
    const recipe = await pictureRecipe(picture).catch(() => undefined);
    if (!recipe || token.isCancellationRequested) return undefined;
    const { start, end } = reference;
    const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
    const argument = { picture: picture.toString(), document: document.uri.toString(), start };
    return new vscode.Hover(hoverText(recipe, argument), range);
  }
}

function hoverText(recipe: Recipe, argument: PictureLinkArgument): vscode.MarkdownString {
  const { t } = vscode.l10n;
  const address = escapeBrackets(argument.picture);
  const text = new vscode.MarkdownString(`![](${address}|height=${THUMBNAIL_HEIGHT})\n\n`, true);
  // Only these three, and only for what this provider writes: a prompt is escaped below.
  text.isTrusted = { enabledCommands: [DRAW_AGAIN, VARY, SHOW_RECIPE] };
  const { prompt } = recipe.request;
  const shown = prompt.length > LONGEST_PROMPT ? `${prompt.slice(0, LONGEST_PROMPT)}…` : prompt;
  const notes = recipe.notes.map(({ message }) => `$(info) ${plain(message)}`);
  text.appendMarkdown(
    [`$(paintcan) ${plain(shown)}`, plain(recipeLine(recipe)), ...notes].join('\n\n'),
  );
  const query = escapeBrackets(encodeURIComponent(JSON.stringify(argument)));
  const link = (command: string, label: string, title: string) =>
    `[${label}](command:${command}?${query} "${title}")`;
  const links = [
    link(DRAW_AGAIN, t('Draw Again'), t('Draws the same recipe anew, beside this picture')),
    link(VARY, t('Vary'), t('Draws it with another seed, beside this picture, and links that')),
    link(SHOW_RECIPE, t('Show Recipe'), t('Shows every setting')),
  ];
  text.appendMarkdown(`\n\n${links.join(' · ')}`);
  return text;
}

/** An address that can stand between brackets. */
function escapeBrackets(address: string): string {
  return address.replaceAll('(', '%28').replaceAll(')', '%29');
}

/** Words without any markup in them. `appendText` would also keep them from wrapping, by hard spaces. */
function plain(text: string): string {
  return text.replace(/\s+/gu, ' ').replace(/[!-/:-@[-`{-~]/g, '\\$&');
}
