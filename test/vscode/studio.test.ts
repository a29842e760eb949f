import { strict as assert } from 'node:assert';
import { cpSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, FrameLocator, Page } from 'playwright-core';
import { openEditor, openFile, quickInput, startBrowser, tellFailures } from './driver/browser';
import { installVsCode } from './driver/install';
import { startServer, type VsCodeServer } from './driver/server';
import {
  chooseInMenu,
  dragIntoText,
  dragOnPaper,
  draw,
  giveToPaper,
  openStudio,
  openStudioWithoutModel,
  penOnPaper,
  setAdvanced,
  showTab,
  sketchApple,
  studioReady,
  takeTool,
} from './driver/studio';
import { readRecipe } from '../../src/core/recipe';
import { materialiseControl } from '../support/controlnets';
import { materialise } from '../support/fixture';
import { tempFolder } from '../support/temp-folder';
import { until } from '../support/until';
import { vsix } from './support/packaged';
import { marks, noted, thickness, thumb, violations } from './support/studio-checks';
import { newWorkspace, pictures } from './support/workspace-files';

/** A model outside the cache, which only the settings name. */
const OWN_MODEL = path.join(__dirname, '../../models/starter');

/** Few steps: these tests are about the studio, not about the picture. */
const SETTINGS = { 'easel.steps': 2, 'files.autoSave': 'afterDelay', 'files.autoSaveDelay': 100 };
const WAIT = { timeout: 90_000 };

describe('the studio in a real VS Code', function () {
  this.timeout(240_000);
  let server: VsCodeServer;
  let browser: Browser;
  let page: Page;
  let studio: FrameLocator;
  let workspace: string;

  before(async () => {
    installVsCode();
    server = await startServer({ folder: tempFolder(), vsix: await vsix(), settings: SETTINGS });
    browser = await startBrowser();
    workspace = newWorkspace({
      'note.md': '# Note\n\n',
      'other.md': '',
      '.vscode/settings.json': JSON.stringify({ 'easel.modelPaths': [OWN_MODEL] }),
    });
    page = await openEditor(browser, server.open(workspace), { width: 1600, height: 900 });
    page.setDefaultTimeout(WAIT.timeout);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await openFile(page, 'note.md');
    // The keys go to the document once it has the focus, which can be a while after its tab is there.
    await page.locator('.editor-instance .monaco-editor.focused').waitFor();
    await page.keyboard.press('Control+End');
    studio = await openStudio(page);
  });
  after(async () => {
    await browser.close();
    await server.stop();
  });
  tellFailures(() => browser);

  const linkInNote = () =>
    page.locator('.view-line').filter({ hasText: '![a red apple](assets/a-red-apple' });

  it('shows examples before the first picture', async () => {
    await studio.locator('.example').nth(2).waitFor();
    assert.equal(await studio.locator('.example').count(), 3);
    for (const image of await studio.locator('.example img').all()) {
      // Refuses when the file is missing or is no picture.
      await image.evaluate((one: { decode(): Promise<void> }) => one.decode());
    }
    assert.deepEqual(await violations(studio), []);
  });

  it('offers the models of easel.modelPaths', async () => {
    await studio.locator(`option[value="${OWN_MODEL}"]`).waitFor({ state: 'attached' });
  });

  it('makes three variations from a sketch drawn with the mouse', async () => {
    await sketchApple(page, studio);
    await marks(studio, 3);
    assert.deepEqual(await violations(studio), []);
    await draw(studio, 'a red apple', 3);
    await studio.locator('.thumb').nth(2).waitFor();
    await studio.locator('.cell[data-state=done]').nth(2).waitFor();
    const files = pictures(workspace);
    assert.equal(files.length, 3);
    const seeds = files.map((name) => {
      const recipe = readRecipe(readFileSync(path.join(workspace, 'assets', name)));
      return recipe?.request.seed ?? -1;
    });
    seeds.sort((a, b) => a - b);
    assert.deepEqual(seeds, [seeds[0]!, seeds[0]! + 1, seeds[0]! + 2]);
    const names = await studio
      .locator('.thumb')
      .evaluateAll((thumbs: { dataset: Record<string, string> }[]) =>
        thumbs.map(({ dataset }) => dataset.image),
      );
    assert.deepEqual(names.sort(), files);
    const captions = await studio.locator('.cell .caption').allTextContents();
    assert.deepEqual(
      captions,
      seeds.map((seed) => `seed ${seed}`),
    );
    assert.deepEqual(await violations(studio), []);
  });

  it('inserts into the document that it names', async () => {
    const insert = studio.getByRole('button', { name: 'Insert into note.md' }).first();
    await noted(studio, 'Inserted into note.md.', insert.click());
    await linkInNote().waitFor();
  });

  it('is walked and drawn by keyboard', async () => {
    // The document has the focus since it was inserted into; a click brings it back.
    await thumb(studio, 1).click();
    await thumb(studio, 1, '[aria-current=true]:focus').waitFor();
    await page.keyboard.press('ArrowRight');
    await thumb(studio, 2, ':focus').waitFor();
    await page.keyboard.press('Enter');
    await thumb(studio, 2, '[aria-current=true]').waitFor();
    await showTab(studio, 'Sketch');
    await studio.getByRole('button', { name: 'Shapes', exact: true }).press('Enter');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.press('Enter');
    await marks(studio, 4);
    await page.keyboard.press('Control+z');
    await marks(studio, 3);
    await page.keyboard.press('Control+Shift+z');
    await marks(studio, 4);
    assert.equal(await linkInNote().count(), 1, 'undo on the paper changed the document');
  });

  it('masks, and sends the mask along', async () => {
    await studio.getByRole('button', { name: /^Mask: / }).click();
    await dragOnPaper(page, studio, [[0.3, 0.5], [0.7, 0.6]]); // prettier-ignore
    await marks(studio, 5);
    await draw(studio, 'a blue apple', 1);
    await until('a fourth picture', () => pictures(workspace).length === 4);
    await studio.locator('.thumb').nth(3).waitFor();
  });

  it('queues a second drawing and says so, and Escape cancels each', async () => {
    await setAdvanced(studio, 'Steps', '900');
    await draw(studio, 'a slow apple');
    await studio.locator('.cell[data-state=preview]').waitFor();
    await draw(studio, 'a slower apple');
    await studio.locator('.progress-text').filter({ hasText: '1 more queued' }).waitFor();
    await studio.locator('.progress-text').filter({ hasText: 'Step ' }).waitFor();
    const prompt = studio.getByRole('textbox', { name: 'Prompt', exact: true });
    await noted(studio, 'Cancelled.', prompt.press('Escape'));
    await studio.locator('.progress-text').filter({ hasNotText: 'queued' }).waitFor();
    await prompt.press('Escape');
    await studio.locator('.running-job').waitFor({ state: 'hidden' });
    assert.equal(pictures(workspace).length, 4);
    await setAdvanced(studio, 'Steps', '2');
  });

  it('comes back as it was after it was hidden, when the editor throws its page away', async () => {
    await showTab(studio, 'Sketch');
    await studio.getByRole('textbox', { name: 'Prompt', exact: true }).fill('to be continued');
    await openFile(page, 'other.md');
    await page.locator('.tab').filter({ hasText: 'Easel Studio' }).click();
    studio = await studioReady(page);
    await studio.locator('.thumb').nth(3).waitFor();
    const prompt = studio.getByRole('textbox', { name: 'Prompt', exact: true });
    assert.equal(await prompt.inputValue(), 'to be continued');
    await marks(studio, 5);
    const tab = studio.getByRole('tab', { name: 'Sketch' });
    assert.equal(await tab.getAttribute('aria-selected'), 'true');
  });

  it('comes back by itself after the window is loaded again', async () => {
    await page.reload();
    // The editor stores its layout every few seconds only, and may have the other tab in front.
    await page.locator('.tab').filter({ hasText: 'Easel Studio' }).click();
    studio = await studioReady(page);
    await studio.locator('.thumb').nth(3).waitFor();
    await thumb(studio, 1, '[aria-current=true]').waitFor();
    await showTab(studio, 'Result');
    // Nobody has edited anything in this window yet, but a document is in sight.
    await studio.getByRole('button', { name: /^Insert into (note|other)\.md$/ }).first().waitFor(); // prettier-ignore
  });

  it('draws over one of its pictures', async () => {
    await studio.locator('.thumb').first().click();
    const use = studio.getByRole('button', { name: 'Use as sketch' }).first();
    await noted(studio, 'is on the sketch canvas', use.click());
    await studio.getByRole('tab', { name: 'Sketch', selected: true }).waitFor();
  });

  it('copies, takes over, saves elsewhere and deletes', async () => {
    await thumb(studio, 1).click();
    const does = (name: string) => studio.getByRole('button', { name, exact: true }).first();
    const prompt = studio.getByRole('textbox', { name: 'Prompt', exact: true });
    await noted(studio, 'Settings applied.', does('Reuse settings').click());
    await until('the prompt', async () => (await prompt.inputValue()) === 'a blue apple');
    const name = 'a-blue-apple.webp';
    assert.ok(pictures(workspace).includes(name), pictures(workspace).join());
    await noted(studio, 'Markdown copied.', does('Copy Markdown').click());
    const copied = await page.evaluate('navigator.clipboard.readText()');
    assert.equal(copied, `![a blue apple](assets/${name})`);
    await does('Save as…').click();
    const dialog = page.locator('.quick-input-widget');
    const row = dialog.locator('.monaco-list-row');
    // It takes another path once it lists the folder it began with, and the answer once it lists the other.
    await row.filter({ hasText: name }).waitFor();
    await quickInput(page).fill(path.join(workspace, 'copy.webp'));
    await row.filter({ hasText: 'assets' }).waitFor();
    const ok = dialog.getByRole('button', { name: 'OK', exact: true });
    await noted(studio, 'Saved as copy.webp.', ok.click());
    const bytes = readFileSync(path.join(workspace, 'assets', name));
    assert.deepEqual(readFileSync(path.join(workspace, 'copy.webp')), bytes);
    await does('Delete').click();
    const answer = page.locator('.monaco-dialog-box').getByRole('button', { name: 'Delete' });
    await noted(studio, 'Deleted', answer.click());
    assert.ok(!pictures(workspace).includes(name));
    await until('three thumbs', async () => (await studio.locator('.thumb').count()) === 3);
  });

  it('gives a picture to the document that it is dragged into', async () => {
    await dragIntoText(page, studio, 1, '# Note');
    const note = path.join(workspace, 'note.md');
    // Behind the end of a heading, an image is a paragraph of its own.
    const link = /^# Note\n\n!\[a red apple\]\(assets\/a-red-apple(-\d+)?\.webp\)$/m;
    await until('a link under the heading', () => link.test(readFileSync(note, 'utf8')));
  });

  it('takes pictures by button, drop and paste, and the pressure of a pen', async () => {
    await showTab(studio, 'Sketch');
    await studio.getByRole('button', { name: 'Clear the sketch' }).click();
    await marks(studio, 0);
    await studio.getByRole('slider', { name: 'Brush size' }).fill('60');
    await takeTool(studio, 'Pen', '#1b1b1f');
    await penOnPaper(page, studio, 0.3, 0.1);
    await penOnPaper(page, studio, 0.7, 1);
    await marks(studio, 2);
    const [light, hard] = [await thickness(studio, 0.3), await thickness(studio, 0.7)];
    assert.ok(light > 0 && hard > light * 1.5, `${light} and ${hard} pixels`);
    const file = path.join(__dirname, '../../media/icon.png');
    const asked = page.waitForEvent('filechooser');
    await studio.getByRole('button', { name: 'Import an image' }).click();
    await (await asked).setFiles(file);
    await marks(studio, 3);
    await giveToPaper(studio, 'drop', readFileSync(file));
    await marks(studio, 4);
    await giveToPaper(studio, 'paste', readFileSync(file));
    await marks(studio, 5);
  });

  it('says under an image what the starter may not know, and draws what is near it instead', async () => {
    const other = newWorkspace();
    const window = await openEditor(browser, server.open(other));
    window.setDefaultTimeout(WAIT.timeout);
    const own = await openStudio(window);
    await draw(own, 'a walrus on a beach');
    const line = own.getByRole('group', { name: 'What the starter may not know' });
    await line.getByText(/The starter (may|does) not know "walrus"/).waitFor();
    await line
      .getByRole('button', { name: /^Download .+ \(.+ GB, about .+ an image\)$/ })
      .waitFor();
    assert.deepEqual(await violations(own), []);
    const near = line.getByRole('button', { name: / instead$/ }).first();
    const thing = await near.innerText();
    await near.press('Enter');
    const prompt = own.getByRole('textbox', { name: 'Prompt', exact: true });
    await until('the prompt', async () => (await prompt.inputValue()) === `a ${thing} on a beach`);
    const name = `a-${thing.replaceAll(' ', '-')}-on-a-beach.webp`;
    await until('an image', () => pictures(other).includes(name));
    await own.locator('.cell[data-state=done]').waitFor();
    await line.waitFor({ state: 'hidden' });
    await window.context().close();
  });

  it('follows the lines of a sketch by a ControlNet of this machine, once more in a variation', async () => {
    const model = materialise('sd1');
    const shelf = tempFolder();
    const controlnet = path.join(shelf, 'tiny_scribble');
    cpSync(materialiseControl('lines'), controlnet, { recursive: true });
    const settings = { 'easel.modelPaths': [model, shelf], 'easel.model': model };
    const other = newWorkspace({ '.vscode/settings.json': JSON.stringify(settings) });
    const window = await openEditor(browser, server.open(other), { width: 1600, height: 900 });
    window.setDefaultTimeout(WAIT.timeout);
    const own = await openStudio(window);
    await showTab(own, 'Sketch');
    await takeTool(own, 'Pen');
    await dragOnPaper(window, own, [[0.2, 0.7], [0.5, 0.3], [0.8, 0.7]]); // prettier-ignore
    await own.getByText('Follow the lines', { exact: true }).click();
    await own.getByText('Follows the lines', { exact: true }).waitFor();
    await own.getByRole('spinbutton', { name: 'How closely' }).fill('0.6');
    await own.getByRole('spinbutton', { name: 'Strength' }).waitFor({ state: 'hidden' });
    assert.deepEqual(await violations(own), []);
    await draw(own, 'a roof');
    await until('an image', () => pictures(other).length === 1);
    await chooseInMenu(window, thumb(own, 1), 'Vary');
    await until('a variation', () => pictures(other).length === 2);
    for (const name of pictures(other)) {
      const request = readRecipe(readFileSync(path.join(other, 'assets', name)))?.request;
      assert.deepEqual(
        [request?.controlnets, request?.controlPreprocess, request?.controlnetConditioningScale],
        [[controlnet], ['scribble'], [0.6]],
      );
      assert.equal(request?.strength, undefined);
    }
    await window.context().close();
  });

  it('says where the picture would be what went wrong, with the button that mends it', async () => {
    const settings = JSON.stringify({ 'easel.model': '/nowhere/at/all' });
    const other = newWorkspace({ '.vscode/settings.json': settings });
    const window = await openEditor(browser, server.open(other));
    window.setDefaultTimeout(WAIT.timeout);
    const broken = await openStudioWithoutModel(window);
    await draw(broken, 'a red apple');
    await broken.locator('.failure').filter({ hasText: '/nowhere/at/all' }).waitFor();
    assert.deepEqual(await violations(broken), []);
    await broken.getByRole('button', { name: 'Use the starter model' }).click();
    await until('a picture', () => pictures(other).length === 1);
    await window.context().close();
  });
});
