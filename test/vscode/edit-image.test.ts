import { strict as assert } from 'node:assert';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { answer, openEditor, quickInput, startBrowser, tellFailures } from './driver/browser';
import { requirePassed, runHostTests } from './driver/host-tests';
import { installVsCode } from './driver/install';
import { startServer, type VsCodeServer } from './driver/server';
import { readRecipe } from '../../src/core/recipe';
import { materialise, pictureBytes } from '../support/fixture';
import { tempFolder } from '../support/temp-folder';
import { until } from '../support/until';
import { vsix } from './support/packaged';
import { newWorkspace } from './support/workspace-files';

/** Few steps: these tests are about the editor, not about the picture. */
const SETTINGS = { 'easel.steps': 2 };

describe('Edit Image in a real VS Code', function () {
  this.timeout(600_000);
  let model: string;
  /** The server takes settings of its machine, such as the models, from a workspace, not from the user. */
  let own: string;
  before(async () => {
    installVsCode();
    await vsix();
    model = materialise('sd-edit');
    own = JSON.stringify({ 'easel.modelPaths': [model] });
  });

  it('passes its suite inside the extension host', async () => {
    const { tests } = await runHostTests({
      vsix: await vsix(),
      suites: [path.join(__dirname, 'host', 'edit-image.suite.ts')],
      workspace: newWorkspace({ '.vscode/settings.json': own }),
      folder: tempFolder(),
      settings: SETTINGS,
      env: { EASEL_TEST_EDITING_MODEL: model },
    });
    requirePassed(tests);
  });

  describe('from the explorer', () => {
    let server: VsCodeServer;
    let browser: Browser;
    before(async () => {
      server = await startServer({ folder: tempFolder(), vsix: await vsix(), settings: SETTINGS });
      browser = await startBrowser();
    });
    after(async () => {
      await browser.close();
      await server.stop();
    });
    tellFailures(() => browser);

    it('is in the menu of an image, says what a model does with the words, and asks for them', async () => {
      const workspace = newWorkspace({ '.vscode/settings.json': own });
      const original = pictureBytes('sketch.png');
      writeFileSync(path.join(workspace, 'house.png'), original);
      const page = await openEditor(browser, server.open(workspace));
      await chooseInMenu(page, 'house.png', 'Edit Image…');
      const rows = page.locator('.quick-input-list .monaco-list-row');
      await rows.filter({ hasText: 'Follows the words less' }).waitFor();
      await photograph(page, 'edit-model');
      await rows.filter({ hasText: path.basename(model) }).click();
      await page.locator('.quick-input-title').filter({ hasText: 'Edit house.png' }).waitFor();
      assert.match(
        (await quickInput(page).getAttribute('placeholder')) ?? '',
        /^What should change/,
      );
      await photograph(page, 'edit-words');
      await answer(page, 'Edit house.png', 'make it snow');
      const file = path.join(workspace, 'house-2.png');
      await page.locator('.tab').filter({ hasText: 'house-2.png' }).waitFor();
      await until('the image', () => readRecipe(readFileSync(file)) !== undefined);
      const request = readRecipe(readFileSync(file))?.request;
      assert.deepEqual([request?.prompt, request?.model], ['make it snow', model]);
      assert.deepEqual(new Uint8Array(readFileSync(path.join(workspace, 'house.png'))), original);
      await page.context().close();
    });
  });
});

/** A menu closes when its tree is drawn anew, so it is opened until its entry was clicked. */
async function chooseInMenu(page: Page, file: string, entry: string): Promise<void> {
  const row = page.locator('.explorer-folders-view .monaco-list-row').filter({ hasText: file });
  await row.waitFor();
  const item = (text: string) =>
    page.locator('.monaco-menu .action-item').filter({ hasText: text }).last();
  const isAsked = () => page.locator('.quick-input-widget').isVisible();
  await until(`${entry} in the menu`, async () => {
    if (await isAsked()) return true;
    const click = async () => {
      await row.click({ button: 'right', timeout: 2000 });
      await item('Easel').hover({ timeout: 2000 });
      await item(entry).waitFor({ timeout: 2000 });
      await photograph(page, 'edit-menu');
      await item(entry).click({ timeout: 2000 });
      await page.locator('.quick-input-widget').waitFor({ timeout: 5000 });
    };
    await click().catch(() => page.keyboard.press('Escape'));
    return isAsked();
  });
}

/** Takes a screenshot where EASEL_TEST_PICTURES names a folder. */
async function photograph(page: Page, name: string): Promise<void> {
  const folder = process.env.EASEL_TEST_PICTURES;
  if (!folder) return;
  await page.screenshot({ path: path.join(folder, `${name}.png`), animations: 'disabled' });
}
