import {
  formsOf,
  isScene,
  type Composition,
  type Form,
  type Ground,
  type GroundName,
  type Kind,
  type SceneName,
  type Time,
} from '../composition';
import type { Draft } from './drafts';
import { coloursOf, groupMeaning, isThing, isUsual, meaning, type Group } from './groups';
import { isBackdrop, type Intent } from './intent';
import type { Item } from './items';
import { listed } from './spelling';
import { TIME_COLOURS } from './table/colours';
import { FORM_WORDS, NATURAL_PLACES, SURFACE_COLOURS } from './table/grounds';
import { PAGE_GROUND } from './table/pages';

const MOST_COLOURS = 12;
/** Where things and drawings stand by nature, by the thing's usual word or the drawing's name. */
export const naturalPlaces: ReadonlyMap<string, SceneName> = new Map(
  Object.entries(NATURAL_PLACES).flatMap(([scene, words]) =>
    listed(words).map((word): [string, SceneName] => [word, scene as SceneName]),
  ),
);

const formWords: ReadonlyMap<string, Form> = new Map(
  Object.entries(FORM_WORDS).flatMap(([form, words]) =>
    listed(words).map((word): [string, Form] => [word, form as Form]),
  ),
);

/** Of a surface in black and white. */
const INK = ['#ffffff', '#1c1c20'];

/** Finds what lies behind the subjects, group by group. */
export class GroundReader {
  private ground: { name: GroundName; form?: Form | undefined; colours?: string[] } | undefined;
  private time: Time | undefined;
  private dark = false;
  /** Whether the ground is a place where things often only pass: a road, a table. */
  private passing = false;

  constructor(
    private readonly items: readonly Item[],
    private readonly groups: readonly Group[],
    private readonly intent: Intent,
  ) {}

  /** Where the image is, as far as it is known. */
  get name(): GroundName | undefined {
    return this.ground?.name;
  }

  /** Takes the light that a group names. */
  readTime(group: Group): void {
    this.time ??= groupMeaning(group, 'time')?.time;
  }

  /**
   * Reads a group as the ground.
   * @returns the group's other items, which can name subjects; undefined where it is no ground
   */
  read(group: Group): Item[] | undefined {
    const backdrop = group.items.some(isBackdrop);
    const surfaceItem = this.surfaceItem(group, backdrop);
    const sceneItem = group.items.findLast(
      (item) => meaning(item, 'scene') !== undefined && this.isPlace(item, group, backdrop),
    );
    // "Under a blue sky" is the light of the hills that were named before.
    if (this.ground !== undefined) this.time ??= groupMeaning(group, 'scene')?.time;
    if (!backdrop && sceneItem === undefined && surfaceItem === undefined) return undefined;
    const surface = surfaceItem === undefined ? undefined : meaning(surfaceItem, 'surface');
    const place = sceneItem === undefined ? undefined : meaning(sceneItem, 'scene');
    this.readTime(group);
    this.dark ||= group.items.some((item) => meaning(item, 'shade')?.dark === true);
    const colours = coloursOf(group);
    const form = surface && formOf(surface, group);
    if (surface !== undefined && (place === undefined || surface.sure)) {
      this.set(
        surface.name,
        colours.length > 0 ? colours : this.items.flatMap(({ key }) => SURFACE_COLOURS[key] ?? []),
      );
      if (this.ground?.name === surface.name) this.ground.form ??= form;
    } else if (place !== undefined && sceneItem !== undefined) {
      this.set(
        place.name,
        colours.length > 0 ? colours : [...(SURFACE_COLOURS[sceneItem.key] ?? [])],
        place.time,
      );
      this.passing = !place.bare;
    } else if (colours.length > 0)
      this.set(colours.length > 1 ? 'linear-gradient' : 'plain', colours);
    return group.items.filter((item) => {
      if (item === sceneItem || item === surfaceItem) return false;
      if (surface !== undefined && meaning(item, 'surface') !== undefined) return false;
      if (form !== undefined && formWords.get(item.key) === form) return false;
      return place === undefined || meaning(item, 'scene')?.name !== place.name;
    });
  }

  private surfaceItem(group: Group, backdrop: boolean): Item | undefined {
    const decorated =
      backdrop || this.intent.kinds.has('background') || this.intent.kinds.has('pattern');
    const isShort = backdrop || this.groups.length < 3;
    const named = group.items.filter((item) => {
      const surface = meaning(item, 'surface');
      if (surface === undefined) return false;
      return (surface.sure || (decorated && isShort)) && (!isUsual(item) || backdrop);
    });
    // "Geometric hexagons", "abstract circuit lines": what names a form says more.
    return named.find((item) => meaning(item, 'surface')?.form !== undefined) ?? named[0];
  }

  /** Whether a word is the place: "a beach" alone is a thing; with anything on it, or on a wide image, a place. */
  private isPlace(item: Item, group: Group, backdrop: boolean): boolean {
    const scene = meaning(item, 'scene')!;
    const { kinds, wide } = this.intent;
    const named = isThing(item);
    const { relation } = group;
    const isFree =
      this.ground === undefined ||
      !isScene(this.ground.name) ||
      this.ground.name === 'sky' ||
      (this.passing && scene.bare && scene.name !== 'sky');
    if (kinds.has('pattern') && named) return false;
    const decorated = backdrop || kinds.has('background') || kinds.has('pattern');
    const later = group.items.slice(group.items.indexOf(item) + 1);
    if (
      !decorated &&
      later.some((one) => isThing(one) && meaning(one, 'scene')?.name !== scene.name)
    )
      return scene.bare && !named;
    if (relation === 'beside') return !named && scene.bare && isFree;
    if (relation !== undefined && relation !== 'of' && relation !== 'to') return isFree;
    if (kinds.has('icon')) return scene.bare && !named && isFree;
    if (scene.bare || decorated || kinds.has('scene') || wide) return isFree;
    return this.isPlaceOfOthers(item, group, named);
  }

  private isPlaceOfOthers(item: Item, group: Group, named: boolean): boolean {
    const lit = this.items.some((one) => one !== item && meaning(one, 'time') !== undefined);
    const others = this.groups.filter((one) => one !== group);
    const hasThings = others.some((one) =>
      one.items.some((other) => isThing(other) && meaning(other, 'scene') === undefined),
    );
    const hasPlaces = others.some((one) =>
      one.items.some((other) => {
        const place = meaning(other, 'scene');
        // The sky is over every place.
        return place !== undefined && place.name !== 'sky';
      }),
    );
    return (lit || hasThings) && !(named && hasPlaces);
  }

  /** Takes colours that stand alone: "on yellow", "blue to purple". */
  readColours(colours: readonly string[], hasSubject: boolean, relation?: Group['relation']): void {
    // Of "red dots on white" the most is white.
    if (relation === 'on' && this.ground !== undefined && !isScene(this.ground.name)) {
      this.ground.colours = [...colours, ...(this.ground.colours ?? [])].slice(0, MOST_COLOURS);
      return;
    }
    if (this.ground === undefined)
      this.set(colours.length > 1 && !hasSubject ? 'linear-gradient' : 'plain', colours);
    else this.set(this.ground.name, colours);
  }

  /** Sets the ground. A place wins over colours alone, and another place over the sky. */
  set(name: GroundName, colours: readonly string[] = [], time?: Time): void {
    const { ground: before, passing } = this;
    this.passing = false;
    const isWeak =
      before === undefined ||
      before.name === 'plain' ||
      before.name === 'linear-gradient' ||
      (before.name === 'sky' && isScene(name)) ||
      (passing && isScene(name) && name !== 'sky');
    this.ground = {
      name: isWeak ? name : before.name,
      form: isWeak && name !== before?.name ? undefined : before.form,
      colours: [...(before?.colours ?? []), ...colours].slice(0, MOST_COLOURS),
    };
    this.time ??= time;
  }

  /** The ground of the image; `transparent`; or undefined where nothing is said and none is needed. */
  finished(kind: Kind, subjects: readonly Draft[]): Composition['ground'] {
    if (this.intent.transparent) return 'transparent';
    const times = this.items.flatMap((item) => meaning(item, 'time') ?? []);
    const time = this.time ?? times[0]?.time;
    const own = this.ground?.name ?? this.own(kind, subjects, times.length > 0);
    if (own === undefined) return undefined;
    const said = [...new Set(this.ground?.colours)];
    const lit = isScene(own) || time === undefined ? undefined : TIME_COLOURS[time];
    const uncoloured = this.intent.styles.includes('black and white') && !isScene(own);
    const colours = said.length > 0 ? said : uncoloured && subjects.length === 0 ? INK : lit;
    const ground: Ground = { name: own };
    const form = this.ground?.form;
    if (form !== undefined && own === this.ground?.name) ground.form = form;
    if (isScene(own) && time !== undefined) ground.time = time;
    if (colours !== undefined) ground.colours = [...colours];
    if (!isScene(own) && this.dark) ground.dark = true;
    return ground;
  }

  /** The ground of an image whose words name none. */
  private own(kind: Kind, subjects: readonly Draft[], lit: boolean): GroundName | undefined {
    if (kind === 'page') return PAGE_GROUND;
    if (kind === 'background') return 'mesh-gradient';
    if (kind === 'pattern') return subjects.length === 0 ? 'tiles' : undefined;
    if (subjects.length === 0) return undefined;
    const place = subjects
      .map(({ thing, sign, words }) => naturalPlaces.get(thing ?? sign ?? words))
      .find((one) => one !== undefined);
    if (lit) return place ?? 'hills';
    if (kind === 'icon' || !this.intent.wide) return undefined;
    return place === undefined || place === 'room' || place === 'city' ? 'mesh-gradient' : place;
  }
}

/** The form of a surface that a group names: by the surface's own word, or by one beside it. */
function formOf(
  { name, form }: { readonly name: GroundName; readonly form?: Form },
  group: Group,
): Form | undefined {
  const forms = formsOf(name);
  const said = group.items
    .flatMap((item) => formWords.get(item.key) ?? [])
    .find((one) => forms.includes(one));
  return said ?? form;
}
