import { embedRecipe, readRecipe } from '../core/recipe';
import { PARAMETERS, readTexts } from '../core/recipe/metadata';
import { lastPart } from '../core/serve/models';
import type { GenerationRequestInput } from '../core/request/request';
import type { ChosenModel } from './models';

/** Whether a name is a path, on any system. */
const PATH = /^(?:[/\\~.]|[A-Za-z]:[/\\])/;

/**
 * The file of an image as clients get it: its recipe names no paths of this machine. A file without such paths is
 * the same.
 */
export function publicFile(
  bytes: Uint8Array,
  model: ChosenModel,
  named: Pick<
    GenerationRequestInput,
    'loras' | 'hiresUpscaler' | 'refiner' | 'controlnets' | 'ipAdapters'
  >,
): Uint8Array {
  const { loras = [], hiresUpscaler = '', refiner = '', controlnets = [], ipAdapters = [] } = named;
  const names = [
    ...[model.id, ...loras.map(({ path }) => path), hiresUpscaler, refiner],
    ...[...controlnets, ...ipAdapters],
  ];
  const hasPath = names.some((name) => PATH.test(name));
  const recipe = hasPath ? readRecipe(bytes) : undefined;
  if (!recipe) return bytes;
  const plain = (name: string) => (PATH.test(name) ? lastPart(name) : name);
  const request = {
    ...recipe.request,
    model: model.name,
    ...(recipe.request.hiresUpscaler && { hiresUpscaler: plain(recipe.request.hiresUpscaler) }),
    ...(recipe.request.refiner && { refiner: plain(recipe.request.refiner) }),
    ...(recipe.request.controlnets && { controlnets: recipe.request.controlnets.map(plain) }),
    ...(recipe.request.ipAdapters && { ipAdapters: recipe.request.ipAdapters.map(plain) }),
    ...(recipe.request.loras && {
      loras: recipe.request.loras.map((lora) => ({ ...lora, path: plain(lora.path) })),
    }),
  };
  return embedRecipe(bytes, { ...recipe, model: model.name, request });
}

/** AUTOMATIC1111's text in a file; empty where it has none. */
export function infotextIn(bytes: Uint8Array): string {
  return readTexts(bytes)?.get(PARAMETERS) ?? '';
}
