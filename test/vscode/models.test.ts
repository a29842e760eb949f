import { strict as assert } from 'node:assert';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import {
  answer,
  clearNotifications,
  generateImage,
  notification,
  openEditor,
  quickInput,
  runCommand,
  startBrowser,
  tellFailures,
} from './driver/browser';
import { installVsCode } from './driver/install';
import { startServer, type VsCodeServer } from './driver/server';
import { inSettings, openStudioWithoutModel } from './driver/studio';
import { publishedModel } from '../support/hub-models';
import { HubServer } from '../support/hub-server';
import { ArchiveServer } from '../support/support-archive';
import { tempFolder } from '../support/temp-folder';
import { until } from '../support/until';
import { vsix } from './support/packaged';
import { violations } from './support/studio-checks';

const ID = 'easel/tiny-sd';
const REPO = 'models--easel--tiny-sd';

describe('models in a real VS Code', function () {
  this.timeout(600_000);
  let hub: HubServer;
  let archives: ArchiveServer;
  let server: VsCodeServer;
  let browser: Browser;
  let page: Page;
  let cache: string;
  /** Easel's own cache. */
  let own: string;
  let workspace: string;

  before(async () => {
    installVsCode();
    hub = await HubServer.start({ ...publishedModel(), gatedBy: 'hf_of-a-friend' });
    archives = await ArchiveServer.start({ 'part.so': Buffer.alloc(1000) });
    const home = tempFolder();
    own = tempFolder();
    cache = path.join(home, 'hub');
    workspace = path.join(tempFolder(), 'workspace');
    mkdirSync(workspace);
    writeFileSync(path.join(workspace, 'note.md'), '');
    server = await startServer({
      folder: tempFolder(),
      vsix: await vsix(),
      settings: {
        ...{ 'easel.steps': 1, 'easel.width': 32, 'easel.height': 32 },
        'window.dialogStyle': 'custom',
      },
      env: {
        ...{ HF_ENDPOINT: hub.url, HF_TOKEN: '', HF_HOME: home, HF_HUB_CACHE: '' },
        ...{ EASEL_CACHE: own, PIP_INDEX_URL: archives.index },
      },
    });
    browser = await startBrowser();
    page = await openEditor(browser, server.open(workspace));
  });
  after(async () => {
    await browser.close();
    await server.stop();
    await hub.stop();
    await archives.stop();
  });
  tellFailures(() => browser);

  beforeEach(() => clearNotifications(page));

  const dialogButton = (name: string) =>
    page.locator('.monaco-dialog-box').getByRole('button', { name });
  /**
   * A menu takes no click in its first tenth of a second, and closes when its tree is drawn anew; so it
   * is opened and clicked until what it does is seen.
   */
  const pickInMenu = (row: Locator, title: string, seen: Locator) => {
    const item = page.locator('.monaco-menu').getByText(title);
    return until(`${title} in the menu`, async () => {
      if (await seen.isVisible()) return true;
      // The menu can go, and what is waited for can come, at any moment; then there is another turn.
      const click = async () => {
        if (!(await item.isVisible())) await row.click({ button: 'right', timeout: 1000 });
        await item.click({ timeout: 1000 });
      };
      await click().catch(() => undefined);
      await seen.waitFor({ timeout: 1000 }).catch(() => undefined);
      return false;
    });
  };
  const askFor = async (id: string) => {
    await runCommand(page, 'Easel: Download Model');
    await answer(page, 'Download Model', id);
  };

  it('asks for a token where one is needed, then downloads with progress, and draws with it', async () => {
    // However fast the machine, the download is not done before its progress was seen.
    let seeProgress: (seen: undefined) => void = () => undefined;
    const progressSeen = new Promise<undefined>((resolve) => (seeProgress = resolve));
    hub.fault = ({ kind }) => (kind === 'storage' ? { heldUntil: progressSeen } : undefined);
    await askFor(ID);
    const gated = await notification(page, 'is a gated model');
    await gated.getByRole('button', { name: 'Set Token' }).click();
    await answer(page, 'Hugging Face Token', 'hf_of-a-friend');
    await page.locator('.monaco-dialog-box').getByText('creativeml-openrail-m').waitFor();
    assert.ok(!existsSync(cache), 'something came before it was asked for');
    await dialogButton('Download').click();
    await notification(page, `Downloading ${ID}`);
    seeProgress(undefined);
    await notification(page, 'Easel draws with tiny-sd now');
    await generateImage(page, 'a red apple');
    const assets = path.join(workspace, 'assets');
    await until('a picture', () => existsSync(assets) && readdirSync(assets).length > 0);
    // It is opened, which takes the focus from whatever asks next.
    await page.locator('.tab').filter({ hasText: 'a-red-apple' }).waitFor();
  });

  it('shows it in the tree, verifies it, and removes it after asking', async () => {
    await runCommand(page, 'Easel: Focus on Models View');
    const row = page.locator('.pane-body .monaco-list-row').filter({ hasText: 'tiny-sd' });
    await row.waitFor();
    assert.match(await row.innerText(), /\d+ kB · half precision/);
    const verifying = new RegExp(`Verifying ${ID}|${ID} is complete`);
    const notices = page.locator('.notification-list-item').filter({ hasText: verifying });
    await pickInMenu(row, 'Verify Model', notices.first());
    await notification(page, `${ID} is complete`);
    const size = page.locator('.monaco-dialog-box').getByText(/This frees \d+ kB/);
    await pickInMenu(row, 'Remove Model', size);
    assert.ok(statSync(path.join(cache, REPO)).isDirectory());
    await dialogButton('Remove').click();
    await until('its folder is gone', () => !existsSync(path.join(cache, REPO)));
    await row.waitFor({ state: 'detached' });
  });

  it('pauses, and goes on where it was', async () => {
    hub.fault = ({ kind }) => (kind === 'storage' ? { stallAfter: 3000 } : undefined);
    await askFor(ID);
    await dialogButton('Download').click();
    const blobs = path.join(cache, REPO, 'blobs');
    const partial = () =>
      existsSync(blobs) &&
      readdirSync(blobs).some(
        (name) =>
          name.endsWith('.incomplete') &&
          statSync(path.join(blobs, name), { throwIfNoEntry: false })?.size === 3000,
      );
    await until('a part of it', partial);
    const progress = await notification(page, `Downloading ${ID}`);
    await progress.getByRole('button', { name: 'Cancel' }).click();
    const paused = await notification(page, 'downloaded part is kept');
    assert.ok(partial());
    hub.fault = () => undefined;
    await paused.getByRole('button', { name: 'Resume' }).click();
    await notification(page, 'Easel draws with tiny-sd now');
    assert.ok(!readdirSync(blobs).some((name) => name.endsWith('.incomplete')));
  });

  it('notices what other programs do to the cache, and goes on with a download by one click', async () => {
    await runCommand(page, 'Easel: Focus on Models View');
    const row = page.locator('.pane-body .monaco-list-row').filter({ hasText: 'tiny-sd' });
    const heading = page.locator('.pane-body .monaco-list-row').filter({ hasText: 'Recommended' });
    await Promise.all([row.waitFor(), heading.waitFor()]);
    const aside = `${cache}-aside`;
    renameSync(path.join(cache, REPO), aside);
    await row.waitFor({ state: 'detached' });
    renameSync(aside, path.join(cache, REPO));
    await row.waitFor();

    rmSync(path.join(cache, REPO), { recursive: true });
    await row.waitFor({ state: 'detached' });
    hub.fault = ({ kind }) => (kind === 'storage' ? { stallAfter: 3000 } : undefined);
    await askFor(ID);
    await dialogButton('Download').click();
    const progress = await notification(page, `Downloading ${ID}`);
    await progress.filter({ hasText: 'of' }).waitFor();
    await progress.getByRole('button', { name: 'Cancel' }).click();
    await notification(page, 'downloaded part is kept');
    await clearNotifications(page);
    hub.fault = () => undefined;
    const unfinished = row.filter({ hasText: 'download not finished' });
    await unfinished.waitFor();
    await unfinished.click();
    await notification(page, 'Easel draws with tiny-sd now');
    await unfinished.waitFor({ state: 'detached' });
  });

  it('searches the well-known models while one types', async () => {
    await runCommand(page, 'Easel: Download Model');
    await page.locator('.quick-input-title').filter({ hasText: 'Download Model' }).waitFor();
    const rows = page.locator('.quick-input-list .monaco-list-row');
    await rows.filter({ hasText: 'SD-Turbo' }).first().waitFor();
    await quickInput(page).pressSequentially('anime');
    await rows.filter({ hasText: 'Anything v3' }).waitFor();
    await rows.filter({ hasText: 'SD-Turbo' }).first().waitFor({ state: 'detached' });
    await quickInput(page).fill('https://huggingface.co/some/where');
    await rows.filter({ hasText: 'Download some/where' }).waitFor();
    await page.keyboard.press('Escape');
  });

  it('says why no graphics card draws and what to do, from the palette and in the studio', async function () {
    // There, a card may draw.
    if (process.arch !== 'x64' || existsSync('/dev/nvidiactl')) this.skip();
    const dialog = page.locator('.monaco-dialog-box');
    const look = async () => {
      await dialog.getByText('Easel draws with the processor.').waitFor();
      const text = (await dialog.innerText()).replaceAll(/\s+/g, ' ');
      assert.match(
        text,
        /CUDA: no NVIDIA driver runs on this computer.* To do: Install the NVIDIA/,
      );
      assert.match(text, /WebGPU: .* To do: /);
    };
    await runCommand(page, 'Easel: Why Not the Graphics Card?');
    await look();
    await dialogButton('Choose Device').click();
    await page.locator('.quick-input-title').filter({ hasText: 'Choose Device' }).waitFor();
    await page.keyboard.press('Escape');

    const studio = await openStudioWithoutModel(page);
    const advanced = studio.getByText('Advanced', { exact: true });
    const running = studio.locator('.running');
    await inSettings(studio, async () => {
      if (!(await running.isVisible())) await advanced.click();
      await running.filter({ hasText: 'Running on CPU, full precision' }).waitFor();
      await running.getByRole('button', { name: 'Why not the graphics card?' }).click();
    });
    await look();
    await dialogButton('Cancel').click();
    assert.deepEqual(await violations(studio), []);
  });

  it('installs what a device needs after asking, refuses what is not as published, and removes it', async function () {
    if (process.arch !== 'x64') this.skip();
    const devices = path.join(own, 'devices');
    const { host } = new URL(archives.index);
    await runCommand(page, 'Easel: Install CUDA Support');
    const dialog = page.locator('.monaco-dialog-box');
    await dialog.getByText('Download CUDA support (246.7 MB)?').waitFor();
    await dialog.getByText(`It comes from ${host}`).waitFor();
    assert.deepEqual(archives.asked, []);
    // The server has an archive of this name, and it is another one.
    await dialogButton('Download').click();
    await notification(page, 'should have 246658419 bytes');
    assert.ok(archives.asked.length > 0);
    assert.ok(!existsSync(path.join(devices, 'cuda-1.30.0')));

    mkdirSync(path.join(devices, 'cuda-1.29.0'), { recursive: true });
    writeFileSync(path.join(devices, 'cuda-1.29.0', 'part.so'), Buffer.alloc(5000));
    await runCommand(page, 'Easel: Remove CUDA Support');
    await dialogButton('Remove').click();
    await notification(page, 'CUDA support was removed. This freed 5 kB.');
    assert.deepEqual(readdirSync(devices), []);
  });
});
