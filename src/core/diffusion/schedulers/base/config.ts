import { ConfigReader, type Limits } from '../../../config-reader';
import { EaselError } from '../../../errors';
import { shortJson, type JsonObject } from '../../../json';
import { oneLine } from '../../../shown-text';
import { DIFFUSION_PREDICTIONS, type DiffusionPrediction } from './scheduler';

/**
 * The fields of diffusers 0.42's scheduler classes, but for those that the definitions list: what the base
 * classes here read, and the fields of classes that Easel does not have.
 */
const COMMON_FIELDS: ReadonlySet<string> = new Set([
  'beta_end',
  'beta_schedule',
  'beta_start',
  'clip_sample',
  'clip_sample_range',
  'dynamic_thresholding_ratio',
  'final_sigmas_type',
  'flow_shift',
  'lower_order_final',
  'num_train_timesteps',
  'prediction_type',
  'rescale_betas_zero_snr',
  'rho',
  'sample_max_value',
  'set_alpha_to_one',
  'shift_terminal',
  'sigma_data',
  'sigma_max',
  'sigma_min',
  'sigma_schedule',
  'solver_order',
  'solver_type',
  'steps_offset',
  'thresholding',
  'time_shift_type',
  'timestep_spacing',
  'trained_betas',
  'use_beta_sigmas',
  'use_dynamic_shifting',
  'use_exponential_sigmas',
  'use_flow_sigmas',
  'use_karras_sigmas',
]);

/** Fields of the first diffusers releases, with the value that has no effect. */
const HARMLESS_LEGACY: Readonly<Record<string, unknown>> = {
  tensor_format: 'pt',
  predict_epsilon: true,
};

/**
 * The fields of a scheduler_config.json that a scheduler may read. As in diffusers' `from_config`, a field of
 * another scheduler class is carried along and ignored. Metadata (a leading underscore) and the fields that
 * `_use_default_values` lists are left out. A field that no class has is refused, because it may change the
 * image.
 * @param ownFields the fields that the definitions of schedulers list
 * @param isClassKnown whether Easel has the class that the config is of. If not, a field that is not known
 * belongs to that class, and is ignored too.
 * @throws EaselError `unsupported-config`
 */
export function readableFields(
  config: JsonObject,
  ownFields: ReadonlySet<string>,
  isClassKnown = true,
): JsonObject {
  const defaulted = config._use_default_values;
  const skipped = new Set<unknown>(Array.isArray(defaulted) ? defaulted : []);
  const fields: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(config)) {
    if (field.startsWith('_') || skipped.has(field)) continue;
    if (COMMON_FIELDS.has(field) || ownFields.has(field)) fields[field] = value;
    else if (isClassKnown && value !== null && HARMLESS_LEGACY[field] !== value) {
      throw unsupported(field, value, 'no scheduler is known to have this field');
    }
  }
  return fields;
}

/**
 * Refuses fields that give no schedule although each of them is in its bounds.
 * @param sigmas the noise level of each step, and after the last one
 * @throws EaselError `unsupported-config`
 */
export function checkSchedule(timesteps: readonly number[], sigmas: Float32Array): void {
  if (timesteps.every(Number.isFinite) && sigmas.every(Number.isFinite)) return;
  const fields = 'num_train_timesteps, the betas, sigma_min, sigma_max and rho';
  throw new EaselError(
    'unsupported-config',
    `scheduler_config.json gives noise levels that are not finite. Check ${fields}.`,
    { file: 'scheduler_config.json', field: 'num_train_timesteps' },
  );
}

/** The error for a field of the scheduler config whose value Easel does not support. */
export function unsupported(field: string, value: unknown, why: string): EaselError {
  const name = oneLine(field, 80);
  // JSON has no infinity.
  const shown = typeof value === 'number' ? String(value) : shortJson(value);
  return new EaselError(
    'unsupported-config',
    `scheduler_config.json says ${name} = ${shown}, but ${why}.`,
    { file: 'scheduler_config.json', field: name },
  );
}

/** More than any model was trained with (1000, or 4000), and few enough to compute at once. */
const MAX_TRAIN_TIMESTEPS = 10_000;
/** The largest number of any other field that is finite; published ones are below 1000. */
const LARGEST = 1e6;

/** What a request says about a scheduler, besides its name. */
export interface SchedulerOptions {
  /** The image's, for noise that does not come from the image's generator. Default: 0. */
  readonly seed?: number | undefined;
  /** 0 to 1: how random DDIM and TCD are (diffusers' `eta` of a pipeline's call). Default: 0, not at all. */
  readonly eta?: number | undefined;
}

/**
 * Reads the fields of one scheduler class with diffusers' defaults. A null means what None means to diffusers:
 * false for a switch, "not given" for an optional value, and an error elsewhere.
 */
export class SchedulerConfig extends ConfigReader {
  readonly seed: number;
  readonly eta: number;

  /** @param owner diffusers' name of the scheduler class that is made */
  constructor(
    readonly owner: string,
    fields: JsonObject,
    { seed = 0, eta = 0 }: SchedulerOptions = {},
  ) {
    super(fields, 'scheduler_config.json');
    this.seed = seed;
    this.eta = eta;
  }

  override boolean(field: string, fallback: boolean): boolean {
    return this.raw(field) === null ? false : super.boolean(field, fallback);
  }

  override integer(
    field: string,
    fallback: number,
    least = 1,
    most: number = MAX_TRAIN_TIMESTEPS,
  ): number {
    return super.integer(field, fallback, least, most);
  }

  /** `num_train_timesteps`. */
  trainTimesteps(): number {
    return this.integer('num_train_timesteps', 1000, 1);
  }

  /** A number, which may be infinite. */
  anyNumber(field: string, fallback: number): number {
    const value = this.read(field, fallback);
    if (typeof value === 'number' && !Number.isNaN(value)) return value;
    throw this.refuse(field, 'a number');
  }

  override number(field: string, fallback: number, limits: Limits = {}): number {
    return super.number(field, fallback, { least: -LARGEST, most: LARGEST, ...limits });
  }

  optionalNumber(field: string, limits?: Limits): number | undefined {
    return this.given(field) ? this.number(field, NaN, limits) : undefined;
  }

  /** A list of numbers between two bounds: one for each training timestep, if `count` is their number. */
  numbers(
    field: string,
    {
      count,
      least,
      most,
    }: { readonly count?: number; readonly least: number; readonly most: number },
  ): readonly number[] | undefined {
    if (!this.given(field)) return undefined;
    const value = this.raw(field);
    if (!Array.isArray(value)) throw this.refuse(field, 'a list of numbers');
    if (value.length !== (count ?? value.length) || value.length > MAX_TRAIN_TIMESTEPS) {
      const why = count
        ? `num_train_timesteps is ${count}`
        : `at most ${MAX_TRAIN_TIMESTEPS} are read`;
      throw unsupported(field, `${value.length} numbers`, why);
    }
    const isInside = (item: unknown): item is number =>
      typeof item === 'number' && item >= least && item <= most;
    if (value.every(isInside)) return value;
    throw this.refuse(field, `a list of numbers from ${least} to ${most}`);
  }

  predictionType(
    choices: readonly DiffusionPrediction[] = DIFFUSION_PREDICTIONS,
  ): DiffusionPrediction {
    return this.choice('prediction_type', choices, 'epsilon');
  }

  /** Whether the betas follow the cosine schedule, whose Karras timesteps diffusers does not round. */
  isCosine(): boolean {
    return this.raw('beta_schedule') === 'squaredcos_cap_v2';
  }

  /** Refuses a switch that Easel does not support, unless it is off. */
  refuseSwitch(field: string, why: string): void {
    if (this.boolean(field, false)) throw unsupported(field, true, why);
  }

  /** Refuses a field that Easel does not support, unless it is absent or null. */
  refuseGiven(field: string, why: string): void {
    if (this.given(field)) throw unsupported(field, this.raw(field), why);
  }

  override refuse(field: string, understood = 'left out'): EaselError {
    return unsupported(field, this.raw(field), `it must be ${understood}`);
  }

  protected override read(field: string, fallback: unknown): unknown {
    const value = this.raw(field);
    return value === undefined ? fallback : value;
  }

  protected override refuseChoice(field: string, choices: readonly string[]): EaselError {
    const why = `${this.owner} takes one of ${choices.join(', ')}`;
    return unsupported(field, this.raw(field), why);
  }
}
