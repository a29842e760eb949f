import { pickFields } from '../../../core/request/fields';
import type { GenerationRequestInput } from '../../../core/request/request';
import type { GridCell } from './plan';

/** Fields that decide what is loaded, the most expensive first. */
const LOADED = [
  ...(['model', 'device', 'precision', 'variant', 'unet', 'loras', 'embeddings'] as const),
  ...(['controlnets', 'ipAdapters', 'refiner', 'vae', 'upscale', 'hiresUpscaler'] as const),
] as const satisfies (keyof GenerationRequestInput)[];

/** What is loaded for a request, as a text that others can be compared with. */
export function loadedFor(request: GenerationRequestInput): string {
  return JSON.stringify(pickFields(request, LOADED));
}

/** The indices of cells in the order of drawing: those that need the same follow each other, so it is loaded once. */
export function drawingOrder(cells: readonly GridCell[]): number[] {
  const models = new Map<string, Map<string, number[]>>();
  cells.forEach(({ request }, index) => {
    const { model = '' } = request;
    const groups = models.get(model) ?? new Map<string, number[]>();
    models.set(model, groups);
    const key = loadedFor(request);
    groups.set(key, [...(groups.get(key) ?? []), index]);
  });
  return [...models.values()].flatMap((groups) => [...groups.values()].flat());
}
