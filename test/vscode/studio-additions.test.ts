import { strict as assert } from 'node:assert';
import { copyFileSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { FrameLocator, Page } from 'playwright-core';
import { openFile, tellFailures } from './driver/browser';
import { draw, dropFile, openStudio, studioReady } from './driver/studio';
import { readRecipe } from '../../src/core/recipe';
import { adapterFile, writeEncoder } from '../support/ip-adapters';
import { materialise } from '../support/fixture';
import { writeSmallLora } from '../support/small-lora';
import { tempFolder } from '../support/temp-folder';
import { materialiseUpscaler } from '../support/upscalers';
import { until } from '../support/until';
import { openWindow, type EditorWindow } from './support/editor-window';
import { noted, thumb, violations } from './support/studio-checks';
import { pictures } from './support/workspace-files';

const SETTINGS = { 'easel.steps': 2 };
const PICTURE = path.join(__dirname, '../../media/icon.png');

describe('what the menu Add control of the studio adds', function () {
  this.timeout(240_000);
  let editor: EditorWindow;
  let page: Page;
  let studio: FrameLocator;
  let workspace: string;
  let [model, xl, refiner, upscaler] = ['', '', '', ''];
  const shelf = tempFolder();
  const ipAdapter = path.join(shelf, 'ip-adapter_plain.safetensors');
  const [ink, oil] = [path.join(shelf, 'ink.safetensors'), path.join(shelf, 'oil.safetensors')];

  before(async () => {
    model = materialise('sd1');
    xl = materialise('sdxl');
    refiner = materialise('sdxl-refiner');
    upscaler = materialiseUpscaler('compact-x2', { file: 'crisp.safetensors' });
    copyFileSync(adapterFile('sd1-plain'), ipAdapter);
    writeEncoder(path.join(shelf, 'image_encoder'));
    writeSmallLora(ink, { 'modelspec.title': 'Ink', 'modelspec.trigger_phrase': 'ink wash' });
    writeSmallLora(oil, { ss_tag_frequency: JSON.stringify({ a: { 'oil painting': 9 } }) });
    const own = {
      'easel.modelPaths': [model, xl, refiner, ipAdapter, upscaler],
      'easel.loraPaths': [shelf],
      'easel.model': model,
    };
    const size = { width: 1600, height: 1000 };
    editor = await openWindow({ 'note.md': '' }, { settings: SETTINGS, own, size });
    ({ page, workspace } = editor);
    studio = await openStudio(page);
  });
  after(async () => {
    await editor.close();
  });
  tellFailures(() => editor.page.context().browser());

  const add = () => studio.getByRole('button', { name: 'Add control', exact: true });
  const card = (name: string) => studio.getByRole('group', { name, exact: true });
  const style = () => card('In the style of this picture');
  const choose = (name: string) =>
    studio.getByRole('combobox', { name: 'Model', exact: true }).selectOption(name);
  const addCard = async (name: string) => {
    await add().press('Enter');
    await studio.getByRole('menuitem', { name }).press('Enter');
    await card(name).waitFor();
    await studio.locator('.added :focus').waitFor();
  };
  const layers = () =>
    card('Structure guidance (PAG)').getByRole('textbox', { name: 'Layers', exact: true });
  const slider = (group: string, name: string) => card(group).getByRole('spinbutton', { name });
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

  const FIELD_CARDS = [
    ...['Sharpen with details', 'Seamless texture', 'Small variations'],
    ...['Structure guidance (PAG)', 'FreeU', 'Guidance rescale', 'Clip skip'],
  ];

  it('is a card for other fields of a request, each with what is usual', async () => {
    await choose(model);
    await card('LoRAs').getByRole('button', { name: 'Remove: LoRAs' }).click();
    for (const name of FIELD_CARDS) assert.equal(await card(name).isVisible(), false, name);
    for (const name of FIELD_CARDS) await addCard(name);
    assert.deepEqual(await violations(studio), []);
    await card('Seamless texture').getByText('Sideways').click();
    await slider('Sharpen with details', 'Times as large').fill('1.5');
    await slider('Sharpen with details', 'Times as large').press('Tab');
    await card('Sharpen with details').getByText('The image becomes 96 × 96 pixels.').waitFor();
    const by = card('Sharpen with details').getByRole('combobox', { name: 'Enlarged by' });
    assert.equal(await by.inputValue(), 'latent');
    await by.selectOption({ label: 'crisp' });
    await layers().fill('mid, down_blocks.0');
    await layers().press('Tab');
    await slider('Structure guidance (PAG)', 'PAG scale').fill('2');
    await slider('Structure guidance (PAG)', 'PAG scale').press('Tab');
    await slider('FreeU', 'Features 2').fill('1.3');
    await slider('FreeU', 'Features 2').press('Tab');
    await card('Small variations').getByRole('textbox', { name: 'Variation seed' }).fill('77');
    await card('Small variations').getByRole('textbox', { name: 'Variation seed' }).press('Tab');
    await draw(studio, 'a tiled floor');
    await until('a fourth image', () => drawn().length === 4);
    assertDrawnWithCards('a tiled floor', 77);
  });

  /** That an image was drawn with all of the cards. */
  function assertDrawnWithCards(prompt: string, variationSeed: number): void {
    const request = drawn().find((one) => one?.prompt === prompt);
    assert.deepEqual(request?.hires, { scale: 1.5, strength: 0.7, upscaler: 'latent' });
    assert.equal(request.seamless, 'x');
    assert.equal(request.variationStrength, 0.2);
    assert.equal(request.variationSeed, variationSeed);
    assert.equal(request.hiresUpscaler, upscaler);
    assert.equal(request.pagScale, 2);
    assert.deepEqual(request.pagAppliedLayers, ['mid', 'down_blocks.0']);
    assert.deepEqual(request.freeu, { s1: 0.9, s2: 0.2, b1: 1.5, b2: 1.3 });
    assert.equal(request.guidanceRescale, 0.7);
    assert.equal(request.clipSkip, 1);
  }

  async function removeCards(): Promise<void> {
    for (const name of FIELD_CARDS) {
      await card(name).getByRole('button', { name: /^Remove: / }).click(); // prettier-ignore
    }
  }

  it('is said to be for other models in the menu, and comes back with the settings of an image', async () => {
    await add().press('Enter');
    const entry = studio.getByRole('menuitem', { name: 'Refiner' });
    await entry.getByText('Only models of Stable Diffusion XL have refiners.').waitFor();
    assert.equal(await entry.getAttribute('aria-disabled'), 'true');
    await page.keyboard.press('Escape');
    await removeCards();
    await draw(studio, 'a plain floor');
    await until('a fifth image', () => drawn().length === 5);
    // The strip shows it a moment later, and then the one with the cards is the second.
    await thumb(studio, 5).waitFor();
    const plain = drawn().find((one) => one?.prompt === 'a plain floor');
    assert.deepEqual([plain?.hires, plain?.seamless, plain?.pagScale], [undefined, undefined, undefined]); // prettier-ignore
    await thumb(studio, 2).click();
    await studio.getByRole('button', { name: 'Reuse settings' }).first().click();
    for (const name of FIELD_CARDS) await card(name).waitFor();
    assert.equal(await slider('Structure guidance (PAG)', 'PAG scale').inputValue(), '2');
    assert.equal(await slider('FreeU', 'Features 2').inputValue(), '1.3');
    assert.equal(await layers().inputValue(), 'mid, down_blocks.0');
    assert.equal(await studio.locator('.kept').isVisible(), false);
    await openFile(page, 'note.md');
    await page.locator('.tab').filter({ hasText: 'Easel Studio' }).click();
    studio = await studioReady(page);
    for (const name of FIELD_CARDS) await card(name).waitFor();
    await draw(studio, 'another floor');
    await until('a sixth image', () => drawn().length === 6);
    assertDrawnWithCards('another floor', 77);
  });

  it('is a refiner of this machine and a second prompt, for models of SDXL', async () => {
    await removeCards();
    await choose(xl);
    await addCard('Refiner');
    await addCard('Second prompt');
    const second = card('Second prompt').getByRole('textbox', { name: 'Second prompt' });
    await second.fill('in oil');
    const which = card('Refiner').getByRole('combobox', { name: 'Refiner' });
    assert.equal(await which.inputValue(), refiner);
    await slider('Refiner', 'Takes over at').fill('0.5');
    await slider('Refiner', 'Takes over at').press('Tab');
    await card('Refiner').getByRole('spinbutton', { name: 'Aesthetic score', exact: true }).fill('8'); // prettier-ignore
    await page.keyboard.press('Tab');
    assert.deepEqual(await violations(studio), []);
    await draw(studio, 'a tower');
    await until('a seventh image', () => drawn().length === 7);
    const request = drawn().find((one) => one?.prompt === 'a tower');
    assert.deepEqual([request?.refiner, request?.denoisingEnd], [refiner, 0.5]);
    assert.deepEqual([request?.aestheticScore, request?.negativeAestheticScore], [8, undefined]);
    assert.equal(request?.prompt2, 'in oil');
    await choose(model);
    await card('Refiner').getByText('Only models of Stable Diffusion XL have refiners.').waitFor();
    await draw(studio, 'a small tower');
    await until('an eighth image', () => drawn().length === 8);
    const small = drawn().find((one) => one?.prompt === 'a small tower');
    assert.deepEqual([small?.refiner, small?.denoisingEnd, small?.prompt2], [undefined, undefined, undefined]); // prettier-ignore
  });
});
