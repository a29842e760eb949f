import path from 'node:path';
import { catalogueDefaults } from '../../core/catalogue';
import { repoIdOfSnapshot } from '../store/hub-cache';
import { readOptionalJsonObject } from '../store/model-folder';
import type { FamilyDefaults } from './families';

/** What a request takes where it says nothing. */
export interface ModelDefaults extends FamilyDefaults {
  /** Pixels; undefined where the UNet's own sample size decides. */
  readonly width: number | undefined;
  readonly height: number | undefined;
}

/**
 * Reads a model's own defaults from `easel.json` beside model_index.json, a file diffusers does not look
 * at. Fields are diffusers' names: num_inference_steps, guidance_scale, strength, width, height. What it
 * leaves open is the catalogue's for a repository that people name, else the family's.
 */
export async function readDefaults(folder: string, family: FamilyDefaults): Promise<ModelDefaults> {
  const known = catalogueDefaults(repoIdOfSnapshot(folder) ?? '');
  const own = (await readOptionalJsonObject(path.join(folder, 'easel.json'))) ?? {};
  const number = (name: string) => {
    const value = own[name];
    return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
  };
  return {
    steps: number('num_inference_steps') ?? known?.steps ?? family.steps,
    guidanceScale: number('guidance_scale') ?? known?.guidanceScale ?? family.guidanceScale,
    strength: number('strength') ?? family.strength,
    inpaintStrength: family.inpaintStrength,
    width: number('width') ?? known?.width,
    height: number('height') ?? known?.height,
  };
}
