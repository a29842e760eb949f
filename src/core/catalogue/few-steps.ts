import type { JsonObject } from '../json';

/** How a model that was distilled to a few steps is run, by its model card. */
export interface FewSteps {
  readonly steps: number;
  readonly guidanceScale: number;
  /** Fields of scheduler_config.json that take the place of the model's own. */
  readonly scheduler: JsonObject;
}

interface Kind {
  readonly names: RegExp;
  /** Where the name does not say it. */
  readonly steps: number;
  readonly guidanceScale: number;
  readonly scheduler: JsonObject;
}

const TRAILING = { timestep_spacing: 'trailing' };
const DDIM_TRAILING = { _class_name: 'DDIMScheduler', ...TRAILING };
const LCM = { _class_name: 'LCMScheduler' };

/** Guidance is off at 1 and below; the cards that write 0 mean the same. */
const OFF = 1;

/** Matched in this order, by names without signs between the words. */
const KINDS: readonly Kind[] = [
  // huggingface.co/ByteDance/Hyper-SD; those with CFG keep guidance.
  { names: /hyper ?sd.*cfg/, steps: 12, guidanceScale: 5, scheduler: DDIM_TRAILING },
  // The UNet of one step starts at timestep 800, and the LoRA of one step is for TCD, also with more steps.
  {
    names: /hyper ?sd.*\b1 ?step unet/,
    ...{ steps: 1, guidanceScale: OFF, scheduler: { ...LCM, timesteps: [800] } },
  },
  {
    names: /hyper ?sd.*\b1 ?step lora/,
    ...{ steps: 1, guidanceScale: OFF, scheduler: { _class_name: 'TCDScheduler' } },
  },
  { names: /hyper ?sd/, steps: 4, guidanceScale: OFF, scheduler: DDIM_TRAILING },
  // huggingface.co/ByteDance/SDXL-Lightning; the model of one step predicts the image itself.
  {
    names: /sdxl ?lightning.*\b1 ?step/,
    ...{ steps: 1, guidanceScale: OFF },
    scheduler: { _class_name: 'EulerDiscreteScheduler', ...TRAILING, prediction_type: 'sample' },
  },
  // A LoRA that draws lightning for SDXL has other words after these.
  {
    names: /sdxl ?lightning(?:.*\b\d{1,2} ?steps?\b|(?: (?:lora|unet|fp16))*$)/,
    ...{ steps: 4, guidanceScale: OFF },
    scheduler: { _class_name: 'EulerDiscreteScheduler', ...TRAILING },
  },
  // huggingface.co/tianweiy/DMD2: the UNet of one step starts at timestep 399.
  {
    names: /\bdmd ?2\b.*\b1 ?step/,
    ...{ steps: 1, guidanceScale: OFF },
    scheduler: { ...LCM, timesteps: [399] },
  },
  // The others: timesteps 999, 749, 499 and 249.
  {
    names: /\bdmd ?2\b/,
    ...{ steps: 4, guidanceScale: OFF },
    scheduler: { ...LCM, original_inference_steps: 100 },
  },
  // huggingface.co/h1t/TCD-SDXL-LoRA
  {
    names: /\btcd\b.*\blora\b/,
    ...{ steps: 4, guidanceScale: OFF, scheduler: { _class_name: 'TCDScheduler' } },
  },
  // huggingface.co/latent-consistency/lcm-lora-sdv1-5
  { names: /\blcm ?lora\b|\blora ?lcm\b/, steps: 4, guidanceScale: OFF, scheduler: LCM },
  // huggingface.co/jasperai/flash-sd and flash-sdxl
  {
    names: /\bflash ?sd(xl)?\b/,
    ...{ steps: 4, guidanceScale: OFF, scheduler: { ...LCM, ...TRAILING } },
  },
  // huggingface.co/etri-vilab/koala-lightning-700m and -1b, which keep guidance.
  {
    names: /\bkoala ?lightning\b/,
    ...{ steps: 10, guidanceScale: 3.5 },
    scheduler: { _class_name: 'EulerDiscreteScheduler', ...TRAILING },
  },
  // The published files of huggingface.co/stabilityai/sd-turbo and huggingface.co/IDKiro/sdxs-512-0.9. Other models of
  // Stable Diffusion 2 predict v.
  {
    names: /\bsd turbo\b|\bsdxs\b/,
    ...{ steps: 1, guidanceScale: OFF },
    scheduler: { _class_name: 'EulerDiscreteScheduler', ...TRAILING, prediction_type: 'epsilon' },
  },
  // huggingface.co/stabilityai/sdxl-turbo
  {
    names: /\b(?:sd ?|stable diffusion )xl turbo\b/,
    ...{ steps: 1, guidanceScale: OFF },
    scheduler: { _class_name: 'EulerAncestralDiscreteScheduler', ...TRAILING },
  },
];

/** A number of steps in a name: `4step`, `8-steps`, `Hyper-SDXL-1step`. */
const STEPS = /\b(\d{1,2}) ?steps?\b/;
/** More are not few. */
const MOST_STEPS = 16;

/**
 * How a few-step model or LoRA is run, if one of its names says that it is one.
 * @param names of its file, of its repository and of its metadata
 */
export function fewStepsOf(names: readonly string[]): FewSteps | undefined {
  for (const name of names.map(plainName)) {
    const kind = KINDS.find((one) => one.names.test(name));
    if (!kind) continue;
    const said = Number(STEPS.exec(name)?.[1]);
    const steps = said >= 1 && said <= MOST_STEPS ? said : kind.steps;
    return { steps, guidanceScale: kind.guidanceScale, scheduler: kind.scheduler };
  }
  return undefined;
}

/** In small letters, with a space between words and before numbers that begin one: `hyper sdxl 4 step lora`. */
function plainName(name: string): string {
  return name
    .toLowerCase()
    .replace(/\.(?:safetensors|gguf|ckpt|bin|pth?)$/, '')
    .replace(/[^a-z0-9]+/g, ' ')
    .replace(/(\d)(steps?)\b/g, '$1 $2')
    .trim();
}
