import { existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { buildClipText } from '../../src/engine/graph/clip-text';
import { parseClipTextConfig } from '../../src/engine/graph/clip-text-config';
import { parseUNetConfig } from '../../src/engine/graph/unet-config';
import { buildUNet } from '../../src/engine/graph/unet';
import { buildVaeDecoder, buildVaeEncoder } from '../../src/engine/graph/vae';
import { parseVaeConfig } from '../../src/engine/graph/vae-config';
import type { WrapWeights } from '../../src/engine/graph/weights';
import { materialise } from './fixture';
import { writeWeights } from './model-folder';
import type { TensorShapes } from './random-weights';

const NO_WEIGHTS = { description: 'none', get: () => undefined, names: () => [], totalBytes: 0 };
const LARGE = 100_000_000;
const SIZE = { batch: 1, height: 8, width: 8 };

interface Config {
  block_out_channels: number[];
  cross_attention_dim: number;
  hidden_size: number;
  intermediate_size: number;
}

/**
 * The model of a case with a UNet and an autoencoder of `times` the channels, text encoders of `textTimes` the
 * features, and random weights: the layers of the cases themselves are too narrow to be computed in bytes. Returns
 * its folder.
 */
export function materialiseWide(caseName: string, times: number, textTimes = 1): string {
  const model = materialise(caseName);
  const changed = (component: string, change: (config: Config) => void) => {
    const where = join(model, component, 'config.json');
    const config = JSON.parse(readFileSync(where, 'utf8')) as Config;
    change(config);
    writeFileSync(where, JSON.stringify(config));
    return { where, config };
  };
  const widened = (component: string) =>
    changed(component, (config) => {
      config.block_out_channels = config.block_out_channels.map((channels) => channels * times);
      if (component === 'unet') config.cross_attention_dim *= textTimes;
    });
  const unet = widened('unet');
  const vae = widened('vae');
  const encoders = ['text_encoder', 'text_encoder_2'].filter((name) =>
    existsSync(join(model, name)),
  );
  for (const component of textTimes === 1 ? [] : encoders) {
    const { where, config } = changed(component, (own) => {
      own.hidden_size *= textTimes;
      own.intermediate_size *= textTimes;
    });
    const shapes = shapesOf((wrapWeights) =>
      buildClipText(parseClipTextConfig(config, where, component.endsWith('_2')), NO_WEIGHTS, {
        ...{ batch: 1, target: { device: 'cpu' }, wrapWeights },
      }),
    );
    writeWeights(model, component, shapes, 'F32', {});
  }
  const unetShapes = shapesOf((wrapWeights) =>
    buildUNet(parseUNetConfig(unet.config, unet.where), NO_WEIGHTS, {
      ...SIZE,
      ...{ target: { device: 'cpu' }, wrapWeights },
    }),
  );
  const vaeShapes = shapesOf((wrapWeights) => {
    const config = parseVaeConfig(vae.config, vae.where);
    const options = { ...SIZE, target: { device: 'cpu' }, wrapWeights } as const;
    buildVaeDecoder(config, NO_WEIGHTS, options);
    buildVaeEncoder(config, NO_WEIGHTS, { ...options, height: 64, width: 64 });
  });
  writeWeights(model, 'unet', unetShapes, 'F32', {});
  writeWeights(model, 'vae', vaeShapes, 'F32', {});
  return model;
}

/**
 * Makes a model's UNet count as large, as those that `auto` computes in bytes, or another component: its file gets
 * 100 million numbers more, which no layer reads, and which are a hole that takes no space on the disk.
 */
export function makeLarge(model: string, component = 'unet'): string {
  const name = component.startsWith('text') ? 'model' : 'diffusion_pytorch_model';
  const file = join(model, component, `${name}.safetensors`);
  const bytes = readFileSync(file);
  const length = Number(bytes.readBigUInt64LE());
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + length)) as Record<string, unknown>;
  const tensors = bytes.subarray(8 + length);
  const more = 2 * LARGE;
  const { length: start } = tensors;
  header.unused = { dtype: 'F16', shape: [LARGE], data_offsets: [start, start + more] };
  const text = Buffer.from(JSON.stringify(header));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(text.length));
  writeFileSync(file, Buffer.concat([size, text, tensors]));
  truncateSync(file, 8 + text.length + start + more);
  return model;
}

/** The names and shapes of the weights that a graph asks for while it is written. */
function shapesOf(write: (wrapWeights: WrapWeights) => void): TensorShapes {
  const shapes: Record<string, readonly number[]> = {};
  write(() => {
    const get = (name: string, shape: readonly number[], rows?: { readonly count: number }) => {
      shapes[name] = shape;
      const own = rows === undefined ? shape : [rows.count, ...shape.slice(1)];
      return { name, type: 'float32' as const, shape: own };
    };
    return {
      has: () => true,
      get: (name, shape, use) => get(name, shape, use.rows),
      stored: (name, shape) => get(name, shape),
    };
  });
  return shapes;
}
