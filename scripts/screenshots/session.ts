// Takes the README's screenshots from the packaged extension in a real VS Code.
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Page, PageScreenshotOptions, ViewportSize } from 'playwright-core';
import sharp from 'sharp';
import { openEditor, startBrowser } from '../../test/vscode/driver/browser';
import { installVsCode } from '../../test/vscode/driver/install';
import { startServer } from '../../test/vscode/driver/server';
import { packageExtension, thisTarget } from '../package/extension';
import { root } from '../steps';

/** Binaries stay in the history of the repository. */
const LIMIT_BYTES = 250_000;

/** A busy machine draws slowly. */
export const WAIT = { timeout: 180_000 };

export interface SessionOptions {
  /** The name of the workspace. */
  readonly name: string;
  /** The texts of its files, by name. */
  readonly files: Readonly<Record<string, string>>;
  /** User settings. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** In CSS pixels. */
  readonly viewport: ViewportSize;
}

export interface Session {
  readonly page: Page;
  /** The folder that is open. */
  readonly workspace: string;
  /** The file of the user settings. */
  readonly userSettings: string;
  /** The folder the screenshots go into. */
  readonly output: string;
  /** Whether a folder was named: all screenshots go there, and not only those that the README shows. */
  readonly all: boolean;
}

/**
 * Opens a workspace in a VS Code with Easel in it, and closes it when done. Reads the options
 * `[--vsix FILE] [--output FOLDER]` from the command line.
 */
export async function takeScreenshots(
  { name, files, settings, viewport }: SessionOptions,
  take: (session: Session) => Promise<void>,
): Promise<void> {
  const { values } = parseArgs({
    options: {
      vsix: { type: 'string' },
      output: { type: 'string' },
    },
  });
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
      const output = values.output ?? path.join(root, 'media', 'screenshots');
      const all = values.output !== undefined;
      await take({ page, workspace, userSettings, output, all });
    } finally {
      await browser.close();
      await server.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Saves what a page shows, at once and not in parts.
 * @param file where to, ending in .webp
 * @param clip the part of the page to show, in CSS pixels; absent: all
 * @throws where the file would be larger than 250 kB
 */
export async function saveScreenshot(
  page: Page,
  file: string,
  clip?: PageScreenshotOptions['clip'],
): Promise<void> {
  const shot = await page.screenshot(clip && { clip });
  const bytes = await sharp(shot).webp({ quality: 83, effort: 6 }).toBuffer();
  if (bytes.length > LIMIT_BYTES) throw new Error(`${file} has ${bytes.length} bytes.`);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(`${file}.tmp`, bytes);
  renameSync(`${file}.tmp`, file);
  console.log(`${path.relative(root, file)}: ${Math.round(bytes.length / 1000)} kB`);
}
