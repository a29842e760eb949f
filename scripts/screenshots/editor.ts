// `npm run screenshots:editor -- [--vsix FILE] [--output FOLDER]`: the README's screenshots of the text editor,
// taken from the packaged extension in a real VS Code: the quick fix on a missing image, and the hover over an
// existing one.
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { openFile, runCommand } from '../../test/vscode/driver/browser';
import { root, runMain } from '../steps';
import { saveScreenshot, takeScreenshots, type Session } from './session';

const PICTURE = 'images/apple-256.png';
const PAGE = `# Apple cake

One cake, and a piece for a friend. Peel the fruit,
leave out what is green, and weigh the rest.

![a red apple](${PICTURE})

## What you need
`;
/** Enough of the window to see where one is. */
const CLIP = { x: 0, y: 30, width: 820, height: 390 };
/** For the walkthrough, which shows images in half of an editor. */
const WALKTHROUGH = path.join(root, 'media', 'walkthrough');
const NARROW = { x: 0, y: 60, width: 560, height: 360 };

const options = {
  name: 'recipes',
  files: { 'cake.md': PAGE },
  settings: {
    'editor.minimap.enabled': false,
    'editor.fontSize': 15,
    'editor.hover.delay': 100,
    'window.commandCenter': false,
    'workbench.activityBar.location': 'hidden',
    'breadcrumbs.enabled': false,
    'markdown.validate.enabled': true,
  },
  viewport: { width: 820, height: 480 },
};
/** @param part the name of the walkthrough's image of the same place */
type Shoot = (name: string, part: string) => Promise<void>;

async function take({ page, workspace, output }: Session): Promise<void> {
  const shoot: Shoot = async (name, part) => {
    await saveScreenshot(page, path.join(output, `${name}.webp`), CLIP);
    await saveScreenshot(page, path.join(WALKTHROUGH, `${part}.webp`), NARROW);
  };
  await page.keyboard.press('Control+B');
  await openFile(page, 'cake.md');
  await quickFix(page, workspace, shoot);
  await hover(page, shoot);
  await chooseModel(page);
}

async function quickFix(page: Page, workspace: string, shoot: Shoot): Promise<void> {
  const link = linkIn(page);
  // Before the words of its name, none of which is to be marked.
  await link.click({ position: { x: 2, y: 8 } });
  const menu = page.locator('.action-widget');
  // Until the extension has answered, the editor says that there is no fix.
  for (;;) {
    await page.keyboard.press('Control+.');
    try {
      await menu.getByText('Draw "a red apple" with Easel').waitFor({ timeout: 3000 });
      break;
    } catch {
      await page.keyboard.press('Escape');
    }
  }
  await page.waitForTimeout(500);
  await shoot('quick-fix', 'missing');
  await page.keyboard.press('Enter');
  while (!existsSync(path.join(workspace, PICTURE))) await page.waitForTimeout(200);
  await page.locator('.notification-toast').waitFor({ state: 'detached' });
}

async function hover(page: Page, shoot: Shoot): Promise<void> {
  // Over the text of the link: over its address VS Code shows the image itself.
  await linkIn(page).hover({ position: { x: 60, y: 8 } });
  await page.locator('.monaco-hover').getByText('Vary').waitFor();
  await page.locator('.monaco-hover img').waitFor();
  await page.waitForTimeout(800);
  await shoot('hover', 'insert');
}

async function chooseModel(page: Page): Promise<void> {
  await runCommand(page, 'Easel: Choose Model');
  // Away from the list, over which it would show a tip.
  await page.mouse.move(410, 470);
  await page.locator('.quick-input-list').getByText('SD-Turbo').first().waitFor();
  await page.waitForTimeout(500);
  const box = await page.locator('.quick-input-widget').boundingBox();
  if (!box) throw new Error('The list of models has no place.');
  await saveScreenshot(page, path.join(WALKTHROUGH, 'model.webp'), box);
}

/** The line of the document that links the image. */
function linkIn(page: Page): Locator {
  return page.locator('.view-line').filter({ hasText: PICTURE }).first();
}

runMain(() => takeScreenshots(options, take));
