import * as vscode from 'vscode';
import { formatOfFileName } from '../../core/image/formats';
import { DOUBT, FLAGGED } from '../../core/recipe/readers/easel';
import type { Recipe } from '../../core/recipe';
import type { CommandId } from '../command-ids';
import { REFERENCE_DOCUMENTS } from '../languages';
import { findReferences } from '../references/find-references';
import { markdownText } from '../safe-text';
import type { Settings } from '../settings';
import { resolveImage } from '../sites/resolve-image';
import { editorShowsImage } from './editor-image';
import { recipeLine } from './recipe-facts';
import { imageRecipe, type ImageLinkArgument } from './linked-image';
import { isOutdated } from './redraw-request';

/** Pixels: with the lines below it, as much as a hover shows without scrolling (250). */
const IMAGE_HEIGHT = 120;
const HOVER_COMMANDS: readonly CommandId[] = [
  'easel.drawAgain',
  'easel.vary',
  'easel.editImage',
  'easel.upscaleImage',
  'easel.showRecipe',
];
/** Characters; *Show Recipe* has the whole prompt. */
const LONGEST_PROMPT = 400;

/** An image in a document. Offsets are those of its reference. */
interface FoundImage {
  readonly image: vscode.Uri;
  readonly start: number;
  readonly end: number;
}

/** The hover of a link to an image: the image, how it was made, and links that draw it again. */
export class RecipeHover implements vscode.HoverProvider {
  constructor(private readonly settings: Settings) {}

  static register(settings: Settings): vscode.Disposable {
    const hover = new RecipeHover(settings);
    return vscode.languages.registerHoverProvider([...REFERENCE_DOCUMENTS], hover);
  }

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.Hover | undefined> {
    const offset = document.offsetAt(position);
    const found = await imageAt(document, offset, token);
    if (!found) return undefined;
    const { image, start, end } = found;
    // A missing image has a quick fix instead.
    const recipe = await imageRecipe(image).catch(() => undefined);
    if (!recipe || token.isCancellationRequested) return undefined;
    const text = document.getText().slice(start, end);
    const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
    const argument = { image: image.toString(), document: document.uri.toString(), start };
    const format = formatOfFileName(image.path) ?? 'png';
    const shown = {
      isImageShown: isShownByEditor(document, found, text, offset),
      isOutdated: isOutdated(recipe, this.settings.read(image), format),
    };
    return new vscode.Hover(hoverText(recipe, argument, shown), range);
  }
}

async function imageAt(
  document: vscode.TextDocument,
  offset: number,
  token: vscode.CancellationToken,
): Promise<FoundImage | undefined> {
  const reference = (await findReferences(document, token)).find(
    ({ start, end }) => start <= offset && offset <= end,
  );
  const image = reference && (await resolveImage(reference, document));
  return image && { image, start: reference.start, end: reference.end };
}

/** Whether the editor's own hover shows the very image at this place. */
function isShownByEditor(
  { languageId, uri }: vscode.TextDocument,
  { image, start }: FoundImage,
  text: string,
  offset: number,
): boolean {
  if (!editorShowsImage(languageId, text, offset - start)) return false;
  // VS Code takes a leading slash for the workspace folder, where sites often mean another.
  if (!/\]\(\s*<?\/|src\s*=\s*["']?\//.test(text)) return true;
  const folder = vscode.workspace.getWorkspaceFolder(uri)?.uri;
  return !!folder && text.includes(image.path.slice(folder.path.length));
}

function hoverText(
  recipe: Recipe,
  argument: ImageLinkArgument,
  { isImageShown, isOutdated: offersAgain }: { isImageShown: boolean; isOutdated: boolean },
): vscode.MarkdownString {
  const { t } = vscode.l10n;
  const address = escapeBrackets(argument.image);
  const image = isImageShown ? '' : `![](${address}|height=${IMAGE_HEIGHT})\n\n`;
  const text = new vscode.MarkdownString(image, true);
  // No other command can run from the hover, and the prompt below is escaped.
  text.isTrusted = { enabledCommands: HOVER_COMMANDS };
  const { prompt } = recipe.request;
  const { [DOUBT]: doubt, [FLAGGED]: flagged } = recipe.details;
  const notes = [
    ...(doubt === undefined ? [] : [`$(warning) ${markdownText(doubt, LONGEST_PROMPT)}`]),
    ...(flagged === undefined
      ? []
      : [`$(shield) ${FLAGGED}: ${markdownText(flagged, LONGEST_PROMPT)}`]),
    ...recipe.notes.map(({ message }) => `$(info) ${markdownText(message)}`),
  ];
  text.appendMarkdown(
    [
      `$(paintcan) ${markdownText(prompt, LONGEST_PROMPT)}`,
      markdownText(recipeLine(recipe)),
      ...notes,
    ].join('\n\n'),
  );
  const query = escapeBrackets(encodeURIComponent(JSON.stringify(argument)));
  const link = (command: CommandId, label: string, title: string) =>
    `[${label}](command:${command}?${query} "${title}")`;
  const again = link(
    'easel.drawAgain',
    t('Draw Again'),
    t('Draws it with the current model and settings, and saves it beside this image'),
  );
  const links = [
    ...(offersAgain ? [again] : []),
    link(
      'easel.vary',
      t('Vary'),
      t('Draws it with another seed, saves it beside this image and links the new one'),
    ),
    link(
      'easel.editImage',
      t('Edit…'),
      t('Changes it by words, saves it beside this image and links the new one'),
    ),
    link(
      'easel.upscaleImage',
      t('Upscale…'),
      t('Makes it larger, saves it beside this image and links the new one'),
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
