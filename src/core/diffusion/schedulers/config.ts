import { EaselError } from '../../errors';
import { PREDICTION_TYPES, type PredictionType, type SchedulerName } from './scheduler';

/** The fields that diffusers 0.42's scheduler classes take, whichever of them a config was written for. */
const KNOWN_FIELDS: ReadonlySet<string> = new Set([
  'algorithm_type',
  'beta_end',
  'beta_schedule',
  'beta_start',
  'clip_sample',
  'clip_sample_range',
  'disable_corrector',
  'dynamic_thresholding_ratio',
  'euler_at_final',
  'final_sigmas_type',
  'flow_shift',
  'interpolation_type',
  'lambda_min_clipped',
  'lower_order_final',
  'noise_sampler_seed',
  'num_train_timesteps',
  'original_inference_steps',
  'predict_x0',
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
  'skip_prk_steps',
  'solver_order',
  'solver_p',
  'solver_type',
  'steps_offset',
  'thresholding',
  'time_shift_type',
  'timestep_scaling',
  'timestep_spacing',
  'timestep_type',
  'trained_betas',
  'use_beta_sigmas',
  'use_dynamic_shifting',
  'use_exponential_sigmas',
  'use_flow_sigmas',
  'use_karras_sigmas',
  'use_lu_lambdas',
  'variance_type',
]);

/** Fields of the first diffusers releases, with the value that says nothing. */
const HARMLESS_LEGACY: Readonly<Record<string, unknown>> = {
  tensor_format: 'pt',
  predict_epsilon: true,
};

/**
 * The fields of a scheduler_config.json that count. As in diffusers' `from_config`, a field that belongs to
 * another scheduler class is carried along and ignored, as are metadata (a leading underscore) and what
 * `_use_default_values` lists. A field that no class knows is refused, because it may change the picture.
 * @throws EaselError `unsupported-config`
 */
export function schedulerFields(config: Readonly<Record<string, unknown>>): Map<string, unknown> {
  const defaulted = config._use_default_values;
  const skipped = new Set<unknown>(Array.isArray(defaulted) ? defaulted : []);
  const fields = new Map<string, unknown>();
  for (const [field, value] of Object.entries(config)) {
    if (field.startsWith('_') || skipped.has(field)) continue;
    if (KNOWN_FIELDS.has(field)) fields.set(field, value);
    else if (value !== null && HARMLESS_LEGACY[field] !== value) {
      throw unsupported(field, value, 'no scheduler is known to have this field');
    }
  }
  return fields;
}

/** The error for a scheduler's field whose value is not understood. */
export function unsupported(field: string, value: unknown, why: string): EaselError {
  return new EaselError(
    'unsupported-config',
    `The scheduler config says ${field} = ${JSON.stringify(value)}, but ${why}.`,
    { field, value },
  );
}

/**
 * Reads one class's fields with diffusers' defaults. A null means what None means to diffusers: false for a
 * switch, "not given" for an optional value, and an error elsewhere.
 */
export class ConfigReader {
  constructor(
    readonly owner: SchedulerName,
    private readonly fields: ReadonlyMap<string, unknown>,
  ) {}

  flag(field: string, fallback: boolean): boolean {
    const value = this.fields.get(field);
    if (value === undefined) return fallback;
    if (value === null) return false;
    if (typeof value !== 'boolean') throw unsupported(field, value, 'it must be true or false');
    return value;
  }

  number(field: string, fallback: number): number {
    const value = this.fields.get(field);
    if (value === undefined) return fallback;
    if (typeof value !== 'number' || Number.isNaN(value)) {
      throw unsupported(field, value, 'it must be a number');
    }
    return value;
  }

  integer(field: string, fallback: number, minimum: number): number {
    const value = this.number(field, fallback);
    if (!Number.isInteger(value) || value < minimum) {
      throw unsupported(field, value, `it must be a whole number of at least ${minimum}`);
    }
    return value;
  }

  optionalNumber(field: string): number | undefined {
    return this.isSet(field) ? this.number(field, NaN) : undefined;
  }

  numbers(field: string): readonly number[] | undefined {
    const value = this.fields.get(field);
    if (value === undefined || value === null) return undefined;
    if (!Array.isArray(value) || !value.every((item) => typeof item === 'number')) {
      throw unsupported(field, value, 'it must be a list of numbers');
    }
    return value;
  }

  choice<T extends string>(field: string, fallback: T, choices: readonly T[]): T {
    const value = this.fields.get(field);
    if (value === undefined) return fallback;
    const found = choices.find((choice) => choice === value);
    if (found === undefined) {
      throw unsupported(field, value, `${this.owner} takes one of ${choices.join(', ')}`);
    }
    return found;
  }

  predictionType(choices: readonly PredictionType[] = PREDICTION_TYPES): PredictionType {
    return this.choice('prediction_type', 'epsilon', choices);
  }

  /** True when the field is there and not null. */
  isSet(field: string): boolean {
    const value = this.fields.get(field);
    return value !== undefined && value !== null;
  }

  /** Whether the betas follow the cosine schedule, whose Karras timesteps diffusers does not round. */
  isCosine(): boolean {
    return this.fields.get('beta_schedule') === 'squaredcos_cap_v2';
  }

  /** Refuses a switch this program does not have, unless it is off. */
  refuseFlag(field: string, why: string): void {
    if (this.flag(field, false)) throw unsupported(field, true, why);
  }

  refuseSet(field: string, why: string): void {
    if (this.isSet(field)) throw unsupported(field, this.fields.get(field), why);
  }
}
