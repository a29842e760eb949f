import type { JsonObject } from '../../../json';

/** What Easel knows about a scheduler class besides its code; `registry.ts` lists the definitions. */
export interface SchedulerDefinition {
  /** diffusers' class name. */
  readonly name: string;
  /** AUTOMATIC1111's label, as it stands in image files. */
  readonly label: string;
  /** The name in lists, where that is not the label. */
  readonly title?: string;
  readonly aliases: readonly [SchedulerAlias, ...SchedulerAlias[]];
  /** Config fields that only this class and a few others read: see `COMMON_FIELDS` in `config.ts`. */
  readonly configFields?: readonly string[];
  /** Whether it draws with flow matching models, and not with diffusion models. */
  readonly isFlowMatching?: boolean;
  /** Whether it is for models in Karras' formulation (EDM), such as Playground v2.5. */
  readonly isEdm?: boolean;
  /** Whether it reads `eta` of `SchedulerOptions`. */
  readonly takesEta?: boolean;
  /** Help texts name its first alias as an example. */
  readonly isExample?: boolean;
}

/** A short name of a scheduler, as users type it. */
export interface SchedulerAlias {
  /** Equal names; Easel writes the first. */
  readonly names: readonly [string, ...string[]];
  /** Config fields that the name sets. */
  readonly config?: JsonObject;
  /** AUTOMATIC1111's label, where that is not the definition's. */
  readonly label?: string;
  /** What other tools call it: lower case, without spaces, `_` and `-`, and with `++` for `pp`. */
  readonly samplers?: readonly string[];
  /**
   * Whether there is `<first name>-karras` too, which sets `KARRAS`. `automatic`: AUTOMATIC1111's schedule type
   * "Automatic" means Karras for this sampler.
   */
  readonly karras?: boolean | 'automatic';
}

/** The config fields of a name that ends in `-karras`. */
export const KARRAS: JsonObject = {
  use_karras_sigmas: true,
  use_exponential_sigmas: false,
  use_beta_sigmas: false,
  use_lu_lambdas: false,
};
