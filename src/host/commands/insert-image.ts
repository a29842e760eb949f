import * as vscode from 'vscode';
import { EaselError } from '../../core/errors';
import { oneLine } from '../../core/shown-text';
import { nameOf } from '../files/image-files';
import { imageRecipe } from '../recipes/linked-image';
import type { HostServices } from '../services';
import { showBox } from '../show-box';
import type { GenerateImage } from './generate-image';

const IMAGES = '**/*.{png,jpg,jpeg,gif,webp,svg,avif}';
const NOT_OURS = '**/{node_modules,.git}/**';
/** Images that are looked for; more are not sorted either. */
const MAX_FOUND = 2000;
/** Images in the list: the newest. */
const MAX_IMAGES = 500;
/** Images whose prompts are read: that takes their whole files. */
const MAX_PROMPTS = 200;
/** Files that are read at once. */
const READERS = 8;
/** Characters of a prompt in the list. */
const LONGEST_PROMPT = 300;

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
    const picked = await pickImage();
    if (!picked) return undefined;
    if (!picked.image) return await generate.run();
    const recipe = await imageRecipe(picked.image).catch(() => undefined);
    const asked = oneLine(recipe?.request.prompt ?? '', LONGEST_PROMPT);
    const prompt = asked === '' ? wordsOf(picked.image) : asked;
    await inserter.insert({ image: picked.image, prompt }, anchor);
    log.debug(`Inserted ${picked.image.toString(true)}`);
    return picked.image;
  } finally {
    anchor?.dispose();
  }
}

/** The images of the workspace, newest first, each with a thumbnail. Prompts are read while the list is open. */
function pickImage(): Promise<ImageItem | undefined> {
  const { t } = vscode.l10n;
  const box = vscode.window.createQuickPick<ImageItem>();
  box.title = t('Insert Image');
  box.placeholder = t('Choose an image of the workspace, or draw one. Search by name or prompt');
  box.matchOnDescription = true;
  box.matchOnDetail = true;
  box.keepScrollPosition = true;
  box.busy = true;
  const draw: ImageItem = { label: `$(paintcan) ${t('Draw a new image…')}`, alwaysShow: true };
  const show = (items: readonly ImageItem[]) => {
    const active = box.activeItems[0]?.image?.toString();
    box.items = [draw, ...items];
    const same = items.find(({ image }) => image && image.toString() === active);
    if (same) box.activeItems = [same];
  };
  show([]);
  return new Promise((resolve, reject) => {
    let isOpen = true;
    box.onDidAccept(() => {
      resolve(box.activeItems[0]);
      box.hide();
    });
    showBox(box, () => {
      isOpen = false;
      resolve(undefined);
      box.dispose();
    });
    const list = async () => {
      const items = (await newestImages()).map((image) => itemOf(image));
      if (isOpen) show(items);
      const prompted = await withPrompts(items, () => isOpen);
      if (!isOpen) return;
      show(prompted);
      box.busy = false;
    };
    list().catch(reject);
  });
}

async function newestImages(): Promise<vscode.Uri[]> {
  const images = await vscode.workspace.findFiles(IMAGES, NOT_OURS, MAX_FOUND);
  const dated = await Promise.all(
    images.map(async (image) => {
      const { mtime } = await vscode.workspace.fs.stat(image).then(undefined, () => ({ mtime: 0 }));
      return { image, mtime };
    }),
  );
  dated.sort((a, b) => b.mtime - a.mtime || nameOf(a.image).localeCompare(nameOf(b.image)));
  return dated.slice(0, MAX_IMAGES).map(({ image }) => image);
}

/** The items with the prompts that are in their files. @param goesOn false once the list is closed */
async function withPrompts(
  items: readonly ImageItem[],
  goesOn: () => boolean,
): Promise<readonly ImageItem[]> {
  const prompted = [...items];
  const waiting = items.slice(0, MAX_PROMPTS).entries();
  const read = async () => {
    for (const [index, { image }] of waiting) {
      if (!image || !goesOn()) return;
      const recipe = await imageRecipe(image).catch(() => undefined);
      if (recipe?.request.prompt) prompted[index] = itemOf(image, recipe.request.prompt);
    }
  };
  await Promise.all(Array.from({ length: READERS }, read));
  return prompted;
}

function itemOf(image: vscode.Uri, prompt?: string): ImageItem {
  const folder = vscode.workspace.asRelativePath(image).split('/').slice(0, -1).join('/');
  return {
    label: nameOf(image),
    description: prompt === undefined ? folder : oneLine(prompt, LONGEST_PROMPT),
    ...(prompt !== undefined && { detail: folder }),
    iconPath: image,
    image,
  };
}

/** The words of a file name like `a-red-apple-2.png`: without the number and the ending. */
function wordsOf(image: vscode.Uri): string {
  return nameOf(image)
    .replace(/\.[^.]*$/, '')
    .replace(/(?:-\d+)+$/, '')
    .replace(/[-_]+/g, ' ');
}
