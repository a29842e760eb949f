import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, FrameLocator, Page } from 'playwright-core';
import { tryIntegers } from '../../src/engine/bytes/integer-trial';
import { readRecipe } from '../../src/core/recipe';
import { tempFolder } from '../support/temp-folder';
import { until } from '../support/until';
import { makeLarge, materialiseWide } from '../support/wide-model';
import {
  clearNotifications,
  generateImage,
  notification,
  openEditor,
  openFile,
  runCommand,
  startBrowser,
  tellFailures,
} from './driver/browser';
import { installVsCode } from './driver/install';
import { startServer, type VsCodeServer } from './driver/server';
import { draw, inSettings, openStudio } from './driver/studio';
import { vsix } from './support/packaged';
import { violations } from './support/studio-checks';
import { newWorkspace, pictures } from './support/workspace-files';

const WAIT = { timeout: 90_000 };

describe('images that are not exact, in a real VS Code', function () {
  this.timeout(240_000);
  let server: VsCodeServer | undefined;
  let browser: Browser | undefined;
  let page: Page;
  let studio: FrameLocator;
  let workspace: string;

  before(async function () {
    const { exact, fast } = await tryIntegers();
    // Then auto computes every model exactly.
    if (!exact || !fast) this.skip();
    installVsCode();
    const model = makeLarge(materialiseWide('sd1', 4));
    const settings = { 'easel.model': model, 'easel.modelPaths': [model], 'easel.steps': 3 };
    server = await startServer({ folder: tempFolder(), vsix: await vsix() });
    browser = await startBrowser();
    // The server takes settings of its machine, such as the model, from a workspace, not from the user.
    workspace = newWorkspace({
      'note.md': '# Note',
      'missing.md': '![a car](missing/car.png)\n![a bus](missing/bus.png)\n',
      '.vscode/settings.json': JSON.stringify(settings),
    });
    page = await openEditor(browser, server.open(workspace), { width: 1600, height: 900 });
    page.setDefaultTimeout(WAIT.timeout);
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });
  tellFailures(() => browser);

  const recipeOf = (name: string) => readRecipe(readFileSync(path.join(workspace, 'assets', name)));
  const recipes = () => pictures(workspace).map((name) => recipeOf(name)?.request);
  const precisions = () => recipes().map((request) => request?.precision);

  it('say so under them, and one click draws the exact one with the same seed', async () => {
    studio = await openStudio(page);
    await draw(studio, 'a boat');
    const line = studio.locator('.precision-line');
    await line.filter({ hasText: 'Computed in int8, nearly exact' }).waitFor();
    assert.deepEqual(await violations(studio), []);
    await line.getByRole('button', { name: 'Draw exactly' }).click();
    await studio.locator('.thumb').nth(1).waitFor();
    await line.waitFor({ state: 'hidden' });
    assert.deepEqual(precisions().sort(), ['full', 'int8']);
    const seeds = new Set(recipes().map((request) => request?.seed));
    assert.equal(seeds.size, 1);
    // The next image is drawn as before.
    assert.equal(await studio.getByLabel('Precision').inputValue(), 'auto');
  });

  it('are not offered where exact ones are asked for', async () => {
    await inSettings(studio, async () => {
      const advanced = studio.getByText('Advanced', { exact: true });
      if (!(await studio.getByLabel('Precision').isVisible())) await advanced.click();
      const choices = await studio.getByLabel('Precision').locator('option').allTextContents();
      assert.deepEqual(choices, ['Automatic (int8)', 'Full: exact', 'int8: faster, nearly exact']);
      assert.deepEqual(await violations(studio), []);
      await studio.getByLabel('Speed', { exact: true }).selectOption('exact');
    });
    await draw(studio, 'a fish');
    await studio.locator('.thumb').nth(2).waitFor();
    assert.ok(await studio.locator('.precision-line').isHidden());
    const [fish] = recipes().filter((request) => request?.prompt === 'a fish');
    assert.equal(fish?.precision, 'full');
  });

  it('are offered after Generate Image by a button', async () => {
    const before = pictures(workspace).length;
    await generateImage(page, 'a tree');
    // The notice follows it. On a busy machine, drawing takes longer than a notice is waited for.
    await until('the image', () => Promise.resolve(pictures(workspace).length === before + 1));
    const notice = await notification(page, 'This image was computed in int8');
    await notice.getByRole('button', { name: 'Draw Exactly' }).click();
    await until('the exact image', () =>
      Promise.resolve(pictures(workspace).length === before + 2),
    );
    const trees = recipes().filter((request) => request?.prompt === 'a tree');
    assert.deepEqual(trees.map((request) => request?.precision).sort(), ['full', 'int8']);
    assert.equal(new Set(trees.map((request) => request?.seed)).size, 1);
  });

  it('are said once after Draw All Missing Images, and a button draws the exact ones over them', async () => {
    await clearNotifications(page);
    const missing = ['car', 'bus'].map((name) => path.join(workspace, 'missing', `${name}.png`));
    const requests = () => missing.map((file) => readRecipe(readFileSync(file))?.request);
    await openFile(page, 'missing.md');
    await runCommand(page, 'Easel: Draw All Missing Images');
    await page
      .locator('.quick-input-list .monaco-list-row')
      .filter({ hasText: 'This file' })
      .click();
    const notice = await notification(page, '2 images were computed in int8');
    const first = requests();
    assert.deepEqual(
      first.map((request) => request?.precision),
      ['int8', 'int8'],
    );
    await notice.getByRole('button', { name: 'Draw Exactly' }).click();
    await notification(page, 'Images drawn exactly: 2');
    const exact = requests();
    assert.deepEqual(
      exact.map((request) => request?.precision),
      ['full', 'full'],
    );
    assert.deepEqual(
      exact.map((request) => request?.seed),
      first.map((request) => request?.seed),
    );
    const about = page.locator('.notification-list-item').filter({ hasText: 'computed in int8' });
    assert.equal(await about.count(), 0, 'nothing is said of exact images');
  });

  it('are offered after Vary, where the recipe is in int8', async () => {
    await clearNotifications(page);
    const before = pictures(workspace);
    const file = before.find((name) => recipeOf(name)?.request.precision === 'int8');
    assert.ok(file);
    await openFile(page, 'note.md');
    await page.keyboard.press('Control+A');
    await page.keyboard.type(`![a tree](assets/${file})`);
    await runCommand(page, 'Show or Focus Hover');
    await page.locator('.monaco-hover').getByText('Vary').click();
    const notice = await notification(page, 'This image was computed in int8');
    const [varied] = pictures(workspace).filter((name) => !before.includes(name));
    await notice.getByRole('button', { name: 'Draw Exactly' }).click();
    await until('the exact image', () =>
      Promise.resolve(pictures(workspace).length === before.length + 2),
    );
    const made = pictures(workspace).filter((name) => !before.includes(name));
    const requests = made.map((name) => recipeOf(name)?.request);
    assert.deepEqual(requests.map((request) => request?.precision).sort(), ['full', 'int8']);
    assert.equal(new Set(requests.map((request) => request?.seed)).size, 1);
    const exact = made.find((name) => name !== varied) ?? '';
    await page.locator('.view-line').filter({ hasText: exact }).waitFor();
  });
});
