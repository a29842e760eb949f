import path from 'node:path';
import { EaselError } from '../../../core/errors';
import type { JsonObject } from '../../../core/json';
import type { FieldName } from '../../../core/request/fields';
import { knownAdapter } from '../../weights/known-files';
import { sourceOf, type TensorRef, type WeightSource } from '../../weights/source';
import { readWeightTensors } from '../../weights/weight-file';
import type { ComponentFiles } from '../layouts/layout';
import { partOfModel } from '../layouts/single-file/other-file';

type Tensors = ReadonlyMap<string, TensorRef>;

/** A network that is given in the place of a model's own. */
export interface GivenNetwork {
  /** What the user calls it. */
  readonly id: string;
  /** What the user calls the model. */
  readonly model: string;
  /** The model's own network. */
  readonly own: ComponentFiles;
}

/** A kind of network that can be replaced. */
export interface NetworkKind {
  readonly component: 'unet' | 'vae';
  readonly field: FieldName;
  readonly label: string;
  /** Classes of diffusers. */
  readonly classes: readonly string[];
  /** What the names of its tensors begin with in the file of a whole model; one of these. */
  readonly prefixes: readonly string[];
  /** Tensors of a file that has such a network, by diffusers' or the original names, without a prefix. */
  readonly names: RegExp;
  /** The tensors by diffusers' names. @param own the config of the model's own network */
  rename(name: string, own: JsonObject): string | undefined;
  /** The config of a network in a file, which has none, after that of the model's own. */
  configOf(own: JsonObject, tensors: Tensors): JsonObject;
  /** @throws EaselError `unsupported-model` for a network of another family */
  requireFit(given: GivenNetwork, found: FoundConfig): void;
}

export interface FoundConfig {
  readonly config: JsonObject;
  /** For messages. */
  readonly where: string;
}

/**
 * A network in one file of weights, by diffusers' names or the original ones, also that of a whole model. It has the
 * shape of the model's own, whose config is taken.
 * @throws EaselError see `withOtherNetworks`
 */
export async function networkOfFile(
  kind: NetworkKind,
  { file, ...given }: GivenNetwork & { readonly file: string },
): Promise<ComponentFiles> {
  const { own } = given;
  const all = await readWeightTensors(file);
  const tensors = ownNames(kind, given, all);
  const config = kind.configOf(own.config, tensors);
  kind.requireFit(given, { config, where: file });
  const weights = await weightsOf(own);
  if (weights) requireShapes(kind, given, { tensors, weights });
  const openWeights = () => Promise.resolve(sourceOf(file, tensors));
  return { ...own, config, where: file, openWeights, folder: undefined };
}

/** The tensors of the network, by diffusers' names. */
function ownNames(kind: NetworkKind, given: GivenNetwork, all: Tensors): Tensors {
  const names = [...all.keys()];
  const prefix = kind.prefixes.find((start) => names.some((name) => name.startsWith(start))) ?? '';
  const inside = names.flatMap((name) => (name.startsWith(prefix) ? [name.slice(prefix.length)] : [])); // prettier-ignore
  // ControlNets and motion modules have the names of a UNet, too.
  const adapter = prefix === '' ? knownAdapter(names) : undefined;
  if (adapter !== undefined || !inside.some((name) => kind.names.test(name))) {
    const found = adapter ?? partOfModel(all);
    throw refusedNetwork(kind, given, found ? `is ${found}` : `has no ${kind.label} in it`);
  }
  return new Map(
    inside.map((name) => {
      const own = kind.rename(name, given.own.config) ?? name;
      return [own, { ...all.get(prefix + name)!, name: own }];
    }),
  );
}

/** The weights of a model's own network; undefined where it has none, such as a "no-vae" checkpoint. */
async function weightsOf({ openWeights }: ComponentFiles): Promise<WeightSource | undefined> {
  try {
    return await openWeights();
  } catch (thrown) {
    if (thrown instanceof EaselError && thrown.code === 'model-incomplete') return undefined;
    throw thrown;
  }
}

interface Shapes {
  readonly tensors: Tensors;
  /** The model's own. */
  readonly weights: WeightSource;
}

/** Linear layers may be stored as 1 × 1 convolutions. */
function requireShapes(kind: NetworkKind, given: GivenNetwork, { tensors, weights }: Shapes): void {
  for (const name of weights.names()) {
    if (name.includes('.cond_proj.')) continue;
    const [found, wanted] = [tensors.get(name), weights.get(name)];
    const plain = (shape: readonly number[] = []) => shape.filter((side) => side !== 1).join(' × ');
    if (found && plain(found.shape) === plain(wanted?.shape)) continue;
    const has = found ? `has ${name} with the shape ${found.shape.join(' × ')}` : `has no ${name}`;
    throw refusedNetwork(
      kind,
      given,
      `${has}, and ${given.model} has it with ${wanted?.shape.join(' × ')}. It is for another model, or pruned: use it as a folder with its config.json`,
    );
  }
}

/** @param what a clause that the network's name begins, such as `is a LoRA` */
export function refusedNetwork(
  { field }: NetworkKind,
  { id, model }: GivenNetwork,
  what: string,
): EaselError {
  const shown = path.isAbsolute(id) ? path.basename(id) : id;
  return new EaselError('unsupported-model', `${shown} ${what}.`, { field, value: id, model });
}
