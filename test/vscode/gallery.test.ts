import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { FrameLocator, Page } from 'playwright-core';
import { openFile, tellFailures } from './driver/browser';
import { draw, openStudio, studioReady } from './driver/studio';
import { until } from '../support/until';
import { openWindow, type EditorWindow } from './support/editor-window';
import { noted, thumb, violations } from './support/studio-checks';
import { pictures } from './support/workspace-files';

describe('the gallery of the studio in a real VS Code', function () {
  this.timeout(240_000);
  let editor: EditorWindow;
  let page: Page;
  let studio: FrameLocator;
  let workspace: string;

  before(async () => {
    const settings = { 'easel.steps': 1 };
    const size = { width: 1600, height: 900 };
    editor = await openWindow({ 'note.md': '# Note\n\n' }, { settings, size });
    ({ page, workspace } = editor);
    await openFile(page, 'note.md');
    studio = await openStudio(page);
    for (const prompt of ['a red apple', 'a green pear', 'a blue cup']) await draw(studio, prompt);
  });
  after(async () => {
    await editor.close();
  });
  tellFailures(() => editor.page.context().browser());

  const button = (name: string | RegExp) => studio.getByRole('button', { name, exact: true });
  const thumbs = (count: number) =>
    until(`${count} thumbs`, async () => (await studio.locator('.thumb').count()) === count);
  const search = () => studio.getByRole('searchbox', { name: 'Search the results' });

  it('finds images by words of their prompts', async () => {
    await thumbs(3);
    await button('Search the results').click();
    await search().pressSequentially('pear');
    await thumbs(1);
    await search().fill('nothing like it');
    await studio.getByText('No image matches.').waitFor();
    assert.deepEqual(await violations(studio), []);
    await search().press('Escape');
    await thumbs(3);
  });

  it('keeps favourites, also when the window is loaded again', async () => {
    await thumb(studio, 2).click();
    await button('Add to favourites').click();
    await button('Remove from favourites').waitFor();
    await button('Show favourites only').click();
    await thumbs(1);
    await studio
      .getByRole('button', { name: /^a green pear, seed \d+, favourite$/ })
      .first()
      .waitFor();
    await page.reload();
    studio = await studioReady(page);
    await thumbs(3);
    await button('Show favourites only').click();
    await thumbs(1);
    await button('Show favourites only').click();
    await thumbs(3);
  });

  it('brings back what was deleted, by Ctrl+Z and by a button', async () => {
    const name = 'a-green-pear.webp';
    const bytes = readFileSync(path.join(workspace, 'assets', name));
    const answer = page.locator('.monaco-dialog-box').getByRole('button', { name: 'Delete' });
    const remove = async () => {
      await thumb(studio, 2).press('Delete');
      await noted(studio, 'Deleted', answer.click());
      await thumbs(2);
      assert.ok(!pictures(workspace).includes(name));
    };
    const isBack = async () => {
      await thumbs(3);
      assert.deepEqual(readFileSync(path.join(workspace, 'assets', name)), bytes);
      // In its place, with its star.
      const label = await thumb(studio, 2).getAttribute('aria-label');
      assert.match(label ?? '', /^a green pear, seed \d+, favourite$/);
    };
    await remove();
    await thumb(studio, 1).focus();
    await noted(studio, 'is back', page.keyboard.press('Control+z'));
    await isBack();
    await remove();
    await noted(studio, 'is back', button(`Undo: bring back ${name}`).click());
    await isBack();
    await button(`Undo: bring back ${name}`).waitFor({ state: 'hidden' });
  });
});
