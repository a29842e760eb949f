import { isRecord, parseRecord } from '../../json';
import { seamlessAxes } from '../../request/seamless';
import { foreignRecipe, readNumber, readString, type FoundLora } from '../foreign';
import type { Recipe } from '../recipe';

/** Reads InvokeAI's metadata since version 3 (`invokeai_metadata`). */
export function readInvokeAi(metadata: string): Recipe | undefined {
  const json = parseRecord(metadata);
  if (!json) return undefined;
  // Version 3.0 has the same fields under `metadata` of a graph.
  const inner = isRecord(json.metadata) ? json.metadata : json;
  if (readString(inner.positive_prompt) === undefined) return undefined;
  const { rand_device: device } = inner;
  return foreignRecipe('InvokeAI', {
    prompt: inner.positive_prompt,
    negativePrompt: inner.negative_prompt,
    // SDXL's second text encoder reads the style.
    prompt2: inner.positive_style_prompt,
    negativePrompt2: inner.negative_style_prompt,
    seed: inner.seed,
    steps: inner.steps,
    guidanceScale: inner.cfg_scale,
    guidanceRescale: inner.cfg_rescale_multiplier,
    width: inner.width,
    height: inner.height,
    sampler: inner.scheduler,
    seamless: seamlessAxes(inner.seamless_x === true, inner.seamless_y === true),
    model: modelName(inner.model),
    loras: Array.isArray(inner.loras) ? inner.loras.flatMap(readLora) : [],
    strength: inner.init_image === undefined ? undefined : inner.strength,
    fromImage: inner.init_image !== undefined && inner.init_image !== null,
    noise: device === undefined || device === 'cpu' ? 'cpu' : 'other',
    toolVersion: inner.app_version,
    details: { 'Generation mode': inner.generation_mode, VAE: modelName(inner.vae) },
  });
}

/** Reads InvokeAI 2's metadata (`sd-metadata`): the model at the top level, the rest under `image`. */
export function readInvokeAi2(metadata: string): Recipe | undefined {
  const json = parseRecord(metadata);
  const image = json?.image;
  if (!json || !isRecord(image)) return undefined;
  const [first] = Array.isArray(image.prompt) ? (image.prompt as unknown[]) : [image.prompt];
  const prompt = isRecord(first) ? first.prompt : first;
  const fromImage = image.type === 'img2img';
  return foreignRecipe('InvokeAI', {
    ...splitPrompt(readString(prompt) ?? ''),
    seed: image.seed,
    steps: image.steps,
    guidanceScale: image.cfg_scale,
    width: image.width,
    height: image.height,
    sampler: image.sampler,
    model: json.model_weights,
    strength: fromImage ? image.strength : undefined,
    fromImage,
    noise: 'cpu',
    toolVersion: json.app_version,
  });
}

const DREAM_OPTIONS: Readonly<Record<string, string>> = {
  s: 'steps',
  S: 'seed',
  W: 'width',
  H: 'height',
  C: 'guidanceScale',
  A: 'sampler',
  f: 'strength',
};

/** Reads InvokeAI 1's command (`Dream`): `"a cat [blurry]" -s 50 -S 42 -A k_lms`. */
export function readDream(command: string): Recipe | undefined {
  const match = /^\s*(?:dream>\s*)?"(?<prompt>(?:\\.|[^"\\])*)"(?<options>.*)$/su.exec(command);
  if (!match?.groups) return undefined;
  const { prompt = '', options = '' } = match.groups;
  const found: Record<string, string> = {};
  for (const [, letter = '', value = ''] of options.matchAll(
    /(?:^|\s)-([A-Za-z])\s*([^\s-]\S*)/g,
  )) {
    const field = DREAM_OPTIONS[letter];
    if (field !== undefined) found[field] ??= value;
  }
  const fromImage = /(?:^|\s)(?:-I|--init_img)\b/.test(options);
  const { strength, ...others } = found;
  return foreignRecipe('InvokeAI', {
    ...splitPrompt(prompt.replace(/\\(.)/gsu, '$1')),
    ...others,
    strength: fromImage ? strength : undefined,
    fromImage,
    noise: 'cpu',
  });
}

/** Before version 3 the negative prompt was in square brackets. */
function splitPrompt(text: string): { prompt: string; negativePrompt: string } {
  const negatives: string[] = [];
  const prompt = text.replace(/\[([^[\]]*)\]/g, (_, negative: string) => {
    negatives.push(negative);
    return '';
  });
  return { prompt: prompt.trim(), negativePrompt: negatives.join(' ') };
}

function modelName(model: unknown): unknown {
  return isRecord(model) ? (model.model_name ?? model.name) : model;
}

function readLora(entry: unknown): FoundLora[] {
  if (!isRecord(entry)) return [];
  const name = readString(modelName(entry.lora ?? entry.model));
  return name === undefined ? [] : [{ name, scale: readNumber(entry.weight) }];
}
