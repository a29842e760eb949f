// `npm run screenshots -- [--vsix FILE] [--output FOLDER]`: the README's screenshots of the studio, taken from the
// packaged extension in a real VS Code, with images that the starter model draws meanwhile. With a folder, more of
// them: wide, beside a document and under a zoom of 200 %, in three themes.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { FrameLocator, Locator, Page } from 'playwright-core';
import { openFile } from '../../test/vscode/driver/browser';
import {
  draw,
  inSettings,
  openStudio,
  showTab,
  sketchApple,
  studioReady,
} from '../../test/vscode/driver/studio';
import { runMain } from '../steps';
import { saveScreenshot, takeScreenshots, WAIT, type Session } from './session';

/** The name of each theme in a file, and of its own. */
const THEMES = [
  ['dark', 'Default Dark Modern'],
  ['light', 'Default Light Modern'],
  ['contrast', 'Default High Contrast'],
] as const;
/**
 * The windows that the studio is shown in: beside a document with all its settings in sight; in 540 pixels, where
 * the settings are in a drawer; and the same under a zoom of 200 %, as CSS pixels.
 */
const WINDOWS = {
  wide: { width: 1440, height: 850 },
  beside: { width: 1136, height: 850 },
  zoom: { width: 568, height: 425 },
} as const;
type Window = keyof typeof WINDOWS;
/** What the README shows. */
const README = ['wide-dark', 'wide-sketch-light', 'wide-contrast', 'beside-dark'];
/** What the filmstrip shows beside the sketched one. */
const PROMPTS = ['a hamburger', 'a fish', 'a smiling face', 'a tree', 'a strawberry'];
const NOTE = '# Orchard\n\nWhat we grow, and when it is ripe.\n\n## Apples\n\n';
/** The editor in a browser stores what its pages keep every five seconds. */
const STORE_MS = 7000;

const options = {
  name: 'orchard',
  files: { 'README.md': NOTE },
  settings: { 'editor.minimap.enabled': false, 'window.commandCenter': false },
  viewport: WINDOWS.wide,
};

async function take({ page, userSettings, output, all }: Session): Promise<void> {
  await openFile(page, 'README.md');
  await page.keyboard.press('Control+End');
  await page.keyboard.press('Control+B');
  const studio = await openStudio(page);
  // The same seeds draw the same pictures, so that new ones differ only where Easel does.
  await fill(studio.getByRole('textbox', { name: 'Seed', exact: true }), '42');
  for (const [index, prompt] of PROMPTS.entries()) {
    await draw(studio, prompt);
    await studio.locator('.thumb').nth(index).waitFor(WAIT);
  }
  await sketchApple(page, studio);
  await draw(studio, 'a red apple', 3);
  await studio.locator('.cell[data-state=done]').nth(2).waitFor(WAIT);
  await studio
    .locator('.thumb')
    .nth(PROMPTS.length + 2)
    .waitFor(WAIT);
  await studio.getByRole('button', { name: 'Insert into README.md' }).first().click();
  await page.locator('.view-line').filter({ hasText: '![a red apple]' }).waitFor();
  for (const [name, theme] of THEMES) {
    const shown = await chooseTheme(page, userSettings, theme);
    const shoot = async (window: Window, what = '') => {
      const shot = `${window}${what}-${name}`;
      if (!all && !README.includes(shot)) return;
      await takeAtRest(page, path.join(output, `studio-${shot}.webp`));
    };
    for (const window of Object.keys(WINDOWS) as Window[]) {
      await page.setViewportSize(WINDOWS[window]);
      await showTab(shown, 'Sketch');
      await shoot(window, '-sketch');
      await showTab(shown, 'Result');
      await shoot(window);
      if (window !== 'wide') await inSettings(shown, () => shoot(window, '-more'));
    }
    await page.setViewportSize(WINDOWS.wide);
  }
}

async function fill(input: Locator, text: string): Promise<void> {
  await input.fill(text);
  await input.press('Tab');
}

/** A window takes its theme when it loads; the studio comes back by itself, as it was. */
async function chooseTheme(page: Page, userSettings: string, theme: string): Promise<FrameLocator> {
  const settings = JSON.parse(readFileSync(userSettings, 'utf8')) as Record<string, unknown>;
  writeFileSync(userSettings, JSON.stringify({ ...settings, 'workbench.colorTheme': theme }));
  await page.waitForTimeout(STORE_MS);
  await page.reload();
  await page.locator('.tab').filter({ hasText: 'Easel Studio' }).click();
  const studio = await studioReady(page);
  await studio.locator('.thumb').first().waitFor(WAIT);
  await studio.locator('.running').filter({ hasText: 'Running on' }).waitFor(WAIT);
  return studio;
}

/** Saves what the page shows, once it has come to rest. */
async function takeAtRest(page: Page, file: string): Promise<void> {
  await page.mouse.move(5, 5);
  let shot = await page.screenshot();
  for (;;) {
    await page.waitForTimeout(1000);
    const next = await page.screenshot();
    if (next.equals(shot)) break;
    shot = next;
  }
  await saveScreenshot(page, file);
}

runMain(() => takeScreenshots(options, take));
