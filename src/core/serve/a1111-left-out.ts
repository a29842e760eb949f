import * as v from 'valibot';
import { isRecord } from '../json';
import { oneLine } from '../shown-text';
import { bad, maybe } from './a1111-fields';
import { isControlNetScript } from './a1111-controlnet';
import { isControlField } from './openai';

/** What is never changes the image in AUTOMATIC1111. */
type IsIdle = (value: unknown) => boolean;

const is =
  (...values: readonly unknown[]): IsIdle =>
  (value) =>
    values.includes(value);
const isNotPositive: IsIdle = (value) => typeof value === 'number' && value <= 0;

/** Fields that Easel has nothing for, with the values at which they do nothing in AUTOMATIC1111 either. */
const UNUSED: Readonly<Record<string, IsIdle>> = {
  s_churn: is(0),
  s_noise: is(1),
  s_min_uncond: is(0),
  seed_resize_from_w: isNotPositive,
  seed_resize_from_h: isNotPositive,
  resize_mode: is(0),
  initial_noise_multiplier: is(1),
};
/** Those of masks, which clients send without a mask too. */
const UNUSED_OF_MASKS: Readonly<Record<string, IsIdle>> = {
  mask_blur: is(0),
  mask_blur_x: is(0),
  mask_blur_y: is(0),
  // Under what is drawn anew lies the image itself.
  inpainting_fill: is(1),
  inpaint_full_res: is(false, 0),
};
/** Settings of a request that are used. */
const USED_SETTINGS = new Set(['sd_model_checkpoint', 'CLIP_stop_at_last_layers']);

/**
 * The fields of a body that would change the image a little in AUTOMATIC1111, and do nothing here; and all settings
 * that are not used.
 * @param body as the client sent it
 */
export function unusedFields(body: unknown): string[] {
  if (!isRecord(body)) return [];
  const fields = { ...UNUSED, ...(body.mask ? UNUSED_OF_MASKS : {}) };
  const isSet = (value: unknown) => value !== undefined && value !== null;
  const settings = isRecord(body.override_settings) ? body.override_settings : {};
  return [
    ...Object.keys(fields).filter((name) => isSet(body[name]) && !fields[name]?.(body[name])),
    ...Object.keys(settings)
      .filter((name) => isSet(settings[name]) && !USED_SETTINGS.has(name))
      .map((name) => `override_settings.${oneLine(name, 60)}`),
  ];
}

/** Fields of a body that are refused where they ask for something. */
export const REFUSED_FIELDS = {
  restore_faces: maybe(v.boolean()),
  script_name: maybe(v.string()),
  alwayson_scripts: maybe(
    v.pipe(
      v.record(v.string(), v.unknown()),
      v.description('ControlNets and IP-Adapters: { "controlnet": { "args": [unit, …] } }.'),
    ),
  ),
  infotext: maybe(v.string()),
};

/** Fields that ask for a second pass that differs from the first in more than its size, strength and steps. */
export const OTHER_PASS_FIELDS = {
  hr_checkpoint_name: maybe(v.string()),
  hr_sampler_name: maybe(v.string()),
  hr_scheduler: maybe(v.string()),
  hr_prompt: maybe(v.string()),
  hr_negative_prompt: maybe(v.string()),
};

type Values<Fields extends v.ObjectEntries> = v.InferOutput<v.ObjectSchema<Fields, undefined>>;

/** What the first pass has, by the names of a body. */
type FirstPass = Readonly<
  Partial<
    Record<
      'prompt' | 'negative_prompt' | 'sampler_name' | 'sampler_index' | 'scheduler',
      string | null | undefined
    >
  >
>;

/**
 * Refuses what would change the image and is not in Easel.
 * @throws EaselError `bad-request`
 */
export function refuseMissing(body: Values<typeof REFUSED_FIELDS>): void {
  if (body.restore_faces) throw bad('restore_faces', 'Easel restores no faces. Leave it out.');
  if (body.script_name) throw bad('script_name', `there is no script "${body.script_name}" here.`);
  if (body.infotext) throw bad('infotext', 'is not read here. Send its values as fields.');
  const scripts = Object.keys(body.alwayson_scripts ?? {});
  const script = scripts.find((name) => !isControlNetScript(name));
  if (script === undefined) return;
  throw bad('alwayson_scripts', `always on script ${oneLine(script, 60)} not found.`);
}

/**
 * Refuses fields of old versions of the extension for ControlNets, which other servers ignore: the image would not be
 * what was asked for.
 * @param body as the client sent it
 * @throws EaselError `bad-request`
 */
export function refuseControlFields(body: unknown): void {
  const sent = isRecord(body) ? body : {};
  const field = Object.keys(sent).find(isControlField);
  if (field === undefined || sent[field] === null) return;
  throw bad(
    oneLine(field, 80),
    'is not read here. Send the units in alwayson_scripts: { "controlnet": { "args": [unit, …] } }.',
  );
}

/** @throws EaselError `bad-request` for a second pass that is to be otherwise than the first */
export function refuseOtherPass(body: Values<typeof OTHER_PASS_FIELDS> & FirstPass): void {
  const first = {
    hr_checkpoint_name: undefined,
    hr_sampler_name: body.sampler_name ?? body.sampler_index,
    hr_scheduler: body.scheduler,
    hr_prompt: body.prompt,
    hr_negative_prompt: body.negative_prompt,
  };
  for (const field of Object.keys(OTHER_PASS_FIELDS) as (keyof typeof OTHER_PASS_FIELDS)[]) {
    const value = body[field];
    if (!value || /^use same /i.test(value) || value === first[field]) continue;
    throw bad(field, 'the second pass has that of the first. Leave it out.');
  }
}
