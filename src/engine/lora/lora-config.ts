import path from 'node:path';
import { EaselError, toEaselError } from '../../core/errors';
import { isRecord } from '../../core/json';
import { FileReader } from '../io/file-reader';
import { moduleKey, type LoraComponent } from './lora-names';

/** What PEFT's config says of a module. */
export interface AdapterConfig {
  /**
   * alpha / rank, or alpha / √rank of a rank-stabilised LoRA (arXiv 2312.03732). 1 without a config.
   * @param rank undefined where no matrix is decomposed; then it is that of the config
   */
  factor(component: LoraComponent, module: string, rank: number | undefined): number;
  /** Whether (IA)³ scales the inputs of a module. Undefined without a config. */
  isFeedForward(module: string): boolean | undefined;
}

/** Of adapter_config.json, which lists modules. */
const MAX_BYTES = 16_000_000;

const NONE: AdapterConfig = { factor: () => 1, isFeedForward: () => undefined };

/**
 * PEFT's config of an adapter: `lora_adapter_metadata` of a safetensors header, with the configs of all components,
 * as diffusers saves it (loaders/lora_base.py), or adapter_config.json beside `adapter_model.*`, as PEFT saves it.
 *
 * @throws EaselError `bad-file` (the config is not a JSON object)
 */
export async function readAdapterConfig(
  file: string,
  metadata: ReadonlyMap<string, string>,
): Promise<AdapterConfig> {
  const text = metadata.get('lora_adapter_metadata');
  if (text !== undefined && text !== '') {
    const all = parse(text, file);
    return configOf((component, name) => all[`${component}.${name}`]);
  }
  if (!path.basename(file).startsWith('adapter_model.')) return NONE;
  const beside = path.join(path.dirname(file), 'adapter_config.json');
  const saved = await readText(beside);
  if (saved === undefined) return NONE;
  const own = parse(saved, beside);
  return configOf((_component, name) => own[name]);
}

/** Undefined for a file that is missing. */
async function readText(file: string): Promise<string | undefined> {
  try {
    const bytes = await FileReader.use(file, (reader) => {
      if (reader.size > MAX_BYTES) throw reader.damaged(`it has ${reader.size} bytes`);
      return reader.read(0, reader.size);
    });
    return bytes.toString('utf8');
  } catch (thrown) {
    if (toEaselError(thrown).code === 'model-incomplete') return undefined;
    throw thrown;
  }
}

type Field = (component: LoraComponent, name: string) => unknown;

function configOf(field: Field): AdapterConfig {
  return {
    factor: (component, module, known) => {
      const pattern = (name: string) => ofPattern(field(component, name), module);
      // PEFT's LoHa and LoKr call it `alpha`.
      const plain = field(component, 'lora_alpha') ?? field(component, 'alpha');
      const alpha = pattern('alpha_pattern') ?? plain;
      const rank = known ?? pattern('rank_pattern') ?? field(component, 'r');
      if (typeof alpha !== 'number' || typeof rank !== 'number' || !(rank > 0)) return 1;
      return alpha / (field(component, 'use_rslora') === true ? Math.sqrt(rank) : rank);
    },
    isFeedForward: (module) => {
      const names = field('unet', 'feedforward_modules');
      if (typeof names === 'string') return isNamed(module, names);
      return Array.isArray(names) && names.some((name) => isNamed(module, String(name)));
    },
  };
}

/** The number of the pattern that matches the end of a module's path (PEFT, utils/other.py, `get_pattern_key`). */
function ofPattern(patterns: unknown, module: string): unknown {
  if (!isRecord(patterns)) return undefined;
  return Object.entries(patterns).find(([pattern]) => isNamed(module, pattern))?.[1];
}

function isNamed(module: string, pattern: string): boolean {
  const key = moduleKey(pattern.replace(/^\^/, ''));
  return module === key || module.endsWith(`_${key}`);
}

function parse(text: string, file: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (isRecord(value)) return value;
  } catch {
    // Reported below.
  }
  throw new EaselError(
    'bad-file',
    `${file} is damaged: its config is not a JSON object. Download it again.`,
    { path: file },
  );
}
