// `npm run measure:precision [-- PROMPTS]`: draws 24 prompts, or fewer, with the starter model in full precision
// and with layers in bytes: all that are by default, and each kind of layer alone. Prints how much the images
// differ (PSNR) as a table. It goes into bench/README.md.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { ByteStore } from '../src/engine/bytes/byte-store';
import { DrawingEngine } from '../src/engine/engine';
import { DeviceSelector } from '../src/engine/probe/device-selector';
import { SessionCache } from '../src/engine/runtime/session-cache';
import type { ChooseBytes } from '../src/engine/model/network';
import type { GenerationEvent } from '../src/protocol/engine';
import { root, runMain } from './steps';

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

interface Group {
  readonly label: string;
  /** Absent: what `int8` computes in bytes. */
  readonly choose?: ChooseBytes;
}

function modules(label: string, component: string, pattern: RegExp): Group {
  return { label, choose: (own, module) => own === component && pattern.test(module) };
}

const GROUPS: readonly Group[] = [
  { label: 'everything that `int8` computes in bytes' },
  { label: 'the same and the text encoder', choose: () => true },
  modules('text encoder alone', 'text encoder', /^/),
  modules('autoencoder alone', 'vae', /^/),
  modules('UNet alone', 'unet', /^/),
  modules('UNet, self attention: queries, keys, values', 'unet', /\.attn1\.to_[qkv]$/),
  modules('UNet, self attention: outputs', 'unet', /\.attn1\.to_out\./),
  modules('UNet, cross attention: queries, keys, values', 'unet', /\.attn2\.to_[qkv]$/),
  modules('UNet, cross attention: outputs', 'unet', /\.attn2\.to_out\./),
  modules('UNet, around the attention blocks', 'unet', /\.proj_(?:in|out)$/),
  modules('UNet, feed forward: first layer', 'unet', /\.ff\.net\.0\./),
  modules('UNet, feed forward: second layer', 'unet', /\.ff\.net\.2$/),
  modules('UNet, residual blocks: first convolution', 'unet', /\.conv1$/),
  modules('UNet, residual blocks: second convolution', 'unet', /\.conv2$/),
  modules('UNet, residual blocks: shortcut', 'unet', /\.conv_shortcut$/),
  modules('UNet, between levels: down', 'unet', /\.downsamplers\./),
  modules('UNet, between levels: up', 'unet', /\.upsamplers\./),
  modules('UNet, level 8 × 8, down', 'unet', /^down_blocks\.0\./),
  modules('UNet, level 4 × 4, down', 'unet', /^down_blocks\.1\./),
  modules('UNet, middle', 'unet', /^mid_block\./),
  modules('UNet, level 4 × 4, up', 'unet', /^up_blocks\.0\./),
  modules('UNet, level 8 × 8, up', 'unet', /^up_blocks\.1\./),
  modules('autoencoder, 8 × 8 and 16 × 16', 'vae', /^decoder\.layers\.(?:\d|10)\b/),
  modules('autoencoder, 32 × 32 and 64 × 64', 'vae', /^decoder\.layers\.1[1-8]\b/),
  modules('autoencoder, 128 × 128 and 256 × 256', 'vae', /^decoder\.layers\.2/),
];

/** Draws with the starter. `precision` int8 takes bytes from a folder of its own. */
class Drawer {
  private readonly sessions = new SessionCache();
  private readonly engine: DrawingEngine;

  constructor(
    private readonly precision: 'full' | 'int8',
    folder: string,
    choose: ChooseBytes | undefined,
  ) {
    // The processor is asked for, so no device is tried.
    const devices = new DeviceSelector(path.join(root, 'dist', 'engine.js'));
    this.engine = new DrawingEngine(devices, this.sessions, new ByteStore(folder), choose);
  }

  /** @returns the image on white, as RGB */
  async draw(prompt: string, seed: number): Promise<Uint8Array> {
    const { precision } = this;
    const common = { model: 'starter', format: 'png', ground: 'none', device: 'cpu' } as const;
    const request = { prompt, seed, precision, ...common };
    let image: Uint8Array | undefined;
    const emit = (event: GenerationEvent) => {
      if (event.event === 'image') image = event.bytes;
      if (event.event === 'warning') console.warn(event.message);
    };
    const { signal } = new AbortController();
    await this.engine.handlers.generate({ request }, { signal, emit });
    if (!image) throw new Error(`Nothing was drawn for "${prompt}".`);
    return sharp(image).flatten({ background: '#fff' }).removeAlpha().raw().toBuffer();
  }

  close(): Promise<void> {
    return this.sessions.clear();
  }
}

async function main(): Promise<void> {
  const prompts = PROMPTS.slice(0, Number(process.argv[2] ?? PROMPTS.length));
  const folder = mkdtempSync(path.join(os.tmpdir(), 'easel-precision-'));
  try {
    const exact = await drawAll(prompts, new Drawer('full', folder, undefined));
    console.log(
      '| computed in bytes | PSNR, mean | PSNR, worst | worst prompt |\n|---|---|---|---|',
    );
    for (const { label, choose } of GROUPS) {
      const images = await drawAll(prompts, new Drawer('int8', folder, choose));
      const found = images.map((image, i) => difference(exact[i] ?? new Uint8Array(), image));
      const mean = found.reduce((sum, value) => sum + value, 0) / found.length;
      const worst = Math.min(...found);
      const prompt = prompts[found.indexOf(worst)];
      console.log(`| ${label} | ${mean.toFixed(1)} dB | ${worst.toFixed(1)} dB | ${prompt} |`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function drawAll(prompts: readonly string[], drawer: Drawer): Promise<Uint8Array[]> {
  const images: Uint8Array[] = [];
  try {
    for (const [seed, prompt] of prompts.entries()) images.push(await drawer.draw(prompt, seed));
  } finally {
    await drawer.close();
  }
  return images;
}

/** Peak signal-to-noise ratio in dB; infinite where the images are equal. */
function difference(a: Uint8Array, b: Uint8Array): number {
  const sum = a.reduce((total, value, i) => total + (value - (b[i] ?? 0)) ** 2, 0);
  return 10 * Math.log10(255 ** 2 / (sum / a.length));
}

runMain(main);
