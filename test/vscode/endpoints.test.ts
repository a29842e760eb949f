import { strict as assert } from 'node:assert';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, FrameLocator, Page } from 'playwright-core';
import {
  answer,
  generateImage,
  notification,
  openEditor,
  openFile,
  quickInput,
  runCommand,
  startBrowser,
  tellFailures,
} from './driver/browser';
import { installVsCode } from './driver/install';
import { startServer, type VsCodeServer } from './driver/server';
import { dragOnPaper, draw, inSettings, openStudioElsewhere, showTab } from './driver/studio';
import { readRecipe } from '../../src/core/recipe';
import { A1111Server } from '../support/a1111-server';
import { tempFolder } from '../support/temp-folder';
import { until } from '../support/until';
import { vsix } from './support/packaged';
import { marks, noted, violations } from './support/studio-checks';
import { newWorkspace, pictures } from './support/workspace-files';

const KEY = 'key-of-a-friend';

describe('endpoints in a real VS Code', function () {
  this.timeout(240_000);
  let far: A1111Server;
  let host: string;
  let server: VsCodeServer;
  let browser: Browser;
  let page: Page;
  let studio: FrameLocator;
  let workspace: string;
  let config: string;

  before(async () => {
    installVsCode();
    // This address reaches this machine, and is none of those that are known to.
    far = await A1111Server.start({ key: KEY, address: '0.0.0.0' });
    host = `0.0.0.0:${far.port}`;
    workspace = newWorkspace({
      'page.md': ['one', 'two', 'three'].map((name) => `![a ${name}](${name}.png)\n`).join('\n'),
    });
    config = tempFolder();
    server = await startServer({
      folder: tempFolder(),
      vsix: await vsix(),
      settings: { 'window.dialogStyle': 'custom', 'easel.steps': 4 },
      env: { EASEL_CONFIG: config },
    });
    browser = await startBrowser();
    page = await openEditor(browser, server.open(workspace), { width: 1500, height: 900 });
  });
  after(async () => {
    await browser.close();
    await server.stop();
    await far.stop();
  });
  tellFailures(() => browser);

  const rows = () => page.locator('.quick-input-list .monaco-list-row');
  const title = (text: string) =>
    page.locator('.quick-input-title').filter({ hasText: text }).waitFor();
  const dialog = () => page.locator('.monaco-dialog-box');

  it('adds one by its address, says that a key is needed, and keeps what was typed', async () => {
    await runCommand(page, 'Easel: Add Endpoint');
    await rows().filter({ hasText: 'Another address…' }).click();
    await title('Add Endpoint (1/3)');
    await quickInput(page).fill('not an address');
    await page.locator('.quick-input-message').filter({ hasText: 'Enter an address' }).waitFor();
    await answer(page, 'Add Endpoint (1/3)', host);
    await answer(page, 'Add Endpoint (2/3)', 'atelier');
    await answer(page, 'Add Endpoint (3/3)', '');
    const refused = await notification(page, `${host} asks for a key`);
    await refused.getByRole('button', { name: 'Change What You Typed' }).click();
    await title('Add Endpoint (1/3)');
    assert.equal(await quickInput(page).inputValue(), `http://${host}`);
    await answer(page, 'Add Endpoint (1/3)');
    await title('Add Endpoint (2/3)');
    assert.equal(await quickInput(page).inputValue(), 'atelier');
    await answer(page, 'Add Endpoint (2/3)');
    await answer(page, 'Add Endpoint (3/3)', KEY);
    await title('Model of atelier');
    await rows().filter({ hasText: 'dreamy_v2' }).click();
    const added = await notification(page, 'atelier is added: AUTOMATIC1111 API');
    await added.getByRole('button', { name: 'Draw with It' }).click();
    await page
      .locator('.statusbar-item')
      .filter({ hasText: `dreamy_v2 · ${host}` })
      .waitFor();
    const kept = readFileSync(path.join(config, 'endpoints.json'), 'utf8');
    assert.ok(kept.includes('atelier') && !kept.includes(KEY));
  });

  it('asks before the first prompt is sent, once, and draws into the workspace', async () => {
    await generateImage(page, 'a red circle');
    await dialog().getByText(`Send prompts and images to ${host}?`).waitFor();
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
    assert.equal(far.drawn.length, 0);
    await generateImage(page, 'a red circle');
    await dialog().getByRole('button', { name: 'Send' }).click();
    await until('an image', () => pictures(workspace).length === 1);
    await page.locator('.tab').filter({ hasText: 'a-red-circle' }).waitFor();
    await generateImage(page, 'a green circle');
    await until('another image', () => pictures(workspace).length === 2);
    assert.deepEqual(
      far.drawn.map(({ body }) => [body.prompt, body.steps]),
      [
        ['a red circle', 4],
        ['a green circle', 4],
      ],
    );
    const file = readFileSync(path.join(workspace, 'assets', 'a-red-circle.webp'));
    assert.ok(!file.includes(KEY));
    const recipe = readRecipe(file);
    assert.equal(recipe?.model, 'dreamy_v2');
    assert.equal(recipe.request.model, undefined, 'a file must not choose where it is drawn again');
    assert.equal(recipe.request.seed, far.drawn[0]!.body.seed);
  });

  it('lists its models beside those of this computer', async () => {
    await runCommand(page, 'Easel: Choose Model');
    await title('Choose Model');
    await rows().filter({ hasText: 'Starter' }).first().waitFor();
    await rows().filter({ hasText: 'sketchy_v1' }).filter({ hasText: host }).waitFor();
    await page.keyboard.press('Escape');
  });

  it('shows in the studio where it runs, and what cannot be set there', async () => {
    studio = await openStudioElsewhere(page);
    await studio
      .locator('.place')
      .filter({ hasText: `Runs on ${host}` })
      .waitFor();
    await studio.locator('option[value="sketchy_v1@atelier"]').waitFor({ state: 'attached' });
    const ground = studio.locator('.field.unavailable').filter({ hasText: 'Ground' });
    await ground.waitFor();
    assert.ok(await ground.getByRole('button').first().isDisabled());
    assert.match((await ground.getAttribute('title')) ?? '', /starter model/);
    assert.equal(await studio.getByText('Device', { exact: true }).isVisible(), false);
    assert.deepEqual(await violations(studio), []);
  });

  it('draws from a sketch where the mask says, and tells where', async () => {
    await showTab(studio, 'Sketch');
    await dragOnPaper(page, studio, [[0.2, 0.3], [0.8, 0.4]]); // prettier-ignore
    await marks(studio, 1);
    await studio.getByRole('button', { name: /^Mask: / }).click();
    await dragOnPaper(page, studio, [[0.3, 0.5], [0.7, 0.6]]); // prettier-ignore
    await marks(studio, 2);
    assert.equal(await studio.locator('.live').isVisible(), false);
    await draw(studio, 'a blue circle');
    await studio
      .locator('.place-line')
      .filter({ hasText: `Drawn on ${host} in` })
      .waitFor();
    const { route, body } = far.drawn.at(-1)!;
    assert.equal(route, 'POST /sdapi/v1/img2img');
    assert.equal(typeof body.mask, 'string');
    assert.deepEqual(await violations(studio), []);
  });

  it('shows the progress, and a cancel ends the drawing there', async () => {
    far.stepMs = 400;
    await inSettings(studio, async () => {
      const steps = studio.getByRole('spinbutton', { name: 'Steps' });
      await steps.fill('100');
      await steps.press('Tab');
    });
    await draw(studio, 'a slow circle');
    await studio.locator('.progress-text').filter({ hasText: 'Step ' }).waitFor();
    const prompt = studio.getByRole('textbox', { name: 'Prompt', exact: true });
    await noted(studio, 'Cancelled.', prompt.press('Escape'));
    await until('the interrupt', () => far.interrupts === 1);
    far.stepMs = 5;
  });

  it('says that a key is no longer right, asks for another one, and draws', async () => {
    far.key = 'another-key';
    const before = pictures(workspace).length;
    await draw(studio, 'a purple circle');
    const failure = studio.locator('.failure');
    await failure.filter({ hasText: 'does not accept the key of the endpoint atelier' }).waitFor();
    assert.deepEqual(await violations(studio), []);
    await failure.getByRole('button', { name: 'Set its key' }).click();
    await answer(page, 'Key of atelier', 'another-key');
    await until('an image', () => pictures(workspace).length === before + 1);
  });

  it('draws the missing images of a page, two at a time', async () => {
    far.stepMs = 50;
    far.mostOpen = 0;
    await openFile(page, 'page.md');
    await runCommand(page, 'Easel: Draw All Missing Images');
    await title('Draw All Missing Images');
    await rows().filter({ hasText: 'This file' }).click();
    const drawn = () => ['one', 'two', 'three'].map((name) => path.join(workspace, `${name}.png`));
    await until('three images', () => drawn().every((file) => existsSync(file)));
    assert.equal(far.mostOpen, 2);
    assert.ok(drawn().every((file) => !readFileSync(file).includes('another-key')));
  });
});
