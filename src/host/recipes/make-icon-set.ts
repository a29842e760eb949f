import * as vscode from 'vscode';
import { nameOf, readImage } from '../files/image-files';
import type { HostServices } from '../services';

/** For the head of a page; the names are those of the engine's icon set. */
const HTML = [
  '<link rel="icon" href="favicon.ico" sizes="48x48">',
  '<link rel="icon" href="icon-192.png" type="image/png" sizes="192x192">',
  '<link rel="apple-touch-icon" href="apple-touch-icon.png">',
].join('\n');

/**
 * *Make Icon Set*: favicon.ico, apple-touch-icon.png and PNG icons of 16 to 512 pixels from one image, in
 * a new folder beside it.
 * @returns that folder
 */
export async function makeIconSet(
  { engine, saver }: Pick<HostServices, 'engine' | 'saver'>,
  image: vscode.Uri,
): Promise<vscode.Uri> {
  const { t } = vscode.l10n;
  const icons = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: t('Making icons of {0}', nameOf(image)) },
    async () => engine.call('icons', { file: await readImage(image) }),
  );
  const name = nameOf(image).replace(/\.[^.]*$/, '');
  const folder = await saver.newFolder(vscode.Uri.joinPath(image, '..', `${name}-icons`));
  for (const { name: file, file: bytes } of icons) {
    await saver.saveFile(bytes, vscode.Uri.joinPath(folder, file));
  }
  const show = t('Show in Explorer');
  const copy = t('Copy HTML');
  const text = t('{0} icons are in {1}.', icons.length, vscode.workspace.asRelativePath(folder));
  void vscode.window.showInformationMessage(text, show, copy).then((chosen) => {
    if (chosen === show) return vscode.commands.executeCommand('revealInExplorer', folder);
    return chosen === copy ? vscode.env.clipboard.writeText(HTML) : undefined;
  });
  return folder;
}
