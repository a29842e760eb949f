// `node scripts/screenshots-editor.mjs [--vsix FILE] [--output FOLDER]`: the README's pictures of what Easel does
// where one writes, taken from the packaged extension in a real VS Code: the quick fix on a missing picture, and the
// hover over one that is there.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { packageExtension, thisTarget } from './package.mjs';
import { installDependencies, root } from './setup.mjs';
import { openEditor, openFile, startBrowser } from './vscode/browser.mjs';
import { installVsCode } from './vscode/install.mjs';
import { saveScreenshot } from './vscode/screenshot.mjs';
import { startServer } from './vscode/server.mjs';

const PICTURE = 'images/apple-256.png';
const PAGE = `# Apple cake

One cake, and a piece for a friend. Peel the fruit,
leave out what is green, and weigh the rest.

![a red apple](${PICTURE})

## What you need
`;
const SIZE = { width: 820, height: 480 };
/** Enough of the window to see where one is. */
const CLIP = { x: 0, y: 30, width: 820, height: 390 };
/** A busy machine draws slowly. */
const WAIT = { timeout: 180_000 };

const { values } = parseArgs({
  options: {
    vsix: { type: 'string' },
    output: { type: 'string', default: path.join(root, 'media', 'screenshots') },
  },
});
installDependencies();
installVsCode();
const folder = mkdtempSync(path.join(tmpdir(), 'easel-screenshots-'));
try {
  await takeAll(values.vsix ?? (await packageExtension(thisTarget, folder)));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function takeAll(vsix) {
  const workspace = path.join(folder, 'recipes');
  mkdirSync(workspace);
  writeFileSync(path.join(workspace, 'cake.md'), PAGE);
  const settings = {
    'editor.minimap.enabled': false,
    'editor.fontSize': 15,
    'editor.hover.delay': 100,
    'window.commandCenter': false,
    'workbench.activityBar.location': 'hidden',
    'breadcrumbs.enabled': false,
    'markdown.validate.enabled': true,
  };
  const server = await startServer({ folder: path.join(folder, 'profile'), vsix, settings });
  const browser = await startBrowser();
  try {
    const page = await openEditor(browser, server.open(workspace), SIZE);
    page.setDefaultTimeout(WAIT.timeout);
    await page.keyboard.press('Control+B');
    await openFile(page, 'cake.md');
    await quickFix(page, workspace);
    await hover(page);
  } finally {
    await browser.close();
    await server.stop();
  }
}

async function quickFix(page, workspace) {
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
  await shoot(page, 'quick-fix');
  await page.keyboard.press('Enter');
  while (!existsSync(path.join(workspace, PICTURE))) await page.waitForTimeout(200);
  await page.locator('.notification-toast').waitFor({ state: 'detached' });
}

async function hover(page) {
  await linkIn(page).hover({ position: { x: 60, y: 8 } });
  await page.locator('.monaco-hover').getByText('Draw Again').waitFor();
  await page.locator('.monaco-hover img').waitFor();
  await page.waitForTimeout(800);
  await shoot(page, 'hover');
}

/** The line of the document that links the picture. */
function linkIn(page) {
  return page.locator('.view-line').filter({ hasText: PICTURE }).first();
}

function shoot(page, name) {
  return saveScreenshot(page, path.join(values.output, `${name}.webp`), CLIP);
}
