// `npm run screenshots:editor -- [--vsix FILE] [--output FOLDER]`: the README's pictures of what Easel does where
// one writes, taken from the packaged extension in a real VS Code: the quick fix on a missing picture, and the
// hover over one that is there.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { openFile } from './vscode/browser.mjs';
import { saveScreenshot, takeScreenshots } from './vscode/screenshot.mjs';

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
await takeScreenshots(options, async ({ page, workspace, output }) => {
  const shoot = (name) => saveScreenshot(page, path.join(output, `${name}.webp`), CLIP);
  await page.keyboard.press('Control+B');
  await openFile(page, 'cake.md');
  await quickFix(page, workspace, shoot);
  await hover(page, shoot);
});

async function quickFix(page, workspace, shoot) {
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

async function hover(page, shoot) {
  await linkIn(page).hover({ position: { x: 60, y: 8 } });
  await page.locator('.monaco-hover').getByText('Draw Again').waitFor();
  await page.locator('.monaco-hover img').waitFor();
  await page.waitForTimeout(800);
  await shoot('hover');
}

/** The line of the document that links the picture. */
function linkIn(page) {
  return page.locator('.view-line').filter({ hasText: PICTURE }).first();
}
