import path from 'node:path';
import sharp from 'sharp';
import type { GenerationRequestInput } from '../../src/core/request/request';
import { ByteStore } from '../../src/engine/bytes/byte-store';
import { DrawingEngine } from '../../src/engine/engine';
import type { ChooseBytes } from '../../src/engine/model/network';
import { DeviceSelector } from '../../src/engine/probe/device-selector';
import { SessionCache } from '../../src/engine/runtime/session-cache';
import type { GenerationEvent } from '../../src/protocol/engine';
import { psnr } from '../../test/support/pictures';
import { root } from '../steps';

/** What the starter draws to measure how much a setting changes its images. */
export const PROMPTS = [
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

export interface Drawing {
  /** What is different from a request of the prompt alone. */
  readonly fields: Partial<GenerationRequestInput>;
  /** Where weights as bytes are kept. */
  readonly folder: string;
  /** Which layers multiply bytes; absent: those that do by default. */
  readonly choose?: ChooseBytes | undefined;
}

/** @returns the starter's images of the prompts, each on white, as RGB */
export async function drawAll(
  prompts: readonly string[],
  { fields, folder, choose }: Drawing,
): Promise<Uint8Array[]> {
  const sessions = new SessionCache();
  // The processor is asked for, so no device is tried.
  const devices = new DeviceSelector(path.join(root, 'dist', 'engine.js'));
  const engine = new DrawingEngine(devices, sessions, new ByteStore(folder), choose);
  const images: Uint8Array[] = [];
  try {
    for (const [seed, prompt] of prompts.entries()) {
      images.push(await drawOne(engine, { ...fields, prompt, seed }));
    }
  } finally {
    await sessions.clear();
  }
  return images;
}

async function drawOne(
  engine: DrawingEngine,
  request: GenerationRequestInput,
): Promise<Uint8Array> {
  const common = { model: 'starter', format: 'png', ground: 'none', device: 'cpu' } as const;
  let image: Uint8Array | undefined;
  const emit = (event: GenerationEvent) => {
    if (event.event === 'image') image = event.bytes;
    if (event.event === 'warning') console.warn(event.message);
  };
  const { signal } = new AbortController();
  await engine.handlers.generate({ request: { ...common, ...request } }, { signal, emit });
  if (!image) throw new Error(`Nothing was drawn for "${request.prompt}".`);
  return sharp(image).flatten({ background: '#fff' }).removeAlpha().raw().toBuffer();
}

/** The cells of a table's row: how much images differ from others of the same prompts, and where most. */
export function differences(
  exact: readonly Uint8Array[],
  images: readonly Uint8Array[],
  prompts: readonly string[],
): string {
  const found = images.map((image, i) => psnr(exact[i]!, image));
  const mean = found.reduce((sum, value) => sum + value, 0) / found.length;
  const worst = Math.min(...found);
  return `${mean.toFixed(1)} dB | ${worst.toFixed(1)} dB | ${prompts[found.indexOf(worst)]}`;
}
