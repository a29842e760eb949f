import { readRecipe } from '../../core/recipe';
import type { RequestSummary } from '../../protocol/studio';
import type { SavedImage } from '../files/image-saver';
import type { NewEntry } from './gallery';
import { othersOf, summaryOf } from './request-summary';

/**
 * What the gallery keeps of an image that another command has saved, with the recipe of its file.
 * @param time milliseconds since 1970
 */
export function savedEntry({ file, name, bytes }: SavedImage, time: number): NewEntry {
  const { size, madeFrom, upscaled } = name;
  return {
    ...{ uri: file, time, width: size?.width, height: size?.height },
    ...{ request: requestOf(bytes, name), madeFrom: madeFrom?.toString(), upscaled },
  };
}

/** What the gallery keeps of a request, with what the model chose for it, as the recipe of the file says. */
export function drawnSummary(asked: RequestSummary, bytes: Uint8Array): RequestSummary {
  const chosen = readRecipe(bytes)?.request;
  if (!chosen) return asked;
  return {
    ...asked,
    steps: asked.steps ?? chosen.steps,
    guidanceScale: asked.guidanceScale ?? chosen.guidanceScale,
    width: asked.width ?? chosen.width,
    height: asked.height ?? chosen.height,
    scheduler: asked.scheduler ?? chosen.scheduler,
    // As those of images that other commands have drawn, to be compared with.
    others: othersOf(chosen),
  };
}

function requestOf(
  bytes: Uint8Array,
  { prompt, seed }: Pick<SavedImage['name'], 'prompt' | 'seed'>,
): RequestSummary {
  const request = readRecipe(bytes)?.request;
  // Without a model the page does not offer to draw it again.
  if (!request) return { prompt, seed, negativePrompt: '', model: '' };
  const { strength, model = '' } = request;
  return { ...summaryOf({ ...request, model }), ...(strength !== undefined && { strength }) };
}
