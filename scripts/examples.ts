// `npx tsx scripts/examples.ts`: draws the examples of the studio's empty stage with the starter model:
// media/examples/*.webp, one for each entry of examples.json there. Run it when the starter changes.
import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import examples from '../media/examples/examples.json';
import { build, drawImage, root, runMain } from './steps';

const folder = path.join(root, 'media', 'examples');

async function main(): Promise<void> {
  const output = mkdtempSync(path.join(tmpdir(), 'easel-examples-'));
  build();
  try {
    for (const { file, prompt, seed } of examples) {
      const temporary = path.join(folder, `.${file}.tmp`);
      const image = sharp(drawImage(prompt, output, ['--seed', String(seed)]))
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

runMain(main);
