// A Chromium that shows the VS Code of server.mjs.
import { chromium } from 'playwright-core';
import { findChromium } from './install.mjs';

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts a headless browser; close it when done. */
export function startBrowser() {
  return chromium.launch({ executablePath: findChromium(), headless: true, args: ARGUMENTS });
}

/** Opens a page of the editor and waits until it takes keys. */
export async function openEditor(browser, address, viewport = { width: 1280, height: 800 }) {
  const context = await browser.newContext({ viewport });
  const page = await context.newPage();
  await page.goto(address);
  await page.locator('.monaco-workbench .statusbar').waitFor({ timeout: 60_000 });
  return page;
}

/**
 * Runs a command by typing its name into the command palette. Commands of an extension can be missing
 * for a few seconds after the editor has started, so the palette is asked again.
 */
export async function runCommand(page, title, timeout = 30_000) {
  const deadline = Date.now() + timeout;
  const input = page.locator('.quick-input-widget .quick-input-box input');
  for (;;) {
    await page.keyboard.press('F1');
    await input.waitFor();
    await input.fill(`>${title}`);
    const row = page
      .locator('.quick-input-list .monaco-list-row')
      .filter({ hasText: title })
      .first();
    try {
      await row.waitFor({ timeout: 2000 });
      await row.click();
      return;
    } catch (thrown) {
      if (Date.now() > deadline) throw thrown;
      await page.keyboard.press('Escape');
    }
  }
}
