import { isRecord, parseRecord } from '../../json';
import { foreignRecipe, readString, type FoundLora } from '../foreign';
import { parseInfotext } from '../infotext';
import type { Recipe } from '../recipe';

/** Settings that are read into request fields, or that describe the format. */
const TAKEN = new Set([
  'Steps',
  'Sampler',
  'Schedule type',
  'CFG scale',
  'Seed',
  'Size',
  'Model',
  'RNG',
  'Version',
  'Denoising strength',
  'Lora hashes',
]);
/** Settings that change the image and that Easel does not support. */
const MISSED = new Set([
  'Clip skip',
  'ENSD',
  'Eta',
  'Variation seed',
  'Face restoration',
  'Hires upscale',
  'Tiling',
  'Refiner',
  'Token merging ratio',
  'NGMS',
  'Hypernet',
  'Emphasis',
]);
const NETWORK = /<(?<kind>lora|lyco|hypernet):(?<name>[^:<>]+)(?::(?<scale>-?[\d.]+))?[^<>]*>/g;
const SDCPP = ', SDCPP: ';
/** Values of settings in MISSED that have no effect. */
const NEUTRAL: Readonly<Record<string, string>> = { 'Clip skip': '1', Emphasis: 'Original' };

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
  const size = /^(\d+)x(\d+)$/.exec(settings.get('Size') ?? '');
  const { plain, loras } = takeNetworks(prompt);
  const hires = settings.has('Hires upscale') || settings.has('Hires resize');
  const strength = hires ? undefined : settings.get('Denoising strength');
  const noise = noiseOf(settings.get('RNG'), isSdCpp);
  const found = foreignRecipe(tool, {
    prompt: plain,
    negativePrompt,
    seed: settings.get('Seed'),
    steps: settings.get('Steps'),
    guidanceScale: settings.get('CFG scale'),
    width: size?.[1],
    height: size?.[2],
    sampler: settings.get('Sampler'),
    schedule: settings.get('Schedule type'),
    model: settings.get('Model') ?? settings.get('Model hash'),
    strength,
    fromImage: strength !== undefined,
    loras,
    noise,
    weighted: true,
    toolVersion: version,
    details: Object.fromEntries([...settings].filter(([name]) => !TAKEN.has(name))),
    ...(json && readSdCpp(json)),
  });
  const missed = [...settings].filter(
    ([name, value]) => MISSED.has(name) && value !== NEUTRAL[name],
  );
  if (missed.length === 0) return found;
  const list = missed
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')
    .slice(0, 300);
  const message = `It was drawn with settings that Easel does not support: ${list}.`;
  return { ...found, notes: [...found.notes, { about: 'setting', message }] };
}

/** The LoRA tags of a prompt, and the prompt without them. */
function takeNetworks(prompt: string): { readonly plain: string; readonly loras: FoundLora[] } {
  const loras: FoundLora[] = [];
  const plain = prompt.replace(NETWORK, (...parts) => {
    const groups = parts.at(-1) as Record<string, string | undefined>;
    const scale = Number(groups.scale ?? 1);
    loras.push({ name: groups.name ?? '', scale: Number.isNaN(scale) ? undefined : scale });
    return '';
  });
  return { plain: loras.length > 0 ? plain.trim() : prompt, loras };
}

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
