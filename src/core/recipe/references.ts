import { isRepoId, isRevision, splitRepositoryId } from '../repository-id';
import { otherNetworks } from '../request/other-networks';
import type { Recipe } from './recipe';

/** A model or an adapter that a recipe names. The file it comes from may be anyone's. */
export interface RecipeReference {
  readonly kind:
    | 'model'
    | 'refiner'
    | 'lora'
    | 'embedding'
    | 'controlnet'
    | 'ip-adapter'
    | 'upscaler'
    | 'unet'
    | 'vae';
  /** As a request has it: an id, or a path. */
  readonly name: string;
  /**
   * Whether it may be a path of this machine, or of a server (`\\host\share`). It must not be opened, and not even
   * looked for, unless the user chose it or it is listed.
   */
  readonly isPath: boolean;
}

/** What a recipe's request would open. */
export function recipeReferences({ request }: Pick<Recipe, 'request'>): RecipeReference[] {
  const { model, loras = [], embeddings = [], controlnets = [] } = request;
  const {
    ipAdapters = [],
    ipAdapterImageEncoder: encoder,
    hiresUpscaler,
    upscale,
    refiner,
  } = request;
  const upscalers = [hiresUpscaler, upscale?.model].filter((name) => name !== undefined);
  const { unet, vae } = otherNetworks(request);
  const reference = (kind: RecipeReference['kind'], name: string): RecipeReference => ({
    kind,
    name,
    isPath: !isModelId(name),
  });
  return [
    ...(model === undefined ? [] : [reference('model', model)]),
    ...(refiner === undefined ? [] : [reference('refiner', refiner)]),
    ...loras.map(({ path }) => reference('lora', path)),
    ...embeddings.map(({ path }) => reference('embedding', path)),
    ...controlnets.map((name) => reference('controlnet', name)),
    ...ipAdapters.map((name) => reference('ip-adapter', name)),
    ...(encoder === undefined ? [] : [reference('ip-adapter', encoder)]),
    ...upscalers.map((name) => reference('upscaler', name)),
    ...(unet === undefined ? [] : [reference('unet', unet)]),
    ...(vae === undefined ? [] : [reference('vae', vae)]),
  ];
}

/**
 * Whether a name can only be a model's id: `starter`, or a repository `org/name` with an optional revision. A name
 * without an owner, or with the ending of a weight file, may be a file of the working folder.
 */
function isModelId(name: string): boolean {
  if (name === 'starter') return true;
  const { repoId, revision } = splitRepositoryId(name);
  return (
    repoId.includes('/') &&
    isRepoId(repoId) &&
    !/\.(?:safetensors|ckpt|pt|pth|bin|onnx|gguf)$/i.test(repoId) &&
    (revision === undefined || isRevision(revision))
  );
}
