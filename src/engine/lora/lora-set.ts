import { EaselError } from '../../core/errors';
import type { WrapWeights } from '../graph/weights';
import { diffusersUNetName } from '../weights/original-names';
import type { WeightSource } from '../weights/source';
import { describeFamilies, isOtherFamily, modelFamily } from './lora-family';
import { readLoraFile, type LoraFile, type LoraModule } from './lora-file';
import { type Addition, LoraWeights } from './lora-weights';
import { type LoraComponent, moduleKey } from './lora-names';

/** A LoRA file and its strength: 1 is normal, 0 has no effect. */
export interface LoraRequest {
  readonly path: string;
  readonly scale: number;
}

/** The weights of the networks that LoRAs can change. */
export interface LoraTargets {
  readonly unet: WeightSource;
  /** ResNet blocks per level of the UNet's down blocks. Needed to map kohya's SDXL names. */
  readonly layersPerBlock: number;
  readonly text_encoder?: WeightSource | undefined;
  readonly text_encoder_2?: WeightSource | undefined;
}

/** LoRAs matched with a model. They are merged while its graphs are written. */
export interface LoraSet {
  /** Merges the LoRAs into a component's weights; undefined if no LoRA changes it. */
  wrap(component: LoraComponent): WrapWeights | undefined;
  /** Names of the changed weights. */
  changed(component: LoraComponent): ReadonlySet<string>;
  /** The names in the metadata of the files, in the order of the requests; undefined where a file has none. */
  readonly titles: readonly (string | undefined)[];
  /** Messages for the user: which parts of the files were left out. */
  readonly warnings: readonly string[];
}

/** The additions to each weight, by the weight's name. */
type Additions = Map<string, Addition[]>;

/**
 * Reads LoRA files and finds the weights that they change. A weight W becomes
 * W + Σ scale · alpha / rank · up · down (https://arxiv.org/abs/2106.09685). The graph computes it once, while
 * it is loaded.
 *
 * @throws EaselError `unsupported-model` (a file that is no LoRA, or does not fit the model),
 *   `model-incomplete` (no such file), `bad-file`, `unsafe-file`
 */
export async function openLoras(
  requests: readonly LoraRequest[],
  targets: LoraTargets,
): Promise<LoraSet> {
  const warnings: string[] = [];
  const titles: (string | undefined)[] = [];
  const additions: Record<LoraComponent, Additions> = {
    unet: new Map(),
    text_encoder: new Map(),
    text_encoder_2: new Map(),
  };
  const parameters = {
    unet: parametersByModule(targets.unet),
    text_encoder: parametersByModule(targets.text_encoder),
    text_encoder_2: parametersByModule(targets.text_encoder_2),
  };
  const family = modelFamily(targets.unet);
  for (const { path, scale } of requests) {
    const file = await readLoraFile(path);
    titles.push(file.title);
    const families = describeFamilies(file.family, family);
    if (isOtherFamily(file.family, family)) throw otherFamily(file, families);
    const left: string[] = [];
    for (const lora of file.modules) {
      const module = `${modelModule(lora, targets.layersPerBlock)} ${lora.parameter}`;
      const name = parameters[lora.component].get(module);
      if (name === undefined) {
        left.push(`${lora.component} ${lora.module}`);
        continue;
      }
      checkShape(file, lora, targets[lora.component]!.get(name)!.shape, name, families);
      const list = additions[lora.component].get(name) ?? [];
      list.push({ ...lora.change, factor: scale * lora.change.factor });
      additions[lora.component].set(name, list);
    }
    if (left.length === file.modules.length) throw noMatch(file, families);
    const all = [...left, ...file.unknown];
    if (all.length > 0) warnings.push(leftOut(file, all, file.modules.length - left.length));
  }
  return {
    titles,
    warnings,
    changed: (component) => new Set(additions[component].keys()),
    wrap: (component) => {
      const changed = additions[component];
      if (changed.size === 0) return undefined;
      return (weights, graph) => new LoraWeights(weights, graph, changed);
    },
  };
}

/** Module key (see `moduleKey`) and `weight` or `bias` → name of the parameter. */
function parametersByModule(source: WeightSource | undefined): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const name of source?.names() ?? []) {
    for (const parameter of ['weight', 'bias']) {
      const ending = `.${parameter}`;
      if (!name.endsWith(ending)) continue;
      names.set(`${moduleKey(name.slice(0, -ending.length))} ${parameter}`, name);
    }
  }
  return names;
}

/** The module's name in diffusers; some files have the names of the original UNet. */
function modelModule({ component, module }: LoraModule, layersPerBlock: number): string {
  if (component !== 'unet') return module;
  return diffusersUNetName(module, layersPerBlock, '_') ?? module;
}

function checkShape(
  file: LoraFile,
  { change }: LoraModule,
  weight: readonly number[],
  name: string,
  families: string,
): void {
  const own = `this model has [${weight.join(', ')}]`;
  if ('difference' in change) {
    const { shape } = change.difference;
    // Differences of a linear layer that is stored as a 1 × 1 convolution have two axes more or less.
    if (shape[0] === weight[0] && product(shape) === product(weight)) return;
    throw misfit(
      file,
      name,
      `its values for ${name} are [${shape.join(', ')}], but ${own}`,
      families,
    );
  }
  const { down, up, mid } = change;
  const rank = down.shape[0]!;
  const kernel = mid === undefined ? 1 : product(mid.shape.slice(2));
  const inputs = product(down.shape.slice(1)) * kernel;
  const fits =
    up.shape[0] === weight[0] &&
    product(up.shape) === up.shape[0]! * rank &&
    inputs === product(weight.slice(1)) &&
    (mid === undefined || (mid.shape[0] === rank && mid.shape[1] === rank));
  if (fits) return;
  const what = `its matrix for ${name} is ${up.shape[0] ?? 0} by ${inputs}, but ${own}`;
  throw misfit(file, name, what, families);
}

function misfit({ path }: LoraFile, tensor: string, what: string, families: string): EaselError {
  const message = `${path} was made for another model: ${what}. ${families}`;
  return new EaselError('unsupported-model', message, { path, tensor });
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total * size, 1);
}

function leftOut({ path }: LoraFile, left: readonly string[], applied: number): string {
  const shown = left.slice(0, 3).map((name) => name.slice(0, 120));
  const rest = left.length > shown.length ? ', …' : '';
  return (
    `${path}: ${left.length} of its parts do not fit this model and were left out ` +
    `(${shown.join(', ')}${rest}). ${applied} were applied.`
  );
}

function otherFamily({ path }: LoraFile, families: string): EaselError {
  const message = `${path} was made for another kind of model. ${families} Use a LoRA for this model.`;
  return new EaselError('unsupported-model', message, { path });
}

function noMatch({ path, modules }: LoraFile, families: string): EaselError {
  const message =
    `${path} was made for another kind of model: this model has none of its ${modules.length} modules ` +
    `(such as ${modules[0]!.module.slice(0, 120)}). ${families}`;
  return new EaselError('unsupported-model', message, { path });
}
