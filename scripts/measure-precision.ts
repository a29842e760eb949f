// `npm run measure:precision [-- PROMPTS]`: draws 24 prompts, or fewer, with the starter model in full precision
// and with layers in bytes: all that are by default, and each kind of layer alone. Prints how much the images
// differ (PSNR) as a table. It goes into bench/README.md.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { ChooseBytes } from '../src/engine/model/network';
import { differences, drawAll, PROMPTS } from './bench/starter-images';
import { runMain } from './steps';

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

async function main(): Promise<void> {
  const prompts = PROMPTS.slice(0, Number(process.argv[2] ?? PROMPTS.length));
  const folder = mkdtempSync(path.join(os.tmpdir(), 'easel-precision-'));
  try {
    const exact = await drawAll(prompts, { fields: { precision: 'full' }, folder });
    console.log(
      '| computed in bytes | PSNR, mean | PSNR, worst | worst prompt |\n|---|---|---|---|',
    );
    for (const { label, choose } of GROUPS) {
      const images = await drawAll(prompts, { fields: { precision: 'int8' }, folder, choose });
      console.log(`| ${label} | ${differences(exact, images, prompts)} |`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

runMain(main);
