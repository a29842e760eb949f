// `npm run screenshots -- [--vsix FILE] [--output FOLDER]`: the studio's pictures for the README, taken from
// the packaged extension in a real VS Code, with pictures that the starter model draws meanwhile.
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { packageExtension, thisTarget } from './package.mjs';
import { installDependencies, root } from './setup.mjs';
import { openEditor, openFile, startBrowser } from './vscode/browser.mjs';
import { installVsCode } from './vscode/install.mjs';
import { startServer } from './vscode/server.mjs';
import { draw, openStudio, showTab, sketchApple, studioReady } from './vscode/studio.mjs';

/** The name of each picture, its theme, and what the stage shows. */
const SHOTS = [
  ['dark', 'Default Dark Modern', 'Result'],
  ['light', 'Default Light Modern', 'Sketch'],
  ['contrast', 'Default High Contrast', 'Result'],
];
/** What the filmstrip shows beside the sketched one. */
const PROMPTS = ['a hamburger', 'a fish', 'a smiling face', 'a tree', 'a strawberry'];
const NOTE = '# Orchard\n\nWhat we grow, and when it is ripe.\n\n## Apples\n\n';
/** The editor in a browser stores what its pages keep every five seconds. */
const STORE_MS = 7000;
const LIMIT_BYTES = 250_000;
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
  const workspace = path.join(folder, 'orchard');
  mkdirSync(workspace);
  writeFileSync(path.join(workspace, 'README.md'), NOTE);
  const settings = { 'editor.minimap.enabled': false, 'window.commandCenter': false };
  const server = await startServer({ folder: path.join(folder, 'profile'), vsix, settings });
  const browser = await startBrowser();
  try {
    const page = await openEditor(browser, server.open(workspace), { width: 1360, height: 850 });
    page.setDefaultTimeout(WAIT.timeout);
    await openFile(page, 'README.md');
    await page.keyboard.press('Control+End');
    await page.keyboard.press('Control+B');
    const studio = await openStudio(page);
    // The same seeds draw the same pictures, so that new ones differ only where Easel does.
    await fill(studio.locator('.seed'), '42');
    for (const [index, prompt] of PROMPTS.entries()) {
      await draw(studio, prompt);
      await studio.locator('.thumb').nth(index).waitFor(WAIT);
    }
    await sketchApple(page, studio);
    await fill(studio.getByRole('spinbutton', { name: 'Strength' }), '0.6');
    await draw(studio, 'a red apple', 3);
    await studio.locator('.cell[data-state=done]').nth(2).waitFor(WAIT);
    await studio.locator('.thumb').nth(PROMPTS.length + 2).waitFor(WAIT); // prettier-ignore
    await studio.getByRole('button', { name: 'Insert into README.md' }).first().click();
    await page.locator('.view-line').filter({ hasText: '![a red apple]' }).waitFor();
    for (const [name, theme, tab] of SHOTS) {
      await showTab(await chooseTheme(page, theme), tab);
      await take(page, `studio-${name}`);
    }
  } finally {
    await browser.close();
    await server.stop();
  }
}

async function fill(input, text) {
  await input.fill(text);
  await input.press('Tab');
}

/** A window takes its theme when it loads; the studio comes back by itself, as it was. */
async function chooseTheme(page, theme) {
  const file = path.join(folder, 'profile', 'data', 'User', 'settings.json');
  const settings = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify({ ...settings, 'workbench.colorTheme': theme }));
  await page.waitForTimeout(STORE_MS);
  await page.reload();
  await page.locator('.tab').filter({ hasText: 'Easel Studio' }).click();
  const studio = await studioReady(page);
  await studio.locator('.thumb').first().waitFor(WAIT);
  await studio.locator('.running').filter({ hasText: 'Running on' }).waitFor(WAIT);
  return studio;
}

/** Saves what the page shows, once it has come to rest, as small as the README needs it. */
async function take(page, name) {
  await page.mouse.move(5, 5);
  let shot = await page.screenshot();
  for (;;) {
    await page.waitForTimeout(1000);
    const next = await page.screenshot();
    if (next.equals(shot)) break;
    shot = next;
  }
  const bytes = await sharp(shot).webp({ quality: 90, effort: 6 }).toBuffer();
  if (bytes.length > LIMIT_BYTES) throw new Error(`${name} has ${bytes.length} bytes.`);
  mkdirSync(values.output, { recursive: true });
  const file = path.join(values.output, `${name}.webp`);
  writeFileSync(`${file}.tmp`, bytes);
  renameSync(`${file}.tmp`, file);
  console.log(`${path.relative(root, file)}: ${Math.round(bytes.length / 1000)} kB`);
}
