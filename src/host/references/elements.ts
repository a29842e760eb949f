import { isImageAddress } from './addresses';
import { cssReferences } from './css-references';
import {
  imageReference,
  type ImageReference,
  type Place,
  type ReferenceDetails,
  type ReferenceKind,
} from './image-reference';
import { trimmed, type SourceText } from './source-text';
import { srcsetReferences } from './srcset';

/** What the value of an attribute, of JSX or of a template's expression, can be. */
export interface AttributeValue {
  /** The texts that it can be: one, or several of `wide ? 'a.png' : 'b.png'`. */
  readonly texts: readonly SourceText[];
  /** Names that modules import and code declares: `hero`, also of `hero.src`. */
  readonly names: readonly string[];
  /** Addresses of modules in it: `require('./a.png')`, `new URL('./a.png', import.meta.url)`. */
  readonly modules: readonly SourceText[];
  readonly number?: number;
}

/** An element of HTML, JSX or a template. */
export interface MarkupElement {
  /** As it is written: the case of a component's name matters. */
  readonly name: string;
  readonly place: Place;
  readonly attributes: readonly MarkupAttribute[];
  /** The text that stands with it, such as a `figcaption`. */
  readonly caption?: string;
}

export interface MarkupAttribute {
  readonly name: string;
  readonly value: AttributeValue;
}

/** What elements say about images that code names: by the imported or declared name. */
export type NamedDetails = Map<string, ReferenceDetails>;

type Form = 'address' | 'set' | 'style';

interface Role {
  readonly form: Form;
  readonly kind: ReferenceKind;
  /** Whether every address is of an image; else only those that end like one. */
  readonly always: boolean;
}

/** Props of components, and `data-` attributes, that take images. They count by the address's ending. */
export const IMAGE_NAME =
  /(?:^|[-_:])(?:src|image|img|images|icon|favicon|logo|avatar|background|bg|cover|poster|thumb|thumbnail|photo|picture|banner|hero|original|lazy|fallback|placeholder|url|uri|sources?|apple|shortcut)$|(?:Src|Image|Img|Icon|Logo|Avatar|Background|Bg|Cover|Poster|Thumb|Thumbnail|Photo|Picture|Banner|Hero|Url|URL|Uri|Source)$|^(?:image|img|src|icon|logo)[A-Z]/;
/** `<img>` and the elements and components that frameworks put in its place. */
const IMAGE_ELEMENT =
  /^(?:img|image|amp-img|enhanced:img|(?:[A-Za-z]+\.)?(?:Next|Nuxt|Static|Legacy|Future|Lazy(?:Load)?)?(?:Image|Img|img)|NuxtPicture|nuxt-img|nuxt-picture|Picture|q-img|v-img)$/;
/** The rest of `<link rel>` names sheets and pages. */
const ICON_LINK = /\b(?:icon|apple-touch-icon(?:-precomposed)?|mask-icon|fluid-icon)\b/i;
const IMAGE_LINK = /\b(?:image_src|apple-touch-startup-image)\b/i;
const IMAGE_META =
  /^(?:og:image(?::(?:secure_)?url)?|twitter:image(?::src|\d)?|image|thumbnail(?:url)?|msapplication-(?:tileimage|\w+logo))$/i;
/** A component or an element of one's own. Attributes of HTML's elements name pages, code and sound too. */
const IS_COMPONENT = /[A-Z]|[-.:]/;

/**
 * The images that the elements of a document name, in the order of the document.
 * @param named takes what elements say about images that are imported: `<img src={hero} alt="…">`
 * @param title of the page, for the image that other sites show for it
 */
export function elementReferences(
  elements: readonly MarkupElement[],
  named: NamedDetails = new Map(),
  title = '',
): ImageReference[] {
  const found: (ImageReference | undefined)[] = [];
  const page = pageFacts(elements, title);
  for (const [index, element] of elements.entries()) {
    const details = detailsOf(elements, index, page);
    for (const attribute of element.attributes) {
      const role = roleOf(element, attribute.name);
      if (!role) continue;
      const { texts, names, modules } = attribute.value;
      const said = { ...details, kind: role.kind };
      const { place } = element;
      for (const name of names) {
        // The first element that says something counts.
        if (role.form === 'address' && !named.get(name)?.alt) named.set(name, details);
      }
      for (const module of modules) {
        const at = module.place(0, module.value.length);
        found.push(imageReference(place, at, module.value, { ...details, kind: 'import' }));
      }
      for (const text of texts) found.push(...read(text, place, role, said));
    }
  }
  return found.filter((one) => one !== undefined);
}

function read(
  text: SourceText,
  place: Place,
  { form, always }: Role,
  details: ReferenceDetails,
): (ImageReference | undefined)[] {
  switch (form) {
    case 'style':
      return text.value.includes('(')
        ? cssReferences(text, 'css', { ...details, kind: 'style' })
        : [];
    case 'set':
      return srcsetReferences(text, place, details).filter(
        ({ url }) => always || isImageAddress(url),
      );
    case 'address': {
      const inner = trimmed(text);
      if (!always && !isImageAddress(inner.value)) return [];
      return [imageReference(place, inner.place(0, inner.value.length), inner.value, details)];
    }
  }
}

function roleOf(element: MarkupElement, attribute: string): Role | undefined {
  const name = attribute.toLowerCase();
  const tag = element.name.toLowerCase();
  const always = IMAGE_ELEMENT.test(element.name);
  if (/^(?:style|class|classname|class:list|sx|css)$/.test(name) || name.startsWith('style:')) {
    return { form: 'style', kind: 'style', always };
  }
  if (tag === 'link') return linkRole(element, name);
  if (tag === 'meta') {
    const isImage = name === 'content' && IMAGE_META.test(metaName(element));
    return isImage ? { form: 'address', kind: 'meta', always: true } : undefined;
  }
  if (/^(?:data-(?:\w+-)?)?srcset$/.test(name)) {
    return { form: 'set', kind: 'image', always: always || tag === 'source' };
  }
  if (isAddress(element, tag, name, always))
    return { form: 'address', kind: 'image', always: true };
  const isOther = IS_COMPONENT.test(element.name)
    ? IMAGE_NAME.test(attribute)
    : (name.startsWith('data-') && IMAGE_NAME.test(name)) ||
      OWN_IMAGES.has(`${tag} ${name}`) ||
      name === 'background';
  return isOther ? { form: 'address', kind: 'image', always: false } : undefined;
}

/** Attributes that can name an image or something else. */
const OWN_IMAGES = new Set(['object data', 'embed src', 'source src', 'img lowsrc']);

/** The attributes that name nothing but an image. */
function isAddress(element: MarkupElement, tag: string, name: string, isImage: boolean): boolean {
  if (name === 'ngsrc') return isImage;
  if (name === 'src')
    return isImage || (tag === 'input' && /^image$/i.test(textOf(element, 'type')));
  if (name === 'href' || name === 'xlink:href' || name === 'xlinkhref') {
    return tag === 'feimage' || element.name === 'image';
  }
  return name === 'poster' && tag === 'video';
}

function linkRole(element: MarkupElement, name: string): Role | undefined {
  const rel = textOf(element, 'rel');
  const isImage = /^image$/i.test(textOf(element, 'as')) || IMAGE_LINK.test(rel);
  if (name === 'imagesrcset' && isImage) return { form: 'set', kind: 'image', always: true };
  if (name !== 'href') return undefined;
  if (ICON_LINK.test(rel)) return { form: 'address', kind: 'icon', always: true };
  return isImage ? { form: 'address', kind: 'image', always: true } : undefined;
}

function metaName(element: MarkupElement): string {
  return textOf(element, 'property') || textOf(element, 'name') || textOf(element, 'itemprop');
}

/** What an element says about its image, or the elements around it say. */
function detailsOf(
  elements: readonly MarkupElement[],
  index: number,
  page: PageFacts,
): ReferenceDetails {
  const element = elements[index];
  if (!element) return {};
  const tag = element.name.toLowerCase();
  // The sizes are those of Open Graph's image.
  if (tag === 'meta') return /^og:/i.test(metaName(element)) ? page : { alt: page.alt };
  if (tag === 'link') return squareOf(textOf(element, 'sizes'));
  // The sources of a `<picture>` stand before its `<img>`.
  const shown = tag === 'source' ? (imageBehind(elements, index) ?? element) : element;
  const alt =
    ['alt', 'aria-label', 'title', 'label', 'caption']
      .map((name) => textOf(shown, name))
      .find(Boolean) ??
    shown.caption ??
    '';
  const side = (name: string) => sizeOf(element, name) ?? sizeOf(shown, name);
  return { alt, width: side('width'), height: side('height') };
}

function imageBehind(elements: readonly MarkupElement[], index: number): MarkupElement | undefined {
  const next = elements.slice(index + 1, index + 20).find(({ name }) => name !== 'source');
  return next && IMAGE_ELEMENT.test(next.name) ? next : undefined;
}

/** `sizes="32x32"`; the last of several is the largest. */
function squareOf(sizes: string): ReferenceDetails {
  const [, width, height] = /(\d+)x(\d+)\s*$/i.exec(sizes) ?? [];
  return { width, height };
}

interface PageFacts {
  readonly alt: string;
  readonly width?: string | undefined;
  readonly height?: string | undefined;
}

/** What `<meta>` elements say about the image of the page. */
function pageFacts(elements: readonly MarkupElement[], title: string): PageFacts {
  const metas = new Map<string, string>();
  for (const element of elements) {
    if (element.name.toLowerCase() !== 'meta') continue;
    const name = metaName(element).toLowerCase();
    if (name !== '' && !metas.has(name)) metas.set(name, textOf(element, 'content'));
  }
  const first = (...names: string[]) => names.map((name) => metas.get(name)).find(Boolean);
  return {
    alt: first('og:image:alt', 'twitter:image:alt', 'og:title', 'twitter:title') ?? title,
    width: first('og:image:width'),
    height: first('og:image:height'),
  };
}

function valueOf(element: MarkupElement, name: string): AttributeValue | undefined {
  return element.attributes.find((attribute) => attribute.name.toLowerCase() === name)?.value;
}

/** The value of an attribute if it is one text that is known. */
function textOf(element: MarkupElement, name: string): string {
  const texts = valueOf(element, name)?.texts ?? [];
  const [text] = texts;
  return texts.length === 1 && text && !/[{<]/.test(text.value) ? text.value.trim() : '';
}

function sizeOf(element: MarkupElement, name: string): string | number | undefined {
  return valueOf(element, name)?.number ?? (textOf(element, name) || undefined);
}
