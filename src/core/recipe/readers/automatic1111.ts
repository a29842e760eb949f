import { isRecord, parseRecord } from '../../json';
import { foreignRecipe, readNumber, readString, type FoundHires, type FoundLora } from '../foreign';
import { parseInfotext } from '../infotext';
import { loraTags } from '../lora-tags';
import type { Recipe, RecipeNote, RecipeTool } from '../recipe';

/** Settings that are read into request fields, or that describe the format. */
const TAKEN = new Set([
  'Steps',
  'Sampler',
  'Schedule type',
  'CFG scale',
  'Image CFG scale',
  'Noise level',
  'Seed',
  'Size',
  'Model',
  'RNG',
  'Version',
  'Denoising strength',
  'Variation seed',
  'Variation seed strength',
  'Clip skip',
  'Tiling',
  'Eta DDIM',
  'Lora hashes',
  'Hires upscale',
  'Hires steps',
  'Hires upscaler',
  'Civitai resources',
  'Refiner',
  'Refiner switch at',
]);
/** Settings that change the image and that Easel does not support. */
const MISSED = new Set([
  'ENSD',
  'Eta',
  'Seed resize from',
  'Face restoration',
  'Hires resize',
  'Hires sampler',
  'Hires checkpoint',
  'Hires prompt',
  'Hires negative prompt',
  'Hires CFG Scale',
  'Token merging ratio',
  'NGMS',
  'Hypernet',
  'Emphasis',
  'VAE',
  'VAE hash',
  'ControlNet 0',
  'ControlNet 1',
  'ControlNet 2',
  'ADetailer model',
  'Dynamic thresholding enabled',
  'FreeU Version',
  'TI',
]);
const SDCPP = ', SDCPP: ';
/** Values of settings in MISSED that have no effect. */
const NEUTRAL: Readonly<Record<string, string>> = { Emphasis: 'Original' };

/**
 * Reads AUTOMATIC1111's `parameters`. Forge, SD.Next, Civitai, Fooocus (optionally) and stable-diffusion.cpp write
 * them too.
 * @returns undefined for a text without settings
 */
export function readAutomatic1111(parameters: string): Recipe | undefined {
  const tail = parameters.lastIndexOf(SDCPP);
  const json = tail < 0 ? undefined : parseRecord(parameters.slice(tail + SDCPP.length).trim());
  const text = json ? parameters.slice(0, tail) : parameters;
  const { prompt, negativePrompt, settings } = parseInfotext(text);
  if (settings.size === 0) return undefined;
  const version = settings.get('Version') ?? '';
  const isSdCpp = version.startsWith('stable-diffusion.cpp');
  const tool = isSdCpp
    ? 'stable-diffusion.cpp'
    : version.startsWith('Fooocus')
      ? 'Fooocus'
      : 'AUTOMATIC1111';
  const size = SIZE.exec(settings.get('Size') ?? '');
  const { plain, loras } = loraTags(prompt);
  const resources = readResources(settings.get('Civitai resources'));
  const hires = readHires(
    settings,
    size ? { width: Number(size[1]), height: Number(size[2]) } : undefined,
  );
  const strength = hires ? undefined : settings.get('Denoising strength');
  const noise = noiseOf(settings.get('RNG'), isSdCpp);
  const found = foreignRecipe(tool, {
    prompt: plain,
    negativePrompt,
    seed: settings.get('Seed'),
    variationSeed: settings.get('Variation seed'),
    variationStrength: settings.get('Variation seed strength'),
    steps: settings.get('Steps'),
    guidanceScale: settings.get('CFG scale'),
    imageGuidanceScale: settings.get('Image CFG scale'),
    noiseLevel: settings.get('Noise level'),
    width: size?.[1],
    height: size?.[2],
    sampler: settings.get('Sampler'),
    schedule: settings.get('Schedule type'),
    clipLayer: clipLayerOf(settings.get('Clip skip'), tool),
    eta: settings.get('Eta DDIM'),
    seamless: settings.get('Tiling') === 'True' ? 'xy' : undefined,
    model: settings.get('Model') ?? resources.model ?? settings.get('Model hash'),
    strength,
    fromImage: strength !== undefined,
    hires,
    refiner: settings.get('Refiner'),
    refinerStart: settings.get('Refiner switch at'),
    loras: loras.length > 0 ? loras : resources.loras,
    noise,
    weighted: true,
    toolVersion: version,
    details: Object.fromEntries([...settings].filter(([name]) => !TAKEN.has(name))),
    ...(json && readSdCpp(json)),
  });
  const notes: RecipeNote[] = [...found.notes];
  const add = (message: string) => notes.push({ about: 'setting', message });
  const { clipSkip } = found.request;
  if (tool === 'AUTOMATIC1111' && clipSkip !== undefined) {
    add(
      `Its clip skip of ${clipSkip + 1} leaves out ${clipSkip} of the text encoder's layers. AUTOMATIC1111 does so with ` +
        'Stable Diffusion 1.x; for other models, set clipSkip to 0.',
    );
  }
  const missed = [...settings].filter(
    ([name, value]) => MISSED.has(name) && value !== NEUTRAL[name],
  );
  if (missed.length > 0) {
    const list = missed
      .map(([name, value]) => `${name} ${value}`)
      .join(', ')
      .slice(0, 300);
    add(`It was drawn with settings that Easel does not support: ${list}.`);
  }
  return { ...found, notes };
}

/** Fooocus draws with SDXL, and its usual 2 is the layer that SDXL reads. */
function clipLayerOf(clipSkip: string | undefined, tool: RecipeTool): number | undefined {
  const layer = readNumber(clipSkip);
  return layer !== undefined && tool === 'Fooocus' ? layer - 1 : layer;
}

/** Civitai's list of what an image was made with: the model's name, and the LoRAs. */
function readResources(text: string | undefined): {
  readonly model: string | undefined;
  readonly loras: FoundLora[];
} {
  const found = { model: undefined as string | undefined, loras: [] as FoundLora[] };
  for (const resource of parseList(text)) {
    if (!isRecord(resource)) continue;
    const { type, weight } = resource;
    const version = readString(resource.modelVersionName);
    const id = readNumber(resource.modelVersionId);
    const known = readString(resource.modelName) ?? readString(resource.name);
    const name = known ?? (id === undefined ? undefined : `with the version ${id} on Civitai`);
    if (name === undefined) continue;
    const full = known !== undefined && version !== undefined ? `${name} (${version})` : name;
    if (type === 'checkpoint' || type === 'model') found.model ??= full;
    else if (type !== 'embed' && type !== 'textualinversion' && type !== 'vae') {
      found.loras.push({ name: full, scale: readNumber(weight) });
    }
  }
  return found;
}

function parseList(text: string | undefined): unknown[] {
  try {
    const value: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(value) ? (value as unknown[]) : [];
  } catch {
    return [];
  }
}

/** The second pass: its scale, or the size that it was enlarged to. */
function readHires(
  settings: ReadonlyMap<string, string>,
  size: { readonly width: number; readonly height: number } | undefined,
): FoundHires | undefined {
  const resize = SIZE.exec(settings.get('Hires resize') ?? '');
  const ratio = (side: number, of: number | undefined) => (of && side > 0 ? side / of : undefined);
  const scales = [
    ratio(Number(resize?.[1]), size?.width),
    ratio(Number(resize?.[2]), size?.height),
  ];
  const scale = settings.get('Hires upscale') ?? scales.find((one) => one !== undefined);
  if (scale === undefined) return undefined;
  return {
    scale,
    strength: settings.get('Denoising strength'),
    steps: settings.get('Hires steps'),
    upscaler: settings.get('Hires upscaler'),
  };
}

const SIZE = /^(\d{1,6})x(\d{1,6})$/;

/** AUTOMATIC1111 leaves out RNG if the noise is drawn on the GPU. */
function noiseOf(rng: string | undefined, isSdCpp: boolean): 'cpu' | 'other' {
  if (rng === undefined) return 'other';
  const cpu = isSdCpp ? ['cpu', 'std_default'] : ['cpu'];
  return cpu.includes(rng.toLowerCase()) ? 'cpu' : 'other';
}

/** Reads stable-diffusion.cpp's record (`sdcpp.image.params/v1`); its text has rounded numbers. */
function readSdCpp(json: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const part = (of: unknown, name: string): Record<string, unknown> => {
    const value = isRecord(of) ? of[name] : undefined;
    return isRecord(value) ? value : {};
  };
  const prompt = part(json, 'prompt');
  const sampling = part(json, 'sampling');
  const rng = readString(json.rng);
  const found = {
    prompt: prompt.positive,
    negativePrompt: prompt.negative,
    seed: json.seed,
    width: json.width,
    height: json.height,
    steps: sampling.steps,
    sampler: sampling.method,
    schedule: sampling.scheduler,
    guidanceScale: part(sampling, 'guidance').txt_cfg,
    model: part(json, 'models').model,
    toolVersion: part(json, 'generator').version,
    ...(rng !== undefined && { noise: noiseOf(rng, true) }),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}
