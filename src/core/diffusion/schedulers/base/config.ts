import { ConfigReader } from '../../../config-reader';
import { EaselError } from '../../../errors';
import type { JsonObject } from '../../../json';
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
  'noise_sampler_seed',
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
 * @throws EaselError `unsupported-config`
 */
export function readableFields(config: JsonObject, ownFields: ReadonlySet<string>): JsonObject {
  const defaulted = config._use_default_values;
  const skipped = new Set<unknown>(Array.isArray(defaulted) ? defaulted : []);
  const fields: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(config)) {
    if (field.startsWith('_') || skipped.has(field)) continue;
    if (COMMON_FIELDS.has(field) || ownFields.has(field)) fields[field] = value;
    else if (value !== null && HARMLESS_LEGACY[field] !== value) {
      throw unsupported(field, value, 'no scheduler is known to have this field');
    }
  }
  return fields;
}

/** The error for a field of the scheduler config whose value Easel does not support. */
export function unsupported(field: string, value: unknown, why: string): EaselError {
  return new EaselError(
    'unsupported-config',
    `The scheduler config says ${field} = ${JSON.stringify(value)}, but ${why}.`,
    { field, value },
  );
}

/**
 * Reads the fields of one scheduler class with diffusers' defaults. A null means what None means to diffusers:
 * false for a switch, "not given" for an optional value, and an error elsewhere.
 */
export class SchedulerConfig extends ConfigReader {
  /** @param owner diffusers' name of the scheduler class that is made */
  constructor(
    readonly owner: string,
    fields: JsonObject,
  ) {
    super(fields, 'The scheduler config');
  }

  override boolean(field: string, fallback: boolean): boolean {
    return this.raw(field) === null ? false : super.boolean(field, fallback);
  }

  /** A number, which may be infinite. */
  override number(field: string, fallback: number): number {
    const value = this.read(field, fallback);
    if (typeof value === 'number' && !Number.isNaN(value)) return value;
    throw this.refuse(field, 'a number');
  }

  optionalNumber(field: string): number | undefined {
    return this.given(field) ? this.number(field, NaN) : undefined;
  }

  numbers(field: string): readonly number[] | undefined {
    if (!this.given(field)) return undefined;
    const value = this.raw(field);
    if (Array.isArray(value) && value.every((item) => typeof item === 'number')) return value;
    throw this.refuse(field, 'a list of numbers');
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
