import * as v from 'valibot';
import { CONTROL_PREPROCESSORS, type ControlPreprocessor } from '../image/control/names';
import { LIMITS } from '../request/fields/limits';
import { bad } from './a1111-fields';

/** A value, or a list of them: one for each ControlNet. */
const oneOrMore = <T extends v.GenericSchema>(schema: T, text: string) =>
  v.nullish(v.pipe(v.union([schema, v.array(schema)]), v.description(text)));

const within = ({ min, max }: { readonly min: number; readonly max: number }) =>
  v.pipe(v.number(), v.minValue(min), v.maxValue(max));

/** What generations and edits take of ControlNets; not OpenAI's. The names are diffusers', and those of options. */
export const CONTROL_ENTRIES = {
  controlnet: oneOrMore(
    v.pipe(v.string(), v.nonEmpty()),
    'A ControlNet or T2I-Adapter of GET /controlnet/model_list that holds the image to another one; or a list.',
  ),
  control_image: oneOrMore(
    v.string(),
    'What it follows: an image file in base64, with or without data:…;base64, before it. In a form: a file. One for each ControlNet.',
  ),
  controlnet_conditioning_scale: oneOrMore(
    within(LIMITS.controlnetScale),
    'How much it counts. Default: 1; in edits less.',
  ),
  control_guidance_start: oneOrMore(
    within(LIMITS.controlGuidance),
    'The share of the steps at which it begins. Default: 0.',
  ),
  control_guidance_end: oneOrMore(
    within(LIMITS.controlGuidance),
    'The share of the steps at which it ends. Default: 1.',
  ),
  control_preprocess: oneOrMore(
    v.picklist(CONTROL_PREPROCESSORS),
    'What to make of the control image. Default: none.',
  ),
};

type ControlBody = v.InferOutput<v.ObjectSchema<typeof CONTROL_ENTRIES, undefined>>;

/** A ControlNet that a body names, with what belongs to it. */
export interface NamedControl {
  readonly model: string;
  readonly start: number;
  readonly end: number;
  readonly preprocess: ControlPreprocessor;
  /** Absent: as the model's pipeline has it. */
  readonly scale: number | undefined;
}

/**
 * The ControlNets of a body. A single value belongs to all of them, and each value of a list to one.
 * @param images how many control images there are
 * @throws EaselError `bad-request` where there are more or fewer of something
 */
export function namedControls(body: ControlBody, images: number): readonly NamedControl[] {
  const models = listOf(body.controlnet);
  const { controlnets: most } = LIMITS;
  if (models.length > most) {
    throw bad('controlnet', `takes at most ${most} names, not ${models.length}.`);
  }
  if (images !== models.length) {
    const needed =
      models.length === 0
        ? 'belongs to a ControlNet: send its name as controlnet'
        : `is needed once for each ControlNet: ${models.length} times, not ${images}`;
    throw bad('control_image', `${needed}.`);
  }
  const valuesOf = <T>(
    field: Exclude<keyof ControlBody, 'controlnet'>,
    given: T | T[] | null | undefined,
  ) => {
    if (Array.isArray(given) && given.length !== models.length) {
      throw bad(field, `has ${given.length} values for ${models.length} ControlNets.`);
    }
    if (models.length === 0 && given !== null && given !== undefined) {
      throw bad(field, 'belongs to a ControlNet: send its name as controlnet.');
    }
    return models.map((_, index) => (Array.isArray(given) ? given[index] : (given ?? undefined)));
  };
  const scales = valuesOf('controlnet_conditioning_scale', body.controlnet_conditioning_scale);
  const starts = valuesOf('control_guidance_start', body.control_guidance_start);
  const ends = valuesOf('control_guidance_end', body.control_guidance_end);
  const preprocess = valuesOf('control_preprocess', body.control_preprocess);
  return models.map((model, index) => {
    const [start = 0, end = 1] = [starts[index], ends[index]];
    if (start >= end) {
      throw bad('control_guidance_start', `${start} is not before control_guidance_end ${end}.`);
    }
    const made = preprocess[index] ?? 'none';
    return { model, scale: scales[index], start, end, preprocess: made };
  });
}

/** The values of a field that may have one, several or none. */
export function listOf<T>(given: T | readonly T[] | null | undefined): readonly T[] {
  if (given === null || given === undefined) return [];
  return Array.isArray(given) ? (given as readonly T[]) : [given as T];
}
