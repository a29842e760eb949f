import { strict as assert } from 'node:assert';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, FrameLocator, Page } from 'playwright-core';
import { packageExtension, thisTarget } from '../../scripts/package.mjs';
import { openEditor, openFile, startBrowser } from '../../scripts/vscode/browser.mjs';
import { installVsCode } from '../../scripts/vscode/install.mjs';
import { startServer, type VsCodeServer } from '../../scripts/vscode/server.mjs';
import {
  dragOnPaper,
  draw,
  openStudio,
  showTab,
  sketchApple,
  studioReady,
} from '../../scripts/vscode/studio.mjs';
import { tempFolder } from '../support/temp-folder';

/** Few steps: these tests are about the studio, not about the picture. */
const SETTINGS = { 'easel.steps': 2 };
const WAIT = { timeout: 90_000 };
const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

interface AxeViolation {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly html: string }[];
}

describe('the studio in a real VS Code', function () {
  this.timeout(240_000);
  let server: VsCodeServer;
  let browser: Browser;
  let page: Page;
  let studio: FrameLocator;
  let workspace: string;

  before(async () => {
    installVsCode();
    // A package that was made already saves the time of making one.
    const vsix = process.env.EASEL_VSIX ?? (await packageExtension(thisTarget, tempFolder()));
    server = await startServer({ folder: tempFolder(), vsix, settings: SETTINGS });
    browser = await startBrowser();
    workspace = newWorkspace({ 'note.md': '# Note\n\n', 'other.md': '' });
    page = await openEditor(browser, server.open(workspace), { width: 1400, height: 900 });
    page.setDefaultTimeout(WAIT.timeout);
    await openFile(page, 'note.md');
    await page.keyboard.press('Control+End');
    studio = await openStudio(page);
  });
  after(async () => {
    await browser.close();
    await server.stop();
  });

  it('shows examples before the first picture', async () => {
    await studio.locator('.example').nth(2).waitFor();
    assert.equal(await studio.locator('.example').count(), 3);
    for (const image of await studio.locator('.example img').all()) {
      assert.ok(await image.evaluate((one: { naturalWidth: number }) => one.naturalWidth > 0));
    }
    assert.deepEqual(await violations(studio), []);
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
    const seeds = files.map((name) => Number(/^a-red-apple-(\d+)\.png$/.exec(name)?.[1])).sort();
    assert.deepEqual(seeds, [seeds[0]!, seeds[0]! + 1, seeds[0]! + 2]);
    const names = await studio
      .locator('.thumb')
      .evaluateAll((thumbs: { dataset: Record<string, string> }[]) =>
        thumbs.map(({ dataset }) => dataset.picture),
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
    await studio.getByRole('button', { name: 'Insert into note.md' }).first().click();
    const line = page
      .locator('.view-line')
      .filter({ hasText: '![a red apple](assets/a-red-apple' });
    await line.waitFor();
    await studio.locator('.note').filter({ hasText: 'Inserted into note.md.' }).waitFor();
  });

  it('is walked and drawn by keyboard', async () => {
    const first = studio.locator('.thumb').first();
    await first.focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await studio.locator('.thumb[aria-current=true]').waitFor();
    assert.equal(await studio.locator('.thumb').nth(1).getAttribute('aria-current'), 'true');
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
    const line = page
      .locator('.view-line')
      .filter({ hasText: '![a red apple](assets/a-red-apple' });
    assert.equal(await line.count(), 1, 'undo on the paper left the document alone');
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
    const steps = studio.getByRole('spinbutton', { name: 'Steps' });
    await steps.fill('900');
    await steps.press('Tab');
    await draw(studio, 'a slow apple');
    await studio.locator('.cell[data-state=preview]').waitFor();
    await draw(studio, 'a slower apple');
    await studio.locator('.progress-text').filter({ hasText: '1 more queued' }).waitFor();
    await studio.locator('.progress-text').filter({ hasText: 'Step ' }).waitFor();
    const prompt = studio.getByRole('textbox', { name: 'Prompt', exact: true });
    await prompt.press('Escape');
    await studio.locator('.note').filter({ hasText: 'Cancelled.' }).waitFor();
    await studio.locator('.progress-text').filter({ hasNotText: 'queued' }).waitFor();
    await prompt.press('Escape');
    await studio.locator('.running-job').waitFor({ state: 'hidden' });
    assert.equal(pictures(workspace).length, 4);
    await steps.fill('2');
    await steps.press('Tab');
  });

  it('comes back as it was after it was hidden, when the editor throws its page away', async () => {
    await showTab(studio, 'Sketch');
    await studio.getByRole('textbox', { name: 'Prompt', exact: true }).fill('to be continued');
    // The page keeps its state a moment after the last change.
    await page.waitForTimeout(1000);
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
    studio = await studioReady(page);
    await studio.locator('.thumb').nth(3).waitFor();
  });

  it('draws over one of its pictures', async () => {
    await studio.locator('.thumb').first().click();
    await studio.getByRole('button', { name: 'Use as sketch' }).first().click();
    const tab = studio.getByRole('tab', { name: 'Sketch', selected: true });
    await tab.waitFor();
    await studio.locator('.note').filter({ hasText: 'is on the sketch canvas' }).waitFor();
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

/** A model that is not there has no steps to tell, so the devices are what is waited for. */
async function openStudioWithoutModel(page: Page): Promise<FrameLocator> {
  const { runCommand } = await import('../../scripts/vscode/browser.mjs');
  const { studioFrame } = await import('../../scripts/vscode/studio.mjs');
  await runCommand(page, 'Easel: Open Studio');
  const studio = studioFrame(page);
  await studio.locator('.running').filter({ hasText: 'Running on' }).waitFor();
  return studio;
}

/** Waits until the paper shows that many marks. */
async function marks(studio: FrameLocator, count: number): Promise<void> {
  await studio.locator(`.paper[data-marks="${count}"]`).waitFor();
}

/** What axe-core finds wrong in the studio's page. */
async function violations(studio: FrameLocator): Promise<string[]> {
  const body = await studio.locator('body').elementHandle();
  const frame = await body.ownerFrame();
  assert.ok(frame, 'the studio has no frame');
  await frame.evaluate(AXE);
  const found: AxeViolation[] = await frame.evaluate(
    `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations)`,
  );
  return found.map(
    ({ id, help, nodes }) => `${id}: ${help}: ${nodes[0]?.html.slice(0, 120) ?? ''}`,
  );
}

function newWorkspace(files: Readonly<Record<string, string>>): string {
  const folder = path.join(tempFolder(), 'workspace');
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  return folder;
}

function pictures(workspace: string): string[] {
  const folder = path.join(workspace, 'assets');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.png'))
    .sort();
}

async function until(what: string, test: () => boolean, ms = WAIT.timeout): Promise<void> {
  const deadline = Date.now() + ms;
  while (!test()) {
    assert.ok(Date.now() < deadline, `not within ${ms} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
