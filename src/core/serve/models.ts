import { lastName } from '../repository-id';
import type { ModelKind } from '../catalogue/catalogue';
import { EaselError } from '../errors';
import { requireRunnable } from '../runnable-model';
import { oneLine } from '../shown-text';

/** A model or LoRA of this machine, as the store lists it. */
export interface StoredModel {
  readonly id: string;
  readonly path: string;
  readonly origin: 'starter' | 'cache' | 'path';
  readonly kind: ModelKind;
  readonly runnable: boolean;
  readonly reason: string;
  /** The IP-Adapters of a folder of such. */
  readonly ipAdapters?: readonly { readonly id: string }[];
}

/** One that clients of the server may name. */
export interface ServedModel<T extends StoredModel = StoredModel> {
  /** What clients call it: never a path of this machine. */
  readonly name: string;
  readonly stored: T;
}

/**
 * Gives every listed model a name for clients. Models of the cache keep their ids. Of a path only the last part is
 * shown, with a number where another model has that name.
 */
export function nameModels<T extends StoredModel>(listed: readonly T[]): ServedModel<T>[] {
  const taken = new Set(listed.filter(({ origin }) => origin !== 'path').map(({ id }) => id));
  return listed.map((stored) => {
    if (stored.origin !== 'path') return { name: stored.id, stored };
    const plain = lastPart(stored.id);
    let name = plain;
    for (let k = 2; taken.has(name); k++) name = `${plain}-${k}`;
    taken.add(name);
    return { name, stored };
  });
}

/** The name of a path's file or folder, without the ending of a weight file. */
export function lastPart(path: string): string {
  return withoutEnding(lastName(path));
}

/** A name without the ending of a weight file. */
function withoutEnding(name: string): string {
  return name.replace(/\.(?:safetensors|gguf|ckpt|bin|pt|pth)$/i, '');
}

/** A name without the hash that AUTOMATIC1111 writes behind it in titles. */
export function withoutHash(name: string): string {
  return name.replace(/ \[[\da-f]{4,64}\]$/i, '');
}

/** Names of OpenAI's own models, which clients send that cannot be configured. */
const OPENAI_MODEL = /^(?:dall-e-\d|gpt-image-[\w.-]+|chatgpt-image-[\w.-]+)$/;

export function isOpenAiModel(name: string): boolean {
  return OPENAI_MODEL.test(name);
}

/** Where a client names a model, and where it reads the names. */
export interface NamedIn {
  readonly field: string;
  readonly list: string;
}

const OPENAI: NamedIn = { field: 'model', list: 'GET /v1/models' };

/**
 * The model that a client names.
 * @throws EaselError `model-not-found` in the same words for every other name; `unsupported-model` where it does not
 *   run
 */
export function findServedModel<T extends StoredModel>(
  models: readonly ServedModel<T>[],
  name: string,
  { field, list }: NamedIn = OPENAI,
): ServedModel<T> {
  const found = models.find((model) => model.name === name && model.stored.kind === 'pipeline');
  const missing = `there is no model "${oneLine(name, 100)}" here. ${list} lists those that there are.`;
  const stored = requireRunnable(found?.stored, name, missing, field);
  return { name, stored };
}

/**
 * The LoRA that a tag of a prompt names: by its whole name, or by the part after the last `/`.
 * @throws EaselError `model-not-found`
 */
export function findServedLora<T extends StoredModel>(
  models: readonly ServedModel<T>[],
  name: string,
): ServedModel<T> {
  const loras = models.filter(({ stored }) => stored.kind === 'lora');
  const found =
    loras.find((lora) => lora.name === name) ?? loras.find((lora) => lastPart(lora.name) === name);
  if (found) return found;
  throw new EaselError(
    'model-not-found',
    `prompt: there is no LoRA "${oneLine(name, 100)}" here. GET /sdapi/v1/loras lists those that there are.`,
    { field: 'prompt' },
  );
}

/** A ControlNet, T2I-Adapter or IP-Adapter that clients may name. */
export interface ServedControl {
  /** What clients call it: never a path of this machine. */
  readonly name: string;
  /** For the engine. */
  readonly id: string;
  readonly kind: 'controlnet' | 'ip-adapter';
}

/** All that hold images of a model to other images, by their names for clients. */
export function servedControls(models: readonly ServedModel[]): ServedControl[] {
  return models.flatMap(({ name, stored }): ServedControl[] => {
    const { kind, id, path, origin, ipAdapters } = stored;
    if (kind !== 'controlnet' && kind !== 'ip-adapter') return [];
    if (!ipAdapters) return [{ name, id, kind }];
    return ipAdapters.map((one) => {
      const inside = one.id.slice((origin === 'path' ? path : id).length).replaceAll('\\', '/');
      return { name: withoutEnding(name + inside), id: one.id, kind };
    });
  });
}

/**
 * The one that a client names: by its whole name or the part after the last `/`, in any case, also with the ending of
 * its file, or with a hash behind it, as the extension for ControlNets writes titles.
 * @param field for the error
 * @throws EaselError `model-not-found` in the same words for every other name
 */
export function findServedControl(
  controls: readonly ServedControl[],
  field: string,
  name: string,
): ServedControl {
  const plain = (text: string) => withoutEnding(text.trim()).toLowerCase();
  const asked = plain(withoutHash(name.trim()));
  const found =
    controls.find((one) => plain(one.name) === asked) ??
    controls.find((one) => plain(lastName(one.name)) === asked);
  if (found) return found;
  throw new EaselError(
    'model-not-found',
    `${field}: there is no ControlNet or IP-Adapter "${oneLine(name, 100)}" here. GET /controlnet/model_list lists those that there are.`,
    { field },
  );
}
