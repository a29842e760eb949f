import path from 'node:path';
import * as v from 'valibot';
import { catalogueDefaults } from '../../core/catalogue/catalogue';
import { EaselError } from '../../core/errors';
import { GenerationRequestSchema } from '../../core/request/request';
import { repoIdOfSnapshot } from '../store/hub-cache';
import { readOptionalJsonObject } from '../store/model-folder';

/** The defaults of diffusers' `__call__`. */
export interface FamilyDefaults {
  readonly steps: number;
  readonly guidanceScale: number;
  /** Of image to image, and of inpainting. */
  readonly strength: number;
  readonly inpaintStrength: number;
}

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
 * @throws EaselError `bad-file`, naming the field that no request could have
 */
export async function readDefaults(folder: string, family: FamilyDefaults): Promise<ModelDefaults> {
  const known = catalogueDefaults(repoIdOfSnapshot(folder) ?? '');
  const own = await readOwn(path.join(folder, 'easel.json'));
  return {
    steps: own.num_inference_steps ?? known?.steps ?? family.steps,
    guidanceScale: own.guidance_scale ?? known?.guidanceScale ?? family.guidanceScale,
    strength: own.strength ?? family.strength,
    inpaintStrength: family.inpaintStrength,
    width: own.width ?? known?.width,
    height: own.height ?? known?.height,
  };
}

/** The fields of easel.json, within a request's limits; others, such as a name, are its author's. */
const { entries: limits } = GenerationRequestSchema;
const OwnDefaultsSchema = v.object({
  num_inference_steps: limits.steps,
  guidance_scale: limits.guidanceScale,
  strength: limits.strength,
  width: limits.width,
  height: limits.height,
});

async function readOwn(file: string): Promise<v.InferOutput<typeof OwnDefaultsSchema>> {
  const result = v.safeParse(OwnDefaultsSchema, (await readOptionalJsonObject(file)) ?? {});
  if (result.success) return result.output;
  const [issue] = result.issues;
  const field = v.getDotPath(issue) ?? undefined;
  throw new EaselError('bad-file', `${file}: ${field} is not right: ${issue.message}.`, {
    file,
    field,
  });
}
