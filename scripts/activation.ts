// `npx tsx scripts/activation.ts [RUNS]`: what activating the packaged extension costs, as VS Code itself
// measures it (code loading and `activate`), in windows opened one after another.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { openEditor, runCommand, startBrowser } from '../test/vscode/driver/browser';
import { installVsCode } from '../test/vscode/driver/install';
import { startServer } from '../test/vscode/driver/server';
import { packageExtension, thisTarget } from './package/extension';
import { runMain } from './steps';

async function main(): Promise<void> {
  const runs = Number(process.argv[2] ?? 5);
  installVsCode();
  const folder = mkdtempSync(path.join(tmpdir(), 'easel-activation-'));
  const server = await startServer({ folder, vsix: await packageExtension(thisTarget) });
  try {
    const browser = await startBrowser();
    const times: number[] = [];
    for (let run = 0; run < runs; run++) {
      times.push(await measureActivation(browser, server.open(folder)));
    }
    await browser.close();
    const median = times.toSorted((a, b) => a - b)[Math.floor(runs / 2)];
    console.log(`activation: ${times.join(', ')} ms; median ${median} ms`);
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Activates the extension in a new window.
 * @returns what VS Code measured for code loading and `activate`, in milliseconds
 */
async function measureActivation(browser: Browser, address: string): Promise<number> {
  // Tall, because the list shows only the rows that fit.
  const page = await openEditor(browser, address, { width: 1200, height: 2000 });
  try {
    // The extension host starts others at first, and all share its one thread.
    await page.waitForTimeout(4000);
    await runCommand(page, 'Easel: Show Log');
    await runCommand(page, 'Developer: Show Running Extensions');
    const row = page.locator('.extension').filter({ hasText: /^Easel\d/ });
    const text = await row.filter({ hasText: /\d+ms/ }).innerText();
    const milliseconds = /(\d+)ms/.exec(text)?.[1];
    if (milliseconds === undefined) throw new Error(`No time in "${text}".`);
    return Number(milliseconds);
  } finally {
    await page.context().close();
  }
}

runMain(main);
