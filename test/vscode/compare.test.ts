// Comparing and enlarging results of the studio, as a user does it.
import { strict as assert } from 'node:assert';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { FrameLocator, Page } from 'playwright-core';
import { notification, openFile, tellFailures } from './driver/browser';
import { chooseInMenu, draw, openStudio, setAdvanced, studioReady } from './driver/studio';
import { readRecipe } from '../../src/core/recipe';
import { until } from '../support/until';
import { materialiseUpscaler } from '../support/upscalers';
import { openWindow, type EditorWindow } from './support/editor-window';
import { noted, outOfSight, thumb, violations } from './support/studio-checks';
import { pictures } from './support/workspace-files';

const WIDE = { width: 1250, height: 850 };
/** A studio of about 320 pixels, the same low as under a zoom of 200 %, and both. */
const SMALL = [
  { width: 370, height: 850 },
  { width: 640, height: 400 },
  { width: 370, height: 400 },
];

describe('comparing in the studio in a real VS Code', function () {
  this.timeout(300_000);
  let editor: EditorWindow;
  let page: Page;
  let studio: FrameLocator;
  let workspace: string;

  before(async () => {
    const upscaler = materialiseUpscaler('compact-x4', { file: 'RealESRGAN_x4.pth' });
    const own = { 'easel.modelPaths': [path.dirname(upscaler)] };
    const settings = { 'easel.steps': 1 };
    editor = await openWindow({ 'note.md': '# Note\n' }, { settings, own, size: WIDE });
    ({ page, workspace } = editor);
    studio = await openStudio(page);
    await page.keyboard.press('Control+B');
    await studio.getByRole('button', { name: 'Keep this seed' }).click();
    await draw(studio, 'a red apple');
    await thumbs(1);
    await setAdvanced(studio, 'Steps', '2');
    await draw(studio, 'a red apple');
    await thumbs(2);
    await draw(studio, 'a sea at dawn, banner');
    await thumbs(3);
  });
  after(async () => {
    await editor.close();
  });
  tellFailures(() => editor.page.context().browser());

  const button = (name: string | RegExp) => studio.getByRole('button', { name, exact: true });
  const thumbs = (count: number) =>
    until(`${count} thumbs`, async () => (await studio.locator('.thumb').count()) === count);
  const slider = () => studio.getByRole('slider', { name: /^Divider/ });
  const sliderAt = async (place: number) => {
    await studio.locator(`.divider[aria-valuenow="${place}"]`).waitFor();
    assert.equal(await slider().getAttribute('aria-valuetext'), `${place} %`);
  };
  const words = async () => {
    const texts = await studio.locator('.compare-words p').allInnerTexts();
    return texts.map((text) => text.replaceAll('\u00a0', ' ').trim());
  };
  const rows = () => page.locator('.quick-input-list .monaco-list-row');
  const focused = (selector: string) => studio.locator(`${selector}:focus`).waitFor();
  const ended = () => studio.locator('.comparison').waitFor({ state: 'hidden' });

  it('compares an image with another one of the strip, by the keyboard alone', async () => {
    await thumb(studio, 2).click();
    await button('Compare with…').press('Enter');
    await studio
      .locator('.compare-choice')
      .filter({ hasText: 'Choose the image to compare with “a red apple”.' })
      .waitFor();
    await focused('.film .frame:nth-child(3) .thumb');
    assert.deepEqual(await violations(studio), []);
    await page.keyboard.press('Enter');
    await focused('.divider');
    await sliderAt(50);
    assert.deepEqual(await words(), ['steps 2', 'steps 1']);
    assert.equal(
      await slider().getAttribute('aria-label'),
      'Divider. Left: steps 2. Right: steps 1',
    );
    assert.deepEqual(await violations(studio), []);
    for (const [key, place] of [
      ['ArrowRight', 52],
      ['Shift+ArrowRight', 62],
      ['ArrowLeft', 60],
      ['Home', 0],
      ['End', 100],
      ['PageDown', 90],
    ] as const) {
      await page.keyboard.press(key);
      await sliderAt(place);
    }
    await page.keyboard.press('Escape');
    await ended();
    await focused('[aria-label="Compare with…"]');
  });

  it('moves the divider with the mouse, and shows each image on its side only', async () => {
    await thumb(studio, 2).click();
    await thumb(studio, 3).click({ modifiers: ['Control'] });
    await slider().waitFor();
    const box = await studio.locator('.compare-box').boundingBox();
    assert.ok(box);
    const at = (share: number) => [box.x + box.width * share, box.y + box.height / 3] as const;
    await page.mouse.move(...at(0.5));
    await page.mouse.down();
    await page.mouse.move(...at(0.25), { steps: 4 });
    await page.mouse.up();
    await sliderAt(25);
    await page.mouse.click(...at(0.75));
    await sliderAt(75);
    const clips = await studio
      .locator('.compare-box img')
      .evaluateAll((images: readonly Clipped[]) =>
        images.map((image) => image.ownerDocument.defaultView.getComputedStyle(image).clipPath),
      );
    assert.deepEqual(clips, ['inset(0px 25% 0px 0px)', 'inset(0px 0px 0px 75%)']);
    await button('Swap sides').click();
    await sliderAt(25);
    assert.match((await words())[0] ?? '', /steps.1/);
  });

  it('comes back when the page was hidden, which unloads it', async () => {
    await openFile(page, 'note.md');
    await page.locator('iframe.webview.ready').waitFor({ state: 'hidden' });
    await page.locator('.tab').filter({ hasText: 'Easel Studio' }).click();
    studio = await studioReady(page);
    await sliderAt(25);
    assert.match((await words())[0] ?? '', /steps.1/);
    await thumbs(3);
  });

  it('shows images of different sizes in one box, in narrow and in low pages', async () => {
    await button('Compare with another…').click();
    await thumb(studio, 1).click();
    await studio.locator('.compare-title').filter({ hasText: 'a sea at dawn' }).waitFor();
    for (const size of [WIDE, ...SMALL]) {
      await page.setViewportSize(size);
      await until('the new width', async () => {
        const width = await studio.locator('body').evaluate((body: { clientWidth: number }) => body.clientWidth); // prettier-ignore
        return width < size.width && width > size.width - 80;
      });
      const shown = ['.stage', '.prompt', '.draw', '.compare-box', '.compare-bar'];
      assert.deepEqual(await outOfSight(studio, shown), [], JSON.stringify(size));
      assert.deepEqual(await violations(studio), []);
      await button('Compare with another…').click();
      assert.deepEqual(await outOfSight(studio, ['.compare-choice', '.compare-bar']), []);
      await page.keyboard.press('Escape');
      await button('Swap sides').waitFor();
    }
    await page.setViewportSize(WIDE);
    await button('End the comparison').click();
    await ended();
  });

  it('stays while an image is drawn, and ends when one of the two is deleted', async () => {
    await setAdvanced(studio, 'Steps', '40');
    await draw(studio, 'a green pear');
    await studio.locator('.cell[data-state=preview]').waitFor();
    await thumb(studio, 2).click();
    await thumb(studio, 3).click({ modifiers: ['Control'] });
    await slider().waitFor();
    await thumbs(4);
    assert.equal(await slider().isVisible(), true);
    await thumb(studio, 4).press('Delete');
    const answer = page.locator('.monaco-dialog-box').getByRole('button', { name: 'Delete' });
    await noted(studio, 'so the comparison has ended', answer.click());
    await ended();
    await thumbs(3);
    await thumb(studio, 3, '[aria-current=true]').waitFor();
    await setAdvanced(studio, 'Steps', '2');
  });

  it('makes an image larger, shows it with its recipe and compares it with the old one', async () => {
    await chooseInMenu(page, thumb(studio, 3), 'Upscale…');
    await rows().filter({ hasText: 'Resample' }).click();
    await rows().filter({ hasText: '512 × 512' }).click();
    await thumbs(4);
    await thumb(studio, 1, '[aria-current=true]').waitFor();
    const [made] = pictures(workspace).filter((name) => name.endsWith('-2x.webp'));
    assert.ok(made);
    const recipe = readRecipe(readFileSync(path.join(workspace, 'assets', made)));
    assert.equal(recipe?.details.Upscaled, '2 × by resampling');
    // As an image that was drawn here.
    assert.match(
      (await thumb(studio, 1).getAttribute('aria-label')) ?? '',
      /^a red apple, seed \d+/,
    );
    await button('Reuse settings').waitFor();
    assert.deepEqual(await violations(studio), []);
    await button('Compare with it').click();
    await focused('.divider');
    assert.deepEqual(await words(), ['256 × 256', '2 × resampled · 512 × 512']);
    await page.keyboard.press('Escape');
    await ended();
  });

  it('shows how far it is, and can be cancelled', async () => {
    const before = pictures(workspace);
    await studio.locator('.thumb[data-image^=a-sea]').click();
    await button('Upscale…').click();
    await rows().filter({ hasText: 'RealESRGAN_x4' }).click();
    await rows().filter({ hasText: '8 ×' }).click();
    const progress = await notification(page, 'Making a-sea-at-dawn-banner.webp larger');
    await progress.getByText(/part \d+ of/).waitFor();
    await progress.getByRole('button', { name: 'Cancel' }).click();
    await progress.waitFor({ state: 'hidden' });
    assert.deepEqual(pictures(workspace), before);
    await button('Upscale…').waitFor();
  });

  it('asks by which upscaler, does nothing where that is given up, and says what fails', async () => {
    const before = pictures(workspace);
    await thumb(studio, 4).click();
    await button('Upscale…').click();
    await rows().filter({ hasText: 'RealESRGAN_x4' }).waitFor();
    await page.keyboard.press('Escape');
    await rows().first().waitFor({ state: 'hidden' });
    assert.deepEqual(pictures(workspace), before);
    const name = await thumb(studio, 4).getAttribute('data-image');
    assert.ok(name);
    writeFileSync(path.join(workspace, 'assets', name), 'no image');
    await button('Upscale…').click();
    await notification(page, 'The image cannot be read');
    assert.deepEqual(pictures(workspace), before);
    await thumbs(4);
  });
});

/** What is needed of an element; the tests are compiled without a browser's types. */
interface Clipped {
  readonly ownerDocument: {
    readonly defaultView: { getComputedStyle(element: unknown): { readonly clipPath: string } };
  };
}
