import { SCHEDULERS } from '../diffusion/schedulers/registry';
import { samplerLabel } from '../recipe/samplers';
import type { GenerationRequestInput } from '../request/request';
import { VERSION } from '../version';

/** GET /sdapi/v1/samplers. */
export function listSamplers() {
  return SCHEDULERS.filter(({ isFlowMatching, isEdm }) => !isFlowMatching && !isEdm).flatMap(
    ({ label, aliases }) =>
      aliases.map((alias) => ({
        name: alias.label ?? label,
        aliases: [...alias.names],
        options: {},
      })),
  );
}

/** GET /sdapi/v1/schedulers: noise schedules. */
export const SCHEDULES = [
  { name: 'automatic', label: 'Automatic' },
  { name: 'karras', label: 'Karras' },
].map((schedule) => ({
  ...schedule,
  aliases: null,
  default_rho: -1,
  need_inner_model: false,
}));

/** Where a job is. */
export interface JobState {
  /** From 0 to 1. */
  readonly progress: number;
  /** Seconds that are left. */
  readonly secondsLeft: number;
  /** `txt2img` or `img2img`; empty where none draws. */
  readonly task: string;
  readonly images: number;
  /** 0-based. */
  readonly image: number;
  readonly step: number;
  readonly steps: number;
  readonly interrupted: boolean;
  readonly startedMs: number;
}

export const IDLE: JobState = {
  ...{ progress: 0, secondsLeft: 0, task: '', images: 0, image: 0, step: 0, steps: 0 },
  ...{ interrupted: false, startedMs: 0 },
};

/**
 * The answer of GET /sdapi/v1/progress.
 * @param preview the last unfinished image in base64, null where there is none
 */
export function progressAnswer(state: JobState, preview: string | null) {
  const { progress, secondsLeft, task, images, image, step, steps, interrupted } = state;
  return {
    progress,
    eta_relative: secondsLeft,
    state: {
      skipped: false,
      interrupted,
      stopping_generation: false,
      job: task,
      job_count: images,
      job_timestamp: timestamp(state.startedMs),
      job_no: image,
      sampling_step: step,
      sampling_steps: steps,
    },
    current_image: preview,
    textinfo: null,
  };
}

/** Year to second, as AUTOMATIC1111 writes times; 0 for none. */
function timestamp(ms: number): string {
  if (ms === 0) return '0';
  return new Date(ms).toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '');
}

/** What was drawn for a request. */
export interface DrawnRequest {
  readonly request: GenerationRequestInput;
  /** The values that were used, as far as they are known; absent where the job was interrupted. */
  readonly settings?: {
    readonly steps?: number;
    readonly guidanceScale?: number;
    readonly scheduler?: string;
  };
  /** The name of the model for clients. */
  readonly modelName: string;
  readonly images: readonly {
    /** Absent: an endpoint drew it that takes no seed. */
    readonly seed?: number;
    readonly width: number;
    readonly height: number;
    /** AUTOMATIC1111's text about it. */
    readonly infotext: string;
  }[];
  /** For the user. */
  readonly warnings: readonly string[];
  readonly interrupted: boolean;
  readonly nowMs: number;
}

/** The object that `info` holds as JSON text (`Processed.js` in modules/processing.py). */
export function drawnInfo(drawn: DrawnRequest) {
  const { request, settings, modelName, images, warnings, interrupted, nowMs } = drawn;
  const [first] = images;
  const { prompt, negativePrompt = '', variationSeed = -1, variationStrength = 0 } = request;
  const all = <T>(value: T) => images.map(() => value);
  const scheduler = settings?.scheduler ?? request.scheduler;
  return {
    prompt,
    all_prompts: all(prompt),
    negative_prompt: negativePrompt,
    all_negative_prompts: all(negativePrompt),
    seed: first?.seed ?? request.seed ?? -1,
    all_seeds: images.map(({ seed = -1 }) => seed),
    subseed: variationSeed,
    all_subseeds: all(variationSeed),
    subseed_strength: variationStrength,
    width: first?.width ?? request.width ?? 0,
    height: first?.height ?? request.height ?? 0,
    sampler_name: scheduler === undefined ? '' : samplerLabel(scheduler).sampler,
    cfg_scale: settings?.guidanceScale ?? request.guidanceScale ?? 0,
    steps: settings?.steps ?? request.steps ?? 0,
    batch_size: images.length,
    restore_faces: false,
    face_restoration_model: null,
    sd_model_name: modelName,
    sd_model_hash: null,
    sd_vae_name: null,
    sd_vae_hash: null,
    seed_resize_from_w: -1,
    seed_resize_from_h: -1,
    denoising_strength: request.strength ?? null,
    extra_generation_params: {},
    index_of_first_image: 0,
    infotexts: images.map(({ infotext }) => infotext),
    styles: request.style ? [request.style.name] : [],
    job_timestamp: timestamp(nowMs),
    clip_skip: (request.clipSkip ?? 0) + 1,
    is_using_inpainting_conditioning: false,
    version: `Easel ${VERSION}`,
    // Easel's own: AUTOMATIC1111 has no place for them.
    warnings,
    interrupted,
  };
}
