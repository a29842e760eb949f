import { isRecord, parseRecord } from '../../json';
import { readUserComment } from '../files/xmp';
import { foreignRecipe, readNumber, readString, type FoundLora } from '../foreign';
import type { Recipe } from '../recipe';

/** Reads the recipe of Draw Things: JSON with short names in the user comment of its XMP. */
export function readDrawThings(xmp: string): Recipe | undefined {
  const json = parseRecord(readUserComment(xmp));
  if (!json || readString(json.c) === undefined || json.steps === undefined) return undefined;
  const size = /^(\d{1,6})x(\d{1,6})$/.exec(readString(json.size) ?? '');
  const strength = readNumber(json.strength);
  const fromImage = strength !== undefined && strength < 1;
  return foreignRecipe('Draw Things', {
    prompt: json.c,
    negativePrompt: json.uc,
    seed: json.seed,
    steps: json.steps,
    guidanceScale: json.scale,
    width: size?.[1],
    height: size?.[2],
    sampler: json.sampler,
    model: json.model,
    loras: Array.isArray(json.lora) ? json.lora.flatMap(readLora) : [],
    strength: fromImage ? strength : undefined,
    fromImage,
    noise: 'other',
    weighted: true,
    details: { 'Seed mode': json.seed_mode, 'Clip skip': json.clip_skip },
  });
}

function readLora(entry: unknown): FoundLora[] {
  const name = isRecord(entry) ? readString(entry.model) : undefined;
  return name === undefined
    ? []
    : [{ name, scale: readNumber((entry as { weight?: unknown }).weight) }];
}
