// `node scripts/vscode/activation.mjs [RUNS]`: what activating the packaged extension costs, as VS Code
// itself measures it (code loading and `activate`), in windows opened one after another.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageExtension, thisTarget } from '../package.mjs';
import { openEditor, runCommand, startBrowser } from './browser.mjs';
import { installVsCode } from './install.mjs';
import { startServer } from './server.mjs';

/**
 * Activates the extension in a new window.
 * @returns milliseconds
 */
export async function measureActivation(browser, address) {
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

async function main() {
  const runs = Number(process.argv[2] ?? 5);
  installVsCode();
  const folder = mkdtempSync(path.join(tmpdir(), 'easel-activation-'));
  const server = await startServer({ folder, vsix: await packageExtension(thisTarget) });
  try {
    const browser = await startBrowser();
    const times = [];
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

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  main().catch((error) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  });
}
