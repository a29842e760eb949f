import { foreignRecipe } from '../foreign';
import type { Recipe } from '../recipe';

/** Texts of Easy Diffusion's PNG files: one for each setting. */
export const EASY_DIFFUSION_KEYWORDS = [
  'negative_prompt',
  'seed',
  'num_inference_steps',
  'guidance_scale',
  'width',
  'height',
  'sampler_name',
  'use_stable_diffusion_model',
  'use_lora_model',
  'lora_alpha',
  'prompt_strength',
  'use_controlnet_model',
  'use_upscale',
  'use_face_correction',
  'clip_skip',
  'tiling',
] as const;

/** Reads Easy Diffusion's texts. `prompt` is a plain text there. */
export function readEasyDiffusion(texts: ReadonlyMap<string, string>): Recipe | undefined {
  const text = (name: string) => {
    const value = texts.get(name);
    return value === undefined || value === '' || value === 'None' ? undefined : value;
  };
  if (text('num_inference_steps') === undefined || text('seed') === undefined) return undefined;
  const lora = text('use_lora_model');
  const fromImage = text('prompt_strength') !== undefined;
  return foreignRecipe('Easy Diffusion', {
    prompt: texts.get('prompt'),
    negativePrompt: text('negative_prompt'),
    seed: text('seed'),
    steps: text('num_inference_steps'),
    guidanceScale: text('guidance_scale'),
    width: text('width'),
    height: text('height'),
    sampler: text('sampler_name'),
    seamless: text('tiling'),
    model: text('use_stable_diffusion_model'),
    loras: lora === undefined ? [] : [{ name: lora, scale: Number(text('lora_alpha') ?? 1) }],
    strength: text('prompt_strength'),
    fromImage,
    noise: 'other',
    weighted: true,
    missed: [
      ['ControlNet', text('use_controlnet_model')],
      ['upscaler', text('use_upscale')],
      ['face correction', text('use_face_correction')],
    ],
    details: { 'Clip skip': text('clip_skip') },
  });
}
