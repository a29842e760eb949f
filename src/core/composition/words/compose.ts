import type { Composition, Ground, Kind, SceneName, Subject, Time } from '../composition';
import { isDark } from '../colours';
import { groupMeaning, grouped, isThing, meaning, type Group } from './groups';
import type { Item } from './items';
import type { Meaning } from './lexicon';
import { isLook, isPerson } from './people';
import type { PromptReading } from './read-prompt';
import { fold, listed } from './spelling';
import { SURFACE_COLOURS } from './table/grounds';
import { NATURAL_PLACES } from './table/grounds';
import { TIME_COLOURS } from './table/colours';
import { PAGE_GROUND } from './table/pages';
import { CONTAINERS, PAIRS } from './table/subjects';
import { TEXT_WORDS } from './table/grammar';
import type { Vocabulary } from './vocabulary';

const MOST_SUBJECTS = 4;
const MANY = 3;
const MOST_OF_ONE = 12;
const containers = new Set(listed(CONTAINERS));
const pairs = new Set(listed(PAIRS));
const textWords = new Set(listed(TEXT_WORDS));
const places = new Map(
  Object.entries(NATURAL_PLACES).flatMap(([scene, words]) =>
    listed(words).map((word) => [word, scene as SceneName]),
  ),
);
const CHARTS = new Set([
  'chart',
  'line chart',
  'chart pie',
  'chart line',
  'chart area',
  'chart dots',
]);

type Draft = { -readonly [K in keyof Subject]: Subject[K] } & {
  thing?: string;
  by?: 'name' | 'weak' | 'meaning';
};
type GroundDraft = { -readonly [K in keyof Ground]: Ground[K] };

/** Puts an image together from what the words mean. `plain`: the words as typed, where none was translated or corrected. */
export function compose(
  items: readonly Item[],
  vocabulary: Vocabulary,
  { plain }: { readonly plain?: string },
): PromptReading {
  return new Composer(items, vocabulary, plain).compose();
}

class Composer {
  private readonly groups: Group[];
  private readonly subjects: Draft[] = [];
  private readonly unread: string[] = [];
  private readonly styles: string[] = [];
  private ground: GroundDraft | undefined;
  private time: Time | undefined;
  private dark = false;
  private last: Draft | undefined;
  private readonly wants: Set<Kind>;
  private readonly wide: boolean;
  private readonly named: boolean;

  constructor(
    private readonly items: readonly Item[],
    private readonly vocabulary: Vocabulary,
    private readonly plain: string | undefined,
  ) {
    const kinds = items
      .filter((item) => !isNamed(item))
      .flatMap((item) => item.meanings.filter((one) => one.is === 'kind'));
    this.wants = new Set(kinds.flatMap(({ kind }) => (kind === undefined ? [] : [kind])));
    for (const kind of ['icon', 'pattern', 'background'] as const) {
      if (items.some(({ key }) => key.includes(' ') && key.split(' ').includes(kind)))
        this.wants.add(kind);
    }
    this.wide = kinds.some(({ wide }) => wide === true);
    this.named = items.some(
      (item) => isThing(item) && !isState(item) && meaning(item, 'scene') === undefined,
    );
    this.groups = grouped(items.filter((item) => !this.isAside(item)));
  }

  /** Words that say how and for what, but not what is shown. */
  private isAside(item: Item): boolean {
    const style = meaning(item, 'style');
    if (style !== undefined && !isThing(item)) {
      this.styles.push(style.style);
      return true;
    }
    return (
      (meaning(item, 'filler') !== undefined || meaning(item, 'transparent') !== undefined) &&
      !isThing(item) &&
      item.meanings.length === 1
    );
  }

  compose(): PromptReading {
    const simple = this.asTyped();
    if (simple !== undefined) return simple;
    for (const group of this.groups) this.read(group);
    this.fallBack();
    const kind = this.kind();
    const ground = this.finishedGround(kind);
    const typed = this.items.flatMap(({ colour }) => (colour?.typed === true ? [colour.hex] : []));
    const colours = [
      ...new Set([...(typeof ground === 'object' ? (ground.colours ?? []) : []), ...typed]),
    ].slice(0, MOST_OF_ONE);
    return {
      composition: {
        kind,
        subjects: this.finishedSubjects(),
        ...(ground !== undefined && { ground }),
        ...(kind === 'pattern' || this.isTiled(kind) ? { tiled: true } : {}),
      },
      ...this.size(),
      colours,
      unread: [...new Set(this.unread)],
    };
  }

  /** A thing as the model knows it, with nothing else said: the words stay as they are. */
  private asTyped(): PromptReading | undefined {
    if (this.plain === undefined) return undefined;
    const whole = this.vocabulary.lookUp(this.plain.replace(/^(?:an?|the) /i, ''));
    const usual =
      whole !== undefined &&
      !whole.plural &&
      whole.name === whole.thing &&
      whole.thing !== 'avatar';
    const things = this.items.filter((item) => item.match?.sense === 'name' && !item.match.plural);
    const others = this.items.filter((item) => !things.includes(item));
    const [thing] = things;
    const single =
      things.length === 1 &&
      thing !== undefined &&
      !thing.meanings.some(decides) &&
      others.every(
        (item) =>
          item.colour?.typed !== true &&
          (item.meanings.length === 0 || item.meanings.every(isAdjective)),
      ) &&
      others.every((item) => item.match === undefined) &&
      !(isPerson(thing.key) && others.some(({ key }) => isLook(key)));
    if (!usual && !single) return undefined;
    const unread = usual ? [] : others.filter((item) => isUnknown(item)).map(({ text }) => text);
    return {
      composition: { kind: 'thing', subjects: [{ words: this.plain, source: 'model', count: 1 }] },
      colours: [],
      unread,
    };
  }

  private read(group: Group): void {
    if (this.readText(group) || this.readPeople(group) || this.readGround(group)) return;
    if (this.readColour(group)) return;
    const subject = this.subject(group);
    if (subject === undefined) {
      this.time ??= groupMeaning(group, 'time')?.time;
      for (const item of group.items) if (isUnknown(item)) this.unread.push(item.text);
      return;
    }
    this.time ??= groupMeaning(group, 'time')?.time;
    this.add(subject, group);
  }

  /** Letters in quotes, and an error's number. */
  private readText(group: Group): boolean {
    const quoted = group.items.find((item) => item.quoted !== undefined)?.quoted;
    if (quoted === undefined || quoted === '') return false;
    const asked =
      this.items.some((item) => textWords.has(item.key)) || this.wide || this.wants.size > 0;
    const known = this.vocabulary.lookUp(quoted);
    if (!asked && known !== undefined)
      this.push({ words: known.name, source: 'model', count: 1, thing: known.thing, by: 'name' });
    else this.push({ words: quoted, source: 'text', count: 1 });
    return group.items.length === 1;
  }

  private readPeople(group: Group): boolean {
    const people = groupMeaning(group, 'people');
    const portrait = groupMeaning(group, 'portrait') !== undefined;
    const sign = group.items.some((item) => meaning(item, 'sign') !== undefined);
    const thing = group.items.find(
      (item) =>
        isThing(item) &&
        !isPerson(item.key) &&
        !isPerson(item.match!.name) &&
        !isLook(item.key) &&
        meaning(item, 'portrait') === undefined,
    );
    if ((people !== undefined || portrait) && this.wants.has('icon') && sign) return false;
    if (people !== undefined && thing === undefined) {
      const many = count(group);
      if (this.last?.source === 'portrait' && group.relation === 'of') {
        if (many !== undefined) this.last.count = many;
        return true;
      }
      const who = this.describes(group);
      this.push({
        words: who === '' ? 'person' : who,
        source: 'portrait',
        count: many ?? people.count,
      });
      return true;
    }
    const person = group.items.find(
      (item) => isPerson(item.key) || (item.match?.plural === true && isPerson(item.match.name)),
    );
    if (
      this.last?.source === 'portrait' &&
      (group.relation === 'beside' ||
        group.relation === 'inside' ||
        group.relation === undefined ||
        group.relation === 'of')
    ) {
      const words = this.describes(group);
      const all = group.items.some(
        (item) => isLook(item.key) || (person !== undefined && group.relation !== 'beside'),
      );
      if (all && words !== '' && groupMeaning(group, 'people') === undefined) {
        const before = this.last.words === 'person' ? '' : this.last.words;
        this.last.words =
          before === ''
            ? words
            : `${before} ${group.relation === undefined ? 'with' : group.relation === 'inside' ? 'in' : 'with'} ${words}`;
        if (before === '' && group.relation === 'beside' && person === undefined)
          this.last.words = `person with ${words}`;
        return true;
      }
    }
    if (portrait && thing === undefined) {
      const who = this.describes(group);
      this.push({
        words: who === '' ? 'person' : who,
        source: 'portrait',
        count: count(group) ?? 1,
      });
      return true;
    }
    if (person === undefined || thing !== undefined || this.wants.has('icon')) return false;
    const described =
      group.items.some((item) => isLook(item.key) && item.match?.sense !== 'name') ||
      this.looksFollow(group);
    const many = count(group) ?? (person.match?.plural === true ? MANY : 1);
    if (!described && many === 1 && !this.isPortraitWanted() && person.match !== undefined)
      return false;
    this.push({
      words: this.describes(group),
      source: 'portrait',
      count: Math.min(MOST_OF_ONE, many),
    });
    return true;
  }

  private isPortraitWanted(): boolean {
    return this.items.some((item) => meaning(item, 'portrait') !== undefined);
  }

  /** Whether the next group says how a person looks: "a man | with a beard". */
  private looksFollow(group: Group): boolean {
    const next = this.groups[this.groups.indexOf(group) + 1];
    if (next === undefined || (next.relation !== 'beside' && next.relation !== 'inside'))
      return false;
    return (
      next.items.some((item) => isLook(item.key)) &&
      next.items.every((item) => isLook(item.key) || item.match === undefined)
    );
  }

  /** The words about a person, without what is said about the image. */
  private describes(group: Group): string {
    return group.items
      .filter(
        (item) =>
          isPerson(item.key) ||
          isLook(item.key) ||
          item.colour !== undefined ||
          isUnknown(item) ||
          (item.match !== undefined && isPerson(item.match.name)),
      )
      .filter(
        (item) =>
          meaning(item, 'people') === undefined &&
          (meaning(item, 'portrait') === undefined || isPerson(item.key)),
      )
      .map((item) => (item.match?.plural === true ? item.match.name : item.text))
      .join(' ')
      .slice(0, 190)
      .trim();
  }

  private readGround(group: Group): boolean {
    const backdrop = group.items.some(
      (item) =>
        !isNamed(item) &&
        item.meanings.some(
          (one) => one.is === 'kind' && (one.kind === 'background' || one.kind === 'pattern'),
        ),
    );
    const decorated = backdrop || this.wants.has('background') || this.wants.has('pattern');
    const scene = group.items.findLast(
      (item) => meaning(item, 'scene') !== undefined && !this.isOnlyThing(item, group, decorated),
    );
    const surfaceItem = group.items.find((item) => {
      const one = meaning(item, 'surface');
      return (
        one !== undefined &&
        (one.sure || (decorated && (backdrop || this.groups.length < 3))) &&
        (!isNamed(item) || (backdrop && one !== undefined))
      );
    });
    const surface = surfaceItem === undefined ? undefined : meaning(surfaceItem, 'surface');
    if (!backdrop && scene === undefined && surface === undefined) return false;
    const place = scene === undefined ? undefined : meaning(scene, 'scene');
    this.time ??= groupMeaning(group, 'time')?.time ?? place?.time;
    this.dark ||= group.items.some((item) => meaning(item, 'shade')?.dark === true);
    const colours = groupColours(group);
    if (surface !== undefined && (place === undefined || surface.sure))
      this.setGround(surface.name, colours.length > 0 ? colours : surfaceColours(group));
    else if (place !== undefined) this.setGround(place.name, colours, place.time);
    else if (colours.length > 0)
      this.setGround(colours.length > 1 ? 'linear-gradient' : 'plain', colours);
    // What else is in these words: "coffee background", "forest with a bear".
    const rest = group.items.filter(
      (item) =>
        item !== scene &&
        item !== surfaceItem &&
        !(surface !== undefined && meaning(item, 'surface') !== undefined),
    );
    const subject = this.subject(
      {
        ...group,
        items: rest.filter(
          (item) => meaning(item, 'scene')?.name !== place?.name || place === undefined,
        ),
      },
      true,
    );
    if (subject !== undefined) this.add(subject, { ...group, relation: undefined });
    else for (const item of rest) if (isUnknown(item)) this.unread.push(item.text);
    return true;
  }

  /** "a beach" alone is a thing; with anything on it, or on a wide image, it is a place. */
  private isOnlyThing(item: Item, group: Group, decorated: boolean): boolean {
    const scene = meaning(item, 'scene')!;
    const isName = item.match !== undefined && item.match.sense !== 'meaning';
    if (this.wants.has('pattern') && isName) return true;
    const later = group.items.slice(group.items.indexOf(item) + 1);
    if (
      later.some((one) => isThing(one) && meaning(one, 'scene')?.name !== scene.name) &&
      !decorated
    )
      return !scene.bare || isName;
    const related =
      group.relation !== undefined && group.relation !== 'of' && group.relation !== 'to';
    if (related && group.relation !== 'beside') return this.ground !== undefined;
    if (group.relation === 'beside') return isName || !scene.bare || this.ground !== undefined;
    if (scene.bare) return this.ground !== undefined || (this.wants.has('icon') && isName);
    if (this.wants.has('icon')) return true;
    if (decorated || this.wants.has('scene') || this.wide) return this.ground !== undefined;
    const lit = this.items.some((one) => meaning(one, 'time') !== undefined && !isNamed(one));
    const others = this.groups.some(
      (one) =>
        one !== group &&
        one.items.some((other) => isThing(other) && meaning(other, 'scene') === undefined),
    );
    const placed = this.groups.some(
      (one) => one !== group && one.items.some((other) => meaning(other, 'scene') !== undefined),
    );
    return !isName ? !(lit || others) : placed || !(lit || others);
  }

  /** Groups of colours alone: "on yellow" is a ground, "in blue" is the thing's colour. */
  private readColour(group: Group): boolean {
    const colours = groupColours(group);
    const only = group.items.every(
      (item) =>
        item.colour !== undefined ||
        item.meanings.some((one) => one.is === 'article' || one.is === 'shade'),
    );
    if (colours.length === 0 || !only) return false;
    if (this.last !== undefined && group.relation === 'inside' && this.last.source === 'model') {
      this.last.words = `${group.items.flatMap(({ colour }) => (colour === undefined ? [] : [colour.word])).join(' ')} ${this.last.words.replace(/^an? /, '')}`;
    } else if (this.ground !== undefined)
      this.ground.colours = [...(this.ground.colours ?? []), ...colours].slice(0, MOST_OF_ONE);
    else if (
      group.relation === 'on' ||
      group.relation === 'at' ||
      group.relation === 'over' ||
      this.last !== undefined
    )
      this.setGround('plain', colours);
    else this.setGround(colours.length > 1 ? 'linear-gradient' : 'plain', colours);
    return true;
  }

  private setGround(name: Ground['name'], colours: readonly string[] = [], time?: Time): void {
    if (this.ground === undefined) this.ground = { name };
    else if (this.ground.name === 'plain' || this.ground.name === 'linear-gradient')
      this.ground.name = name;
    if (time !== undefined) this.time ??= time;
    if (colours.length > 0)
      this.ground.colours = [...(this.ground.colours ?? []), ...colours].slice(0, MOST_OF_ONE);
  }

  /** What a group shows: its last thing, or a sign; what words stand for only where nothing else is shown. */
  private subject(group: Group, ofGround = false): Draft | undefined {
    const lit = this.isLit();
    const strong = group.items.findLast(
      (item) =>
        !(lit && meaning(item, 'time') !== undefined) &&
        meaning(item, 'portrait') === undefined &&
        ((isThing(item) && (!isState(item) || item.match?.name === item.match?.thing)) ||
          this.isSign(item)),
    );
    if (strong === undefined) return undefined;
    const sign = this.isSign(strong) ? meaning(strong, 'sign') : undefined;
    const isPlural = strong.match?.plural === true;
    const counted = count(group);
    if (sign !== undefined) {
      return {
        words: spoken(sign.sign),
        source: 'vector',
        count: counted ?? 1,
        by: sign.weak ? 'weak' : 'name',
      };
    }
    const match = strong.match!;
    const many = pairs.has(match.thing) ? 1 : isPlural ? MANY : 1;
    const amount = Math.min(MOST_OF_ONE, counted ?? many);
    const tiled = ofGround || this.wants.has('pattern');
    return {
      words: this.words(
        group,
        strong,
        amount === 1 && !isPlural && counted === undefined && !ofGround,
      ),
      source: 'model',
      count: tiled && this.wants.has('pattern') ? 1 : amount,
      thing: match.thing,
      by: 'name',
    };
  }

  /** A sign is drawn in vectors; weak ones only in an icon or where nothing else is named. */
  private isSign(item: Item): boolean {
    const sign = meaning(item, 'sign');
    if (sign === undefined) return false;
    const usual = item.match?.sense === 'name' && item.match.name === item.match.thing;
    if (this.wants.has('icon')) return !usual || !sign.iconOnly;
    if (sign.iconOnly) return false;
    return !sign.weak || !this.named || this.items.every((one) => one === item || !isThing(one));
  }

  private words(group: Group, head: Item, article: boolean): string {
    const match = head.match!;
    const name = match.sense === 'name' ? match.name : match.thing;
    const colours = group.items.flatMap((item) =>
      item.colour !== undefined && item !== head ? [item.colour.word] : [],
    );
    const text = [...colours.filter((word) => !fold(name).startsWith(`${fold(word)} `)), name].join(
      ' ',
    );
    const typed = article && group.items.some(({ key }) => key === 'a' || key === 'an');
    return typed ? `${/^[aeiou]/i.test(text) ? 'an' : 'a'} ${text}` : text;
  }

  private add(subject: Draft, group: Group): void {
    const before = this.last;
    const { relation } = group;
    if (before === undefined || relation === undefined) {
      this.push(subject);
      return;
    }
    if (relation === 'of' || relation === 'to') {
      if (relation === 'of' && before.thing !== undefined && containers.has(before.thing)) {
        this.push({ ...subject, relation: 'inside' });
      } else if (before.by !== 'name') this.replace(before, subject);
      return undefined;
    }
    if (relation === 'front') {
      this.push({ ...subject, relation: 'behind' });
      return;
    }
    if (
      relation === 'on' ||
      relation === 'under' ||
      relation === 'behind' ||
      relation === 'inside'
    ) {
      if (before.relation !== undefined && this.subjects.indexOf(before) === 0) {
        this.push(subject);
        return;
      }
      before.relation = relation;
      const at = this.subjects.indexOf(before);
      if (this.subjects.length < MOST_SUBJECTS) this.subjects.splice(at, 0, subject);
      this.last = subject;
      return undefined;
    }
    this.push(subject);
  }

  /** Whether "sunset" is the light of a scene, and no thing. */
  private isLit(): boolean {
    return (
      this.wide ||
      this.items.some(
        (item) => meaning(item, 'scene') !== undefined && meaning(item, 'time') === undefined,
      )
    );
  }

  private replace(before: Draft, subject: Draft): void {
    this.subjects[this.subjects.indexOf(before)] = subject;
    this.last = subject;
  }

  private push(subject: Draft): void {
    const same = this.subjects.find(
      (one) =>
        one.source === subject.source &&
        (one.source === 'portrait'
          ? false
          : one.thing !== undefined
            ? one.thing === subject.thing
            : one.words === subject.words),
    );
    if (same !== undefined) return;
    if (subject.source === 'portrait') {
      const group = this.subjects.find((one) => one.source === 'portrait');
      if (group !== undefined && (subject.words === 'person' || group.words === 'person')) {
        group.count = Math.max(group.count, subject.count);
        if (group.words === 'person') group.words = subject.words;
        return;
      }
    }
    if (this.subjects.length < MOST_SUBJECTS) {
      this.subjects.push(subject);
      this.last = subject;
    }
  }

  /** Where nothing is shown yet: a page's usual image, what a word stands for, a face, or the words as they are. */
  private fallBack(): void {
    const strong = this.subjects.some(({ source }) => source !== 'text');
    const page = this.items.map((item) => meaning(item, 'page')).find((one) => one !== undefined);
    if (page !== undefined && (!strong || page.draws.startsWith('text:'))) {
      const drawn = pageSubject(page);
      if (drawn.source === 'text') this.subjects.unshift(drawn);
      else this.push(drawn);
      this.subjects.splice(MOST_SUBJECTS);
      return;
    }
    if (this.subjects.length > 0) return;
    const meant =
      this.items.findLast(
        (item) =>
          item.match?.sense === 'meaning' &&
          meaning(item, 'scene') === undefined &&
          meaning(item, 'kind') === undefined,
      ) ??
      (this.ground === undefined
        ? this.items.findLast(
            (item) => item.match?.sense === 'meaning' && meaning(item, 'kind') === undefined,
          )
        : undefined);
    if (
      meant?.match !== undefined &&
      !(this.ground !== undefined && meaning(meant, 'surface') !== undefined)
    ) {
      this.push({
        words: meant.match.thing,
        source: 'model',
        count: 1,
        thing: meant.match.thing,
        by: 'meaning',
      });
      return;
    }
    if (this.ground !== undefined || this.wants.has('background') || this.wants.has('pattern'))
      return;
    const lit = this.items.find((item) => meaning(item, 'time') !== undefined);
    const named = this.items.findLast((item) => isThing(item));
    if (named?.match !== undefined && this.items.length < 3) {
      this.push({
        words: named.match.thing,
        source: 'model',
        count: 1,
        thing: named.match.thing,
      });
      return;
    }
    const place = this.items.map((item) => meaning(item, 'scene')).find((one) => one !== undefined);
    if (place !== undefined) {
      this.setGround(place.name, [], place.time);
      return;
    }
    if (lit !== undefined) {
      this.setGround(this.wide ? 'sea' : 'sky', [], this.time);
      return;
    }
    if (named?.match !== undefined) {
      this.push({
        words: named.match.thing,
        source: 'model',
        count: 1,
        thing: named.match.thing,
      });
      return;
    }
    if (this.wants.has('scene')) {
      this.setGround('hills');
      return;
    }
    if (this.wide && this.unread.length === 0) {
      this.setGround('mesh-gradient');
      return;
    }
    const words =
      this.unread.join(' ') || this.plain || this.items.map(({ text }) => text).join(' ');
    this.push({ words: words.slice(0, 200).trim() || 'image', source: 'model', count: 1 });
  }

  private kind(): Kind {
    if (this.wants.has('pattern')) return 'pattern';
    if (this.wants.has('background')) {
      const behind =
        this.subjects.length > 0 &&
        this.items.some(
          (item, at) =>
            at > 0 && item.meanings.some((one) => one.is === 'kind' && one.kind === 'background'),
        ) &&
        this.isBehindThing();
      if (!behind) return 'background';
    }
    if (this.items.some((item) => meaning(item, 'page') !== undefined) || this.wants.has('page')) {
      if (!this.wants.has('icon')) return 'page';
    }
    if (this.subjects.some(({ source }) => source === 'portrait') || this.isPortraitWanted()) {
      if (!this.subjects.every(({ source }) => source === 'vector')) return 'avatar';
    }
    if (this.wants.has('icon')) return 'icon';
    if (this.subjects.some(({ thing, words }) => CHARTS.has(thing ?? words))) return 'chart';
    if (this.ground !== undefined && isScene(this.ground.name)) return 'scene';
    if (this.ground !== undefined && this.subjects.length === 0) return 'background';
    return 'thing';
  }

  /** "a car on a yellow background", "a car, blue background": the background is the car's. */
  private isBehindThing(): boolean {
    return this.groups.some((group) => {
      if (
        !group.items.some((item) =>
          item.meanings.some((one) => one.is === 'kind' && one.kind === 'background'),
        )
      )
        return false;
      const first = this.groups[0] !== group;
      return first && group.items.every((item) => !isThing(item) || item.colour !== undefined);
    });
  }

  private isTiled(kind: Kind): boolean {
    return (
      kind === 'background' &&
      this.subjects.length > 0 &&
      this.subjects.every(({ count: many, source }) => many > 1 && source === 'model') &&
      (this.ground === undefined || !isScene(this.ground.name))
    );
  }

  private finishedGround(kind: Kind): Composition['ground'] {
    if (this.items.some((item) => meaning(item, 'transparent') !== undefined)) return 'transparent';
    const times = this.items.flatMap((item) => meaning(item, 'time') ?? []);
    if (this.ground === undefined) this.ground = this.ownGround(kind, times.length > 0);
    const { ground } = this;
    if (ground === undefined) return undefined;
    const time = this.time ?? times[0]?.time;
    const scene = isScene(ground.name);
    const lit = scene
      ? undefined
      : ground.colours === undefined
        ? TIME_COLOURS[time ?? 'day']
        : undefined;
    const dark =
      this.dark ||
      (ground.name === 'plain' &&
        ground.colours?.[0] !== undefined &&
        isDark(ground.colours[0]) &&
        kind === 'background');
    return {
      name: ground.name,
      ...(scene && time !== undefined && { time }),
      ...((ground.colours ?? lit) !== undefined && {
        colours: [...new Set(ground.colours ?? lit)],
      }),
      ...(!scene && dark && { dark: true }),
    };
  }

  /** The ground of an image whose words name none. */
  private ownGround(kind: Kind, lit: boolean): GroundDraft | undefined {
    if (kind === 'page') return { name: PAGE_GROUND };
    if (kind === 'background') return { name: 'mesh-gradient' };
    if (kind === 'pattern') return this.subjects.length === 0 ? { name: 'tiles' } : undefined;
    const place = this.subjects
      .map(({ thing, words }) => places.get(thing ?? words))
      .find((one) => one !== undefined);
    if (lit && this.subjects.length > 0) return { name: place ?? 'hills' };
    if (kind === 'icon') return undefined;
    if (this.wide && this.subjects.length > 0)
      return {
        name: place !== undefined && place !== 'room' && place !== 'city' ? place : 'mesh-gradient',
      };
    return undefined;
  }

  private finishedSubjects(): Subject[] {
    const styles = [...new Set(this.styles)].map((style) => `, ${style}`).join('');
    return this.subjects
      .slice(0, MOST_SUBJECTS)
      .map(({ words, source, count: many, relation }, at) => ({
        words: (source === 'model' ? `${words}${styles}` : words).slice(0, 200).trim() || 'image',
        source,
        count: Math.max(1, Math.min(MOST_OF_ONE, many)),
        ...(relation !== undefined && at > 0 && { relation }),
      }));
  }

  private size(): Pick<PromptReading, 'size'> {
    const asked = this.items
      .filter((item) => !isNamed(item))
      .flatMap((item) =>
        item.meanings.flatMap((one) =>
          one.is === 'kind' && one.size !== undefined ? [one.size] : [],
        ),
      );
    const [size] = asked;
    if (size !== undefined) return { size: { width: size[0], height: size[1] } };
    if (this.isPortraitWanted() && this.kind() === 'avatar')
      return { size: { width: 256, height: 256 } };
    return {};
  }
}

function isScene(name: string): boolean {
  return [
    'sky',
    'mountains',
    'hills',
    'fields',
    'sea',
    'beach',
    'desert',
    'forest',
    'snow',
    'city',
    'room',
  ].includes(name);
}

/** Whether the item is a usual word of a thing, which wins over what else the word can mean. */
function isNamed(item: Item): boolean {
  return item.match?.sense === 'name' && item.match.name === item.match.thing;
}

/** Meanings that make more of a word than the thing that it names. */
function decides({ is }: Meaning): boolean {
  return is === 'page' || is === 'portrait' || is === 'people' || is === 'sign' || is === 'kind';
}

function isState(item: Item): boolean {
  return meaning(item, 'page') !== undefined;
}

function isAdjective({ is }: Meaning): boolean {
  return is === 'article' || is === 'filler' || is === 'style' || is === 'action' || is === 'shade';
}

function isUnknown(item: Item): boolean {
  return (
    item.meanings.length === 0 &&
    item.match === undefined &&
    item.colour === undefined &&
    item.quoted === undefined
  );
}

function count(group: Group): number | undefined {
  const counts = group.items.flatMap((item) =>
    isThing(item) ? [] : (meaning(item, 'count') ?? []),
  );
  return counts.length === 0 ? undefined : Math.min(MOST_OF_ONE, counts[0]!.count);
}

function groupColours(group: Group): string[] {
  return [
    ...new Set(group.items.flatMap(({ colour }) => (colour === undefined ? [] : [colour.hex]))),
  ];
}

function surfaceColours(group: Group): readonly string[] {
  return group.items.flatMap(({ key }) => SURFACE_COLOURS[key] ?? []);
}

function spoken(sign: string): string {
  return sign.replace(/[-_]/g, ' ');
}

function pageSubject({ draws }: { readonly draws: string }): Draft {
  if (draws.startsWith('text:'))
    return { words: draws.slice('text:'.length), source: 'text', count: 1 };
  if (draws.startsWith('sign:'))
    return { words: spoken(draws.slice('sign:'.length)), source: 'vector', count: 1 };
  return { words: draws, source: 'model', count: 1, thing: draws };
}
