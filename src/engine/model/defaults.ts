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
  /** For image to image. */
  readonly strength: number;
  /** For inpainting. */
  readonly inpaintStrength: number;
  /** Of the pipelines with ControlNets that begin with an image. Absent: there are none. */
  readonly controlled?: ControlledDefaults | undefined;
}

export interface ControlledDefaults {
  /** For image to image. */
  readonly strength: number;
  /** How much each ControlNet counts, for image to image. */
  readonly scale: number;
  /** The same for inpainting. */
  readonly inpaintScale: number;
}

/** The values that a model uses for fields that a request leaves open. */
export interface ModelDefaults extends FamilyDefaults {
  /** For models that edit an image by words. */
  readonly imageGuidanceScale: number;
  /** For a sketch drawn by hand, as a front suggests it; undefined where the model does not say. */
  readonly sketchStrength: number | undefined;
  /** In pixels; undefined if the UNet's sample size decides. */
  readonly width: number | undefined;
  readonly height: number | undefined;
  /**
   * The model draws single things at its own size only: images are composed of its drawings and of grounds,
   * at any size.
   */
  readonly composes: boolean;
}

/** As in both InstructPix2Pix pipelines of diffusers. */
const IMAGE_GUIDANCE_SCALE = 1.5;

/**
 * Reads a model's own defaults from `easel.json` beside model_index.json; diffusers ignores this file. The
 * fields have diffusers' names: num_inference_steps, guidance_scale, image_guidance_scale, strength, width, height;
 * sketch_strength and composes are Easel's own. Missing fields come from the catalogue if the model is in it, else from the family.
 * @throws EaselError `bad-file` for a field outside of a request's limits; the message names it
 */
export async function readDefaults(folder: string, family: FamilyDefaults): Promise<ModelDefaults> {
  const known = catalogueDefaults(repoIdOfSnapshot(folder) ?? '');
  const own = await readOwn(path.join(folder, 'easel.json'));
  return {
    steps: own.num_inference_steps ?? known?.steps ?? family.steps,
    guidanceScale: own.guidance_scale ?? known?.guidanceScale ?? family.guidanceScale,
    strength: own.strength ?? family.strength,
    inpaintStrength: family.inpaintStrength,
    controlled: family.controlled && {
      ...family.controlled,
      strength: own.strength ?? family.controlled.strength,
    },
    imageGuidanceScale: own.image_guidance_scale ?? IMAGE_GUIDANCE_SCALE,
    sketchStrength: own.sketch_strength,
    width: own.width ?? known?.width,
    height: own.height ?? known?.height,
    composes: own.composes ?? false,
  };
}

/** The fields of easel.json, with the limits of a request. Other fields are ignored. */
const { entries: limits } = GenerationRequestSchema;
const OwnDefaultsSchema = v.object({
  num_inference_steps: limits.steps,
  guidance_scale: limits.guidanceScale,
  image_guidance_scale: limits.imageGuidanceScale,
  strength: limits.strength,
  sketch_strength: limits.strength,
  width: limits.width,
  height: limits.height,
  composes: v.optional(v.boolean()),
});

async function readOwn(file: string): Promise<v.InferOutput<typeof OwnDefaultsSchema>> {
  const result = v.safeParse(
    OwnDefaultsSchema,
    (await readOptionalJsonObject(file, path.dirname(file))) ?? {},
  );
  if (result.success) return result.output;
  const [issue] = result.issues;
  const field = v.getDotPath(issue) ?? undefined;
  throw new EaselError('bad-file', `${file}: ${field} is not right: ${issue.message}.`, {
    file,
    field,
  });
}
