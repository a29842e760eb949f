import { isRecord, parseRecord } from '../../json';
import { foreignRecipe, readString } from '../foreign';
import type { Recipe } from '../recipe';

/**
 * Reads NovelAI's texts: the prompt as `Description`, the settings as JSON under `Comment`, the model as
 * `Source`.
 */
export function readNovelAi(texts: ReadonlyMap<string, string>): Recipe | undefined {
  const json = parseRecord(texts.get('Comment'));
  if (!json) return undefined;
  const fromImage = json.image !== undefined || json.request_type === 'Img2ImgRequest';
  return foreignRecipe('NovelAI', {
    prompt: json.prompt ?? caption(json.v4_prompt) ?? texts.get('Description'),
    negativePrompt: json.uc ?? caption(json.v4_negative_prompt),
    seed: json.seed,
    steps: json.steps,
    guidanceScale: json.scale,
    guidanceRescale: json.cfg_rescale,
    width: json.width,
    height: json.height,
    sampler: json.sampler,
    schedule: json.noise_schedule,
    model: texts.get('Source'),
    strength: fromImage ? json.strength : undefined,
    fromImage,
    noise: 'other',
    details: { 'Request type': json.request_type, SMEA: json.sm === true ? 'on' : undefined },
  });
}

function caption(prompt: unknown): string | undefined {
  const inner = isRecord(prompt) ? prompt.caption : undefined;
  return isRecord(inner) ? readString(inner.base_caption) : undefined;
}
