import * as v from 'valibot';
import { findScheduler } from '../diffusion/schedulers/registry';
import { EaselError } from '../errors';
import { loraTags } from '../recipe/lora-tags';
import { findSampler } from '../recipe/samplers';
import { LIMITS, REQUEST_FIELDS } from '../request/fields';
import type { GenerationRequestInput } from '../request/request';
import { applyStyle, findStyle, type Style } from '../request/styles';
import type { ServeDefaults } from './openai';

/** A value that clients also send as null, or leave out. */
const maybe = v.nullish;
const integer = v.pipe(v.number(), v.integer());
const count = v.pipe(integer, v.minValue(1));
const whole = v.pipe(v.number(), v.finite());

/** Settings that hold for one request. Others are ignored. */
const overrides = v.object({
  sd_model_checkpoint: maybe(v.string()),
  CLIP_stop_at_last_layers: maybe(integer),
});

/** What txt2img and img2img have in common. A field that is left out is as the model has it. */
const common = {
  prompt: maybe(v.string()),
  negative_prompt: maybe(v.string()),
  styles: maybe(v.array(v.string())),
  seed: maybe(integer),
  subseed: maybe(integer),
  subseed_strength: maybe(REQUEST_FIELDS.variationStrength.schema),
  sampler_name: maybe(v.string()),
  sampler_index: maybe(v.string()),
  scheduler: maybe(v.string()),
  batch_size: maybe(count),
  n_iter: maybe(count),
  steps: maybe(REQUEST_FIELDS.steps.schema),
  cfg_scale: maybe(REQUEST_FIELDS.guidanceScale.schema),
  width: maybe(REQUEST_FIELDS.width.schema),
  height: maybe(REQUEST_FIELDS.height.schema),
  eta: maybe(REQUEST_FIELDS.eta.schema),
  denoising_strength: maybe(REQUEST_FIELDS.strength.schema),
  override_settings: maybe(overrides),
  send_images: maybe(v.boolean()),
  restore_faces: maybe(v.boolean()),
  tiling: maybe(v.boolean()),
  script_name: maybe(v.string()),
  alwayson_scripts: maybe(v.record(v.string(), v.unknown())),
};

/** The body of POST /sdapi/v1/txt2img. */
export const TextToImageSchema = v.object({
  ...common,
  enable_hr: maybe(v.boolean()),
  hr_scale: maybe(REQUEST_FIELDS.hires.schema.entries.scale),
  hr_upscaler: maybe(v.string()),
  hr_second_pass_steps: maybe(v.pipe(integer, v.minValue(0), v.maxValue(LIMITS.steps.max))),
});
export type TextToImageBody = v.InferOutput<typeof TextToImageSchema>;

const base64 = v.pipe(
  v.string(),
  v.description('An image file in base64, with or without data:…;base64, before it.'),
);

/** The body of POST /sdapi/v1/img2img. */
export const ImageToImageSchema = v.object({
  ...common,
  init_images: v.pipe(v.array(base64), v.minLength(1)),
  mask: maybe(base64),
  image_cfg_scale: maybe(REQUEST_FIELDS.imageGuidanceScale.schema),
  inpainting_mask_invert: maybe(v.union([v.boolean(), whole])),
});
export type ImageToImageBody = v.InferOutput<typeof ImageToImageSchema>;

/** The body of POST /sdapi/v1/png-info. */
export const PngInfoSchema = v.object({ image: base64 });

type Body = TextToImageBody | ImageToImageBody;

/** Whether black is drawn anew, and not white. */
export function isMaskInverted({ inpainting_mask_invert: invert }: ImageToImageBody): boolean {
  return invert === true || invert === 1;
}

/** What a conversion needs to know of the server. */
export interface ServedDefaults extends ServeDefaults {
  readonly styles: readonly Style[];
  /** A LoRA for the engine, by the name in a tag. @throws EaselError `model-not-found` */
  readonly lora: (name: string) => string;
}

/** @throws EaselError `bad-request`, `unknown-scheduler`, `model-not-found` (a LoRA) */
export function textToImageRequest(
  body: TextToImageBody,
  defaults: ServedDefaults,
): GenerationRequestInput {
  const hires = hiresOf(body);
  return requestOf(body, defaults, hires && { hires });
}

/** @throws EaselError as `textToImageRequest` */
export function imageToImageRequest(
  body: ImageToImageBody,
  { image, mask }: { readonly image: Uint8Array; readonly mask?: Uint8Array | undefined },
  defaults: ServedDefaults,
): GenerationRequestInput {
  return requestOf(body, defaults, {
    initImage: image,
    ...(mask && { mask }),
    ...imageGuidanceOf(body),
    // AUTOMATIC1111's default.
    strength: body.denoising_strength ?? 0.75,
  });
}

function requestOf(
  body: Body,
  { request, model, styles, lora }: ServedDefaults,
  more: Partial<GenerationRequestInput> = {},
): GenerationRequestInput {
  refuseMissing(body);
  const scheduler = schedulerOf(body);
  const { plain, loras } = loraTags(body.prompt ?? '');
  const clipLayers = body.override_settings?.CLIP_stop_at_last_layers ?? undefined;
  const asked: GenerationRequestInput = {
    ...request,
    prompt: plain,
    promptSyntax: 'weighted',
    format: 'png',
    // What GET /sdapi/v1/progress shows.
    preview: true,
    ...scheduler,
    ...etaOf(body, scheduler.scheduler),
    ...given('negativePrompt', body.negative_prompt),
    ...given('seed', seedOf(body.seed)),
    ...given('variationSeed', seedOf(body.subseed)),
    ...given('variationStrength', body.subseed_strength),
    ...given('steps', body.steps),
    ...given('guidanceScale', body.cfg_scale),
    ...given('width', body.width),
    ...given('height', body.height),
    // It counts the layer that is used.
    ...given('clipSkip', clipLayers === undefined ? undefined : Math.max(0, clipLayers - 1)),
    ...given('seamless', body.tiling ? 'xy' : undefined),
    numImages: (body.batch_size ?? 1) * (body.n_iter ?? 1),
    ...(loras.length > 0 && {
      loras: loras.map(({ name, scale = 1, weights }) => ({
        ...{ path: lora(name), scale },
        ...(weights && { weights }),
      })),
    }),
    ...more,
    model,
  };
  const [style, ...others] = body.styles ?? [];
  if (others.length > 0) {
    throw bad('styles', 'one style can be given, not several.');
  }
  return style ? applyStyle(findStyle(styles, style), asked) : asked;
}

function given<Name extends keyof GenerationRequestInput>(
  name: Name,
  value: GenerationRequestInput[Name] | null,
): Partial<GenerationRequestInput> {
  return value === undefined || value === null ? {} : { [name]: value };
}

/** Negative seeds mean a random one. */
function seedOf(seed: number | null | undefined): number | undefined {
  return typeof seed === 'number' && seed >= 0 ? seed : undefined;
}

/** @throws EaselError `unknown-scheduler` for a sampler that Easel does not have */
function schedulerOf({
  sampler_name: name,
  sampler_index: index,
  scheduler: schedule,
}: Body): Partial<GenerationRequestInput> {
  const sampler = [name, index].map((text) => text?.trim()).find(Boolean) ?? '';
  // Automatic: as the model has it.
  if (sampler === '' || /^automatic$/i.test(sampler)) return {};
  const { scheduler, note } = findSampler(sampler, schedule ?? undefined);
  if (scheduler !== undefined && note !== undefined) throw bad('scheduler', note);
  if (scheduler !== undefined) return { scheduler };
  throw new EaselError(
    'unknown-scheduler',
    `sampler_name: Sampler not found: "${sampler}". GET /sdapi/v1/samplers lists those that there are.`,
    { field: 'sampler_name' },
  );
}

/** Clients always send it. Only some samplers have it; ancestral ones have it at 1, which is what is sent. */
function etaOf({ eta }: Body, scheduler: string | undefined): Partial<GenerationRequestInput> {
  const takesIt = scheduler !== undefined && findScheduler(scheduler)?.definition.takesEta;
  return takesIt ? given('eta', eta) : {};
}

/** Clients send AUTOMATIC1111's default with every model, and only those that edit by words take it. */
function imageGuidanceOf({ image_cfg_scale: scale }: ImageToImageBody) {
  return scale === 1.5 ? {} : given('imageGuidanceScale', scale);
}

function hiresOf(body: TextToImageBody): GenerationRequestInput['hires'] {
  if (!body.enable_hr) return undefined;
  const upscaler = body.hr_upscaler ?? 'Latent';
  const known = UPSCALERS.find(({ name }) => name === upscaler);
  if (!known) {
    const names = UPSCALERS.map(({ name }) => name).join(' and ');
    throw bad('hr_upscaler', `there is no upscaler "${upscaler}" here. There are ${names}.`);
  }
  const { hr_scale: scale, hr_second_pass_steps: steps, denoising_strength: strength } = body;
  return {
    upscaler: known.upscaler,
    ...(typeof scale === 'number' && { scale }),
    ...(typeof strength === 'number' && { strength }),
    // 0 means as many as in the first pass.
    ...(steps && { steps }),
  };
}

/** Upscalers of the second pass, by AUTOMATIC1111's names. */
export const UPSCALERS = [
  { name: 'Latent', upscaler: 'latent' },
  { name: 'Lanczos', upscaler: 'lanczos' },
] as const;

/** Refuses what would change the image and is not in Easel. */
function refuseMissing({ restore_faces, script_name, alwayson_scripts }: Body): void {
  if (restore_faces) throw bad('restore_faces', 'Easel restores no faces. Leave it out.');
  if (script_name) throw bad('script_name', `there is no script "${script_name}" here.`);
  const [script] = Object.keys(alwayson_scripts ?? {});
  if (script !== undefined) {
    throw bad('alwayson_scripts', `always on script ${script} not found.`);
  }
}

function bad(field: string, message: string): EaselError {
  return new EaselError('bad-request', `${field}: ${message}`, { field });
}
