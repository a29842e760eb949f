import { needsImage } from '../../core/catalogue/needs-image';
import { countEvaluations } from '../../core/diffusion/evaluations';
import { autoPrecision } from '../../core/request/precision';
import { estimateSeconds, guessImageSeconds } from '../../core/estimate';
import type { DeviceReport, ModelEntry } from '../../protocol/engine';
import type { ModelOffer } from '../../protocol/studio';
import type { Recommendation } from '../../protocol/store';
import type { HostServices } from '../services';
import { SpeedLog } from '../drawing/speeds';
import { fetchAndUse } from '../models/download-model';
import { modelName, STARTER } from '../models/model-words';

/**
 * A model that may draw what the starter does not know: one of this machine, else the best one to download.
 * @param models of this machine
 * @param devices as they were tried; where they were not, no seconds are known
 */
export async function bestOffer(
  services: HostServices,
  models: readonly ModelEntry[],
  devices: DeviceReport | undefined,
): Promise<ModelOffer | undefined> {
  const own = models.find(isOther);
  if (own) {
    const speeds = new SpeedLog(services.context.globalState);
    const seconds = measuredSeconds(own, speeds, devices);
    return { id: own.id, title: modelName(own.id), seconds };
  }
  const best = await bestDownload(services);
  if (!best) return undefined;
  const { id, title, downloadBytes: bytes } = best.entry;
  const probe = devices?.devices.find(({ device }) => device === devices.chosen);
  // Every published model is large.
  const precision = devices ? autoPrecision(devices.chosen, Infinity, devices) : 'full';
  const seconds = guessImageSeconds(best.entry, probe?.gflops ?? 0, precision);
  return { id, title, bytes, seconds };
}

/** Downloads the offered model after a question, or takes one that is here; Easel draws with it from then on. */
export async function takeOffer(services: HostServices, { id, bytes }: ModelOffer): Promise<void> {
  if (bytes === undefined) {
    await services.settings.update('model', id);
    return;
  }
  const best = await bestDownload(services);
  await fetchAndUse(services, id, best?.entry.id === id ? best.companions : []);
}

async function bestDownload({ store }: HostServices): Promise<Recommendation | undefined> {
  return (await store.recommend()).find(({ fits, entry }) => fits && !needsImage(entry));
}

/** Whether a model draws what it was asked for as a whole, and not of the starter's things. */
function isOther({ id, kind, runnable, defaults }: ModelEntry): boolean {
  const draws = kind === 'pipeline' && runnable && id !== STARTER;
  const { composes, refines } = defaults ?? {};
  return draws && !composes && !refines && !needsImage(defaults ?? {});
}

function measuredSeconds(
  { id: model, defaults }: ModelEntry,
  speeds: SpeedLog,
  devices: DeviceReport | undefined,
): number | undefined {
  if (!defaults || !devices) return undefined;
  const { steps, guidanceScale, width, height, weightCount } = defaults;
  const device = devices.chosen;
  const job = {
    ...{ model, device, steps, images: 1, pixels: width * height, tokenDownsampling: 1 },
    evaluations: countEvaluations({ steps, guided: guidanceScale > 1 }),
    precision: autoPrecision(device, weightCount, devices),
  };
  return estimateSeconds(job, speeds.all());
}
