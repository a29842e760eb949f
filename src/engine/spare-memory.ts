import { deviceProfile, type DeviceName } from '../core/devices';
import { EaselError, toEaselError } from '../core/errors';
import type { GenerationRequest } from '../core/request/request';
import type { JobPlan } from './pipeline/plan';

/** Whether an error of ONNX Runtime says that the memory of a device's card is full. */
export function isOutOfMemory(device: DeviceName, thrown: unknown): boolean {
  if (thrown instanceof EaselError) return false;
  const { message } = toEaselError(thrown);
  return deviceProfile(device).outOfMemory.some((part) => message.includes(part));
}

/** What a job can do without where a card's memory is full: the first costs time only, the others change the image. */
export type Spare = 'kept networks' | 'large autoencoder' | 'whole image';

export interface SparingJob {
  readonly plan: JobPlan;
  /** The plan before anything was spared. */
  readonly wholePlan: JobPlan;
  readonly spared: readonly Spare[];
  /** Whether networks stay loaded for the next job. */
  readonly keepLoaded: boolean;
  /** The component whose network failed. */
  readonly failedIn: string | undefined;
}

interface NextSpare {
  readonly spare: Spare;
  readonly plan: JobPlan;
  /** For the user: what is done now. */
  readonly message: string;
}

/**
 * What to do without next, for a job that found the card's memory full.
 * @returns undefined where nothing is left to spare
 */
export async function nextSpare(job: SparingJob): Promise<NextSpare | undefined> {
  const { plan, wholePlan, spared, keepLoaded, failedIn } = job;
  const isNew = (spare: Spare) => !spared.includes(spare);
  if (isNew('kept networks') && (keepLoaded || plan.images.length > 1)) {
    const message = 'Easel loads one network at a time, which takes longer.';
    return { spare: 'kept networks', plan, message };
  }
  if (failedIn !== 'vae') return undefined;
  if (isNew('large autoencoder') && isNew('whole image')) {
    const tiny = await withTinyAutoencoder(wholePlan);
    const message = 'Easel decodes with the tiny autoencoder (TAESD), which is rougher.';
    if (tiny) return { spare: 'large autoencoder', plan: tiny, message };
  }
  if (isNew('whole image') && isLargerThanTile(wholePlan)) {
    const memoryUse = { ...wholePlan.memoryUse, vaeTiling: true };
    const message = 'Easel decodes the image in tiles, which can be seen a little.';
    return { spare: 'whole image', plan: { ...wholePlan, memoryUse }, message };
  }
  return undefined;
}

/** @returns undefined where the model has none, or where it is not downloaded */
async function withTinyAutoencoder(plan: JobPlan): Promise<JobPlan | undefined> {
  try {
    const model = await plan.model.withTinyAutoencoder();
    return model === plan.model ? undefined : { ...plan, model };
  } catch (thrown) {
    if (thrown instanceof EaselError) return undefined;
    throw thrown;
  }
}

/** Tiles have the size that the model was trained on (model/components/autoencoder/tiling.ts). */
function isLargerThanTile({ model: { nativeSize }, first, second }: JobPlan): boolean {
  const { width, height } = second ?? first;
  return width > nativeSize.width || height > nativeSize.height;
}

/** What the recipe says, so that the image can be drawn again. */
export function recordedSpares(spared: readonly Spare[]): Partial<GenerationRequest> {
  if (spared.includes('whole image')) return { vaeTiling: true };
  return spared.includes('large autoencoder') ? { vae: 'tiny' } : {};
}
