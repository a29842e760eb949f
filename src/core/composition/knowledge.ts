import { escapePattern } from '../escape-pattern';
import * as v from 'valibot';
import { COLOUR_WORDS, SHADE_WORDS } from './colours';
import { fold, unlikeness, withArticle } from './words/spelling';

/**
 * How well a model knows what it was asked to draw: it was taught it, or a word for it; it draws another thing
 * for it, and draws that well; or it does not know it, and what it draws is likely a smear.
 */
export const KNOWLEDGE_LEVELS = ['known', 'near', 'unknown'] as const;

export const SubjectKnowledgeSchema = v.object({
  /** What was asked for, in the words that the model got, without an article. */
  subject: v.string(),
  level: v.picklist(KNOWLEDGE_LEVELS),
  /** The thing that is drawn, where that is another one than was asked for. */
  drawnAs: v.optional(v.string()),
  /** It is not in the image, because no word of it was understood. */
  leftOut: v.optional(v.literal(true)),
  /** Things that the model was taught and that may do instead, the nearest first. */
  nearest: v.pipe(v.array(v.string()), v.readonly()),
});
/** What a model knows of one subject of an image. */
export type SubjectKnowledge = Readonly<v.InferOutput<typeof SubjectKnowledgeSchema>>;

/** The words of the things that a model was taught; `Vocabulary` is one. */
export interface KnownWords {
  lookUp(
    words: string,
  ): { readonly thing: string; readonly sense: 'name' | 'kind' | 'meaning' } | undefined;
  nearestThings(words: string, count: number): readonly string[];
}

/** A thing, and how alike the model's text encoder takes a text: the cosine of their features, at most 1. */
export interface Likeness {
  readonly thing: string;
  readonly likeness: number;
}

/** How two drawings of one prompt with other seeds differ, as shares of what is drawn: 0 to 1. */
export interface Disagreement {
  readonly colour: number;
  readonly opacity: number;
}

/** Words that say how a thing looks, beside colours. They do not make another thing of it. */
const MODIFIERS = new Set(
  (
    'small little tiny big large huge old new young cute happy sad simple plain flat open closed empty full round ' +
    'square long short tall wooden golden gold silver metal metallic glass shiny glossy beautiful pretty nice cool ' +
    'modern vintage retro classic cartoon minimal minimalist fresh hot cold sleeping sitting standing running ' +
    'flying smiling wild single one two three four five six colourful colorful light dark bright pale'
  ).split(' '),
);

/** @returns the words without their article and without what follows a comma, which says the manner */
export function subjectOf(words: string): string {
  const [clause = ''] = words.trim().split(/[,;]/, 1);
  return (
    clause
      .trim()
      .replace(/^(?:an?|the|some|one)\s+/i, '')
      .trim() || words.trim()
  );
}

/** What the words of a subject mean among the known ones: as they are, or after words for its look. */
export function recognise(subject: string, known: KnownWords): ReturnType<KnownWords['lookUp']> {
  const parts = subject.split(/\s+/);
  for (let from = 0; from < parts.length; from++) {
    const found = known.lookUp(parts.slice(from).join(' '));
    if (found) return found;
    if (!isModifier(parts[from]!.toLowerCase())) return undefined;
  }
  return undefined;
}

const LONGEST_PHRASE = 4;

/**
 * The words of a prompt that the reading of prompts took for a kind of a thing, or for what it stands for, and
 * replaced by it: "ukulele" where a guitar is drawn.
 * @param thing that is drawn
 * @returns undefined where the prompt names the thing itself
 */
export function replacedBy(thing: string, prompt: string, known: KnownWords): string | undefined {
  const words = fold(prompt).match(/[\p{L}\p{N}']+/gu) ?? [];
  let replaced: string | undefined;
  for (let length = Math.min(LONGEST_PHRASE, words.length); length > 0; length--) {
    for (let from = 0; from + length <= words.length; from++) {
      const phrase = words.slice(from, from + length).join(' ');
      const found = known.lookUp(phrase);
      if (found?.thing !== thing) continue;
      if (found.sense === 'name') return undefined;
      replaced ??= phrase;
    }
  }
  return replaced;
}

function isModifier(word: string): boolean {
  return MODIFIERS.has(word) || COLOUR_WORDS.has(word) || SHADE_WORDS.includes(word);
}

/**
 * The numbers of the rule were fitted to the labelled drawings of bench/knowledge/drawings.json
 * (models/starter/README.md has what they find). Words so unlike any thing are never drawn well, and words so
 * alike one always are: neither needs a second drawing.
 */
const UNLIKE = 0.5;
const ALIKE = 0.95;
/** From this likeness on, the likest thing is what is drawn. */
const DRAWN_AS = 0.8;
/** How much two seeds may differ at `DRAWN_AS`; more where a thing is likelier, down to none at `UNLIKE`. */
const AGREEING = 0.1;
const MORE_AGREEING = 1.5;
/** Opacity counts half as much as colour. */
const OPACITY_WEIGHT = 0.5;
/** From this likeness on, a word that was replaced by a thing is as good as its name. */
const SYNONYM = 0.85;
/** A known word's thing may be this much less like it than the likest. */
const NEARLY = 0.05;

/** Whether a second drawing is needed to say whether the first is a smear. */
export function needsSecondDrawing([likest]: readonly Likeness[]): boolean {
  const likeness = likest?.likeness ?? 0;
  return likeness >= UNLIKE && likeness < ALIKE;
}

/** Whether drawings of words as like a thing as this, and of two seeds that differ so, are no smears. */
export function isClear(likeness: number, disagreement: Disagreement | undefined): boolean {
  if (likeness < UNLIKE) return false;
  if (likeness >= ALIKE) return true;
  // Without a second drawing only likeness tells.
  if (!disagreement) return likeness >= DRAWN_AS;
  const most =
    likeness < DRAWN_AS
      ? (AGREEING * (likeness - UNLIKE)) / (DRAWN_AS - UNLIKE)
      : AGREEING + MORE_AGREEING * (likeness - DRAWN_AS);
  return Math.max(disagreement.colour, disagreement.opacity * OPACITY_WEIGHT) <= most;
}

const NEAREST = 3;
/** Share of the letters that may differ between a misspelt word and what was meant. */
const SPELT_ALIKE = 0.35;
/** Things below this likeness say nothing of the words. */
const RELATED = 0.55;

export interface Evidence {
  readonly subject: string;
  readonly known: KnownWords;
  /** The likest things, the likest first. */
  readonly likenesses: readonly Likeness[];
  readonly disagreement?: Disagreement | undefined;
}

/** Judges how well a model knows a subject that is not one of its own names. */
export function judgeKnowledge({
  subject,
  known,
  likenesses,
  disagreement,
}: Evidence): SubjectKnowledge {
  const meant = recognise(subject, known)?.thing;
  const [likest] = likenesses;
  const best = likest?.likeness ?? 0;
  const isDrawn = isClear(best, disagreement);
  const ofMeant = likenesses.find(({ thing }) => thing === meant)?.likeness ?? 0;
  if (meant !== undefined && isDrawn && ofMeant >= best - NEARLY) {
    return { subject, level: 'known', drawnAs: meant, nearest: [] };
  }
  const drawnAs = isDrawn && best >= DRAWN_AS ? likest?.thing : undefined;
  const nearest = nearestOf({ subject, known, likenesses }, meant, drawnAs);
  return drawnAs === undefined
    ? { subject, level: 'unknown', nearest }
    : { subject, level: 'near', drawnAs, nearest };
}

/**
 * Judges a subject that is drawn as the thing which the reading of prompts put in its place.
 * @param subject as it was asked for
 */
export function judgeReplaced(
  thing: string,
  { subject, known, likenesses }: Omit<Evidence, 'disagreement'>,
): SubjectKnowledge {
  const own = likenesses.find((one) => one.thing === thing)?.likeness ?? 0;
  if (own >= SYNONYM) return { subject, level: 'known', drawnAs: thing, nearest: [] };
  const nearest = nearestOf({ subject, known, likenesses }, undefined, thing);
  return { subject, level: 'near', drawnAs: thing, nearest };
}

/** Judges a subject that is not in the image. */
export function judgeLeftOut(evidence: Omit<Evidence, 'disagreement'>): SubjectKnowledge {
  const nearest = nearestOf(evidence, undefined, undefined);
  return { subject: evidence.subject, level: 'unknown', leftOut: true, nearest };
}

function nearestOf(
  { subject, known, likenesses }: Omit<Evidence, 'disagreement'>,
  meant: string | undefined,
  drawnAs: string | undefined,
): string[] {
  const related = likenesses.filter(({ likeness }) => likeness >= RELATED);
  const things = [
    ...(meant === undefined ? [] : [meant]),
    ...related.map(({ thing }) => thing),
    ...(related.length === 0 ? known.nearestThings(subject, NEAREST).filter(isSpeltAlike) : []),
  ];
  const drawn = drawnAs?.split(' ') ?? [];
  const isOther = (thing: string) => !thing.split(' ').some((word) => drawn.includes(word));
  return [...new Set(things)].filter(isOther).slice(0, NEAREST);

  function isSpeltAlike(thing: string): boolean {
    const length = Math.max(thing.length, subject.length);
    return unlikeness(fold(subject), thing) / length <= SPELT_ALIKE;
  }
}

/** The subjects of an image that the user should know more about: drawn as another thing, or not known. */
export function doubts(knowledge: readonly SubjectKnowledge[] = []): readonly SubjectKnowledge[] {
  const found = new Map(
    knowledge.flatMap((one) => (one.level === 'known' ? [] : [[one.subject, one] as const])),
  );
  return [...found.values()];
}

/**
 * What is said of a doubtful subject: `{0}` is the subject, `{1}` what is drawn for it. `itKnows` follows where
 * there are things that can be drawn instead, `itAlsoKnows` where one was drawn.
 */
export const DOUBT_TEXTS = {
  doubtDrawnAs: 'The starter drew "{0}" as "{1}".',
  doubtLeftOut: 'The starter does not know "{0}" and left it out.',
  doubtUnknown: 'The starter may not know "{0}".',
  doubtUnlike: 'The starter may not know "{0}", and knows nothing near it.',
  itKnows: 'It knows: {0}.',
  itAlsoKnows: 'It also knows: {0}.',
} as const;
export type DoubtText = keyof typeof DOUBT_TEXTS;

/** The text that says what is doubtful, without the things that can be drawn instead. */
export function doubtText({ drawnAs, leftOut, nearest }: SubjectKnowledge): DoubtText {
  if (leftOut) return 'doubtLeftOut';
  if (drawnAs !== undefined) return 'doubtDrawnAs';
  return nearest.length > 0 ? 'doubtUnknown' : 'doubtUnlike';
}

/**
 * What to say of a doubtful subject, in one line: 'The starter may not know "ukulele". It knows: guitar, violin.'
 * @param translate puts values into a text, in the language of the user
 */
export function describeDoubt(doubt: SubjectKnowledge, translate = inEnglish): string {
  const { subject, drawnAs = '', nearest } = doubt;
  const said = translate(doubtText(doubt), subject, drawnAs);
  if (nearest.length === 0) return said;
  const knows = doubt.drawnAs === undefined ? 'itKnows' : 'itAlsoKnows';
  return `${said} ${translate(knows, nearest.join(', '))}`;
}

function inEnglish(text: DoubtText, ...values: readonly string[]): string {
  return DOUBT_TEXTS[text].replace(
    /\{(\d)\}/g,
    (whole, index: string) => values[Number(index)] ?? whole,
  );
}

/**
 * A prompt that asks for a thing instead of a subject, with the rest of its words. Where the prompt does not have
 * the subject's words (they were misspelt, or in another language), the thing alone.
 */
export function insteadOf(prompt: string, subject: string, thing: string): string {
  const phrase = new RegExp(
    `(?<![\\p{L}\\p{N}])(an?\\s+)?${escapePattern(subject)}(?:e?s)?(?![\\p{L}\\p{N}])`,
    'iu',
  );
  if (!phrase.test(prompt)) return withArticle(thing);
  // After "the", "three" or "and", a thing has no article of its own.
  const replace = (_words: string, article: string | undefined, at: number) =>
    article !== undefined || at === 0 ? withArticle(thing) : thing;
  return prompt.replace(phrase, replace);
}
