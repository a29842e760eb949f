// `npx tsx scripts/walkthrough.ts`: draws the images of the walkthrough with the starter model:
// media/walkthrough/draw.webp and sketch.webp. Run it when the starter changes. The screenshots of the
// walkthrough are taken by `npm run screenshots:editor`.
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp, { type OverlayOptions } from 'sharp';
import { build, drawImage, root, runMain } from './steps';

const FOLDER = path.join(root, 'media', 'walkthrough');
/** Pixels. */
const [CELL, GAP] = [150, 15];
const PROMPTS = [
  ...['a red apple', 'a rocket', 'a robot'],
  ...['a fox', 'a cactus', 'a light bulb'],
  ...['a sunflower', 'a trophy', 'a blue car'],
];
const SKETCH = `<svg xmlns="http://www.w3.org/2000/svg" width="256" height="256">
  <rect width="256" height="256" fill="#fff"/>
  <path d="M96 130h64v90H96z" fill="#f3e3c3"/>
  <path d="M36 140a92 92 0 0 1 184 0z" fill="#d03020"/>
  <circle cx="90" cy="104" r="16" fill="#fff"/>
  <circle cx="150" cy="94" r="18" fill="#fff"/>
</svg>`;

async function main(): Promise<void> {
  const output = mkdtempSync(path.join(tmpdir(), 'easel-walkthrough-'));
  try {
    build();
    const drawn = PROMPTS.map((prompt) => drawImage(prompt, output, ['--seed', '0']));
    await compose('draw.webp', drawn, 3);
    const sketch = path.join(output, 'sketch.png');
    writeFileSync(sketch, await sharp(Buffer.from(SKETCH)).png().toBuffer());
    const options = ['--seed', '1', '--init-image', sketch, '--strength', '0.5'];
    await compose('sketch.webp', [sketch, drawImage('a mushroom', output, options)], 2);
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
}

/** Sets images side by side on a white card. */
async function compose(name: string, files: readonly string[], columns: number): Promise<void> {
  const cell = columns === 2 ? CELL * 1.5 : CELL;
  const step = cell + GAP;
  const images: OverlayOptions[] = [];
  for (const [index, file] of files.entries()) {
    images.push({
      input: await sharp(file).resize(cell, cell).png().toBuffer(),
      left: GAP + (index % columns) * step,
      top: GAP + Math.floor(index / columns) * step,
    });
  }
  const size = {
    width: GAP + columns * step,
    height: GAP + Math.ceil(files.length / columns) * step,
  };
  const file = path.join(FOLDER, name);
  const card = sharp({ create: { ...size, channels: 3, background: '#ffffff' } });
  await card.composite(images).webp({ quality: 82, effort: 6 }).toFile(`${file}.tmp`);
  renameSync(`${file}.tmp`, file);
  console.log(path.relative(root, file));
}

runMain(main);
