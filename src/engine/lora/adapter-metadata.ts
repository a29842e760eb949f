import { EaselError } from '../../core/errors';
import { isRecord } from '../../core/json';
import { type LoraComponent, moduleKey } from './lora-names';

/** Returns alpha / rank of a module, from the metadata of a LoRA file. */
export type AdapterFactor = (component: LoraComponent, module: string, rank: number) => number;

/**
 * Reads `lora_adapter_metadata` of a safetensors header: PEFT's LoraConfig for each component, as diffusers
 * saves it (loaders/lora_base.py). Without this entry, alpha is the rank in every module.
 *
 * @throws EaselError `bad-file` (the metadata is not a JSON object), `unsupported-model` (DoRA)
 */
export function readAdapterAlphas(text: string | undefined, path: string): AdapterFactor {
  if (text === undefined || text === '') return () => 1;
  const config = parse(text, path);
  if (Object.entries(config).some(([key, value]) => key.endsWith('use_dora') && value === true)) {
    const message = `${path} is a DoRA, which Easel does not support. Use a LoRA.`;
    throw new EaselError('unsupported-model', message, { path });
  }
  return (component, module, rank) => {
    const field = (name: string): unknown => config[`${component}.${name}`];
    const alpha = patternAlpha(field('alpha_pattern'), module) ?? field('lora_alpha');
    if (typeof alpha !== 'number') return 1;
    return alpha / (field('use_rslora') === true ? Math.sqrt(rank) : rank);
  };
}

/** The alpha of the pattern that matches the end of a module's path (PEFT, utils/other.py, `get_pattern_key`). */
function patternAlpha(patterns: unknown, module: string): unknown {
  if (!isRecord(patterns)) return undefined;
  const found = Object.entries(patterns).find(([pattern]) => {
    const key = moduleKey(pattern.replace(/^\^/, ''));
    return module === key || module.endsWith(`_${key}`);
  });
  return found?.[1];
}

function parse(text: string, path: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (isRecord(value)) return value;
  } catch {
    // Reported below.
  }
  throw new EaselError(
    'bad-file',
    `${path} is damaged: its metadata is not a JSON object. Download it again.`,
    { path },
  );
}
