import path from 'node:path';
import { EaselError } from '../../core/errors';
import { parseTinyVaeConfig } from '../graph/tiny-vae-config';
import { findSnapshot, hubCacheFolder } from '../store/hub-cache';
import { readJsonObject } from '../store/model-folder';
import { openComponentWeights } from '../weights/source';
import type { Model } from './model';

/**
 * A model with the tiny autoencoder of its latent space in place of its own: TAESD or TAESDXL
 * (github.com/madebyollin/taesd), from the shared cache.
 * @throws EaselError `model-not-found`, saying how to get it
 */
export async function withTinyVae(model: Model): Promise<Model> {
  if (model.vae.kind === 'tiny') return model;
  const xl = model.family.name === 'Stable Diffusion XL';
  const repoId = xl ? 'madebyollin/taesdxl' : 'madebyollin/taesd';
  const folder = await findSnapshot(hubCacheFolder(), repoId);
  if (!folder) {
    throw new EaselError(
      'model-not-found',
      `The tiny autoencoder of this model is not here. Get it once (about 10 MB) with ` +
        `"easel models download ${repoId}", or draw with --vae full.`,
      { model: repoId },
    );
  }
  const where = path.join(folder, 'config.json');
  const config = parseTinyVaeConfig(await readJsonObject(where), where);
  const weights = await openComponentWeights(folder);
  return { ...model, vae: { kind: 'tiny', config, weights } };
}
