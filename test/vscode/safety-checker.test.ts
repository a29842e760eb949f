// An image that the model's safety checker flags, drawn in the studio of a real VS Code.
import { strict as assert } from 'node:assert';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { FrameLocator, Page } from 'playwright-core';
import sharp from 'sharp';
import { readRecipe } from '../../src/core/recipe';
import { materialiseChecked, SAFETY_RUNS, safetyRequest } from '../support/safety-checker';
import { until } from '../support/until';
import { notification, tellFailures } from './driver/browser';
import { draw, openStudio } from './driver/studio';
import { openWindow, type EditorWindow } from './support/editor-window';
import { noted, violations } from './support/studio-checks';
import { pictures } from './support/workspace-files';

const FLAGGED = "The model's safety checker finds that";

describe('images that the safety checker flags, in a real VS Code', function () {
  this.timeout(240_000);
  let editor: EditorWindow;
  let page: Page;
  let studio: FrameLocator;
  let workspace: string;
  const { prompt, negativePrompt, seed, guidanceScale, width, height } = safetyRequest(
    SAFETY_RUNS.sd1!,
  );
  const model = materialiseChecked('sd1');
  const settings = {
    ...{ 'easel.model': model, 'easel.modelPaths': [model], 'easel.steps': 4 },
    ...{ 'easel.guidanceScale': guidanceScale, 'easel.width': width, 'easel.height': height },
  };
  const settingsFile = () => path.join(workspace, '.vscode/settings.json');

  before(async () => {
    const size = { width: 1600, height: 1000 };
    editor = await openWindow({ 'note.md': '' }, { own: settings, size });
    ({ page, workspace } = editor);
    studio = await openStudio(page);
    await studio.getByText('Advanced', { exact: true }).click();
    await studio.getByRole('textbox', { name: 'Negative prompt' }).fill(negativePrompt ?? '');
    // diffusers flags the second image of the run.
    const field = studio.getByRole('textbox', { name: 'Seed', exact: true });
    await field.fill(String(seed! + 1));
    await field.press('Tab');
  });
  after(async () => {
    await editor.close();
  });
  tellFailures(() => editor.page.context().browser());

  const file = (name: string) => readFileSync(path.join(workspace, 'assets', name));
  async function isBlack(name: string): Promise<boolean> {
    const { channels } = await sharp(file(name)).stats();
    // WebP images are nearly as they were drawn.
    return channels.slice(0, 3).every(({ max }) => max < 8);
  }
  const facts = () =>
    pictures(workspace).map((name) => readRecipe(file(name))?.details['Safety checker']);

  it('are black, and a note of the studio says why and which setting changes it', async () => {
    await noted(studio, `${FLAGGED} the image may not be safe for work, so it is black.`, draw(studio, prompt)); // prettier-ignore
    const note = studio.locator('.note');
    assert.match((await note.getAttribute('title')) ?? '', /setting easel\.safetyChecker/);
    // Also for those who hear the page.
    await studio.getByRole('status').filter({ hasText: 'easel.safetyChecker' }).waitFor();
    assert.deepEqual(await violations(studio), []);
    await until('an image', () => pictures(workspace).length === 1);
    assert.equal(await isBlack(pictures(workspace)[0]!), true);
    assert.match(facts()[0] ?? '', /^black, /);
  });

  it('have a notification that opens the setting', async () => {
    const notice = await notification(page, FLAGGED);
    await notice.getByText('so it is black', { exact: false }).waitFor();
    await notice.getByRole('button', { name: 'Open Settings' }).click();
    const search = page.locator('.settings-editor .suggest-input-container');
    await search.filter({ hasText: 'easel.safetyChecker' }).waitFor();
    await page.locator('.setting-item').filter({ hasText: 'safety checker' }).first().waitFor();
    await page.keyboard.press('Escape');
    await search.waitFor({ state: 'detached' });
  });

  it('are kept where the setting says so', async () => {
    writeFileSync(settingsFile(), JSON.stringify({ ...settings, 'easel.safetyChecker': 'off' }));
    // It is not known when the editor has read the file, so that images are drawn until one is not checked.
    let count = 1;
    await until('an image that is not checked', async () => {
      await draw(studio, prompt);
      count += 1;
      await until('the next image', () => pictures(workspace).length === count);
      return facts().includes(undefined);
    });
    const unchecked = pictures(workspace)[facts().indexOf(undefined)]!;
    assert.equal(await isBlack(unchecked), false);
  });
});
