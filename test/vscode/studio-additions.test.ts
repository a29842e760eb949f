import { strict as assert } from 'node:assert';
import { copyFileSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, FrameLocator, Page } from 'playwright-core';
import { openEditor, openFile, startBrowser } from './driver/browser';
import { installVsCode } from './driver/install';
import { startServer, type VsCodeServer } from './driver/server';
import { draw, dropFile, openStudio, studioReady } from './driver/studio';
import { readRecipe } from '../../src/core/recipe';
import { adapterFile, writeEncoder } from '../support/ip-adapters';
import { materialise } from '../support/fixture';
import { writeSmallLora } from '../support/small-lora';
import { tempFolder } from '../support/temp-folder';
import { until } from '../support/until';
import { vsix } from './support/packaged';
import { noted, violations } from './support/studio-checks';
import { newWorkspace, pictures } from './support/workspace-files';

const SETTINGS = { 'easel.steps': 2 };
const WAIT = { timeout: 90_000 };
const PICTURE = path.join(__dirname, '../../media/icon.png');

describe('what the menu Add control of the studio adds', function () {
  this.timeout(240_000);
  let server: VsCodeServer;
  let browser: Browser;
  let page: Page;
  let studio: FrameLocator;
  let workspace: string;
  const shelf = tempFolder();
  const ipAdapter = path.join(shelf, 'ip-adapter_plain.safetensors');
  const [ink, oil] = [path.join(shelf, 'ink.safetensors'), path.join(shelf, 'oil.safetensors')];

  before(async () => {
    const model = materialise('sd1');
    copyFileSync(adapterFile('sd1-plain'), ipAdapter);
    writeEncoder(path.join(shelf, 'image_encoder'));
    writeSmallLora(ink, { 'modelspec.title': 'Ink', 'modelspec.trigger_phrase': 'ink wash' });
    writeSmallLora(oil, { ss_tag_frequency: JSON.stringify({ a: { 'oil painting': 9 } }) });
    installVsCode();
    server = await startServer({ folder: tempFolder(), vsix: await vsix(), settings: SETTINGS });
    browser = await startBrowser();
    const settings = {
      'easel.modelPaths': [model, ipAdapter],
      'easel.loraPaths': [shelf],
      'easel.model': model,
    };
    workspace = newWorkspace({
      'note.md': '',
      '.vscode/settings.json': JSON.stringify(settings),
    });
    page = await openEditor(browser, server.open(workspace), { width: 1600, height: 1000 });
    page.setDefaultTimeout(WAIT.timeout);
    studio = await openStudio(page);
  });
  after(async () => {
    await browser.close();
    await server.stop();
  });

  const add = () => studio.getByRole('button', { name: 'Add control', exact: true });
  const card = (name: string) => studio.getByRole('group', { name, exact: true });
  const style = () => card('In the style of this picture');
  const drawn = () =>
    pictures(workspace).map(
      (name) => readRecipe(readFileSync(path.join(workspace, 'assets', name)))?.request,
    );

  it('is a place for a picture, which the keyboard opens and a drop fills', async () => {
    await add().press('Enter');
    const entry = studio.getByRole('menuitem', { name: 'Style of a picture' });
    await entry.waitFor();
    assert.deepEqual(await violations(studio), []);
    await page.keyboard.press('Enter');
    await style().getByRole('button', { name: 'Choose…' }).waitFor();
    await studio.locator('.added :focus').waitFor();
    const file = { name: 'text.png', type: 'image/png', bytes: Buffer.from('no picture') };
    await noted(studio, 'not an image', dropFile(studio, '.drop', file));
    assert.equal(await studio.locator('.drop-picture').isVisible(), false);
    const bytes = readFileSync(PICTURE);
    await dropFile(studio, '.drop', { name: 'icon.png', type: 'image/png', bytes });
    await style().getByRole('img', { name: 'Draws in the style of icon.png' }).waitFor();
    assert.equal(await studio.locator('.paper').getAttribute('data-marks'), '0');
    await style().getByRole('spinbutton', { name: 'How much it counts' }).fill('0.4');
    await style().getByRole('spinbutton', { name: 'How much it counts' }).press('Tab');
    assert.deepEqual(await violations(studio), []);
    await draw(studio, 'a boat');
    await until('an image', () => drawn().length === 1);
    assert.deepEqual(drawn()[0]?.ipAdapters, [ipAdapter]);
    assert.deepEqual(drawn()[0]?.ipAdapterScale, [0.4]);
  });

  it('is a list of LoRAs, each with a weight and its words', async () => {
    await add().click();
    await studio.getByRole('menuitem', { name: 'LoRA', exact: true }).click();
    const list = card('LoRAs');
    const more = list.getByRole('combobox', { name: 'Add a LoRA' });
    await more.selectOption({ label: 'Ink' });
    await more.selectOption({ label: 'oil' });
    await list.getByRole('spinbutton', { name: 'Ink', exact: true }).fill('0.6');
    await list.getByRole('spinbutton', { name: 'Ink', exact: true }).press('Tab');
    const prompt = studio.getByRole('textbox', { name: 'Prompt', exact: true });
    await list.getByRole('button', { name: 'ink wash' }).click();
    await until('the words', async () => (await prompt.inputValue()) === 'a boat, ink wash');
    await list.getByRole('button', { name: 'Remove the LoRA oil' }).click();
    await list.getByRole('spinbutton', { name: 'oil' }).waitFor({ state: 'hidden' });
    assert.deepEqual(await violations(studio), []);
    await prompt.press('Enter');
    await until('a second image', () => drawn().length === 2);
    const request = drawn().find((one) => one?.prompt === 'a boat, ink wash');
    assert.deepEqual(request?.loras, [{ path: ink, scale: 0.6 }]);
    assert.deepEqual(request.ipAdapters, [ipAdapter]);
  });

  it('comes back after the page was hidden, and goes where the model is one that takes none', async () => {
    await openFile(page, 'note.md');
    await page.locator('.tab').filter({ hasText: 'Easel Studio' }).click();
    studio = await studioReady(page);
    await style().getByRole('img', { name: 'Draws in the style of icon.png' }).waitFor();
    await card('LoRAs').getByRole('spinbutton', { name: 'Ink', exact: true }).waitFor();
    await studio.getByRole('combobox', { name: 'Model', exact: true }).selectOption('starter');
    await style().getByText('This model cannot follow the style of a picture.').waitFor();
    await card('LoRAs').getByText('This model takes no LoRAs.').first().waitFor();
    assert.deepEqual(await violations(studio), []);
    await draw(studio, 'a red apple');
    await until('a third image', () => drawn().length === 3);
    const request = drawn().find((one) => one?.prompt === 'a red apple');
    assert.deepEqual([request?.loras ?? [], request?.ipAdapters], [[], undefined]);
  });

  it('is removed by its button, and the menu says why it cannot be added then', async () => {
    await style().getByRole('button', { name: /^Remove: / }).click(); // prettier-ignore
    await style().waitFor({ state: 'hidden' });
    await add().press('Enter');
    const entry = studio.getByRole('menuitem', { name: 'Style of a picture' });
    await entry.getByText('This model cannot follow the style of a picture.').waitFor();
    assert.equal(await entry.getAttribute('aria-disabled'), 'true');
    await page.keyboard.press('Enter');
    assert.equal(await style().count(), 0);
    await page.keyboard.press('Escape');
    await entry.waitFor({ state: 'hidden' });
  });
});
