// Takes the README's pictures from the packaged extension in a real VS Code.
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { packageExtension, thisTarget } from '../package.mjs';
import { installDependencies, root } from '../setup.mjs';
import { openEditor, startBrowser } from './browser.mjs';
import { installVsCode } from './install.mjs';
import { startServer } from './server.mjs';

/** Binaries stay in the repository's history for ever. */
const LIMIT_BYTES = 250_000;

/** A busy machine draws slowly. */
export const WAIT = { timeout: 180_000 };

/**
 * Opens a workspace in a VS Code with Easel in it, and closes it when done. Takes the command line
 * `[--vsix FILE] [--output FOLDER]`.
 * @param options.name the workspace's
 * @param options.files its texts, by name
 * @param options.settings user settings
 * @param options.viewport in CSS pixels
 * @param take gets { page, workspace, userSettings, output }: the paths of the folder, of the settings' file and
 *   of where the pictures go
 */
export async function takeScreenshots({ name, files, settings, viewport }, take) {
  const { values } = parseArgs({
    options: {
      vsix: { type: 'string' },
      output: { type: 'string', default: path.join(root, 'media', 'screenshots') },
    },
  });
  installDependencies();
  installVsCode();
  const folder = mkdtempSync(path.join(tmpdir(), 'easel-screenshots-'));
  try {
    const workspace = path.join(folder, name);
    mkdirSync(workspace);
    for (const [file, text] of Object.entries(files)) {
      writeFileSync(path.join(workspace, file), text);
    }
    const vsix = values.vsix ?? (await packageExtension(thisTarget, folder));
    const profile = path.join(folder, 'profile');
    const server = await startServer({ folder: profile, vsix, settings });
    const browser = await startBrowser();
    try {
      const page = await openEditor(browser, server.open(workspace), viewport);
      page.setDefaultTimeout(WAIT.timeout);
      const userSettings = path.join(profile, 'data', 'User', 'settings.json');
      await take({ page, workspace, userSettings, output: values.output });
    } finally {
      await browser.close();
      await server.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Saves what a page shows: small, and only whole.
 * @param file where to, ending in .webp
 * @param clip the part of the page to show, in CSS pixels; absent: all
 */
export async function saveScreenshot(page, file, clip) {
  const shot = await page.screenshot(clip && { clip });
  const bytes = await sharp(shot).webp({ quality: 88, effort: 6 }).toBuffer();
  if (bytes.length > LIMIT_BYTES) throw new Error(`${file} has ${bytes.length} bytes.`);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(`${file}.tmp`, bytes);
  renameSync(`${file}.tmp`, file);
  console.log(`${path.relative(root, file)}: ${Math.round(bytes.length / 1000)} kB`);
}
