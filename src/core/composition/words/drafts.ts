import { LONGEST_WORDS, MOST_OF_ONE, MOST_SUBJECTS, type Subject } from '../composition';
import { listed } from './spelling';
import type { RelationWord } from './table/grammar';
import { CONTAINERS } from './table/subjects';

const STACKED = new Set(['on', 'under', 'behind', 'inside']);
const containers = new Set(listed(CONTAINERS));

/** A subject while the words are read. */
export type Draft = { -readonly [K in keyof Subject]: Subject[K] } & {
  /** The usual word of the model's thing. */
  readonly thing?: string;
  /** The drawing's name in the table of signs. */
  readonly sign?: string;
  /** Gives way to what it is "of" or "for": "an article about plants". */
  readonly weak?: boolean;
  /** Says what the image is for: the menu of "menu: pizza". Gives way to any thing. */
  readonly frame?: boolean;
};

/** The subjects of an image, in the order in which they are drawn. */
export class Drafts {
  private list: Draft[] = [];
  /** The one that was read last: what "on a table" is about. */
  last: Draft | undefined;

  get all(): readonly Draft[] {
    return this.list;
  }

  /** Adds a subject at the end. The same thing is added once; faces without a description join others. */
  push(subject: Draft): void {
    if (this.list.some((one) => isSame(one, subject))) return;
    const faces =
      subject.source === 'portrait'
        ? this.list.find(({ source }) => source === 'portrait')
        : undefined;
    if (faces !== undefined && (subject.words === 'person' || faces.words === 'person')) {
      faces.count = Math.max(faces.count, subject.count);
      if (faces.words === 'person') faces.words = subject.words;
    } else if (this.list.length < MOST_SUBJECTS) {
      this.list.push(subject);
      this.last = subject;
    }
  }

  /** Adds a subject that a word joins to the one before: "a cat on | a laptop" draws the laptop first. */
  join(subject: Draft, relation: RelationWord | undefined): void {
    const before = this.last;
    // Head and shoulders ride no horse: they are beside it.
    const isBust = before?.source === 'portrait' && STACKED.has(relation ?? '');
    switch (before === undefined || isBust ? undefined : relation) {
      case 'of':
      case 'to':
        if (relation === 'of' && containers.has(before!.thing ?? ''))
          this.push({ ...subject, relation: 'inside' });
        else if (before!.weak === true) this.replace(before!, subject);
        return;
      case 'front':
        this.push({ ...subject, relation: 'behind' });
        return;
      case 'on':
      case 'under':
      case 'behind':
      case 'inside':
        this.insertBefore(before!, subject, relation as Subject['relation']);
        return;
      default:
        if (before?.frame === true && subject.thing !== undefined) this.replace(before, subject);
        else this.push(subject);
    }
  }

  /** Puts a subject before all others. */
  lead(subject: Draft): void {
    this.list = [subject, ...this.list].slice(0, MOST_SUBJECTS);
  }

  private insertBefore(before: Draft, subject: Draft, relation: Subject['relation']): void {
    const at = this.list.indexOf(before);
    if (this.list.length >= MOST_SUBJECTS || this.list.some((one) => isSame(one, subject))) return;
    // Only what stands on the first thing is drawn after it; the first one has nothing to stand on.
    before.relation = relation;
    this.list.splice(at, 0, { ...subject, relation: undefined });
    this.last = this.list[at];
  }

  private replace(before: Draft, subject: Draft): void {
    this.list[this.list.indexOf(before)] = subject;
    this.last = subject;
  }

  /** The subjects, with the styles in the words of those that the model draws. */
  finished(styles: readonly string[]): Subject[] {
    const added = styles.map((style) => `, ${style}`).join('');
    return this.list.map(({ words, source, count, relation }, at) => ({
      words: (source === 'model' ? words.slice(0, LONGEST_WORDS - added.length) + added : words)
        .slice(0, LONGEST_WORDS)
        .trim(),
      source,
      count: Math.max(1, Math.min(MOST_OF_ONE, count)),
      ...(relation !== undefined && at > 0 && { relation }),
    }));
  }
}

function isSame(one: Draft, other: Draft): boolean {
  if (one.source !== other.source || one.source === 'portrait') return false;
  if (one.sign !== undefined && one.sign === other.sign) return true;
  if (one.thing === undefined) return one.words === other.words;
  return (
    one.thing === other.thing && one.words.replace(/^an? /, '') === other.words.replace(/^an? /, '')
  );
}
