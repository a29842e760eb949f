import { EaselError } from '../../core/errors';
import type { ModelIndex } from '../store/model-folder';

/** What sets the pipelines of one family apart from the others'. */
export interface Family {
  readonly name: 'Stable Diffusion' | 'Stable Diffusion XL' | 'Latent Consistency';
  readonly textEncoders: 1 | 2;
  /** Its pipelines correct outdated scheduler configs when they are made. */
  readonly correctsScheduler: boolean;
  /** Image to image shortens the distillation's own schedule and not its last part. */
  readonly strengthInSchedule: boolean;
  readonly defaults: FamilyDefaults;
}

/** The defaults of diffusers' `__call__`. */
export interface FamilyDefaults {
  readonly steps: number;
  readonly guidanceScale: number;
  /** Of image to image, and of inpainting. */
  readonly strength: number;
  readonly inpaintStrength: number;
}

const STABLE_DIFFUSION: Family = {
  name: 'Stable Diffusion',
  textEncoders: 1,
  correctsScheduler: true,
  strengthInSchedule: false,
  defaults: { steps: 50, guidanceScale: 7.5, strength: 0.8, inpaintStrength: 1 },
};

const XL: Family = {
  name: 'Stable Diffusion XL',
  textEncoders: 2,
  correctsScheduler: false,
  strengthInSchedule: false,
  defaults: { steps: 50, guidanceScale: 5, strength: 0.3, inpaintStrength: 0.9999 },
};

const LATENT_CONSISTENCY: Family = {
  name: 'Latent Consistency',
  textEncoders: 1,
  correctsScheduler: false,
  strengthInSchedule: true,
  defaults: { steps: 4, guidanceScale: 8.5, strength: 0.8, inpaintStrength: 1 },
};

/** Pipeline classes by what they draw with; what a request asks for decides between their variants. */
const PIPELINES: Readonly<Record<string, Family>> = {
  StableDiffusionPipeline: STABLE_DIFFUSION,
  StableDiffusionPipelineSafe: STABLE_DIFFUSION,
  StableDiffusionImg2ImgPipeline: STABLE_DIFFUSION,
  StableDiffusionInpaintPipeline: STABLE_DIFFUSION,
  StableDiffusionXLPipeline: XL,
  StableDiffusionXLImg2ImgPipeline: XL,
  StableDiffusionXLInpaintPipeline: XL,
  LatentConsistencyModelPipeline: LATENT_CONSISTENCY,
  LatentConsistencyModelImg2ImgPipeline: LATENT_CONSISTENCY,
};

/**
 * The family of a diffusers folder.
 * @throws EaselError `unsupported-model`, naming the pipelines that are read
 */
export function familyOf(id: string, { pipeline, raw }: ModelIndex): Family {
  // Folders of finished ONNX graphs name the classes of diffusers' and optimum's that run those.
  const plain = pipeline.replace(/^(Onnx|ORT)/, '');
  const family = Object.hasOwn(PIPELINES, plain) ? PIPELINES[plain] : undefined;
  if (!family) {
    throw new EaselError(
      'unsupported-model',
      `${id} is a ${pipeline}, which Easel does not draw with. Read: ${Object.keys(PIPELINES).join(', ')}.`,
      { pipeline },
    );
  }
  if (raw.requires_aesthetics_score === true) {
    throw new EaselError(
      'unsupported-model',
      `${id} is a refiner for other models' pictures and draws none of its own. Use its base model.`,
      { pipeline },
    );
  }
  return family;
}
