import { strict as assert } from 'node:assert';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Locator } from 'playwright-core';
import { thisTarget } from '../../scripts/package/extension';
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
import { requirePassed, runHostTests } from './driver/host-tests';
import { installVsCode } from './driver/install';
import { startServer, type VsCodeServer } from './driver/server';
import { dropFile, openStudio } from './driver/studio';
import { readRecipe } from '../../src/core/recipe';
import { A1111Server } from '../support/a1111-server';
import { tempFolder } from '../support/temp-folder';
import { until } from '../support/until';
import { vsix } from './support/packaged';
import { newWorkspace, pictures } from './support/workspace-files';

const root = path.join(__dirname, '../..');

/** Few steps: these tests are about the editor, not about the picture. */
const SETTINGS = { 'easel.steps': 2 };

/** The image behind an element, in CSS. */
function backgroundOf(element: Locator): Promise<string> {
  return element.evaluate((icon: { computedStyleMap(): { get(name: string): unknown } }) =>
    String(icon.computedStyleMap().get('background-image')),
  );
}

/** A workspace file with two folders. */
function newWorkspaceOfTwo(): string {
  const folders = [{ path: newWorkspace() }, { path: newWorkspace() }];
  const file = path.join(tempFolder(), 'two.code-workspace');
  writeFileSync(file, JSON.stringify({ folders }));
  return file;
}

describe('in a real VS Code', function () {
  this.timeout(600_000);
  before(async () => {
    installVsCode();
    await vsix();
  });

  it('is packed with the binaries of this platform alone, in at most 110 MB', async () => {
    assert.ok(statSync(await vsix()).size <= 110e6);
    const modules = path.join(root, 'out/stage', thisTarget, 'dist/node_modules');
    const binaries = readdirSync(modules, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\.(node|dll|dylib)$|\.so(\.|$)/.test(name),
    );
    const own = new RegExp(`${process.platform}[-/]${process.arch}`);
    assert.ok(binaries.length >= 4);
    assert.deepEqual(
      binaries.filter((name) => !own.test(name)),
      [],
    );
  });

  // A server that draws, for the suite of endpoints.
  const config = tempFolder();
  let friend: A1111Server;
  before(async () => {
    friend = await A1111Server.start();
    const url = `http://127.0.0.1:${friend.port}`;
    const endpoints = [{ name: 'friend', url, protocol: 'a1111' }];
    writeFileSync(path.join(config, 'endpoints.json'), JSON.stringify({ endpoints }));
  });
  after(() => friend.stop());

  const suites = [
    ['activation', () => newWorkspace()],
    ['generate', () => newWorkspace()],
    ['places', () => newWorkspaceOfTwo()],
    ['tools, endpoints', () => newWorkspace()],
    ['safety', () => newWorkspace()],
    ['missing, languages, recipes', () => newWorkspace()],
  ] as const;
  for (const [suite, workspace] of suites) {
    it(`passes the ${suite} suite inside the extension host`, async () => {
      const { tests, measured } = await runHostTests({
        vsix: await vsix(),
        suites: suite.split(', ').map((name) => path.join(__dirname, 'host', `${name}.suite.ts`)),
        workspace: workspace(),
        folder: tempFolder(),
        settings: SETTINGS,
        env: { EASEL_CONFIG: config },
      });
      requirePassed(tests);
      for (const { title } of tests) console.log(`        ${title}`);
      for (const [name, value] of Object.entries(measured))
        console.log(`        ${name}: ${value}`);
    });
  }

  describe('driven by keyboard', () => {
    let server: VsCodeServer;
    let browser: Browser;

    before(async () => {
      server = await startServer({ folder: tempFolder(), vsix: await vsix(), settings: SETTINGS });
      browser = await startBrowser();
    });
    after(async () => {
      await browser.close();
      await server.stop();
    });
    tellFailures(() => browser);
    afterEach(async () => {
      for (const context of browser.contexts()) await context.close();
    });

    it('draws from the palette into the workspace and the document', async () => {
      const workspace = newWorkspace({ 'note.md': '# Note\n\n' });
      const page = await openEditor(browser, server.open(workspace));
      await openFile(page, 'note.md');
      await page.keyboard.press('Control+End');
      await generateImage(page, 'a red apple');
      const name = await savedPicture(workspace);
      assert.match(name, /^a-red-apple\.webp$/);
      const line = page.locator('.view-line').filter({ hasText: `](assets/${name})` });
      await line.waitFor();
      // The image is seen without another click, and the status bar says what drew it.
      const hover = page.locator('.monaco-hover').filter({ hasText: 'Vary' });
      await hover.locator('img').waitFor();
      assert.equal(await hover.locator('img').count(), 1);
      assert.doesNotMatch(await hover.innerText(), /Draw Again/);
      await page.locator('.statusbar-item').filter({ hasText: 'Starter · CPU' }).waitFor();
      await page.keyboard.press('Escape');
      await page.keyboard.press('Control+S');
      const note = path.join(workspace, 'note.md');
      const text = () => readFileSync(note, 'utf8');
      await until('the saved note', () => text().includes('assets'));
      assert.equal(text(), `# Note\n\n![a red apple](assets/${name})`);
      await page.keyboard.press('Control+Z');
      await line.waitFor({ state: 'detached' });
    });

    it('says what the starter may not know, and draws the nearest thing in its place', async () => {
      const workspace = newWorkspace({ 'note.md': '# Note\n\n' });
      const page = await openEditor(browser, server.open(workspace));
      await openFile(page, 'note.md');
      await page.keyboard.press('Control+End');
      await generateImage(page, 'a walrus');
      const line = (link: string) => page.locator('.view-line').filter({ hasText: link });
      await line('![a walrus](assets/a-walrus.webp)').waitFor();
      const notice = await notification(page, 'The starter may not know "walrus". It knows: ');
      await notice.getByRole('button', { name: /^Download / }).waitFor();
      assert.match(
        await notice.innerText(),
        /\S+ may draw it: \d.* GB to download, and then about /,
      );
      const draw = notice.getByRole('button', { name: /^Draw / });
      const thing = (await draw.innerText()).replace('Draw ', '');
      await draw.click();
      const name = `a-${thing.replaceAll(' ', '-')}.webp`;
      await line(`![a ${thing}](assets/${name})`).waitFor();
      assert.deepEqual(pictures(workspace), [name, 'a-walrus.webp'].sort());
      await page.keyboard.press('Control+Z');
      await line('![a walrus](assets/a-walrus.webp)').waitFor();
    });

    it('offers the last prompts while one is drawn, and takes one that was gone to', async () => {
      const workspace = newWorkspace();
      const page = await openEditor(browser, server.open(workspace));
      await generateImage(page, 'a snow globe');
      await runCommand(page, 'Easel: Generate Image');
      // The image that opens meanwhile does not close the list.
      const name = await savedPicture(workspace);
      await page.locator('.tab.active').filter({ hasText: name }).waitFor();
      // Enter takes the row that has the focus, which a busy editor gives a moment after it shows the row.
      const focused = page.locator('.quick-input-list .monaco-list-row.focused');
      await focused.getByText('a snow globe').waitFor();
      await answer(page, 'Generate Image');
      await until('a second picture', () => pictures(workspace).length === 2);
      assert.ok(pictures(workspace).every((name) => name.startsWith('a-snow-globe')));
    });

    it('keeps the box of the prompt where an image takes the focus after it is shown', async () => {
      const workspace = newWorkspace();
      const page = await openEditor(browser, server.open(workspace));
      await generateImage(page, 'a snow globe');
      const name = await savedPicture(workspace);
      await page.locator('.tab.active').filter({ hasText: name }).waitFor();
      const box = quickInput(page);
      // As a busy editor does, which gives the focus back to the tab below the palette.
      await page.evaluate(`
        const later = () => setTimeout(() => {
          const box = document.querySelector('.quick-input-box input');
          if (!box.placeholder.startsWith('What should be drawn')) return;
          document.removeEventListener('focusin', later);
          document.querySelector('iframe.webview').focus();
          window.isTaken = document.activeElement.matches('iframe.webview');
        });
        document.addEventListener('focusin', later);
      `);
      await runCommand(page, 'Easel: Generate Image');
      await until('the focus in the image', () => page.evaluate<boolean>('window.isTaken'));
      await page.locator('.quick-input-box input:focus').waitFor();
      await page.keyboard.type('a red apple');
      assert.equal(await box.inputValue(), 'a red apple');
      await page.keyboard.press('Escape');
      await box.waitFor({ state: 'hidden' });
    });

    it('offers things that the starter knows, with their images, and goes on writing with one', async () => {
      const workspace = newWorkspace();
      const page = await openEditor(browser, server.open(workspace));
      await runCommand(page, 'Easel: Generate Image');
      await page.locator('.quick-input-title').filter({ hasText: 'Generate Image' }).waitFor();
      await quickInput(page).pressSequentially('a straw');
      const row = page.locator('.quick-input-list .monaco-list-row').filter({ hasText: 'a strawberry' }); // prettier-ignore
      const image = row.locator('.quick-input-list-icon');
      await until('an image', async () => (await backgroundOf(image)).includes('url("data:image/webp;base64,')); // prettier-ignore
      await row.hover();
      await row.locator('.codicon-edit').click();
      await until(
        'the text',
        async () => (await quickInput(page).inputValue()) === 'a strawberry ',
      );
      await quickInput(page).press('End');
      await quickInput(page).pressSequentially('and a lemo');
      const both = page.getByRole('option', { name: 'a strawberry and a lemon', exact: true });
      await both.waitFor();
      // The list of the last letter puts the focus on what was typed: a key that comes before it is lost.
      const typed = page.locator('.quick-input-list .monaco-list-row.focused');
      const last = typed.filter({ hasText: 'a strawberry and a lemo' });
      await last.filter({ hasText: 'Press Enter to draw this' }).waitFor();
      await page.keyboard.press('ArrowDown');
      await both.and(page.locator('.focused')).waitFor();
      await page.keyboard.press('Enter');
      assert.equal(await savedPicture(workspace), 'a-strawberry-and-a-lemon.webp');
    });

    it('lists pictures newest first, with their prompts, and shows what it varies', async () => {
      const workspace = newWorkspace({ 'note.md': '' });
      const page = await openEditor(browser, server.open(workspace));
      await openFile(page, 'note.md');
      for (const [prompt, count] of [
        ['a zebra', 1],
        ['an apple', 2],
      ] as const) {
        await generateImage(page, prompt);
        await until(prompt, () => pictures(workspace).length === count);
        await page.locator('.monaco-hover').getByText('Vary').waitFor();
        await page.keyboard.press('Escape');
      }
      await runCommand(page, 'Easel: Insert Image into Markdown');
      const rows = page.locator('.quick-input-list .monaco-list-row');
      await rows.filter({ hasText: 'a zebra' }).waitFor();
      const texts = await rows.allInnerTexts();
      assert.deepEqual(
        texts.map((text) => /an-apple|a-zebra/.exec(text)?.[0]),
        [undefined, 'an-apple', 'a-zebra'],
      );
      await quickInput(page).fill('zebra');
      await rows.filter({ hasText: 'an-apple' }).waitFor({ state: 'detached' });
      await page.keyboard.press('Escape');

      await page.keyboard.press('Control+End');
      await runCommand(page, 'Show or Focus Hover');
      await page.locator('.monaco-hover').getByText('Vary').click();
      await until('a variation', () => pictures(workspace).includes('an-apple-2.webp'));
      await page.locator('.view-line').filter({ hasText: 'an-apple-2.webp' }).waitFor();
      await page.locator('.monaco-hover img[src*="an-apple-2.webp"]').waitFor();
    });

    it('takes over every setting of a picture that is dropped on the studio', async () => {
      const page = await openEditor(browser, server.open(newWorkspace()));
      const studio = await openStudio(page);
      const prompt = studio.getByRole('textbox', { name: 'Prompt', exact: true });
      const fixtures = path.join(root, 'test/fixtures/recipes');
      const names = ['automatic1111.png', 'comfyui.webp', 'invokeai.png', 'fooocus.jpg'];
      for (const name of names) {
        const bytes = readFileSync(path.join(fixtures, name));
        const recipe = readRecipe(bytes)?.request;
        assert.ok(recipe?.seed !== undefined && recipe.steps !== undefined, name);
        const type = `image/${path.extname(name).slice(1).replace('jpg', 'jpeg')}`;
        await dropFile(studio, '.settings', { name, type, bytes });
        await studio.getByText(`Settings of ${name} applied.`).first().waitFor();
        const shown = {
          prompt: await prompt.inputValue(),
          seed: await studio.getByRole('textbox', { name: 'Seed' }).inputValue(),
          steps: await studio
            .getByRole('spinbutton', { name: 'Steps', includeHidden: true })
            .inputValue(),
        };
        const { seed, steps } = recipe;
        assert.deepEqual(
          shown,
          { prompt: recipe.prompt, seed: String(seed), steps: String(steps) },
          name,
        );
      }
    });

    it('draws in two windows at once', async () => {
      const workspace = newWorkspace();
      const pages = await Promise.all([
        openEditor(browser, server.open(workspace)),
        openEditor(browser, server.open(workspace)),
      ]);
      await generateImage(pages[0], 'first window');
      await generateImage(pages[1], 'second window');
      await until('both pictures', () => pictures(workspace).length === 2);
      assert.deepEqual(
        pictures(workspace).map((name) => name.replace(/\.webp$/, '')),
        ['first-window', 'second-window'],
      );
    });

    it('says what went wrong, with the button that mends it', async () => {
      const settings = JSON.stringify({ 'easel.model': '/nowhere/at/all' });
      const workspace = newWorkspace({ '.vscode/settings.json': settings });
      const page = await openEditor(browser, server.open(workspace));
      await generateImage(page, 'a red apple');
      const notice = await notification(page, '/nowhere/at/all');
      await notice.getByRole('button', { name: 'Choose Model' }).click();
      await page.locator('.quick-input-list').getByText('starter').first().waitFor();
      assert.deepEqual(pictures(workspace), []);
    });
  });

  it('takes no place outside, no model and no program from a workspace that is not trusted', async () => {
    const outside = tempFolder();
    // Relative, because a leading slash means the workspace's root there.
    const climbing = `${'../'.repeat(20)}${outside.slice(1)}/`;
    const workspace = newWorkspace({
      'note.md': '',
      '.vscode/settings.json': JSON.stringify({
        'easel.saveFolder': outside,
        'easel.model': outside,
        'easel.hfHome': outside,
        'easel.nodePath': path.join(outside, 'node'),
        'markdown.copyFiles.destination': { '*': climbing },
      }),
    });
    const server = await startServer({
      folder: tempFolder(),
      vsix: await vsix(),
      settings: {
        ...SETTINGS,
        'security.workspace.trust.enabled': true,
        'security.workspace.trust.startupPrompt': 'never',
      },
    });
    const browser = await startBrowser();
    try {
      const page = await openEditor(browser, server.open(workspace));
      await page.getByText('Restricted Mode').first().waitFor();
      await openFile(page, 'note.md');
      await generateImage(page, 'a red apple');
      await savedPicture(workspace);
      assert.deepEqual(readdirSync(outside), []);
    } finally {
      await browser.close();
      await server.stop();
    }
  });
});

async function savedPicture(workspace: string): Promise<string> {
  await until('a picture', () => pictures(workspace).length > 0);
  const [name] = pictures(workspace);
  assert.ok(name);
  return name;
}
