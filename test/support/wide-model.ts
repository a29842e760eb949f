import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { parseUNetConfig } from '../../src/engine/graph/unet-config';
import { buildUNet } from '../../src/engine/graph/unet';
import { buildVaeDecoder, buildVaeEncoder } from '../../src/engine/graph/vae';
import { parseVaeConfig } from '../../src/engine/graph/vae-config';
import type { WrapWeights } from '../../src/engine/graph/weights';
import { materialise } from './fixture';
import { writeWeights } from './model-folder';
import type { TensorShapes } from './random-weights';

const NO_WEIGHTS = { description: 'none', get: () => undefined, names: () => [], totalBytes: 0 };
const SIZE = { batch: 1, height: 8, width: 8 };

/**
 * The model of a case with a UNet and an autoencoder of `times` the channels, and random weights: the layers of
 * the cases themselves are too narrow to be computed in bytes. Returns its folder.
 */
export function materialiseWide(caseName: string, times: number): string {
  const model = materialise(caseName);
  const widened = (component: string): { readonly where: string; readonly config: object } => {
    const where = join(model, component, 'config.json');
    const config = JSON.parse(readFileSync(where, 'utf8')) as { block_out_channels: number[] };
    config.block_out_channels = config.block_out_channels.map((channels) => channels * times);
    writeFileSync(where, JSON.stringify(config));
    return { where, config };
  };
  const unet = widened('unet');
  const vae = widened('vae');
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
      get: (name, shape, use) => get(name, shape, use?.rows),
      stored: (name, shape) => get(name, shape),
    };
  });
  return shapes;
}
