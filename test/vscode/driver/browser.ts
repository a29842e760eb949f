// A Chromium that shows the VS Code of server.ts.
import { chromium, type Browser, type Frame, type Locator, type Page } from 'playwright-core';
import { until } from '../../support/until';
import { findChromium } from './install';

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const PATIENCE_MS = 120_000;

/** Starts a headless browser; close it when done. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: findChromium(), headless: true, args: ARGUMENTS });
}

/** Opens a page of the editor and waits until it takes keys. */
export async function openEditor(
  browser: Browser,
  address: string,
  viewport = { width: 1280, height: 800 },
): Promise<Page> {
  const context = await browser.newContext({ viewport });
  // A busy machine takes long to start an editor, and is not at fault for it.
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  await page.goto(address);
  await page.locator('.monaco-workbench .statusbar').waitFor();
  return page;
}

/**
 * Has each test of a suite that fails write what its browser shows.
 * @param find the browser, where it has started
 */
export function tellFailures(find: () => Browser | null | undefined): void {
  afterEach(async function () {
    const browser = find();
    if (browser && this.currentTest?.isFailed()) await tellWhatIsShown(browser);
  });
}

/** Writes what each page of a browser shows: what asks, what is told, what takes keys, and what webviews say. */
async function tellWhatIsShown(browser: Browser): Promise<void> {
  for (const page of browser.contexts().flatMap((context) => context.pages())) {
    const texts = (selector: string) => page.locator(`${selector}:visible`).allInnerTexts();
    const focused = page.locator(':focus').first();
    const webviews = page.frames().filter((frame) => frame.name() === 'active-frame');
    const textOf = (frame: Frame) =>
      frame
        .locator('body')
        .innerText({ timeout: 1000 })
        .catch(() => 'no answer');
    const shown = {
      tabs: await texts('.tab'),
      quickInput: await texts('.quick-input-widget'),
      dialogs: await texts('.monaco-dialog-box'),
      notifications: await texts('.notification-list-item'),
      focus: await focused.getAttribute('class', { timeout: 1000 }).catch(() => undefined),
      webviews: await Promise.all(webviews.map(textOf)),
    };
    console.log(JSON.stringify(shown, undefined, 2));
  }
}

/** The quick input's box, whatever asks there. */
export function quickInput(page: Page): Locator {
  return page.locator('.quick-input-widget .quick-input-box input');
}

/**
 * Runs a command by typing its name into the command palette. Commands of an extension can be missing
 * for a few seconds after the editor has started, so the palette is asked again.
 */
export function runCommand(page: Page, title: string, timeout = PATIENCE_MS): Promise<void> {
  return pickRow(page, 'F1', `>${title}`, title, timeout);
}

/**
 * Types an answer into the box with this title, or leaves what is there, and takes it with Enter. A key that a busy
 * editor gets before the box listens is lost: then it is typed again.
 */
export async function answer(page: Page, title: string, text?: string): Promise<void> {
  const asked = page.locator('.quick-input-title').filter({ hasText: title });
  await asked.waitFor();
  const box = quickInput(page);
  if (text !== undefined) {
    await until(`"${text}" in ${title}`, async () => {
      await box.fill('');
      await box.pressSequentially(text);
      return (await box.inputValue()) === text;
    });
  }
  await until(`an answer to ${title}`, async () => {
    await box.press('Enter', { timeout: 3000 }).catch(() => undefined);
    return asked.waitFor({ state: 'hidden', timeout: 5000 }).then(
      () => true,
      () => false,
    );
  });
}

/** Draws from the command palette. */
export async function generateImage(page: Page, prompt: string): Promise<void> {
  await runCommand(page, 'Easel: Generate Image');
  await answer(page, 'Generate Image', prompt);
}

/** Opens a text file of the workspace by typing its name, and waits until the editor takes keys. */
export async function openFile(page: Page, name: string, timeout = PATIENCE_MS): Promise<void> {
  await pickRow(page, 'Control+P', name, name, timeout);
  await page.locator('.tab.active').filter({ hasText: name }).waitFor();
  await page.locator('.editor-group-container.active .monaco-editor.focused').waitFor();
}

/**
 * The notification with this text, once it is in sight. The editor shows at most three new ones in 0.8
 * seconds, to keep an extension from flooding the window; a test is that fast, and so is a fast machine.
 * What it did not show is in the notification centre, which is opened after a while.
 */
export async function notification(page: Page, text: string): Promise<Locator> {
  const item = page.locator('.notification-list-item').filter({ hasText: text }).first();
  const seen = (timeout: number) =>
    item.waitFor({ timeout }).then(
      () => true,
      () => false,
    );
  if (!(await seen(5000))) {
    await runCommand(page, 'Notifications: Show Notifications');
    await item.waitFor();
  }
  return item;
}

/** Closes all notifications, and the notification centre. */
export function clearNotifications(page: Page): Promise<void> {
  return runCommand(page, 'Notifications: Clear All Notifications');
}

async function pickRow(
  page: Page,
  key: string,
  text: string,
  wanted: string,
  timeout: number,
): Promise<void> {
  const rows = page.locator('.quick-input-list .monaco-list-row');
  const deadline = Date.now() + timeout;
  for (;;) {
    try {
      await page.keyboard.press(key);
      await quickInput(page).waitFor({ timeout: 3000 });
      await quickInput(page).fill(text, { timeout: 3000 });
      await rows.filter({ hasText: wanted }).first().click({ timeout: 3000 });
      return;
    } catch (thrown) {
      if (Date.now() > deadline) throw thrown;
      await page.keyboard.press('Escape');
    }
  }
}
