// `npm run measure:precision`: draws 24 prompts with the starter model in full precision and with bytes, and
// prints how much the images differ (PSNR).
import path from 'node:path';
import sharp from 'sharp';
import { drawOneImage, generatorOf } from '../src/client/engine';
import { openEngine } from '../src/client/open';
import { build, root, runMain } from './steps';

const PROMPTS = [
  'a red apple',
  'a blue car',
  'a green tree',
  'a yellow banana',
  'a house',
  'a cat',
  'a dog',
  'a boat',
  'a cup of coffee',
  'a bicycle',
  'a rocket',
  'a book, flat',
  'a guitar',
  'a sunflower',
  'a chair, outline',
  'a fish',
  'a bird',
  'a laptop, 3d',
  'a hat',
  'a shoe',
  'a red car and a green tree',
  'a pizza',
  'a clock, flat',
  'an owl, outline',
];

async function main(): Promise<void> {
  build();
  const engine = openEngine({ module: path.join(root, 'dist', 'engine.js') });
  const draw = async (prompt: string, seed: number, precision: 'full' | 'int8') => {
    const request = {
      prompt,
      seed,
      precision,
      model: 'starter',
      format: 'png',
      ground: 'none',
    } as const;
    const { image } = await drawOneImage(generatorOf(engine), request, {});
    return sharp(image.bytes).flatten({ background: '#fff' }).removeAlpha().raw().toBuffer();
  };
  const found: number[] = [];
  try {
    for (const [seed, prompt] of PROMPTS.entries()) {
      const psnr = difference(await draw(prompt, seed, 'full'), await draw(prompt, seed, 'int8'));
      found.push(psnr);
      console.log(`${psnr.toFixed(1).padStart(5)} dB  ${prompt}`);
    }
  } finally {
    engine.dispose();
  }
  const mean = found.reduce((sum, value) => sum + value, 0) / found.length;
  console.log(`${mean.toFixed(1)} dB mean, ${Math.min(...found).toFixed(1)} dB worst`);
}

/** Peak signal-to-noise ratio in dB. */
function difference(a: Uint8Array, b: Uint8Array): number {
  const sum = a.reduce((total, value, i) => total + (value - (b[i] ?? 0)) ** 2, 0);
  return 10 * Math.log10(255 ** 2 / (sum / a.length));
}

runMain(main);
