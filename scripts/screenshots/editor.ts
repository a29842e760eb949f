// `npm run screenshots:editor -- [--vsix FILE] [--output FOLDER]`: the README's screenshots of the text editor,
// taken from the packaged extension in a real VS Code: the quick fix on a missing image, and the hover over an
// existing one.
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { openFile } from '../../test/vscode/driver/browser';
import { runMain } from '../steps';
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
type Shoot = (name: string) => Promise<void>;

async function take({ page, workspace, output }: Session): Promise<void> {
  const shoot: Shoot = (name) => saveScreenshot(page, path.join(output, `${name}.webp`), CLIP);
  await page.keyboard.press('Control+B');
  await openFile(page, 'cake.md');
  await quickFix(page, workspace, shoot);
  await hover(page, shoot);
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
  await shoot('quick-fix');
  await page.keyboard.press('Enter');
  while (!existsSync(path.join(workspace, PICTURE))) await page.waitForTimeout(200);
  await page.locator('.notification-toast').waitFor({ state: 'detached' });
}

async function hover(page: Page, shoot: Shoot): Promise<void> {
  await linkIn(page).hover({ position: { x: 60, y: 8 } });
  await page.locator('.monaco-hover').getByText('Draw Again').waitFor();
  await page.locator('.monaco-hover img').waitFor();
  await page.waitForTimeout(800);
  await shoot('hover');
}

/** The line of the document that links the image. */
function linkIn(page: Page): Locator {
  return page.locator('.view-line').filter({ hasText: PICTURE }).first();
}

runMain(() => takeScreenshots(options, take));
