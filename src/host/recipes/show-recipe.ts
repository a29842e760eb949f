import * as vscode from 'vscode';
import { writeParameters } from '../../core/recipe';
import { formatOfFileName } from '../../core/image/formats';
import { oneLine } from '../../core/shown-text';
import { nameOf } from '../files/image-files';
import type { HostServices } from '../services';
import type { Studio } from '../studio/studio';
import { imageRecipe, type LinkedImage } from './linked-image';
import { recipeFacts } from './recipe-facts';
import type { Redraw } from './redraw';
import { isOutdated } from './redraw-request';

/** Characters of a value in the list; what is copied is whole. */
const LONGEST_LABEL = 500;

interface RecipeItem extends vscode.QuickPickItem {
  readonly run?: () => unknown;
}

/**
 * *Show Recipe*: an image's settings as a list, with what can be done with them on top. A setting that is
 * chosen is copied.
 */
export async function showRecipe(
  { settings }: HostServices,
  { image, link }: LinkedImage,
  { studio, redraw }: { readonly studio: Studio; readonly redraw: Redraw },
): Promise<void> {
  const { t } = vscode.l10n;
  const recipe = await imageRecipe(image);
  if (!recipe) {
    const text = t('No recipe was found in {0}.', nameOf(image));
    void vscode.window.showInformationMessage(text);
    return;
  }
  const format = formatOfFileName(image.path) ?? 'png';
  const offersAgain = isOutdated(recipe, settings.read(image), format);
  const copy = (text: string) => () => vscode.env.clipboard.writeText(text);
  const target = { image, ...(link && { link }) };
  const heading = (label: string) => ({ label, kind: vscode.QuickPickItemKind.Separator });
  const items: RecipeItem[] = [
    {
      label: `$(edit) ${t('Restore in the Studio')}`,
      detail: t('All settings, including the seed'),
      run: () => studio.restore(recipe, nameOf(image)),
    },
    ...(offersAgain
      ? [{ label: `$(refresh) ${t('Draw Again')}`, run: () => redraw.run(target, false) }]
      : []),
    { label: `$(sparkle) ${t('Vary')}`, run: () => redraw.run(target, true) },
    { label: `$(copy) ${t('Copy as Text')}`, run: copy(writeParameters(recipe)) },
    heading(t('choose one to copy it')),
    ...recipeFacts(recipe).map(({ label, value }) => ({
      label: oneLine(value, LONGEST_LABEL),
      description: oneLine(label, LONGEST_LABEL),
      run: copy(value),
    })),
    ...(recipe.notes.length > 0 ? [heading(t('notes'))] : []),
    ...recipe.notes.map(({ message }) => ({
      label: `$(info) ${oneLine(message, LONGEST_LABEL)}`,
      run: copy(message),
    })),
  ];
  const picked = await vscode.window.showQuickPick(items, {
    title: t('Recipe of {0}', nameOf(image)),
    matchOnDescription: true,
  });
  await picked?.run?.();
}
