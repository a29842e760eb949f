import * as vscode from 'vscode';
import { EaselError } from '../../core/errors';
import { nameOf } from '../files/image-files';
import type { HostServices } from '../services';
import type { GenerateImage } from './generate-image';

const IMAGES = '**/*.{png,jpg,jpeg,gif,webp,svg,avif}';
/** Images in the list. */
const MAX_IMAGES = 500;

interface ImageItem extends vscode.QuickPickItem {
  readonly image?: vscode.Uri;
}

/** *Easel: Insert Image into Markdown*: links an image of the workspace, or draws one. */
export async function insertImage(
  { inserter, log }: HostServices,
  generate: GenerateImage,
): Promise<vscode.Uri | undefined> {
  if (!inserter.target) {
    throw new EaselError('bad-request', vscode.l10n.t('Open the Markdown document first.'));
  }
  const anchor = inserter.anchor();
  try {
    const draw: ImageItem = {
      label: `$(paintcan) ${vscode.l10n.t('Draw a new image…')}`,
      alwaysShow: true,
    };
    const picked = await vscode.window.showQuickPick(listImages(draw), {
      title: vscode.l10n.t('Insert Image'),
      placeHolder: vscode.l10n.t('Choose an image of the workspace, or draw one'),
      matchOnDescription: true,
    });
    if (!picked) return undefined;
    if (!picked.image) return await generate.run();
    const prompt = promptOf(picked.image);
    await inserter.insert({ image: picked.image, prompt }, anchor);
    log.debug(`Inserted ${picked.image.toString(true)}`);
    return picked.image;
  } finally {
    anchor?.dispose();
  }
}

async function listImages(draw: ImageItem): Promise<ImageItem[]> {
  const images = await vscode.workspace.findFiles(IMAGES, '**/node_modules/**', MAX_IMAGES);
  const items = images.map((image) => ({
    label: nameOf(image),
    description: vscode.workspace.asRelativePath(vscode.Uri.joinPath(image, '..')),
    image,
  }));
  items.sort((a, b) => a.label.localeCompare(b.label));
  return [draw, ...items];
}

/** The prompt in a file name like `a-red-apple-42.png`: without the seed and the ending. */
function promptOf(image: vscode.Uri): string {
  return nameOf(image)
    .replace(/\.[^.]*$/, '')
    .replace(/(?:-\d+)+$/, '')
    .replace(/[-_]+/g, ' ');
}
