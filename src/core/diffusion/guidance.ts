import * as v from 'valibot';

/**
 * The steps with guidance, as shares of all steps of a pass. The others run the network for the prompt alone
 * (Kynkäänniemi et al., 2024, arXiv 2404.07724; diffusers: `start` and `stop` of ClassifierFreeGuidance).
 */
export const GuidanceIntervalSchema = v.pipe(
  v.strictObject({
    start: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
    end: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
  }),
  v.check(({ start, end }) => start < end, 'must end after it starts, such as 0.1:0.8'),
);

export type GuidanceInterval = v.InferOutput<typeof GuidanceIntervalSchema>;

/**
 * Whether a step has guidance.
 * @param step from 0
 * @param steps of the pass
 */
export function isGuidedStep(
  step: number,
  steps: number,
  interval: GuidanceInterval | undefined,
): boolean {
  if (!interval) return true;
  const { start, end } = interval;
  return step >= Math.trunc(start * steps) && step < Math.trunc(end * steps);
}

/**
 * Classifier-free guidance (Ho and Salimans, 2022): `uncond + scale * (cond - uncond)`, elementwise.
 * diffusers: StableDiffusionPipeline.__call__.
 */
export function guide(uncond: Float32Array, cond: Float32Array, scale: number): Float32Array {
  const out = new Float32Array(cond.length);
  for (let i = 0; i < out.length; i++) {
    const u = uncond[i]!;
    out[i] = u + Math.fround(scale * Math.fround(cond[i]! - u));
  }
  return out;
}

export interface PerturbedGuidance {
  readonly scale: number;
  /** How much less it is with each timestep below 1000. 0: it stays. */
  readonly adaptiveScale: number;
}

/**
 * Perturbed-attention guidance (Ahn et al., 2024, arXiv 2403.17377): adds `scale * (cond - perturbed)` to a
 * prediction, in place. diffusers: `_apply_perturbed_attention_guidance` and `_get_pag_scale`.
 */
export function guidePerturbed(
  guided: Float32Array,
  cond: Float32Array,
  perturbed: Float32Array,
  { scale: full, adaptiveScale }: PerturbedGuidance,
  timestep: number,
): void {
  const scale = Math.max(0, full - adaptiveScale * (1000 - timestep));
  for (let i = 0; i < guided.length; i++) {
    guided[i] = guided[i]! + Math.fround(scale * Math.fround(cond[i]! - perturbed[i]!));
  }
}

/** Predictions of a model that edits an image, float32 and of one length. */
export interface EditPredictions {
  /** For the prompt and the image. */
  readonly cond: Float32Array;
  /** For the negative prompt and the image. */
  readonly image: Float32Array;
  /** For the negative prompt, without the image. */
  readonly uncond: Float32Array;
}

/**
 * Guidance of InstructPix2Pix (Brooks et al., 2023, formula 3), elementwise:
 * `uncond + guidanceScale · (cond - image) + imageGuidanceScale · (image - uncond)`.
 * diffusers: StableDiffusionInstructPix2PixPipeline.__call__.
 */
export function guideEdit(
  { cond, image, uncond }: EditPredictions,
  scales: { readonly guidanceScale: number; readonly imageGuidanceScale: number },
): Float32Array {
  const { guidanceScale, imageGuidanceScale } = scales;
  const f32 = Math.fround;
  const out = new Float32Array(cond.length);
  for (let i = 0; i < out.length; i++) {
    const byText = f32(guidanceScale * f32(cond[i]! - image[i]!));
    const byImage = f32(imageGuidanceScale * f32(image[i]! - uncond[i]!));
    out[i] = f32(uncond[i]! + byText) + byImage;
  }
  return out;
}

/**
 * Rescales a guided prediction to the text prediction's deviation, which corrects
 * over-exposure (Lin et al., 2023, section 3.4). diffusers: `rescale_noise_cfg`. Changes `guided` in place.
 * @param rescale from 0 (unchanged) to 1 (the text prediction's deviation)
 */
export function rescaleGuidance(guided: Float32Array, cond: Float32Array, rescale: number): void {
  if (rescale === 0) return;
  const ratio = standardDeviation(cond) / standardDeviation(guided);
  const factor = rescale * ratio + (1 - rescale);
  for (let i = 0; i < guided.length; i++) guided[i] = guided[i]! * factor;
}

/** The sample standard deviation (divisor n - 1), as in torch.std. */
function standardDeviation(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return Math.sqrt(squares / (values.length - 1));
}

/**
 * The embedding of the guidance scale that distilled models (LCM) take in place of guidance:
 * sines, then cosines, of `1000 · w`, w = guidance scale − 1.
 * diffusers: `get_guidance_scale_embedding` (from vdm's `get_timestep_embedding`).
 * @param dim the UNet's time_cond_proj_dim
 */
export function guidanceScaleEmbedding(guidanceScale: number, dim: number): Float32Array {
  const w = Math.fround(Math.fround(guidanceScale - 1) * 1000);
  const half = Math.floor(dim / 2);
  const rate = Math.fround(-Math.log(10000) / (half - 1));
  const embedding = new Float32Array(dim);
  for (let i = 0; i < half; i++) {
    const angle = Math.fround(w * Math.fround(Math.exp(Math.fround(i * rate))));
    embedding[i] = Math.sin(angle);
    embedding[half + i] = Math.cos(angle);
  }
  return embedding;
}
