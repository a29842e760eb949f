import { isRecord, parseRecord } from '../../json';
import type { SeamlessAxes } from '../../request/seamless';
import { foreignRecipe, readNumber, readString, type FoundLora } from '../foreign';
import type { Recipe } from '../recipe';

/** Reads SwarmUI's record: JSON with `sui_image_params` under `parameters`. */
export function readSwarmUi(parameters: string): Recipe | undefined {
  if (!parameters.includes('sui_image_params')) return undefined;
  const params = parseRecord(parameters)?.sui_image_params;
  if (!isRecord(params)) return undefined;
  const { initimage, initimagecreativity } = params;
  const fromImage = initimage !== undefined || initimagecreativity !== undefined;
  const upscale = readNumber(params.refinerupscale);
  const missed: [string, unknown][] = [
    ['refiner', params.refinermodel],
    ['variation seed', params.variationseed],
    ['ControlNet', params.controlnetmodel],
    ['VAE', params.vae],
  ];
  const control = readNumber(params.refinercontrolpercentage);
  return foreignRecipe('SwarmUI', {
    prompt: params.prompt,
    negativePrompt: params.negativeprompt,
    seed: params.seed,
    steps: params.steps,
    guidanceScale: params.cfgscale,
    width: params.width,
    height: params.height,
    sampler: params.sampler,
    schedule: params.scheduler,
    seamless: SEAMLESS[readString(params.seamlesstileable)?.toLowerCase() ?? ''],
    model: params.model,
    loras: readLoras(params),
    strength: fromImage ? initimagecreativity : undefined,
    fromImage,
    hires:
      upscale !== undefined && upscale > 1
        ? {
            scale: upscale,
            strength: control,
            steps: params.refinersteps,
            upscaler: params.refinerupscalemethod,
          }
        : undefined,
    noise: 'other',
    weighted: true,
    missed,
    toolVersion: params.swarm_version,
  });
}

/** SwarmUI's names of the axes along which the edges meet. */
const SEAMLESS: Readonly<Record<string, SeamlessAxes>> = {
  true: 'xy',
  'x-only': 'x',
  'y-only': 'y',
};

function readLoras({ loras, loraweights }: Readonly<Record<string, unknown>>): FoundLora[] {
  const names = Array.isArray(loras) ? (loras as unknown[]) : [];
  const weights = Array.isArray(loraweights) ? (loraweights as unknown[]) : [];
  return names.flatMap((name, index) => {
    const text = readString(name);
    return text === undefined ? [] : [{ name: text, scale: readNumber(weights[index]) }];
  });
}
