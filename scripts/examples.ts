// `npx tsx scripts/examples.ts`: draws the examples of the studio's empty stage with the starter model:
// media/examples/*.webp, one for each entry of examples.json there. Run it when the starter changes.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import examples from '../media/examples/examples.json';
import { build, root, runMain } from './steps';

const folder = path.join(root, 'media', 'examples');

async function main(): Promise<void> {
  const output = mkdtempSync(path.join(tmpdir(), 'easel-examples-'));
  build();
  try {
    for (const { file, prompt, seed } of examples) {
      const temporary = path.join(folder, `.${file}.tmp`);
      const image = sharp(draw(prompt, seed, output))
        .resize(336, 336)
        .webp({ quality: 82 });
      await image.toFile(temporary);
      renameSync(temporary, path.join(folder, file));
      console.log(`${file}: "${prompt}", seed ${seed}`);
    }
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
}

/** Draws an image with the command line. @returns the path of its file */
function draw(prompt: string, seed: number, output: string): string {
  const cli = [path.join(root, 'dist', 'cli.js'), 'generate', prompt, '--seed', String(seed)];
  const lines = execFileSync(process.execPath, [...cli, '--output', output, '--json'], {
    encoding: 'utf8',
  });
  for (const line of lines.trim().split('\n')) {
    const event = JSON.parse(line) as { readonly event: string; readonly path?: string };
    if (event.event === 'image' && event.path !== undefined) return event.path;
  }
  throw new Error(`No image came of "${prompt}".`);
}

runMain(main);
