import { needsImage } from '../../../core/catalogue/needs-image';
import { countEvaluations } from '../../../core/diffusion/evaluations';
import { addedWork, guessSteps } from '../../../core/estimate';
import { autoPrecision } from '../../../core/request/precision';
import { parseRequest, type GenerationRequestInput } from '../../../core/request/request';
import { applySpeed } from '../../../core/request/speed';
import type { DeviceReport, ModelEntry } from '../../../protocol/engine';
import { entryOf } from './models';

/** Published models of the families are larger; of smaller ones the work says nothing about the time. */
const PUBLISHED_BYTES = 1e9;

/** Whether the time of every image can be guessed, once the devices are known. */
export function canGuess(
  requests: readonly GenerationRequestInput[],
  entries: readonly ModelEntry[],
): boolean {
  return requests.every(({ model, endpoint }) => {
    const entry = endpoint === undefined ? entryOf(model, entries) : undefined;
    return (entry?.defaults?.gigaflops ?? 0) > 0 && (entry?.sizeBytes ?? 0) >= PUBLISHED_BYTES;
  });
}

/**
 * Guesses the seconds of images before any is drawn, from the speed that the probe of the device found.
 * @returns undefined where that is not known for each
 */
export function guessGrid(
  requests: readonly GenerationRequestInput[],
  entries: readonly ModelEntry[],
  devices: DeviceReport,
): number | undefined {
  const all = requests.map((request) => guessOne(request, entries, devices));
  return all.reduce<number | undefined>(
    (sum, one) => (sum === undefined || one === undefined ? undefined : sum + one),
    0,
  );
}

function guessOne(
  input: GenerationRequestInput,
  entries: readonly ModelEntry[],
  report: DeviceReport,
): number | undefined {
  const { defaults } = entryOf(input.model, entries) ?? {};
  const request = applySpeed(parseRequest(input), defaults?.weightCount);
  const device = request.device === 'auto' ? report.chosen : request.device;
  const gflops = report.devices.find((one) => one.device === device)?.gflops;
  if (!defaults?.gigaflops || !gflops) return undefined;
  const { width = defaults.width, height = defaults.height, tokenDownsampling } = request;
  const work = defaults.gigaflops * ((width * height) / (defaults.width * defaults.height));
  const { precision, refiner } = request;
  const strength = request.initImage && !needsImage(defaults) ? request.strength : undefined;
  const evaluations = countEvaluations({
    ...addedWork(request, {
      model: defaults.gigaflops,
      refiner: refiner === undefined ? undefined : entryOf(refiner, entries)?.defaults?.gigaflops,
    }),
    steps: request.steps ?? defaults.steps,
    strength,
    guided: (request.guidanceScale ?? defaults.guidanceScale) > 1,
    edits: defaults.edits,
    forecast: request.forecast,
    guidanceInterval: request.guidanceInterval,
  });
  const job = {
    ...{ images: 1, evaluations, tokenDownsampling },
    precision:
      precision === 'auto' ? autoPrecision(device, defaults.weightCount, report) : precision,
    controlNets: request.controlnets.length,
  };
  return guessSteps(job, work, gflops);
}

/** How much there is to compute for a request, next to the others of its grid. */
function workOf({ steps = 1, width = 1, height = 1 }: GenerationRequestInput): number {
  return steps * width * height;
}

/**
 * Seconds that the other images will take, as those that are drawn did.
 * @param seconds that the drawn ones took
 */
export function secondsLeft(
  seconds: number,
  drawn: readonly GenerationRequestInput[],
  left: readonly GenerationRequestInput[],
): number {
  const sum = (requests: readonly GenerationRequestInput[]) =>
    requests.reduce((total, request) => total + workOf(request), 0);
  return (seconds * sum(left)) / sum(drawn);
}
