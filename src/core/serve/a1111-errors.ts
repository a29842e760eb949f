import { EaselError } from '../errors';
import { REQUEST_FIELDS, requestField, type FieldName } from '../request/fields';
import { hasSecondPass, type ImageToImageBody, type TextToImageBody } from './a1111';

/** The fields of AUTOMATIC1111's API, by those of a request. Those that are called the same are not listed. */
const FIELDS: Readonly<Partial<Record<FieldName, string>>> = {
  negativePrompt: 'negative_prompt',
  model: 'override_settings.sd_model_checkpoint',
  style: 'styles',
  clipSkip: 'override_settings.CLIP_stop_at_last_layers',
  variationSeed: 'subseed',
  variationStrength: 'subseed_strength',
  guidanceScale: 'cfg_scale',
  imageGuidanceScale: 'image_cfg_scale',
  initImage: 'init_images',
  strength: 'denoising_strength',
  refiner: 'refiner_checkpoint',
  denoisingEnd: 'refiner_switch_at',
  hires: 'enable_hr',
  hiresUpscaler: 'hr_upscaler',
  seamless: 'tiling',
};

/** The fields of the files that the engine reads, by their roles. */
const FILES: Readonly<Record<string, string>> = { 'initial image': 'init_images', mask: 'mask' };

/** An error of drawing in the words of this API: its message names the field that the client sent. */
export function inA1111Words(
  error: EaselError,
  body: TextToImageBody | ImageToImageBody,
): EaselError {
  const { field, image } = error.data;
  if (typeof image === 'string' && FILES[image]) return named(error, FILES[image]);
  const isOwn = field === 'sampler_name' || field === 'sampler_index';
  if (/^un(?:known|supported)-scheduler$/.test(error.code) && !isOwn) {
    return named(error, body.sampler_name?.trim() ? 'sampler_name' : 'sampler_index');
  }
  if (typeof field !== 'string') return error;
  const own = limitedField(field, body) ?? FIELDS[field as FieldName];
  return own === undefined ? error : named(error, own, field);
}

/** What a limit of the server is about, which has the names of OpenAI's API. */
function limitedField(field: string, body: TextToImageBody | ImageToImageBody): string | undefined {
  if (field === 'n') {
    return (body.n_iter ?? 1) > (body.batch_size ?? 1) ? 'n_iter' : 'batch_size';
  }
  const enlarges = hasSecondPass(body);
  if (field === 'steps' && enlarges) {
    const { steps, hr_second_pass_steps: more } = body;
    return (more ?? 0) > (steps ?? 0) ? 'hr_second_pass_steps' : undefined;
  }
  if (field !== 'size') return undefined;
  if (enlarges) return body.hr_resize_x ? 'hr_resize_x' : body.hr_resize_y ? 'hr_resize_y' : 'hr_scale'; // prettier-ignore
  return (body.height ?? 0) > (body.width ?? 0) ? 'height' : 'width';
}

function named(error: EaselError, own: string, field = ''): EaselError {
  let { message } = error;
  if (message.startsWith(`${field}: `)) message = message.slice(field.length + 2);
  const option = field in REQUEST_FIELDS ? requestField(field as FieldName).option : undefined;
  if (option) message = message.replaceAll(new RegExp(`--${option.name}(?![\\w-])`, 'g'), own);
  // Short names are also plain words. The numbers of clipSkip are not those of this API.
  if (/[A-Z]/.test(field) && field !== 'clipSkip') message = message.replaceAll(field, own);
  const whole = message.startsWith(`${own} `) ? message : `${own}: ${message}`;
  return new EaselError(error.code, whole, { ...error.data, field: own }, { cause: error });
}
