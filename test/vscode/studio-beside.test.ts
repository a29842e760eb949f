// The studio beside a document, as it is mostly used: in half of a window of 1280 pixels, and under a zoom of 200 %.
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { FrameLocator, Page } from 'playwright-core';
import { openFile, runCommand, tellFailures } from './driver/browser';
import {
  chooseInMenu,
  draw,
  inSettings,
  menuOf,
  openStudio,
  setAdvanced,
  showTab,
  sketchApple,
  studioReady,
} from './driver/studio';
import { until } from '../support/until';
import { openWindow, type EditorWindow } from './support/editor-window';
import { marks, noted, outOfSight, thumb, violations } from './support/studio-checks';
import { pictures } from './support/workspace-files';

const SETTINGS = { 'easel.steps': 2, 'files.autoSave': 'afterDelay', 'files.autoSaveDelay': 100 };
const WINDOW = { width: 1280, height: 800 };
/** As CSS pixels of the same window under a zoom of 200 %. */
const ZOOMED = { width: 640, height: 400 };
/** What is in sight at all times. */
const ALWAYS = ['.stage', '.prompt', '.draw', '.more-button'];
const RESULT = '.cell[data-state=done] .frame';

describe('the studio beside a document', function () {
  this.timeout(240_000);
  let editor: EditorWindow;
  let page: Page;
  let studio: FrameLocator;
  let workspace: string;

  before(async () => {
    const files = { 'note.md': '# Note\n\n', 'plain.txt': 'Words.\n' };
    editor = await openWindow(files, { settings: SETTINGS, size: WINDOW });
    ({ page, workspace } = editor);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await openFile(page, 'note.md');
    studio = await openStudio(page);
  });
  after(async () => {
    await editor.close();
  });
  tellFailures(() => editor.page.context().browser());

  const prompt = () => studio.getByRole('textbox', { name: 'Prompt', exact: true });
  const more = () => studio.getByRole('button', { name: 'More', exact: true });
  const drawn = (count: number) =>
    until(`${count} images`, async () => (await studio.locator('.thumb').count()) === count);

  /** Resizes the window, and waits until the studio has its new size. */
  async function resize(size: typeof WINDOW): Promise<void> {
    const width = () => studio.locator('body').evaluate((body: { clientWidth: number }) => body.clientWidth); // prettier-ignore
    const before = await width();
    await page.setViewportSize(size);
    await until('the new size', async () => (await width()) !== before);
  }

  it('has the stage and the prompt in sight before the first drawing, and does not scroll', async () => {
    await studio.locator('.example').nth(2).waitFor();
    const shown = [...ALWAYS, '.example:nth-child(1) img', '.example:nth-child(3) img'];
    assert.deepEqual(await outOfSight(studio, shown), []);
    // Without the explorer there is more room; both are usual.
    await page.keyboard.press('Control+B');
    await page.locator('.part.sidebar').waitFor({ state: 'hidden' });
    assert.deepEqual(await outOfSight(studio, shown), []);
    assert.deepEqual(await violations(studio), []);
  });

  it('has the result in sight after Draw, whatever was shown before', async () => {
    await showTab(studio, 'Sketch');
    assert.deepEqual(await outOfSight(studio, [...ALWAYS, '.paper']), []);
    await more().click();
    assert.deepEqual(await outOfSight(studio, [...ALWAYS, '.paper', '.settings']), []);
    assert.deepEqual(await violations(studio), []);
    await prompt().fill('a red apple');
    await prompt().press('Enter');
    await studio.locator(RESULT).waitFor();
    assert.deepEqual(await outOfSight(studio, [...ALWAYS, RESULT]), []);
    await more().press('Escape');
    assert.equal(await more().getAttribute('aria-expanded'), 'true', 'Escape is for the drawer');
    await studio.getByRole('combobox', { name: 'Style' }).press('Escape');
    assert.equal(await more().getAttribute('aria-expanded'), 'false');
    const insert = '.picture-actions .primary';
    assert.deepEqual(await outOfSight(studio, [...ALWAYS, RESULT, insert, '.filmstrip']), []);
    await drawn(1);
  });

  it('has stage, prompt and result in sight under a zoom of 200 %', async () => {
    await resize(ZOOMED);
    assert.deepEqual(await outOfSight(studio, [...ALWAYS, RESULT]), []);
    assert.deepEqual(await violations(studio), []);
    await showTab(studio, 'Sketch');
    assert.deepEqual(await outOfSight(studio, [...ALWAYS, '.paper']), []);
    await studio.getByRole('button', { name: 'Shapes', exact: true }).click();
    assert.deepEqual(await outOfSight(studio, [...ALWAYS, '.menu:popover-open']), []);
    await page.keyboard.press('Escape');
    await more().click();
    assert.deepEqual(await outOfSight(studio, [...ALWAYS, '.paper', '.settings']), []);
    await draw(studio, 'a robot');
    await drawn(2);
    await studio.locator(RESULT).waitFor();
    // There is no room for both.
    assert.equal(await more().getAttribute('aria-expanded'), 'false');
    assert.deepEqual(await outOfSight(studio, [...ALWAYS, RESULT]), []);
    const insert = studio.getByRole('button', { name: 'Insert into note.md' }).first();
    assert.equal(await insert.getAttribute('title'), 'Insert into note.md');
    await resize(WINDOW);
  });

  it('selects the newest image when it is opened and after a reload', async () => {
    const selectOlder = async () => {
      await thumb(studio, 2).click();
      await thumb(studio, 2, '[aria-current=true]').waitFor();
    };
    const newestIsShown = async () => {
      await thumb(studio, 1, '[aria-current=true]').waitFor();
      // The editor saves a page's state now and then: it may come back with the tab of a moment before.
      await showTab(studio, 'Result');
      await studio.locator(RESULT).waitFor();
      assert.equal(await studio.locator('.empty').count(), 0);
    };
    const tab = page.locator('.tab').filter({ hasText: 'Easel Studio' });
    await selectOlder();
    await page.reload();
    await tab.click();
    studio = await studioReady(page);
    await newestIsShown();
    await selectOlder();
    await tab.click({ button: 'middle' });
    studio = await openStudio(page);
    await newestIsShown();
  });

  it('brings back earlier prompts with the arrow keys', async () => {
    await prompt().fill('a draft');
    const keys = async (...names: string[]) => {
      for (const name of names) await prompt().press(name);
      return prompt().inputValue();
    };
    assert.equal(await keys('ArrowUp'), 'a robot');
    assert.equal(await keys('ArrowUp'), 'a red apple');
    assert.equal(await keys('ArrowUp'), 'a red apple');
    assert.equal(await keys('ArrowDown', 'ArrowDown'), 'a draft');
    // In a text of several lines the arrows move the caret until they reach its edge.
    await prompt().fill('two\nlines');
    assert.equal(await keys('ArrowUp'), 'two\nlines');
    assert.equal(await keys('ArrowUp'), 'a robot');
    assert.equal(await keys('ArrowDown'), 'two\nlines');
  });

  it('offers on a right click what can be done with an image', async () => {
    const entries = [
      'Copy Image',
      'Insert',
      'Save As…',
      'Compare with…',
      'Use as Sketch',
      'Vary',
      'Edit…',
      'Upscale…',
      'Reveal',
      'Delete',
    ];
    assert.deepEqual(
      await menuOf(page, () => thumb(studio, 1).click({ button: 'right' })),
      entries,
    );
    assert.deepEqual(
      await menuOf(page, () => studio.locator('.cell').click({ button: 'right' })),
      entries,
    );
    assert.deepEqual(await menuOf(page, () => thumb(studio, 1).press('Shift+F10')), entries);
    const text = await menuOf(page, () => prompt().click({ button: 'right' }));
    assert.deepEqual(text, ['Cut', 'Copy', 'Paste']);
  });

  it('copies, inserts, varies, reveals and deletes by the context menu', async () => {
    const choose = (entry: string) => chooseInMenu(page, thumb(studio, 2), entry);
    await noted(studio, 'Image copied.', choose('Copy Image'));
    const copied = await page.evaluate(`navigator.clipboard.read().then(async ([item]) => {
      const bitmap = await createImageBitmap(await item.getType('image/png'));
      return [bitmap.width, bitmap.height];
    })`);
    assert.deepEqual(copied, [256, 256]);

    await noted(studio, 'Inserted into note.md.', choose('Insert'));
    const note = path.join(workspace, 'note.md');
    await until('a link', () => readFileSync(note, 'utf8').includes('![a red apple](assets/'));

    const before = pictures(workspace);
    await prompt().fill('something else');
    await choose('Vary');
    await drawn(3);
    const [varied] = pictures(workspace).filter((name) => !before.includes(name));
    assert.match(varied ?? '', /^a-red-apple/);
    assert.equal(await prompt().inputValue(), 'something else');

    await choose('Reveal');
    await page.locator('.explorer-folders-view .monaco-list-row.selected').filter({ hasText: 'a-robot' }).waitFor(); // prettier-ignore
    await page.keyboard.press('Control+B');

    await choose('Use as Sketch');
    await studio.getByRole('tab', { name: 'Sketch', selected: true }).waitFor();
    await studio.locator('.sketch-note').filter({ hasText: 'From sketch' }).waitFor();
    await studio.getByRole('button', { name: 'Clear the sketch' }).click();

    await choose('Delete');
    const answer = page.locator('.monaco-dialog-box').getByRole('button', { name: 'Delete' });
    await noted(studio, 'Deleted', answer.click());
    await drawn(2);
  });

  it('says that it draws from the sketch, until that is stopped or the sketch is cleared', async () => {
    const note = studio.locator('.sketch-note');
    const button = (name: string) => studio.getByRole('button', { name, exact: true });
    const facts = (text: string) => studio.locator('.facts').filter({ hasText: text }).waitFor();
    await setAdvanced(studio, 'Steps', '8');
    await note.waitFor({ state: 'hidden' });
    await sketchApple(page, studio);
    await note.filter({ hasText: 'From sketch' }).waitFor();
    // The starter's own strength for sketches is 0.45: three of eight steps.
    await facts('3 steps');
    assert.deepEqual(await outOfSight(studio, [...ALWAYS, '.paper', '.sketch-note']), []);
    assert.deepEqual(await violations(studio), []);
    await draw(studio, 'a green apple');
    await drawn(3);
    await button('Draw from sketch').waitFor();
    await prompt().fill('a robot');
    await note.filter({ hasText: 'Still from the sketch' }).waitFor();
    await resize(ZOOMED);
    assert.deepEqual(await outOfSight(studio, [...ALWAYS, '.sketch-note', RESULT]), []);
    assert.deepEqual(await violations(studio), []);
    await resize(WINDOW);

    await button('Stop drawing from the sketch').click();
    await button('Draw').waitFor();
    await facts('8 steps');
    await studio.getByText('Use it', { exact: true }).click();
    await button('Draw from sketch').waitFor();

    await showTab(studio, 'Sketch');
    await button('Clear the sketch').click();
    await marks(studio, 0);
    await note.waitFor({ state: 'hidden' });
    await button('Draw').waitFor();
    await facts('8 steps');
  });

  it('follows the sketch with an image beside it, which is saved when it is kept', async () => {
    const image = studio.locator('.live-image');
    const source = () => image.getAttribute('src');
    const before = pictures(workspace).length;
    await prompt().fill('a red apple');
    await showTab(studio, 'Sketch');
    await studio.locator('.live-note').filter({ hasText: 'follows your sketch' }).waitFor();
    assert.deepEqual(await outOfSight(studio, [...ALWAYS, '.paper', '.live']), []);
    await sketchApple(page, studio);
    await image.waitFor();
    await studio.locator('.live:not(.busy)').waitFor();
    assert.deepEqual(await outOfSight(studio, [...ALWAYS, '.paper', '.live', '.live-keep']), []);
    assert.deepEqual(await violations(studio), []);
    const first = await source();
    await studio.getByRole('button', { name: 'Undo', exact: true }).click();
    await until('another image', async () => (await source()) !== first);
    assert.equal(pictures(workspace).length, before, 'nothing is saved unasked');
    await noted(studio, 'Saved.', studio.getByRole('button', { name: 'Keep' }).click());
    await drawn(4);
    assert.equal(pictures(workspace).length, before + 1);
    await studio.getByRole('button', { name: 'Clear the sketch' }).click();
    await studio.locator('.live-note').filter({ hasText: 'follows your sketch' }).waitFor();
  });

  it('cancels all drawings at once and says how many they were', async () => {
    const before = pictures(workspace).length;
    await setAdvanced(studio, 'Steps', '900');
    await draw(studio, 'a slow apple');
    await studio.locator('.cell[data-state=preview]').waitFor();
    await draw(studio, 'a slower apple');
    await draw(studio, 'the slowest apple');
    await studio.locator('.progress-text').filter({ hasText: '2 more queued' }).waitFor();
    assert.deepEqual(
      await outOfSight(studio, [...ALWAYS, '.cancel-all', '.running-job .cancel']),
      [],
    );
    const all = studio.getByRole('button', { name: 'Cancel all' });
    await noted(studio, 'Cancelled 3 drawings.', all.click());
    await studio.locator('.running-job').waitFor({ state: 'hidden' });
    assert.equal(pictures(workspace).length, before);
    await setAdvanced(studio, 'Steps', '2');
  });

  it('names sizes by what they are for, and keeps the starter’s steps in the fold', async () => {
    await inSettings(studio, async () => {
      const size = studio.getByRole('combobox', { name: 'Size' });
      const labels = await size.locator('option').allTextContents();
      assert.equal(labels[0], 'Automatic (256 × 256)');
      for (const label of ['Icon: 256 × 256', 'Social image: 1200 × 630', 'Hero: 1920 × 1080']) {
        assert.ok(labels.includes(label), label);
      }
      assert.equal(await studio.locator('.more').getByRole('spinbutton', { name: 'Steps' }).count(), 1); // prettier-ignore
    });
  });

  it('notices when the document is one that takes no image', async () => {
    const insert = studio.locator('.picture-actions .primary');
    await page.locator('.tab').filter({ hasText: 'note.md' }).click();
    await openFile(page, 'plain.txt');
    await insert.and(studio.locator('[aria-disabled=true]')).waitFor();
    await openFile(page, 'note.md');
    await insert.and(studio.locator('[aria-disabled=false]')).waitFor();
    assert.equal(await insert.getAttribute('title'), 'Insert into note.md');
  });

  it('says why it cannot insert', async () => {
    await runCommand(page, 'View: Close All Editors');
    await page.locator('.tab').first().waitFor({ state: 'detached' });
    studio = await openStudio(page);
    const insert = studio.locator('.picture-actions .primary');
    await insert.waitFor();
    const why = 'Open a Markdown, HTML, CSS or JSX file to insert into';
    assert.equal(await insert.getAttribute('aria-disabled'), 'true');
    assert.equal(await insert.getAttribute('title'), why);
    assert.equal(await insert.getAttribute('aria-description'), why);
    // The whole window is the studio's now, and has room to say it.
    await studio.locator('.nowhere').filter({ hasText: why }).waitFor();
    assert.deepEqual(
      await outOfSight(studio, ['.stage', '.prompt', '.draw', RESULT, '.settings']),
      [],
    );
    assert.deepEqual(await violations(studio), []);
  });
});
