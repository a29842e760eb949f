import { parseRecord } from '../../json';
import { foreignRecipe, readNumber, readString, type FoundLora } from '../foreign';
import type { Recipe } from '../recipe';

/** Reads Fooocus' own format: JSON under `parameters`, or in the EXIF comment. */
export function readFooocus(parameters: string): Recipe | undefined {
  const json = parseRecord(parameters);
  if (!json || readString(json.prompt) === undefined) return undefined;
  const size = /^\D*(\d+)\D+(\d+)\D*$/.exec(readString(json.resolution) ?? '');
  const full = (value: unknown, own: unknown) => {
    // The image was drawn with the full prompt: the typed one, with styles and expansion.
    const lines = Array.isArray(value) ? value.map(readString).filter(Boolean) : [];
    return lines.length > 0 ? lines.join(', ') : own;
  };
  return foreignRecipe('Fooocus', {
    prompt: full(json.full_prompt, json.prompt),
    negativePrompt: full(json.full_negative_prompt, json.negative_prompt),
    seed: json.seed,
    steps: json.steps,
    guidanceScale: json.guidance_scale,
    width: size?.[1],
    height: size?.[2],
    sampler: json.sampler,
    schedule: json.scheduler,
    model: json.base_model,
    loras: readLoras(json),
    noise: 'other',
    weighted: true,
    toolVersion: json.version,
    details: {
      'Typed prompt': json.prompt,
      Styles: json.styles,
      Performance: json.performance,
      Sharpness: json.sharpness,
      Refiner: json.refiner_model,
    },
  });
}

function readLoras(json: Readonly<Record<string, unknown>>): FoundLora[] {
  if (Array.isArray(json.loras)) {
    return json.loras.flatMap((entry: unknown) => {
      const [name, scale] = Array.isArray(entry) ? (entry as unknown[]) : [];
      return typeof name === 'string' ? [{ name, scale: readNumber(scale) }] : [];
    });
  }
  return Object.entries(json).flatMap(([key, value]) => {
    if (!key.startsWith('lora_combined_') || typeof value !== 'string') return [];
    const [name = '', scale] = value.split(' : ');
    return [{ name, scale: readNumber(scale) }];
  });
}
