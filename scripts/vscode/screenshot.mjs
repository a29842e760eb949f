// Saves what a page of the editor shows for the README: small, and only whole.
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { root } from '../setup.mjs';

/** Binaries stay in the repository's history for ever. */
const LIMIT_BYTES = 250_000;

/**
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
