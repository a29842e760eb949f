import * as vscode from 'vscode';
import { type CatalogueEntry, findInCatalogue } from '../../core/catalogue/catalogue';
import { triggerWords } from '../../core/catalogue/lora-facts';
import { describeBytes } from '../../core/quantities';
import { lastName, splitRepositoryId } from '../../core/repository-id';
import type { ModelEntry, PreparedWeights } from '../../protocol/store';
import type { Endpoints, ModelPlace } from '../endpoints/endpoints';
import { noticeText } from '../safe-text';

/** The id of the model that comes with Easel. */
export const STARTER = 'starter';

/**
 * The one name of a model that users see: "Starter", the title of a well-known model, else the name of its
 * repository without the owner, or the last part of a path.
 * @param id as `easel.model` takes it
 */
export function modelName(id: string): string {
  if (id === STARTER) return vscode.l10n.t('Starter');
  const title = findInCatalogue(id)?.title;
  if (title === undefined) return lastName(id);
  const { revision } = splitRepositoryId(id);
  return revision === undefined ? title : `${title} @${revision}`;
}

/** The name of a model of an endpoint, without the endpoint: `FLUX.1-dev`; the endpoint's for its own model. */
function remoteModelName({ endpoint, model }: ModelPlace): string {
  return model === '' ? endpoint.name : modelName(model);
}

/** The name of any model, as `easel.model` has it. */
export function shownModel(endpoints: Pick<Endpoints, 'placeOf'>, model: string): string {
  const place = endpoints.placeOf(model);
  return place ? remoteModelName(place) : modelName(model);
}

/** What a model is, in a few words: "Stable Diffusion 1 · 2.6 GB · half precision". */
export function describeEntry({ id, family, pipeline, precision, sizeBytes }: ModelEntry): string {
  const { t } = vscode.l10n;
  const name = modelName(id);
  const kind = id === STARTER ? t('comes with Easel') : familyWords(family || classWords(pipeline));
  const parts = [
    name.startsWith(kind) ? '' : kind,
    describeBytes(sizeBytes),
    precisionWords(precision),
  ];
  return parts.filter(Boolean).join(' · ');
}

/** A family as its users call it. @param family as the catalogue and the engine name it */
function familyWords(family: string): string {
  const long: Readonly<Record<string, string>> = {
    'SD 1.x': 'Stable Diffusion 1',
    'SD 2.x': 'Stable Diffusion 2',
    SDXL: 'Stable Diffusion XL',
    other: '',
  };
  return long[family] ?? family;
}

/** The name in a pipeline's class: `CogVideoXPipeline` is "CogVideoX". Classes come from downloaded files. */
function classWords(pipeline: string): string {
  const name =
    /^(\w{1,60}?)(?:Img2Img|Inpaint|InstructPix2Pix)?Pipeline$/.exec(pipeline)?.[1] ?? '';
  return name === 'StableDiffusion' ? 'Stable Diffusion' : name;
}

/** A model that can be downloaded, in a few words: "2.6 GB · Stable Diffusion 2". */
export function describeRecommendation({ title, family, downloadBytes }: CatalogueEntry): string {
  const kind = familyWords(family);
  return [describeBytes(downloadBytes), title.startsWith(kind) ? '' : kind]
    .filter(Boolean)
    .join(' · ');
}

/** Why a model does not run, without the folder that its row shows; empty where it runs. */
export function reasonOf({ reason, path, unfinished }: ModelEntry): string {
  if (unfinished) return vscode.l10n.t('Its download is not finished.');
  return noticeText(reason.replaceAll(`${path}/`, '').replaceAll(`${path}\\`, ''));
}

/** What a LoRA is called and the words for a prompt, as far as its file says. */
export function loraLines({ lora }: ModelEntry): readonly string[] {
  if (lora === undefined) return [];
  const { t } = vscode.l10n;
  const words = noticeText(triggerWords(lora));
  return [
    lora.title === undefined ? '' : t('Name: {0}', noticeText(lora.title)),
    words === ''
      ? ''
      : lora.trigger === undefined
        ? t('Trained with: {0}', words)
        : t('Trigger words: {0}', words),
  ].filter(Boolean);
}

/** Whose weights were prepared. */
export function preparedName({ model }: PreparedWeights): string {
  return model === '' ? vscode.l10n.t('Damaged') : modelName(model);
}

/** What was prepared of a model: "unet, vae · 945.0 MB". */
export function describePrepared(weights: PreparedWeights): string {
  const { components, sizeBytes, isOutdated } = weights;
  const parts = [components.join(', '), describeBytes(sizeBytes)];
  if (isOutdated) parts.push(vscode.l10n.t('no longer used'));
  return parts.filter(Boolean).join(' · ');
}

function precisionWords(precision: string): string {
  const { t } = vscode.l10n;
  switch (precision) {
    case 'F16':
    case 'BF16':
      return t('half precision');
    case 'F8_E4M3':
    case 'F8_E5M2':
      return t('8-bit floating point');
    case 'F32':
      return t('full precision');
    case 'pickle':
      return t('PyTorch file');
    default:
      return /^[A-Z]+\d*\w{0,8}$/.test(precision) ? precision : '';
  }
}

/** When a model was last used, in days: file systems record reads no more precisely. */
export function describeLastUse(lastUsedMs: number, now = Date.now()): string {
  const { t } = vscode.l10n;
  const days = Math.floor((now - lastUsedMs) / 86_400_000);
  if (days <= 1) return t('recently used');
  if (days < 60) return t('last used {0} days ago', days);
  return t('last used {0} months ago', Math.round(days / 30));
}
