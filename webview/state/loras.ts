import { escapePattern } from '../../src/core/escape-pattern';
import { lastName } from '../../src/core/repository-id';
import { baseFamily } from '../../src/core/catalogue/base-family';
import type { ModelEntry } from '../../src/protocol/engine';
import type { StudioState } from '../../src/protocol/studio';
import { t } from '../l10n';
import type { Form } from './form';
import { familyOf, networksRefused } from './networks';

/** A LoRA of the form, as its request names it. */
export type FormLora = Form['loras'][number];

/** A LoRA of the form, with what is known of it. */
export interface ListedLora {
  readonly lora: FormLora;
  /** Its name, for the user. */
  readonly label: string;
  /** Phrases for the prompt, as its file names them. */
  readonly words: readonly string[];
  /** Why it is not merged into the model; undefined where it is. */
  readonly refused: string | undefined;
}

/** The LoRAs of the form, and those that can be added. */
export interface Loras {
  /** Why the model takes none; undefined where it takes some. */
  readonly refused: string | undefined;
  /** In the form's order. */
  readonly listed: readonly ListedLora[];
  /** Those of this machine that fit the model and are not listed, by their names. */
  readonly more: readonly { readonly id: string; readonly label: string }[];
}

type Known = Pick<StudioState, 'models' | 'loras' | 'endpoints'>;

/** The LoRAs of a form with its model. */
export function lorasOf({ model, loras }: Pick<Form, 'model' | 'loras'>, state: Known): Loras {
  const refused = networksRefused('loras', model, state);
  const family = familyOf(model, state);
  const listed = loras.map((lora) => {
    const entry = state.loras.find(({ id }) => id === lora.path);
    const isOther = entry !== undefined && !fits(entry, family);
    return {
      lora,
      label: labelOf(entry ?? { id: lora.path }),
      words: wordsOf(entry),
      refused: isOther ? t('loraOtherFamily', entry.family) : refused,
    };
  });
  const more = state.loras
    .filter((entry) => fits(entry, family) && !loras.some(({ path }) => path === entry.id))
    .map((entry) => ({ id: entry.id, label: labelOf(entry) }))
    .sort((one, other) => one.label.localeCompare(other.label));
  return { refused, listed, more: refused === undefined ? more : [] };
}

/** The LoRAs that are merged into the form's model. */
export function mergedLoras(form: Pick<Form, 'model' | 'loras'>, state: Known): FormLora[] {
  const { listed } = lorasOf(form, state);
  return listed.filter(({ refused }) => refused === undefined).map(({ lora }) => lora);
}

/** What is not known of either is left to the engine, which reads both. */
function fits(entry: ModelEntry, family: string): boolean {
  return entry.family === '' || family === '' || baseFamily(entry.family) === family;
}

function labelOf({ id, lora }: Pick<ModelEntry, 'id' | 'lora'>): string {
  return lora?.title ?? lastName(id).replace(/\.(safetensors|bin|pt)$/i, '');
}

/** The author's phrase is one; the tags of the training are one each. */
function wordsOf(entry: ModelEntry | undefined): readonly string[] {
  const { trigger, tags = [] } = entry?.lora ?? {};
  return trigger === undefined ? tags : [trigger];
}

/** Whether a prompt says a phrase. */
export function saysWords(prompt: string, words: string): boolean {
  return new RegExp(`(?<![\\p{L}\\p{N}])${escapePattern(words)}(?![\\p{L}\\p{N}])`, 'iu').test(
    prompt,
  );
}

/** A prompt with a phrase at its end. */
export function withWords(prompt: string, words: string): string {
  if (saysWords(prompt, words)) return prompt;
  const before = prompt.trim().replace(/,$/, '');
  return before === '' ? words : `${before}, ${words}`;
}
