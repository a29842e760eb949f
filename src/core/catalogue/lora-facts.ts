import { isRecord, parseRecord } from '../json';
import { oneLine } from '../shown-text';

/** What the metadata of a LoRA file says of it, for users. */
export interface LoraFacts {
  /** Its name; absent where the file has none. */
  readonly title?: string;
  /** The words that a prompt needs, as its author wrote them; absent where nobody did. */
  readonly trigger?: string;
  /** The words that most of its training images were described with, the most frequent first. */
  readonly tags: readonly string[];
}

/** Tags that are shown. */
const MOST_TAGS = 8;
/** Characters of a title, a trigger phrase and a tag. Metadata comes from strangers. */
const LONGEST = { title: 120, trigger: 300, tag: 60 };

/**
 * Reads the metadata that trainers write into a safetensors file: `modelspec.title`, `modelspec.trigger_phrase`
 * (Stability AI's ModelSpec), `ss_output_name` and `ss_tag_frequency` (kohya's scripts: how often each tag occurs in
 * each folder of images).
 */
export function loraFacts(metadata: ReadonlyMap<string, string>): LoraFacts {
  const text = (key: string, longest: number) =>
    oneLine(metadata.get(key) ?? '', longest).trim() || undefined;
  const title = text('modelspec.title', LONGEST.title) ?? text('ss_output_name', LONGEST.title);
  const trigger = text('modelspec.trigger_phrase', LONGEST.trigger);
  return {
    ...(title !== undefined && { title }),
    ...(trigger !== undefined && { trigger }),
    tags: frequentTags(metadata.get('ss_tag_frequency')),
  };
}

/** The words for a prompt: the author's, else those of the training. */
export function triggerWords({ trigger, tags }: LoraFacts): string {
  return trigger ?? tags.join(', ');
}

function frequentTags(text: string | undefined): readonly string[] {
  const counts = new Map<string, number>();
  for (const folder of Object.values(parseRecord(text) ?? {})) {
    if (!isRecord(folder)) continue;
    for (const [tag, count] of Object.entries(folder)) {
      const name = oneLine(tag, LONGEST.tag).trim();
      if (name === '' || typeof count !== 'number' || !(count > 0)) continue;
      counts.set(name, (counts.get(name) ?? 0) + count);
    }
  }
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .slice(0, MOST_TAGS)
    .map(([tag]) => tag);
}
