import * as v from 'valibot';
import type { Size } from '../image/resize';
import { LIMITS } from '../request/fields/limits';
import { oneLine } from '../shown-text';
import { USUAL_FACTOR, type UpscaleInput } from '../upscale';
import { bad, base64, maybe } from './a1111-fields';

/** An upscaler of this machine, as the store lists it. */
export interface StoredUpscaler {
  /** As `upscale.model` of a request: may be a path. */
  readonly id: string;
  /** What clients call it. */
  readonly name: string;
}

/** What `upscaler_1` is where the image stays as it is. */
const NO_UPSCALER = 'None';
/** The plain resampler, by AUTOMATIC1111's name. */
const RESAMPLER = 'Lanczos';

const side = v.pipe(v.number(), v.integer(), v.minValue(1));
const visibility = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

/** What both routes have in common (`ExtrasBaseRequest` in modules/api/models.py). */
const common = {
  resize_mode: maybe(
    v.pipe(v.picklist([0, 1]), v.description('0: by upscaling_resize. 1: to a width and height.')),
  ),
  upscaling_resize: maybe(v.number()),
  upscaling_resize_w: maybe(side),
  upscaling_resize_h: maybe(side),
  upscaling_crop: maybe(v.boolean()),
  upscaler_1: maybe(v.string()),
  upscaler_2: maybe(v.string()),
  extras_upscaler_2_visibility: maybe(visibility),
  gfpgan_visibility: maybe(visibility),
  codeformer_visibility: maybe(visibility),
};

/** The body of POST /sdapi/v1/extra-single-image. */
export const ExtraImageSchema = v.object({ ...common, image: base64 });

/** The body of POST /sdapi/v1/extra-batch-images. */
export const ExtraImagesSchema = v.object({
  ...common,
  imageList: v.pipe(
    v.array(v.object({ data: base64, name: maybe(v.string()) })),
    v.minLength(1, 'must have an image'),
  ),
});

export type ExtrasBody = Omit<v.InferOutput<typeof ExtraImageSchema>, 'image'>;

/** How an image is made larger; undefined where it stays as it is. */
type Enlargement = Pick<UpscaleInput, 'model' | 'crop'> & { readonly factor: number };

/**
 * Reads how images are to be made larger, as AUTOMATIC1111's postprocessing does (`scripts/postprocessing_upscale.py`):
 * to a width and height, the image covers them, and what is over at its edges is cut off.
 * @throws EaselError `bad-request` for what Easel does not do, and for an upscaler that is not here
 */
export function enlargementOf(
  body: ExtrasBody,
  upscalers: readonly StoredUpscaler[],
): (size: Size) => Enlargement | undefined {
  refuseOthers(body);
  const { upscaler_1: name, resize_mode: mode } = body;
  if (!name || name === NO_UPSCALER) return () => undefined;
  const by = name === RESAMPLER ? {} : { model: findUpscaler('upscaler_1', name, upscalers) };
  if (mode !== 1) {
    const factor = requireFactor('upscaling_resize', body.upscaling_resize ?? USUAL_FACTOR);
    return () => ({ ...by, factor });
  }
  const { upscaling_resize_w: width, upscaling_resize_h: height } = body;
  if (!width || !height) {
    const field = width ? 'upscaling_resize_h' : 'upscaling_resize_w';
    throw bad(field, 'is needed with resize_mode 1.');
  }
  return (size) => ({
    ...by,
    factor: requireFactor('upscaling_resize_w', Math.max(width / size.width, height / size.height)),
    ...(body.upscaling_crop !== false && { crop: { width, height } }),
  });
}

function requireFactor(field: string, factor: number): number {
  const { min, max } = LIMITS.upscaleFactor;
  if (factor >= min && factor <= max) return factor;
  const times = Number(factor.toFixed(2));
  throw bad(field, `the image can become ${min} to ${max} times as large, not ${times}.`);
}

/** @throws EaselError `bad-request` */
export function findUpscaler(
  field: string,
  name: string,
  upscalers: readonly StoredUpscaler[],
): string {
  const found = upscalers.find((one) => one.name === name);
  if (found) return found.id;
  throw bad(
    field,
    `there is no upscaler "${oneLine(name, 100)}" here. GET /sdapi/v1/upscalers lists those that there are.`,
  );
}

function refuseOthers(body: ExtrasBody): void {
  if (body.upscaler_2 && body.upscaler_2 !== NO_UPSCALER && body.extras_upscaler_2_visibility) {
    throw bad('upscaler_2', 'Easel uses one upscaler, not two. Leave it out.');
  }
  for (const field of ['gfpgan_visibility', 'codeformer_visibility'] as const) {
    if (body[field]) throw bad(field, 'Easel restores no faces. Leave it out.');
  }
}

/** GET /sdapi/v1/upscalers: a name that two files have is listed once. */
export function listedUpscalers(upscalers: readonly StoredUpscaler[]) {
  const names = new Set([NO_UPSCALER, RESAMPLER, ...upscalers.map(({ name }) => name)]);
  return [...names].map((name) => ({
    ...{ name, model_name: null, model_path: null, model_url: null },
    scale: null,
  }));
}
