import * as vscode from 'vscode';
import { EaselError } from '../../core/errors';
import type { HostServices } from '../services';
import type { GenerateImage } from './generate-image';

const PICTURES = '**/*.{png,jpg,jpeg,gif,webp,svg,avif}';
/** More than anybody scrolls through; typing narrows the list. */
const MAX_PICTURES = 500;

interface PictureItem extends vscode.QuickPickItem {
  readonly picture?: vscode.Uri;
}

/** *Easel: Insert Image into Markdown*: links a picture of the workspace, or draws one. */
export async function insertImage(
  { inserter, log }: HostServices,
  generate: GenerateImage,
): Promise<vscode.Uri | undefined> {
  if (!inserter.target) {
    throw new EaselError('bad-request', vscode.l10n.t('Open the Markdown document first.'));
  }
  const anchor = inserter.anchor();
  try {
    const draw: PictureItem = {
      label: `$(paintcan) ${vscode.l10n.t('Draw a new picture…')}`,
      alwaysShow: true,
    };
    const picked = await vscode.window.showQuickPick(listPictures(draw), {
      title: vscode.l10n.t('Insert Image'),
      placeHolder: vscode.l10n.t('Choose a picture of the workspace, or draw one'),
      matchOnDescription: true,
    });
    if (!picked) return undefined;
    if (!picked.picture) return await generate.run();
    const prompt = promptOf(picked.picture);
    await inserter.insert({ picture: picked.picture, prompt }, anchor);
    log.debug(`Inserted ${picked.picture.toString(true)}`);
    return picked.picture;
  } finally {
    anchor?.dispose();
  }
}

async function listPictures(draw: PictureItem): Promise<PictureItem[]> {
  const pictures = await vscode.workspace.findFiles(PICTURES, '**/node_modules/**', MAX_PICTURES);
  const items = pictures.map((picture) => ({
    label: nameOf(picture),
    description: vscode.workspace.asRelativePath(vscode.Uri.joinPath(picture, '..')),
    picture,
  }));
  items.sort((a, b) => a.label.localeCompare(b.label));
  return [draw, ...items];
}

function nameOf(uri: vscode.Uri): string {
  return uri.path.slice(uri.path.lastIndexOf('/') + 1);
}

/** A picture's name without its seed and ending reads like its prompt. */
function promptOf(picture: vscode.Uri): string {
  return nameOf(picture)
    .replace(/\.[^.]*$/, '')
    .replace(/(?:-\d+)+$/, '')
    .replace(/[-_]+/g, ' ');
}
