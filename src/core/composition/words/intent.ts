import type { Kind } from '../composition';
import type { Item } from './items';
import { isThing, isUsual, meaning } from './groups';
import { isLook, isPerson } from './persons';

/** What the words say about the image as a whole. */
export interface Intent {
  /** Kinds of image that are asked for. */
  readonly kinds: ReadonlySet<Kind>;
  /** A wide image on a page, which needs a ground. */
  readonly wide: boolean;
  readonly size?: { readonly width: number; readonly height: number };
  /** Styles that the model knows, as it knows them. */
  readonly styles: readonly string[];
  readonly transparent: boolean;
  /** The face of a person: "avatar", "testimonial". */
  readonly portrait: boolean;
  /** A thing of the model is named that is no place. */
  readonly named: boolean;
  /** Something else than people is named: a thing, or a place. */
  readonly crowded: boolean;
  /** An interface sign is asked for: "icon", "symbol". A logo or the icon of a page can be any drawing. */
  readonly sign: boolean;
}

const PORTRAIT_SIZE = { width: 256, height: 256 };
/** Kinds whose word can be a part of a longer phrase: "flat icon", "geometric pattern". */
const IN_PHRASES = ['icon', 'pattern', 'background'] as const;

/** Words of an interface for its signs. */
const SIGN_WORDS =
  /^(?!(?:app|store|pwa|fav|site|browser tab|touch|apple touch) icons?$)(?:.* )?(?:icons?|symbols?|glyphs?|pictograms?)$/;

const SAYS = ['kind', 'style', 'surface', 'sign', 'scene'] as const;

/** What the items of a prompt say about the image as a whole. */
export function intentOf(items: readonly Item[]): Intent {
  const said = items.flatMap((item) => (isUsual(item) ? [] : (meaning(item, 'kind') ?? [])));
  const kinds = new Set(said.flatMap(({ kind }) => kind ?? []));
  for (const kind of IN_PHRASES) {
    if (
      items.some(
        (item) =>
          (kind === 'icon' || SAYS.some((is) => meaning(item, is) !== undefined)) &&
          item.key.includes(' ') &&
          item.key.split(' ').some((word) => word === kind || word === `${kind}s`),
      )
    )
      kinds.add(kind);
  }
  const size = said.find((one) => one.size !== undefined)?.size;
  const portrait = items.some((item) => meaning(item, 'portrait') !== undefined);
  return {
    kinds,
    wide: said.some(({ wide }) => wide === true),
    size:
      size === undefined
        ? portrait && !kinds.has('icon') && !kinds.has('background')
          ? PORTRAIT_SIZE
          : undefined
        : { width: size[0], height: size[1] },
    styles: [
      ...new Set(
        items.flatMap((item) => (isThing(item) ? [] : (meaning(item, 'style')?.style ?? []))),
      ),
    ],
    transparent: items.some((item) => meaning(item, 'transparent') !== undefined),
    portrait,
    crowded: items.some(
      (item) =>
        (isThing(item) &&
          item.match!.thing !== 'avatar' &&
          !isPerson(item.key) &&
          !isLook(item.key) &&
          !isPerson(item.match!.name) &&
          meaning(item, 'kind') === undefined) ||
        meaning(item, 'scene') !== undefined,
    ),
    sign: kinds.has('icon') && items.some((item) => SIGN_WORDS.test(item.key)),
    named: items.some(
      (item) =>
        isThing(item) &&
        meaning(item, 'page') === undefined &&
        meaning(item, 'scene') === undefined,
    ),
  };
}

/** Whether the words are a backdrop or a pattern themselves, or are part of what says so. */
export function isBackdrop(item: Item): boolean {
  const kind = isUsual(item) ? undefined : meaning(item, 'kind')?.kind;
  return kind === 'background' || kind === 'pattern';
}

/** Words that say how the image is drawn or nothing at all, and do not stand for anything in it. */
export function isAside(item: Item): boolean {
  if (isThing(item)) return false;
  if (meaning(item, 'style') !== undefined) return true;
  return (
    item.meanings.length === 1 &&
    (item.meanings[0]!.is === 'filler' || item.meanings[0]!.is === 'transparent')
  );
}
