import * as v from 'valibot';
import { checkInput } from '../check-input';
import type { ControlFit } from '../image/control/fit';
import type { ControlTuning } from '../image/control/names';
import { isRecord } from '../json';
import { LIMITS } from '../request/fields/limits';
import { numberIn } from '../request/fields/values';
import { oneLine } from '../shown-text';
import {
  findControlModule,
  isIpAdapterModule,
  RESOLUTION,
  type ControlModule,
} from './a1111-control-modules';
import { bad, base64, maybe } from './a1111-fields';

/** The name of the extension among the scripts of a body, in any case. */
const SCRIPT = 'controlnet';

export function isControlNetScript(name: string): boolean {
  return name.trim().toLowerCase() === SCRIPT;
}

const number = v.pipe(v.number(), v.finite());
const share = numberIn(LIMITS.controlGuidance);
const weight = numberIn(LIMITS.controlnetScale);
const choice = maybe(v.union([v.string(), v.number()]));
const anything = maybe(v.unknown());

/** A unit of the extension (`ControlNetUnit` in internal_controlnet/args.py), with the names of older versions. */
const UnitSchema = v.object({
  enabled: maybe(v.boolean()),
  model: maybe(v.string()),
  module: maybe(v.string()),
  image: anything,
  input_image: anything,
  mask: anything,
  mask_image: anything,
  weight: maybe(weight),
  guidance_start: maybe(share),
  guidance_end: maybe(share),
  guidance: maybe(share),
  resize_mode: choice,
  control_mode: choice,
  pixel_perfect: maybe(v.boolean()),
  processor_res: maybe(number),
  threshold_a: maybe(number),
  threshold_b: maybe(number),
  // What would change the image, and is refused.
  guess_mode: anything,
  guessmode: anything,
  invert_image: anything,
  rgbbgr_mode: anything,
  loopback: anything,
  input_mode: choice,
  batch_images: anything,
  advanced_weighting: anything,
  effective_region_mask: anything,
  ipadapter_input: anything,
  hr_option: choice,
});
type UnitBody = v.InferOutput<typeof UnitSchema>;

/** An image of a unit, as text in base64. */
export interface UnitImage {
  readonly image: string;
  readonly mask?: string | undefined;
}

/** A unit that is to be used. */
export interface ControlUnit {
  /** For messages: where it is in the body. */
  readonly where: string;
  /** As the client names it. */
  readonly model: string;
  /** Undefined: an IP-Adapter. */
  readonly module: ControlModule | undefined;
  /** None: the image that is drawn again. */
  readonly images: readonly UnitImage[];
  readonly weight: number;
  readonly start: number;
  readonly end: number;
  readonly fit: ControlFit;
  /** The shorter side at which the preprocessor works. Absent: as the image is drawn. */
  readonly resolution?: number | undefined;
  /** Absent: as usual. */
  readonly tuning?: ControlTuning | undefined;
  /** For the user. */
  readonly warnings: readonly string[];
}

/**
 * The units of a body's `alwayson_scripts` that are to be used. One that says neither that it is enabled nor a model
 * is not.
 * @param hasSecondPass whether the body asks for one
 * @throws EaselError `bad-request` for what is wrong, and for what Easel does not do
 */
export function controlUnits(
  scripts: Readonly<Record<string, unknown>> | null | undefined,
  hasSecondPass: boolean,
): readonly ControlUnit[] {
  const named = Object.entries(scripts ?? {}).filter(([name]) => isControlNetScript(name));
  const units = named.flatMap(([name, script]) => {
    const where = `alwayson_scripts.${oneLine(name, 20)}`;
    return argsOf(where, script).flatMap((unit, index) =>
      isRecord(unit) ? readUnit(`${where}.args[${index}]`, unit, hasSecondPass) : [],
    );
  });
  const { controlnets: most } = LIMITS;
  if (units.length <= most) return units;
  throw bad('alwayson_scripts', `takes at most ${most} units of ControlNet, not ${units.length}.`);
}

/** A single unit is also sent without a list. Units that are left out are null or `false`. */
function argsOf(where: string, script: unknown): readonly unknown[] {
  if (script === null || script === undefined) return [];
  if (!isRecord(script)) throw bad(where, 'must be an object with args.');
  const { args = [] } = script;
  if (isRecord(args)) return [args];
  if (!Array.isArray(args)) throw bad(where, 'args must be a list of units.');
  const wrong = args.findIndex((one) => !isRecord(one) && one !== null && one !== false);
  if (wrong >= 0) throw bad(`${where}.args[${wrong}]`, 'must be a unit: an object.');
  return args;
}

function readUnit(
  where: string,
  unit: Readonly<Record<string, unknown>>,
  hasSecondPass: boolean,
): ControlUnit[] {
  // What is not used may hold anything.
  if (unit.enabled === false) return [];
  const body = checkUnit(where, unit);
  const model = body.model?.trim() ?? '';
  const hasModel = model !== '' && !/^none$/i.test(model);
  if (!hasModel && body.enabled !== true) return [];
  refuseOthers(where, body, hasSecondPass);
  const module = isIpAdapterModule(body.module ?? '')
    ? undefined
    : findControlModule(`${where}.module`, body.module);
  if (!hasModel) {
    throw bad(
      `${where}.model`,
      'is missing. GET /controlnet/model_list lists those that there are.',
    );
  }
  const [start, end] = [body.guidance_start ?? 0, body.guidance_end ?? body.guidance ?? 1];
  if (start >= end) {
    throw bad(`${where}.guidance_start`, `${start} is not before guidance_end ${end}.`);
  }
  const { warnings, tuning, resolution } = module
    ? tuned(where, body, module)
    : { warnings: [], tuning: undefined, resolution: undefined };
  return [
    {
      ...{ where, model, module, start, end, tuning, resolution, warnings },
      images: imagesOf(where, body),
      weight: body.weight ?? 1,
      fit: fitOf(where, body.resize_mode),
    },
  ];
}

/** As `checkInput`, with the place of the unit. */
function checkUnit(where: string, unit: unknown): UnitBody {
  return checkInput(v.object({ [where]: UnitSchema }), { [where]: unit }, where)[where]!;
}

const FITS: readonly (readonly [ControlFit, readonly string[]])[] = [
  ['stretch', ['0', '3', 'just resize']],
  [
    'crop',
    [
      ...['1', 'crop and resize', 'inner fit (scale to fit)', 'scale to fit (inner fit)'],
      'resizemode.inner_fit',
    ],
  ],
  [
    'fill',
    [
      ...['2', 'resize and fill', 'outer fit (shrink to fit)', 'envelope (outer fit)'],
      'resizemode.outer_fit',
    ],
  ],
];

/** The extension's default is to crop. */
function fitOf(where: string, mode: string | number | null | undefined): ControlFit {
  const asked = wordOf(mode) || 'crop and resize';
  const found = FITS.find(([, names]) => names.includes(asked));
  if (found) return found[0];
  throw bad(
    `${where}.resize_mode`,
    `must be 0 (Just Resize), 1 (Crop and Resize) or 2 (Resize and Fill), not ${oneLine(asked, 60)}.`,
  );
}

function wordOf(value: string | number | null | undefined): string {
  return String(value ?? '')
    .trim()
    .toLowerCase();
}

const MODES: readonly (readonly string[])[] = [
  ['', '0', 'balanced', 'controlmode.balanced'],
  ['1', 'my prompt is more important', 'controlmode.prompt'],
  ['2', 'controlnet is more important', 'controlmode.control'],
];

/** @throws EaselError `bad-request` for what would change the image and is not in Easel */
function refuseOthers(where: string, body: UnitBody, hasSecondPass: boolean): void {
  const mode = wordOf(body.control_mode);
  const kind = MODES.findIndex((names) => names.includes(mode));
  if (kind < 0) {
    throw bad(
      `${where}.control_mode`,
      `must be 0 (Balanced), 1 or 2, not ${oneLine(mode, 60)}. Easel has 0.`,
    );
  }
  const isGuess = body.guess_mode === true || body.guessmode === true;
  if (kind > 0 || isGuess) {
    throw bad(
      `${where}.${isGuess && kind === 0 ? 'guess_mode' : 'control_mode'}`,
      'Easel has Balanced (0) alone, which counts the ControlNet with and without the prompt alike. Send 0, and another weight.',
    );
  }
  if (body.invert_image === true) {
    throw bad(`${where}.invert_image`, 'is not used. Send "invert" as the module.');
  }
  const isGiven = (value: unknown) =>
    value !== undefined && value !== null && value !== false && value !== '' && !isEmptyList(value);
  for (const field of [
    'rgbbgr_mode',
    'loopback',
    'batch_images',
    'advanced_weighting',
    'effective_region_mask',
    'ipadapter_input',
  ] as const) {
    if (isGiven(body[field]))
      throw bad(`${where}.${field}`, 'Easel does not have it. Leave it out.');
  }
  const input = wordOf(body.input_mode);
  if (!['', '0', 'simple', 'inputmode.simple'].includes(input)) {
    throw bad(`${where}.input_mode`, 'Easel has "simple" alone: an image in the body.');
  }
  const pass = wordOf(body.hr_option);
  if (hasSecondPass && !['', '0', 'both', 'hiresfixoption.both'].includes(pass)) {
    throw bad(`${where}.hr_option`, 'Easel has "Both" alone: a ControlNet counts in both passes.');
  }
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** The values of a module's sliders. What is not within them is as usual, as in the extension, and is said. */
function tuned(where: string, body: UnitBody, module: ControlModule) {
  const { sliders = [], tune, hasResolution, instead } = module;
  const warnings: string[] = [];
  const within = (
    field: 'processor_res' | 'threshold_a' | 'threshold_b',
    slider: Pick<typeof RESOLUTION, 'min' | 'max'> | undefined,
  ): number | undefined => {
    const value = body[field];
    // Negative: as usual.
    if (!slider || typeof value !== 'number' || value < 0) return undefined;
    if (value >= slider.min && value <= slider.max) return value;
    warnings.push(
      `${where}.${field}: ${value} is not within ${slider.min} to ${slider.max}, and was not used.`,
    );
    return undefined;
  };
  const [a, b] = [within('threshold_a', sliders[0]), within('threshold_b', sliders[1])];
  const isPerfect = body.pixel_perfect === true || !hasResolution;
  const resolution = isPerfect ? undefined : within('processor_res', RESOLUTION);
  if (instead !== undefined) {
    warnings.push(`${where}.module: Easel has no network for ${module.name}. It made ${instead}.`);
  }
  const tuning = tune && (a !== undefined || b !== undefined) ? tune(a, b) : undefined;
  return { warnings, tuning, resolution };
}

/**
 * The images of a unit, in the forms that the extension takes: a text, `{image, mask}`, a list of those, or
 * `[image, mask]`.
 */
function imagesOf(where: string, body: UnitBody): UnitImage[] {
  // Some clients send empty texts for what is not there.
  return allImagesOf(where, body).filter(({ image }) => image !== '');
}

function allImagesOf(where: string, body: UnitBody): UnitImage[] {
  const field = body.image === undefined || body.image === null ? 'input_image' : 'image';
  const given = body[field];
  if (given === undefined || given === null || given === '') return [];
  const at = `${where}.${field}`;
  const [first, second] = Array.isArray(given) ? (given as readonly unknown[]) : [];
  if (Array.isArray(given) && typeof first === 'string') {
    if (given.length > 2) throw bad(at, 'a list of texts is an image and its mask.');
    return [imageOf(at, { image: first, mask: second })];
  }
  if (Array.isArray(given)) {
    if (given.length > LIMITS.ipAdapterImages) {
      throw bad(at, `takes at most ${LIMITS.ipAdapterImages} images, not ${given.length}.`);
    }
    return given.map((one) => imageOf(at, one));
  }
  return [
    imageOf(at, isRecord(given) ? given : { image: given, mask: body.mask ?? body.mask_image }),
  ];
}

function imageOf(at: string, given: unknown): UnitImage {
  const { image, mask } = isRecord(given) ? given : {};
  if (image === null) return { image: '' };
  if (typeof image !== 'string') throw bad(at, 'must be an image file in base64.');
  if (typeof mask !== 'string' && mask !== null && mask !== undefined) {
    throw bad(at, 'its mask must be an image file in base64.');
  }
  return mask ? { image, mask } : { image };
}

/** The body of POST /controlnet/detect. */
export const DetectSchema = v.object({
  controlnet_module: maybe(
    v.pipe(v.string(), v.description('One of GET /controlnet/module_list. Default: none.')),
  ),
  controlnet_input_images: v.pipe(v.array(base64), v.nonEmpty()),
  controlnet_processor_res: maybe(
    v.pipe(number, v.description('Pixels of the shorter side at which it works. Default: 512.')),
  ),
  controlnet_threshold_a: maybe(number),
  controlnet_threshold_b: maybe(number),
  controlnet_masks: maybe(v.array(v.string())),
  low_vram: maybe(v.boolean()),
});
type DetectBody = v.InferOutput<typeof DetectSchema>;

/**
 * Which preprocessor a body of `detect` asks for, and with which values.
 * @throws EaselError `bad-request`
 */
export function detection(body: DetectBody) {
  const field = 'controlnet_module';
  const name = body.controlnet_module ?? 'none';
  if (isIpAdapterModule(name)) {
    throw bad(field, 'what an IP-Adapter reads of an image is no image. Give it in a unit.');
  }
  const module = findControlModule(field, name);
  const { tuning, resolution = RESOLUTION.value } = tuned(
    'detect',
    {
      processor_res: body.controlnet_processor_res,
      threshold_a: body.controlnet_threshold_a,
      threshold_b: body.controlnet_threshold_b,
    },
    module,
  );
  return { module, tuning, ...(module.hasResolution && { resolution }) };
}
