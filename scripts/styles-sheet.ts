// `npm run sheet:styles [-- --output FILE]`: draws every style that the starter offers, of ten things and one scene, as
// the command line would, on the contact sheet of docs/STYLES.md.
import path from 'node:path';
import { parseArgs } from 'node:util';
import sharp, { type OverlayOptions } from 'sharp';
import { drawOneImage } from '../src/client/engine';
import { openEngine } from '../src/client/open';
import { applyStyle, DEFAULT_STYLES, type Style } from '../src/core/request/styles';
import type { GenerationRequestInput } from '../src/core/request/request';
import { build, root, runMain } from './steps';

const THINGS = 'rocket,cat,apple,house,tree,car,cup of coffee,lock,woman,sunflower'.split(',');
const SCENE = { prompt: 'a cat in the mountains', width: 600, height: 315 };
/** Pixels. */
const CELL = { width: 108, height: 108 };
const WIDE = { width: 206, height: 108 };
const GAP = 4;
const LABEL = 96;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { output: { type: 'string', default: path.join(root, 'docs', 'styles.webp') } },
  });
  build();
  const engine = openEngine({ module: path.join(root, 'dist', 'engine.js') });
  const draw = async (request: GenerationRequestInput): Promise<Uint8Array> => {
    const { image } = await drawOneImage(
      { generate: (asked, options) => engine.call('generate', { request: asked }, options) },
      request,
      {},
    );
    return image.bytes;
  };
  const styles: (Style | undefined)[] = [undefined, ...DEFAULT_STYLES.filter((one) => one.effect)];
  const requests = [...THINGS.map((thing) => ({ prompt: `a ${thing}` })), SCENE];
  const layers: OverlayOptions[] = [];
  try {
    for (const [row, style] of styles.entries()) {
      const top = GAP + row * (CELL.height + GAP);
      layers.push({ input: Buffer.from(label(style?.name ?? 'No style')), left: GAP, top });
      for (const [column, asked] of requests.entries()) {
        const request = { ...asked, seed: 1, model: 'starter', format: 'png' } as const;
        const file = await draw(style ? applyStyle(style, request) : request);
        const size = asked === SCENE ? WIDE : CELL;
        const input = await sharp(file).resize(size).flatten({ background: '#ffffff' }).toBuffer();
        layers.push({ input, left: LABEL + GAP + column * (CELL.width + GAP), top });
      }
    }
  } finally {
    engine.dispose();
  }
  const width = LABEL + GAP + THINGS.length * (CELL.width + GAP) + WIDE.width + GAP;
  const height = GAP + styles.length * (CELL.height + GAP);
  await sharp({ create: { width, height, channels: 3, background: '#d9d9d9' } })
    .composite(layers)
    .webp({ quality: 52, effort: 6 })
    .toFile(values.output);
}

function label(name: string): string {
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${LABEL - GAP}" height="${CELL.height}">` +
    `<text x="2" y="${CELL.height / 2}" font-family="DejaVu Sans, Arial, sans-serif" font-size="12">${name}</text>` +
    '</svg>'
  );
}

runMain(main);
