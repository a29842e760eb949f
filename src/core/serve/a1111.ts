import * as v from 'valibot';
import { findScheduler } from '../diffusion/schedulers/registry';
import { EaselError } from '../errors';
import { loraTags } from '../recipe/lora-tags';
import { findSampler } from '../recipe/samplers';
import { REQUEST_FIELDS } from '../request/fields';
import { LIMITS } from '../request/fields/limits';
import type { GenerationRequestInput } from '../request/request';
import { applyStyle, findStyle, type Style } from '../request/styles';
import { findUpscaler, type StoredUpscaler } from './a1111-extras';
import { bad, base64, maybe } from './a1111-fields';
import {
  OTHER_PASS_FIELDS,
  REFUSED_FIELDS,
  refuseMissing,
  refuseOtherPass,
} from './a1111-left-out';
import type { ServeDefaults } from './openai';

const integer = v.pipe(v.number(), v.integer());
const count = v.pipe(integer, v.minValue(1));
/** 0: not given. */
const side = v.pipe(integer, v.minValue(0));
const whole = v.pipe(v.number(), v.finite());

/** Settings that hold for one request. Of others a warning says that they are not used. */
const overrides = v.object({
  sd_model_checkpoint: maybe(v.string()),
  CLIP_stop_at_last_layers: maybe(v.pipe(integer, v.maxValue(LIMITS.clipSkip.max + 1))),
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
  tiling: maybe(v.boolean()),
  ...REFUSED_FIELDS,
  refiner_checkpoint: maybe(v.string()),
  refiner_switch_at: maybe(REQUEST_FIELDS.denoisingEnd.schema),
};

/** The body of POST /sdapi/v1/txt2img. */
export const TextToImageSchema = v.object({
  ...common,
  enable_hr: maybe(v.boolean()),
  hr_scale: maybe(REQUEST_FIELDS.hires.schema.entries.scale),
  hr_resize_x: maybe(side),
  hr_resize_y: maybe(side),
  hr_upscaler: maybe(v.string()),
  ...OTHER_PASS_FIELDS,
  hr_second_pass_steps: maybe(v.pipe(integer, v.minValue(0), v.maxValue(LIMITS.steps.max))),
});
export type TextToImageBody = v.InferOutput<typeof TextToImageSchema>;

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

/** The name of the refiner that a body asks for; undefined for none. */
export function refinerOf({ refiner_checkpoint: name, refiner_switch_at: at }: Body) {
  // At 1 it would have no step.
  return name && !/^none$/i.test(name) && at !== 1 ? name : undefined;
}

/** Whether the image is drawn again, larger. */
export function hasSecondPass(body: Body): body is TextToImageBody {
  return 'enable_hr' in body && body.enable_hr === true;
}

/** Whether black is drawn anew, and not white. */
export function isMaskInverted({ inpainting_mask_invert: invert }: ImageToImageBody): boolean {
  return invert === true || invert === 1;
}

/** What a conversion needs to know of the server. */
export interface ServedDefaults extends ServeDefaults {
  readonly styles: readonly Style[];
  /** A LoRA for the engine, by the name in a tag. @throws EaselError `model-not-found` */
  readonly lora: (name: string) => string;
  readonly upscalers: readonly StoredUpscaler[];
  /** The model that does the last part, for the engine; absent where the body names none. */
  readonly refiner?: string;
}

/** @throws EaselError `bad-request`, `unknown-scheduler`, `model-not-found` (a LoRA) */
export function textToImageRequest(
  body: TextToImageBody,
  defaults: ServedDefaults,
): GenerationRequestInput {
  return requestOf(body, defaults, hiresOf(body, defaults));
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
  { request, model, styles, lora, refiner }: ServedDefaults,
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
    ...given('refiner', refiner),
    ...given('denoisingEnd', refiner === undefined ? undefined : body.refiner_switch_at),
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
  const field = name?.trim() ? 'sampler_name' : 'sampler_index';
  // Automatic: as the model has it.
  if (sampler === '' || /^automatic$/i.test(sampler)) {
    if (!schedule || /^automatic$/i.test(schedule)) return {};
    throw bad('scheduler', 'needs a sampler_name.');
  }
  const { scheduler, note } = findSampler(sampler, schedule ?? undefined);
  if (scheduler !== undefined && note !== undefined) throw bad('scheduler', note);
  if (scheduler !== undefined) return { scheduler };
  throw new EaselError(
    'unknown-scheduler',
    `${field}: Sampler not found: "${sampler}". GET /sdapi/v1/samplers lists those that there are.`,
    { field },
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

/** @throws EaselError `bad-request` for an upscaler that is not here */
function hiresOf(
  body: TextToImageBody,
  { upscalers }: ServedDefaults,
): Partial<GenerationRequestInput> {
  if (!body.enable_hr) return {};
  refuseOtherPass(body);
  const name = body.hr_upscaler ?? 'Latent';
  const known = SECOND_PASS_UPSCALERS.find((one) => one.name === name);
  const { hr_second_pass_steps: steps, denoising_strength: strength } = body;
  const scale = hiresScale(body);
  return {
    hires: {
      ...(known && { upscaler: known.upscaler }),
      ...(typeof scale === 'number' && { scale }),
      ...(typeof strength === 'number' && { strength }),
      // 0 means as many as in the first pass.
      ...(steps && { steps }),
    },
    ...(!known && { hiresUpscaler: findUpscaler('hr_upscaler', name, upscalers) }),
  };
}

/** AUTOMATIC1111 lets `hr_resize_x` and `hr_resize_y` come before `hr_scale`. @throws EaselError `bad-request` */
function hiresScale(body: TextToImageBody): number | null | undefined {
  const { width, height, hr_resize_x: x, hr_resize_y: y } = body;
  if (!x && !y) return body.hr_scale;
  const field = x ? 'hr_resize_x' : 'hr_resize_y';
  if (!width || !height) throw bad(field, 'needs width and height. Or send hr_scale.');
  const scale = x ? x / width : (y ?? 0) / height;
  if (x && y && y / height !== scale) {
    throw bad('hr_resize_y', 'the second pass has the shape of the first. Send one side alone.');
  }
  const { min, max } = LIMITS.hiresScale;
  if (scale >= min && scale <= max) return scale;
  throw bad(field, `the second pass is ${min} to ${max} times as large as the first.`);
}

/** Ways of the second pass that need no upscaler, by AUTOMATIC1111's names. */
export const UPSCALERS = [
  { name: 'Latent', upscaler: 'latent' },
  { name: 'Lanczos', upscaler: 'lanczos' },
] as const;
/** With `None`, AUTOMATIC1111 resamples too. */
const SECOND_PASS_UPSCALERS = [...UPSCALERS, { name: 'None', upscaler: 'lanczos' }] as const;
