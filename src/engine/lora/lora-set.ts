import { EaselError } from '../../core/errors';
import { loraScaleOf, type LoraWeights } from '../../core/request/lora-weights';
import type { WrapWeights } from '../graph/weights';
import { diffusersUNetName } from '../weights/original-names';
import type { BundledWords } from '../weights/bundled-words';
import type { WeightSource } from '../weights/source';
import { describeFamilies, isOtherFamily, modelFamily } from './lora-family';
import { readLoraFile, type LoraFile, type LoraModule } from './lora-file';
import { fitChange, scaled, type Change } from './lora-changes';
import { extraMatrices } from './lora-deltas';
import { LoraWeights as MergedWeights } from './lora-weights';
import { type LoraComponent, moduleKey } from './lora-names';

/** A LoRA file and its strength: 1 is normal, 0 has no effect. `weights` are those of single parts, instead. */
export interface LoraRequest {
  readonly path: string;
  readonly scale: number;
  readonly weights?: LoraWeights | undefined;
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
  /** Bytes that merging takes while a component's graph is loaded, beside the merged weights themselves. */
  loadingBytes(component: LoraComponent): number;
  /** The names in the metadata of the files, in the order of the requests; undefined where a file has none. */
  readonly titles: readonly (string | undefined)[];
  /** The textual inversions in the files, in the order of the requests. */
  readonly bundled: readonly BundledWords[];
  /** Messages for the user: which parts of the files were left out. */
  readonly warnings: readonly string[];
}

/** The changes of each parameter, by its name. */
type Changes = Map<string, Change[]>;

/**
 * Reads LoRA files and finds the weights that they change. A weight W becomes
 * W + Σ scale · alpha / rank · up · down (https://arxiv.org/abs/2106.09685); see `Delta` for the other kinds. The
 * graph computes it once, while it is loaded.
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
  const bundled: BundledWords[] = [];
  const additions: Record<LoraComponent, Changes> = {
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
  for (const request of requests) {
    const file = await readLoraFile(request.path);
    titles.push(file.facts.title);
    if (file.words.length > 0) bundled.push({ path: file.path, words: file.words });
    const families = describeFamilies(file.family, family);
    if (isOtherFamily(file.family, family)) throw otherFamily(file, families);
    const left: string[] = [];
    const used = new Set<string>();
    for (const lora of file.modules) {
      const { component, parameter } = lora;
      const module = modelModule(lora, targets.layersPerBlock);
      const name = parameters[component].get(`${module} ${parameter}`);
      if (name === undefined) {
        left.push(`${component} ${lora.module}`);
        continue;
      }
      const { shape } = targets[component]!.get(name)!;
      const change = fitted(file, lora, shape, name, families);
      const scale = loraScaleOf(request, component, module, (part) => used.add(part));
      // PEFT's DoRA changes the lengths of the weights at any other scale.
      if (scale === 0) continue;
      addTo(additions[component], name, scaled(change, scale));
      const bias = parameters[component].get(`${module} bias`);
      if (scalesBias(change) && bias !== undefined) {
        addTo(additions[component], bias, scaled(change, scale));
      }
    }
    if (left.length === file.modules.length) throw noMatch(file, families);
    const all = [...left, ...file.unknown];
    if (all.length > 0) warnings.push(leftOut(file, all, file.modules.length - left.length));
    const unused = Object.keys(request.weights ?? {}).filter((part) => !used.has(part));
    if (unused.length > 0) warnings.push(withoutEffect(file, unused));
  }
  return {
    titles,
    bundled,
    warnings,
    changed: (component) => new Set(additions[component].keys()),
    loadingBytes: (component) =>
      [...additions[component]].reduce((sum, [name, changes]) => {
        const { shape } = targets[component]!.get(name)!;
        const size = shape.reduce((product, length) => product * length, 4);
        return sum + size * changes.reduce((all, one) => all + extraMatrices(one, shape), 0);
      }, 0),
    wrap: (component) => {
      const changed = additions[component];
      if (changed.size === 0) return undefined;
      return (weights, graph) => new MergedWeights(weights, graph, changed);
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

function addTo(changes: Changes, name: string, change: Change): void {
  changes.set(name, [...(changes.get(name) ?? []), change]);
}

function scalesBias({ delta }: Change): boolean {
  return delta.kind === 'scaling' && delta.withBias && delta.along === 'outputs';
}

function fitted(
  file: LoraFile,
  { change }: LoraModule,
  weight: readonly number[],
  name: string,
  families: string,
): Change {
  const found = fitChange(change, weight);
  if ('fitted' in found) return found.fitted;
  const what = `for ${name}, ${found.misfit}, but this model has [${weight.join(', ')}]`;
  throw misfit(file, name, what, families);
}

function misfit({ path }: LoraFile, tensor: string, what: string, families: string): EaselError {
  const message = `${path} was made for another model: ${what}. ${families}`;
  return new EaselError('unsupported-model', message, { path, tensor });
}

function withoutEffect({ path }: LoraFile, parts: readonly string[]): string {
  return `${path} changes nothing in ${parts.join(', ')} of this model. These weights have no effect.`;
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
