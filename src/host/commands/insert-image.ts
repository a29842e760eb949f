import * as vscode from 'vscode';
import { EaselError } from '../../core/errors';
import { nameOf } from '../files/image-files';
import type { HostServices } from '../services';
import type { GenerateImage } from './generate-image';

const PICTURES = '**/*.{png,jpg,jpeg,gif,webp,svg,avif}';
/** Images in the list. */
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
    await inserter.insert({ image: picked.picture, prompt }, anchor);
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

/** The prompt in a file name like `a-red-apple-42.png`: without the seed and the ending. */
function promptOf(picture: vscode.Uri): string {
  return nameOf(picture)
    .replace(/\.[^.]*$/, '')
    .replace(/(?:-\d+)+$/, '')
    .replace(/[-_]+/g, ' ');
}
