// `npm run measure:placeholders [-- --kind NAME] [--output FOLDER]`: draws the requests of
// bench/placeholders/requests.json with the starter model, seeds 1 and 2, as the command line would, and
// writes a contact sheet for each kind. It prints the time that an image took, and how many images are kept by
// bench/placeholders/judgement.json, which is filled in by hand after looking at the sheets.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import sharp, { type OverlayOptions } from 'sharp';
import judgement from '../bench/placeholders/judgement.json';
import requests from '../bench/placeholders/requests.json';
import { drawOneImage, generatorOf } from '../src/client/engine';
import { openEngine } from '../src/client/open';
import { build, root, runMain } from './steps';

type Request = (typeof requests)[number];

interface Drawn {
  readonly request: Request;
  /** With seeds 1 and 2. */
  readonly files: readonly Uint8Array[];
}

const SEEDS = [1, 2] as const;
/** Pixels. A cell shows an image in its shape, and never enlarged. */
const CELL = { width: 176, height: 132 };
const GAP = 8;
const CAPTION = 34;
const COLUMNS = 4;

const kept: Readonly<Record<string, readonly boolean[] | undefined>> = judgement;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      kind: { type: 'string' },
      output: { type: 'string', default: path.join(root, 'docs', 'placeholders') },
    },
  });
  build();
  mkdirSync(values.output, { recursive: true });
  const kinds = [...new Set(requests.map(({ kind }) => kind))];
  const engine = openEngine({ module: path.join(root, 'dist', 'engine.js') });
  const seconds: number[] = [];
  const draw = async (request: Request, seed: number): Promise<Uint8Array> => {
    const { prompt, width, height } = request;
    const started = performance.now();
    const asked = { prompt, width, height, seed, model: 'starter', format: 'webp' } as const;
    const { image } = await drawOneImage(generatorOf(engine), asked, {});
    seconds.push((performance.now() - started) / 1000);
    return image.bytes;
  };
  try {
    for (const kind of kinds.filter((name) => values.kind === undefined || name === values.kind)) {
      const drawn: Drawn[] = [];
      for (const request of requests.filter((each) => each.kind === kind)) {
        const files: Uint8Array[] = [];
        for (const seed of SEEDS) files.push(await draw(request, seed));
        drawn.push({ request, files });
      }
      await writeSheet(drawn, path.join(values.output, `${kind}.webp`));
      console.log(`${kind}: ${countKept(drawn)}`);
    }
  } finally {
    engine.dispose();
  }
  seconds.sort((a, b) => a - b);
  const middle = seconds[Math.floor(seconds.length / 2)] ?? 0;
  const longest = seconds.at(-1) ?? 0;
  console.log(
    `${seconds.length} images: ${middle.toFixed(2)} s each (median), ${longest.toFixed(2)} s at most`,
  );
}

function countKept(drawn: readonly Drawn[]): string {
  const judged = drawn.flatMap(({ request }) => {
    const seeds = kept[request.prompt];
    return seeds ? [seeds] : [];
  });
  const first = judged.filter(([one]) => one).length;
  const both = judged.filter((seeds) => seeds.every(Boolean)).length;
  return `${first} of ${judged.length} judged are kept with seed 1, ${both} with both seeds`;
}

async function writeSheet(drawn: readonly Drawn[], file: string): Promise<void> {
  const column = SEEDS.length * (CELL.width + GAP) + GAP;
  const row = CELL.height + CAPTION + GAP;
  const rows = Math.ceil(drawn.length / COLUMNS);
  const layers: OverlayOptions[] = [];
  for (const [index, { request, files }] of drawn.entries()) {
    const left = GAP + (index % COLUMNS) * column;
    const top = GAP + Math.floor(index / COLUMNS) * row;
    for (const [seed, bytes] of files.entries()) {
      const { data, info } = await sharp(bytes)
        .resize({ ...CELL, fit: 'inside', withoutEnlargement: true })
        .png()
        .toBuffer({ resolveWithObject: true });
      layers.push({
        input: data,
        left: left + seed * (CELL.width + GAP) + Math.floor((CELL.width - info.width) / 2),
        top: top + Math.floor((CELL.height - info.height) / 2),
      });
    }
    layers.push({ input: Buffer.from(caption(request, column)), left, top: top + CELL.height });
  }
  await sharp({
    create: {
      width: GAP + COLUMNS * column,
      height: GAP + rows * row,
      channels: 3,
      background: '#d9d9d9',
    },
  })
    .composite(layers)
    .webp({ quality: 80, effort: 6 })
    .toFile(file);
}

/** The prompt, and the size with a mark for each seed whose image is kept. */
function caption({ prompt, width, height }: Request, space: number): string {
  const marks = kept[prompt]?.map((is) => (is ? '✓' : '✗')).join(' ') ?? '';
  const text = (y: number, colour: string, content: string) =>
    `<text x="2" y="${y}" font-family="DejaVu Sans, Arial, sans-serif" font-size="11" fill="${colour}">${content}</text>`;
  const short = prompt.length > 58 ? `${prompt.slice(0, 57)}…` : prompt;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${space - 2 * GAP}" height="${CAPTION}">` +
    text(13, '#111111', short.replaceAll('&', '&amp;').replaceAll('<', '&lt;')) +
    text(27, '#555555', `${width} × ${height}  ${marks}`) +
    '</svg>'
  );
}

runMain(main);
