import type { Page, ViewportSize } from 'playwright-core';
import { tempFolder } from '../../support/temp-folder';
import { openEditor, startBrowser } from '../driver/browser';
import { installVsCode } from '../driver/install';
import { startServer } from '../driver/server';
import { vsix } from './packaged';
import { newWorkspace } from './workspace-files';

/** A new workspace in a window of a VS Code of its own. */
export interface EditorWindow {
  readonly page: Page;
  readonly workspace: string;
  close(): Promise<void>;
}

interface WindowOptions {
  /** The user's settings. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** The workspace's settings. */
  readonly own?: Readonly<Record<string, unknown>>;
  readonly size: ViewportSize;
}

/** Milliseconds; a busy machine is slow. */
const LONGEST_WAIT = 90_000;

/** Opens a window on a new folder with the files given. */
export async function openWindow(
  files: Readonly<Record<string, string>>,
  { settings, own, size }: WindowOptions,
): Promise<EditorWindow> {
  installVsCode();
  const server = await startServer({ folder: tempFolder(), vsix: await vsix(), settings });
  const browser = await startBrowser();
  const workspace = newWorkspace({
    ...files,
    ...(own && { '.vscode/settings.json': JSON.stringify(own) }),
  });
  const page = await openEditor(browser, server.open(workspace), size);
  page.setDefaultTimeout(LONGEST_WAIT);
  return {
    page,
    workspace,
    close: async () => {
      await browser.close();
      await server.stop();
    },
  };
}
