// Draws the examples of the studio's empty stage with the starter model: media/examples/*.webp, one for
// each entry of examples.json there. Run it when the starter changes.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { build, root } from './setup.mjs';

const folder = path.join(root, 'media', 'examples');
const examples = JSON.parse(readFileSync(path.join(folder, 'examples.json'), 'utf8'));
const output = mkdtempSync(path.join(tmpdir(), 'easel-examples-'));
build();
try {
  for (const { file, prompt, seed } of examples) {
    const cli = [path.join(root, 'dist', 'cli.js'), 'generate', prompt, '--seed', String(seed)];
    const lines = execFileSync(process.execPath, [...cli, '--output', output, '--json'], {
      encoding: 'utf8',
    });
    const events = lines.trim().split('\n').map(JSON.parse);
    const image = events.find(({ event }) => event === 'image');
    const temporary = path.join(folder, `.${file}.tmp`);
    await sharp(image.path).resize(336, 336).webp({ quality: 82 }).toFile(temporary);
    renameSync(temporary, path.join(folder, file));
    console.log(`${file}: "${prompt}", seed ${seed}`);
  }
} finally {
  rmSync(output, { recursive: true, force: true });
}
