import { isScene, LONGEST_WORDS, MOST_OF_ONE, type Kind } from '../composition';
import { Drafts, type Draft } from './drafts';
import { GroundReader, naturalPlaces } from './ground-reader';
import {
  coloursOf,
  grouped,
  isThing,
  isUnknown,
  isUsual,
  meaning,
  numberOf,
  type Group,
} from './groups';
import { intentOf, isAside, isBackdrop, type Intent } from './intent';
import type { Item } from './items';
import { meanings, type Meaning } from './lexicon';
import { moodOf } from './moods';
import { readPeople } from './people';
import { isFacedAlone, isLook, isPerson } from './persons';
import { asSign, signOf } from './signs';
import { DRAWINGS } from '../vectors/drawings/drawings';
import { findVector } from '../vectors/find';
import type { PromptReading } from './reading';
import { fold, listed, singulars, withArticle } from './spelling';
import { TEXT_WORDS } from './table/grammar';
import { SURFACE_COLOURS } from './table/grounds';
import { BETTER_THAN_MODEL, SIGN_PARTS } from './table/signs';
import { PAIRS } from './table/subjects';
import type { Match, Vocabulary } from './vocabulary';

const MANY = 3;
const DRAWN_BETTER = new Set(listed(BETTER_THAN_MODEL));
const pairs = new Set(listed(PAIRS));
const textWords = new Set(listed(TEXT_WORDS).map(fold));
/** Drawn where an image of a kind is asked for and no more is said. */
const USUAL_ICON: Draft = { words: 'star', source: 'model', count: 1, thing: 'star' };
const USUAL_IMAGE: Draft = { words: 'image placeholder', source: 'vector', count: 1 };
/** The logo of a name that nothing is known of is the name. */
const LOGO = /^(?:logo|logos|logotype|brand mark|logo design|wordmark)$/;
const LONGEST_LOGO = 24;
const PAGE_PARTS =
  /^(?:page|screen|section|slide|header|footer|form|website|web page|app|modal|sidebar)(?: background)?$/;
const CHARTS =
  /^(?:chart|graph|charts|graphs|histogram|line chart|bar chart|(?:pie|donut|doughnut|bar|area|line) (?:chart|graph)|.*\b(?:dashboard|chart))$/;
/** Things that most often only say what an image is for, where another thing is named beside them. */
const FRAMES = new Set([
  'page',
  'note',
  'hero',
  'plate',
  'painting',
  'tv',
  'slide',
  'letter box',
  'avatar',
]);

/** Things that carry others, which are drawn without them. */
const CARRIERS = new Set(['plate', 'cutlery']);

/**
 * Puts an image together from what the words mean.
 * @param plain the words as they were typed; undefined where they were translated or corrected
 */
export function compose(
  items: readonly Item[],
  vocabulary: Vocabulary,
  plain: string | undefined,
): PromptReading {
  return (
    asSign(items) ??
    asTyped(items, vocabulary, plain) ??
    new Composer(items, vocabulary, plain).compose()
  );
}

/** A thing as the model knows it, with nothing else said: the words stay as they are. */
function asTyped(
  items: readonly Item[],
  vocabulary: Vocabulary,
  plain: string | undefined,
): PromptReading | undefined {
  if (plain === undefined) return undefined;
  const whole = vocabulary.lookUp(plain.replace(/^(?:an?|the) /i, ''));
  const isWhole =
    whole !== undefined &&
    !whole.plural &&
    whole.name === whole.thing &&
    whole.thing !== 'avatar' &&
    !isFacedAlone(whole.thing) &&
    !isDrawnBetter(whole.name);
  const others = items.filter((item) => item.match === undefined);
  const named = items.filter((item) => item.match !== undefined);
  const thing = named.length === 1 ? named[0] : undefined;
  const isOne =
    thing?.match?.sense === 'name' &&
    !thing.match.plural &&
    !thing.meanings.some(decides) &&
    others.every(
      (item) =>
        item.colour?.typed !== true &&
        item.quoted === undefined &&
        item.meanings.every(isAdjective),
    ) &&
    !isFacedAlone(thing.key) &&
    !isFacedAlone(thing.match.thing) &&
    !(isPerson(thing.key) && others.some(({ key }) => isLook(key)));
  if (!isWhole && !isOne) return undefined;
  return {
    composition: { kind: 'thing', subjects: [{ words: plain, source: 'model', count: 1 }] },
    colours: [],
    unread: isWhole ? [] : [...new Set(others.filter(isUnknown).map(({ text }) => text))],
  };
}

/** Whether a vector drawing of ours is better than the model's. */
function isDrawnBetter(name: string): boolean {
  return meanings(fold(name)).some((one) => one.is === 'sign' && DRAWN_BETTER.has(one.sign));
}

class Composer {
  private readonly intent: Intent;
  private readonly groups: readonly Group[];
  private readonly ground: GroundReader;
  private readonly drafts = new Drafts();
  private readonly unread: string[] = [];

  constructor(
    private readonly items: readonly Item[],
    private readonly vocabulary: Vocabulary,
    private readonly plain: string | undefined,
  ) {
    this.intent = intentOf(items);
    this.groups = grouped(items.filter((item) => !isAside(item)));
    this.ground = new GroundReader(items, this.groups, this.intent);
  }

  compose(): PromptReading {
    for (const [at, group] of this.groups.entries()) this.read(group, this.groups[at + 1]);
    this.readPage();
    if (this.drafts.all.length === 0) this.fallBack();
    const kind = this.kind();
    const ground = moodOf(this.items, this.ground.finished(kind, this.drafts.all));
    const typed = this.items.flatMap(({ colour }) => (colour?.typed === true ? colour.hex : []));
    const colours = [...(typeof ground === 'object' ? (ground.colours ?? []) : []), ...typed];
    const { size } = this.intent;
    return {
      composition: {
        kind,
        subjects: this.drafts.finished(this.intent.styles),
        ...(ground !== undefined && { ground }),
        ...(this.isTiled(kind) && { tiled: true }),
      },
      ...(size !== undefined && { size }),
      colours: [...new Set(colours)].slice(0, MOST_OF_ONE),
      unread: [...new Set(this.unread)],
    };
  }

  private read(group: Group, after: Group | undefined): void {
    if (this.readText(group) || readPeople(group, after, this.intent, this.drafts)) return;
    if (this.readPlace(group)) return;
    const rest = this.ground.read(group);
    if (rest === undefined && this.readColours(group)) return;
    this.ground.readTime(group);
    const shown = { ...group, items: rest ?? group.items };
    // The background of a pricing page shows no price.
    if (group.items.some(isBackdrop) && group.items.some(({ key }) => PAGE_PARTS.test(key))) return;
    const subject = this.subject(shown, rest !== undefined);
    if (subject !== undefined && (this.isPart(subject) || this.onlyCarries(subject, group))) return;
    if (subject !== undefined)
      this.drafts.join(subject, rest === undefined ? group.relation : undefined);
    else this.unread.push(...shown.items.filter(isUnknown).map(({ text }) => text));
  }

  /** Letters in quotes. Where no text is asked for, quotes around a known thing are nothing but quotes. */
  private readText(group: Group): boolean {
    const quoted = group.items.find((item) => item.quoted !== undefined)?.quoted ?? '';
    if (quoted === '') return false;
    const isAsked =
      this.intent.wide ||
      this.intent.kinds.size > 0 ||
      this.items.some(({ key }) => textWords.has(key));
    const known = isAsked ? undefined : this.vocabulary.lookUp(quoted);
    if (known === undefined) this.drafts.push({ words: quoted, source: 'text', count: 1 });
    else this.drafts.push({ words: known.name, source: 'model', count: 1, thing: known.thing });
    return group.items.every((item) => item.quoted !== undefined || textWords.has(item.key));
  }

  /** "A banner with mountains" is their place, and "a header with waves" a surface. */
  private readPlace(group: Group): boolean {
    const isFirst = this.drafts.all.length === 0 && this.ground.name === undefined;
    if (!this.intent.wide || group.relation !== 'beside' || !isFirst) return false;
    const named = group.items.filter(isThing);
    const [surface] = named.flatMap((item) => meaning(item, 'surface') ?? []);
    const [place] = named.flatMap((item) => meaning(item, 'scene') ?? []);
    const found = surface ?? place;
    if (named.length !== 1 || found === undefined) return false;
    this.ground.set(found.name, coloursOf(group), place === found ? place.time : undefined);
    return true;
  }

  /** Groups of colours alone: "on yellow" is a ground, "in blue" is the thing's colour. */
  private readColours(group: Group): boolean {
    const colours = coloursOf(group);
    const isOnly = group.items.every(
      (item) =>
        item.colour !== undefined ||
        meaning(item, 'article') !== undefined ||
        meaning(item, 'shade') !== undefined,
    );
    if (colours.length === 0 || !isOnly) return false;
    const { last } = this.drafts;
    const isLater =
      group.relation === undefined && !this.intent.wide && this.ground.name === undefined;
    const isOfThing =
      last?.source === 'model' || (last?.source === 'vector' && this.intent.kinds.has('icon'));
    if (last !== undefined && isOfThing && (group.relation === 'inside' || isLater)) {
      const words = group.items.flatMap(({ colour }) => colour?.word ?? []).join(' ');
      last.words = last.words.replace(
        /^(an? )?/,
        (article) => `${article === '' ? '' : 'a '}${words} `,
      );
    } else this.ground.readColours(colours, last !== undefined, group.relation);
    return true;
  }

  /** What a group shows: its last thing or sign. Undefined: nothing is named. */
  private subject(group: Group, isGround: boolean): Draft | undefined {
    const named = group.items.filter((item) => this.isShown(item));
    const head =
      named.findLast((item) => !isFrame(item) && item.match?.sense !== 'kind') ??
      named.findLast((item) => !isFrame(item)) ??
      named.at(-1);
    if (head === undefined) return undefined;
    // A pair of scissors is one thing; so is one of what has a plural name.
    const said = numberOf(group);
    const counted =
      said === 2 &&
      (head.match?.thing ?? '').endsWith('s') &&
      this.items.some(({ key }) => /\bpair of$/.test(key))
        ? undefined
        : said;
    const sign = this.isSign(head) ? meaning(head, 'sign') : undefined;
    const colours = group.items.flatMap(({ colour }) => colour?.word ?? []);
    if (sign !== undefined) {
      const isMany =
        naturalPlaces.has(sign.sign) && singulars(head.key).some((one) => meanings(one).length > 0);
      return {
        words: [...colours, this.vectorWords(head, sign.sign)!].join(' '),
        source: 'vector',
        sign: sign.sign,
        count: Math.min(MOST_OF_ONE, counted ?? (isMany ? MANY : 1)),
        weak: sign.weak,
      };
    }
    const match = head.match!;
    const drawn = this.signOf(match);
    if (drawn !== undefined)
      return {
        words: [...colours, drawn].join(' '),
        source: 'vector',
        count: Math.min(MOST_OF_ONE, counted ?? 1),
      };
    const isMany = match.plural && !pairs.has(match.thing);
    const isTiled = this.intent.kinds.has('pattern');
    return {
      words: wordsOf(group, head, counted === undefined && !match.plural && !isGround),
      source: 'model',
      count: isTiled ? 1 : Math.min(MOST_OF_ONE, counted ?? (isMany ? MANY : 1)),
      thing: match.thing,
      weak: isFrame(head),
      frame: isFrame(head) && match.sense !== 'name',
    };
  }

  /** The words for the sign of a thing, where the words ask for signs. */
  private signOf(match: Match): string | undefined {
    const words = this.intent.sign && this.intent.styles[0] !== '3d' ? signOf(match) : undefined;
    return words === undefined ? undefined : `${words} icon`;
  }

  /** Whether a thing is in the drawing before it already. */
  private isPart({ thing }: Draft): boolean {
    const before = this.drafts.last?.source === 'vector' ? this.drafts.last.sign : undefined;
    return thing !== undefined && listed(SIGN_PARTS[before ?? ''] ?? '').includes(thing);
  }

  /** Whether a thing only carries the one before: the plate under a cake says little, and hides it. */
  private onlyCarries({ thing }: Draft, { relation }: Group): boolean {
    return (
      (relation === 'on' || relation === 'inside') &&
      this.drafts.last !== undefined &&
      CARRIERS.has(thing ?? '')
    );
  }

  private isShown(item: Item): boolean {
    const scene = meaning(item, 'scene');
    // Further places, such as the mountains behind a lake, are no things in it.
    if (scene?.bare === true && item.match?.plural === true && this.ground.name !== undefined)
      return false;
    if (meaning(item, 'portrait') !== undefined && !this.isSign(item)) return false;
    if (this.isSign(item)) return true;
    if (!isThing(item) || (meaning(item, 'page') !== undefined && !isUsual(item))) return false;
    return meaning(item, 'time') === undefined || !this.isLit(item);
  }

  /** Whether "sunset" is the light of a scene, and no thing. */
  private isLit(item: Item): boolean {
    return (
      this.intent.wide ||
      this.items.some(
        (one) =>
          one !== item &&
          (meaning(one, 'scene') !== undefined || meaning(one, 'surface')?.sure === true),
      )
    );
  }

  /** A sign is drawn in vectors; a weak one only in an icon or where nothing else is named. */
  private isSign(item: Item): boolean {
    const sign = meaning(item, 'sign');
    if (sign === undefined || this.vectorWords(item, sign.sign) === undefined) return false;
    const isBehind = this.intent.kinds.has('background') || this.intent.kinds.has('pattern');
    // "Bold background"; the background of a page.
    if (isBehind && (meaning(item, 'shade') ?? meaning(item, 'page')) !== undefined) return false;
    if (isDrawnBetter(item.key)) return !this.intent.kinds.has('pattern');
    if (this.intent.kinds.has('icon')) return !isUsual(item) || !sign.iconOnly;
    if (sign.iconOnly) return false;
    return (
      !sign.weak ||
      !this.intent.named ||
      this.items.every((one) => one === item || !isThing(one) || isFrame(one))
    );
  }

  /** Words for a sign by which the vectors find a drawing: those of the prompt, or the sign's name. */
  private vectorWords(item: Item, sign: string): string | undefined {
    const plain = [item.key, spoken(sign)];
    const icons = plain.map((words) => (/\bicons?$/.test(words) ? words : `${words} icon`));
    const order = this.intent.kinds.has('icon') ? [...icons, ...plain] : [...plain, ...icons];
    const found = order.find((words) => findVector(words) !== undefined);
    // "About us" is a team, which is a drawing of ours, and also the sign for information.
    const drawing = this.intent.sign ? undefined : DRAWINGS.get(sign)?.phrases[0];
    const isDrawn = found !== undefined && DRAWINGS.has(findVector(found)!);
    return drawing === undefined || isDrawn ? found : drawing;
  }

  /** The usual image of a page or state. An error's number is drawn in any case. */
  private readPage(): void {
    const pages = this.items.flatMap((item) => meaning(item, 'page') ?? []);
    // A background of a page is a background.
    if (this.intent.kinds.has('background')) return;
    const page = pages.find(({ draws }) => draws.startsWith('text:')) ?? pages.at(-1);
    if (page === undefined) return;
    const drawn = pageSubject(page.draws);
    if (drawn.source === 'text') this.drafts.lead(drawn);
    else if (this.drafts.all.length === 0) this.drafts.push(drawn);
  }

  /** Where nothing is shown yet: what a word stands for, a place, or the words as they are. */
  private fallBack(): void {
    const meant =
      this.items.findLast((item) => isMeaning(item) && meaning(item, 'scene') === undefined) ??
      (this.ground.name === undefined ? this.items.findLast(isMeaning) : undefined);
    const isSurface =
      meant !== undefined &&
      this.ground.name !== undefined &&
      meaning(meant, 'surface') !== undefined;
    const drawn = meant?.match === undefined ? undefined : this.signOf(meant.match);
    if (drawn !== undefined) this.drafts.push({ words: drawn, source: 'vector', count: 1 });
    else if (meant?.match !== undefined && !isSurface) this.drafts.push(thingOf(meant.match.thing));
    else if (this.ground.name === undefined && !this.items.some(isBackdrop)) this.showSomething();
  }

  private showSomething(): void {
    const named = this.items.findLast(isThing)?.match;
    const place = this.items.map((item) => meaning(item, 'scene')).find((one) => one !== undefined);
    const lit = this.items.some((item) => meaning(item, 'time') !== undefined);
    const { kinds, wide } = this.intent;
    const areMoods = this.items.every((item) => meaning(item, 'shade') !== undefined);
    if (areMoods) this.ground.set('mesh-gradient');
    else if (named !== undefined && !lit) this.drafts.push(thingOf(named.thing));
    else if (place !== undefined) this.ground.set(place.name, [], place.time);
    else if (lit) this.ground.set(wide ? 'sea' : 'sky');
    else if (kinds.has('scene')) this.ground.set('hills');
    else if (this.drawn() !== undefined)
      this.drafts.push({ words: this.drawn()!, source: 'vector', count: 1 });
    else if (wide) this.ground.set(this.surface()?.name ?? 'mesh-gradient', this.surfaceColours());
    else if (this.unread.length > 0 && this.items.some(({ key }) => LOGO.test(key)))
      this.drafts.push({
        words: this.unread.join(' ').slice(0, LONGEST_LOGO),
        source: 'text',
        count: 1,
      });
    else if (this.unread.length > 0)
      this.drafts.push({ words: this.asWords(this.unread.join(' ')), source: 'model', count: 1 });
    else if (kinds.has('icon')) this.drafts.push({ ...USUAL_ICON });
    else if (this.items.length === 1 && /^\d/.test(this.items[0]!.key))
      this.drafts.push({ words: this.items[0]!.text, source: 'text', count: 1 });
    else if (
      this.items.some((item) => meaning(item, 'kind') !== undefined) ||
      this.items.every((item) => meaning(item, 'filler') !== undefined)
    )
      this.drafts.push({ ...USUAL_IMAGE });
    else
      this.drafts.push({
        words: this.asWords(this.items.map(({ text }) => text).join(' ')),
        source: 'model',
        count: 1,
      });
  }

  /** The surface that words such as "tech" suggest. */
  private surface(): Extract<Meaning, { readonly is: 'surface' }> | undefined {
    return this.items.flatMap((item) => meaning(item, 'surface') ?? [])[0];
  }

  private surfaceColours(): readonly string[] {
    return this.items.flatMap(({ key }) => SURFACE_COLOURS[key] ?? []);
  }

  /** Unknown words that the vectors have a drawing of. */
  private drawn(): string | undefined {
    const words = this.unread.join(' ');
    const order = this.intent.kinds.has('icon') ? [`${words} icon`, words] : [words];
    return words === '' ? undefined : order.find((one) => findVector(one) !== undefined);
  }

  /** Unknown words: as they were typed where nothing was taken out of them. */
  private asWords(rest: string): string {
    const isWhole = this.items.every((item) => isUnknown(item) || item.meanings.every(isAdjective));
    return ((isWhole ? this.plain : undefined) ?? rest).slice(0, LONGEST_WORDS).trim() || 'image';
  }

  private kind(): Kind {
    const { kinds, portrait } = this.intent;
    const subjects = this.drafts.all;
    if (kinds.has('pattern')) return 'pattern';
    if (kinds.has('background') && !(subjects.length > 0 && this.isBehind())) return 'background';
    if (kinds.has('icon'))
      return subjects.some(({ source }) => source === 'portrait') ? 'avatar' : 'icon';
    if (kinds.has('page') || this.items.some((item) => meaning(item, 'page') !== undefined))
      return 'page';
    const faces = subjects.filter(({ source }) => source === 'portrait').length;
    const isFaces = faces === subjects.length && !isScene(this.ground.name ?? '');
    if (portrait || (faces > 0 && isFaces)) return 'avatar';
    if (subjects.some(({ thing, words }) => CHARTS.test(thing ?? words))) return 'chart';
    const isLit =
      subjects.length > 0 &&
      this.items.some((item) => meaning(item, 'time') !== undefined && !isThing(item));
    if (isLit || isScene(this.ground.name ?? '')) return 'scene';
    return this.ground.name !== undefined && subjects.length === 0 ? 'background' : 'thing';
  }

  /** Whether the background is that of a thing: "a car on a yellow background", "a car, blue background". */
  private isBehind(): boolean {
    return this.groups
      .slice(1)
      .some((group) => group.items.some(isBackdrop) && group.items.every((item) => !isThing(item)));
  }

  private isTiled(kind: Kind): boolean {
    if (kind === 'pattern') return true;
    const subjects = this.drafts.all;
    if (kind !== 'background' || subjects.length === 0 || isScene(this.ground.name ?? ''))
      return false;
    return subjects.every(({ count, source }) => count > 1 && source === 'model');
  }
}

function isFrame({ match }: Item): boolean {
  return FRAMES.has(match?.thing ?? '');
}

function wordsOf(group: Group, head: Item, single: boolean): string {
  const { sense, name: typed, thing } = head.match!;
  const name = sense === 'name' ? typed : thing;
  const colours = group.items.flatMap(({ colour }) => colour?.word ?? []);
  const text = [...colours.filter((word) => !fold(name).startsWith(`${fold(word)} `)), name].join(
    ' ',
  );
  const hasArticle =
    single && sense === 'name' && group.items.some(({ key }) => key === 'a' || key === 'an');
  return (hasArticle ? withArticle(text) : text).slice(0, LONGEST_WORDS);
}

function thingOf(thing: string): Draft {
  return { words: thing, source: 'model', count: 1, thing };
}

function pageSubject(draws: string): Draft {
  const [source, words] = draws.includes(':') ? draws.split(':', 2) : ['', draws];
  if (source === 'text') return { words: words!, source: 'text', count: 1 };
  if (source === 'sign') return { words: spoken(words!), source: 'vector', count: 1 };
  return thingOf(draws);
}

function spoken(sign: string): string {
  return sign.replace(/[-_]/g, ' ');
}

function isMeaning(item: Item): boolean {
  return item.match?.sense === 'meaning' && meaning(item, 'kind') === undefined;
}

/** Meanings that make more of a word than the thing that it names. */
function decides({ is }: Meaning): boolean {
  return is === 'page' || is === 'portrait' || is === 'people' || is === 'sign' || is === 'kind';
}

function isAdjective({ is }: Meaning): boolean {
  return (
    is === 'article' ||
    is === 'filler' ||
    is === 'style' ||
    is === 'action' ||
    is === 'shade' ||
    is === 'look'
  );
}
