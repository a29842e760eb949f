import { decodePercent, isImageAddress } from '../references/addresses';
import { attributeAddress, imageAttributes, linkText } from './link-format';
import { frontMatterOf, placeInFrontMatter } from './place-front-matter';
import { placeInScript } from './place-script';
import { placeInStyle } from './place-style';
import { endsLine, indentOf, intoValue, lineAt, type Insertion, type Placement } from './placement';
import { tagAt, type AttributeContext, type TagContext } from './tag-context';

/** Puts an image into HTML, or a language of components that is written like it. */
export function placeInMarkup(insertion: Insertion): Placement {
  const { text, style } = insertion;
  const front = frontMatterOf(text);
  if (front && insertion.offset < front.after && front.kind === 'yaml') {
    const isInside = insertion.offset >= front.start && insertion.offset <= front.end;
    if (!isInside) return element({ ...insertion, offset: front.after, start: front.after });
    if (style === 'astro') {
      return placeInScript(insertion, {
        ...{ from: front.start, quote: "'" as const },
        ...{ hasElements: false, isModule: true },
      });
    }
    return placeInFrontMatter(insertion, front);
  }
  return (
    regionPlace(insertion) ??
    templatePlace(insertion) ??
    tagPlace(insertion) ??
    element({ ...insertion, offset: outOfToken(text, insertion.offset) })
  );
}

/** A place behind an end tag, a declaration or a character's name that an offset is in. */
function outOfToken(text: string, offset: number): number {
  const [lead] =
    /(?:<[/!][\w\s-]*|<|&#?\w*)$/.exec(text.slice(Math.max(0, offset - 50), offset)) ?? [];
  if (lead === undefined) return offset;
  const rest = lead.startsWith('&') ? /^#?\w*;/ : lead === '<' ? /^[/!][^<>]*>/ : /^[^<>]*>/;
  return offset + (rest.exec(text.slice(offset, offset + 200))?.[0].length ?? 0);
}

/**
 * The address in a text of a template's own code, such as `{{> card image="…"}}` or `{% include src="…" %}`;
 * behind the code elsewhere in it. Undefined outside of it.
 */
export function templatePlace(insertion: Insertion): Placement | undefined {
  const { text, offset, afterSelection, parts } = insertion;
  const line = lineAt(text, offset);
  for (const { 0: whole, index } of line.text.matchAll(/(?<!=)\{\{[^\n]*?\}\}|\{%[^\n]*?%\}/g)) {
    const [start, end] = [line.start + index, line.start + index + whole.length];
    if (offset < start + 2 || offset > end - 2) continue;
    for (const { 0: quoted, index: at } of whole.matchAll(/"[^"\n]*"|'[^'\n]*'|`[^`\n]*`/g)) {
      const value = { start: start + at + 1, end: start + at + quoted.length - 1 };
      if (offset < value.start || offset > value.end) continue;
      const old = text.slice(value.start, value.end);
      if (old.trim() === '' || isImageAddress(old) || afterSelection) {
        return intoValue(insertion, value, parts.href);
      }
    }
    if (tagAt(text, offset)) return undefined;
    const before = text.slice(start, offset);
    // `image=` without quotes yet.
    if (/=\s*$/.test(before) && /^\s/.test(text.slice(offset))) {
      return { offset, text: `"${parts.href}"` };
    }
    return element({ ...insertion, offset: end, start: end, afterSelection: false });
  }
  return undefined;
}

/** A place in a comment, a style sheet or a script of a page; undefined elsewhere. */
export function regionPlace(insertion: Insertion): Placement | undefined {
  const { text, offset, style, parts } = insertion;
  const region = regionAt(text, offset);
  switch (region?.name) {
    case '<!--':
      return { offset, text: decodePercent(parts.href) };
    case '<?':
      return quotedCode(insertion);
    case '<style':
      return placeInStyle(insertion, {
        ...{ from: region.start, to: region.end },
        isIndented: /\blang\s*=\s*["'](?:sass|stylus)\b/.test(region.tag),
      });
    case '<script':
      return placeInScript(insertion, {
        ...{ from: region.start, quote: "'" as const },
        hasElements: style === 'jsx',
        isModule: style !== 'html' || /\bsetup\b|\btype\s*=\s*["']module/.test(region.tag),
      });
    default:
      return undefined;
  }
}

const REGIONS = [
  { name: '<!--', open: /<!--/g, close: /-->/g },
  { name: '<?', open: /<\?(?:php|=)?/g, close: /\?>/g },
  { name: '<style', open: /<style\b[^>]*>/gi, close: /<\/style/gi },
  { name: '<script', open: /<script\b[^>]*>/gi, close: /<\/script/gi },
] as const;

/** The part of another language that an offset is in, found from the document's beginning. */
function regionAt(
  text: string,
  offset: number,
): { name: string; tag: string; start: number; end: number } | undefined {
  for (let at = 0; at < offset;) {
    const next = REGIONS.map(({ name, open, close }) => {
      open.lastIndex = at;
      const found = open.exec(text);
      return found && { name, close, tag: found[0], start: found.index + found[0].length };
    })
      .filter((found) => found !== null)
      .sort((a, b) => a.start - a.tag.length - (b.start - b.tag.length))[0];
    if (!next || next.start > offset) return undefined;
    next.close.lastIndex = next.start;
    const end = next.close.exec(text);
    if (!end || end.index >= offset) {
      return { name: next.name, tag: next.tag, start: next.start, end: end?.index ?? text.length };
    }
    at = end.index + end[0].length;
  }
  return undefined;
}

/** PHP: a text, or the address in one. */
function quotedCode(insertion: Insertion): Placement {
  return placeInScript(insertion, { quote: "'", hasElements: false, isModule: false });
}

/** A place in the start tag of an element; undefined elsewhere. */
export function tagPlace(insertion: Insertion): Placement | undefined {
  const { text, offset, afterSelection } = insertion;
  const tag = tagAt(text, offset);
  if (!tag) return undefined;
  if (tag.attribute) return attributePlace(insertion, tag, tag.attribute);
  const [before = ' ', after = ' '] = [text[offset - 1], text[offset]];
  const written = text.slice(tag.start, tag.end ?? offset);
  const hasAddress = /\s:?(?:src|srcset|href)\s*=/i.test(written);
  if (
    afterSelection ||
    tag.inName ||
    hasAddress ||
    (!/\s/.test(before) && offset > tag.start + 1 + tag.name.length)
  ) {
    return behind(insertion, tag);
  }
  const attributes = newAttributes(insertion, tag);
  const lead = /\s/.test(before) ? '' : ' ';
  const trail = /[\s>/]/.test(after) ? '' : ' ';
  return { offset, text: `${lead}${attributes}${trail}` };
}

/** Attributes that take words, where an address has no meaning. */
const WORDS =
  /^(?:alt|title|class|classname|id|name|width|height|type|rel|lang|dir|for|aria-.*|role)$/i;

function attributePlace(
  insertion: Insertion,
  tag: TagContext,
  { name, start, end, delimiter }: AttributeContext,
): Placement {
  const { text, offset, parts, afterSelection } = insertion;
  const address = attributeAddress(parts.href);
  const url = urlAt(text, start, end, offset);
  if (url && delimiter !== '{') return intoValue(insertion, url, address);
  if (WORDS.test(name)) return behind(insertion, tag);
  const other = delimiter === '"' ? "'" : '"';
  const code = { from: start, quote: other, hasElements: false, isModule: false } as const;
  if (delimiter === '{') {
    const old = text.slice(start, end);
    // A name, or what belongs to it, such as `hero` and `hero.src`, is the whole value.
    const isEmpty = old.trim() === '' || /^\s*[\w$]+(?:\.[\w$]+)*\s*$/.test(old);
    if (isEmpty && name.startsWith('style:')) {
      return { offset: start, length: end - start, text: `"url(${parts.href})"` };
    }
    return isEmpty
      ? { offset: start, length: end - start, text: `"${parts.href}"` }
      : placeInScript(insertion, { ...code, quote: '"' });
  }
  if (delimiter === '') {
    const old = text.slice(start, end);
    if (old === '' || isImageAddress(old)) {
      return { offset: start, length: end - start, text: `"${address}"` };
    }
    return behind(insertion, tag);
  }
  if (/^(?::|v-bind:|x-bind:|\[)/.test(name)) {
    const isEmpty = text.slice(start, end).trim() === '';
    return isEmpty
      ? { offset: start, length: end - start, text: `${other}${parts.href}${other}` }
      : placeInScript(insertion, code);
  }
  if (name.startsWith('style:')) {
    const isEmpty = text.slice(start, end).trim() === '';
    return isEmpty
      ? { offset, text: `url(${other}${address}${other})` }
      : placeInStyle(insertion, { from: start, to: end, isInline: true, quote: other });
  }
  if (/^style$/i.test(name)) {
    return placeInStyle(insertion, { from: start, to: end, isInline: true, quote: other });
  }
  if (/srcset$/i.test(name))
    return intoValue(insertion, candidateAt(text, start, end, offset), address);
  const old = text.slice(start, end);
  // The address of a page or a sheet stays.
  if (/^(?:href|src|action)$/i.test(name) && !afterSelection && isOther(old)) {
    return behind(insertion, tag);
  }
  return intoValue(insertion, { start, end }, address);
}

/** Whether a value is written, and not an image's address or a part of one that is being written. */
function isOther(value: string): boolean {
  return value.trim() !== '' && !isImageAddress(value) && !/[{}<>$]|\/$/.test(value);
}

/** The address in a `url()` of an attribute that an offset is in, as classes of Tailwind have it. */
function urlAt(
  text: string,
  start: number,
  end: number,
  offset: number,
): { start: number; end: number } | undefined {
  const opening = /url\(\s*["']?([^"')]*)$/.exec(text.slice(start, offset));
  if (!opening) return undefined;
  const rest = /^[^"')]*/.exec(text.slice(offset, end))?.[0].length ?? 0;
  return { start: offset - (opening[1]?.length ?? 0), end: offset + rest };
}

/** The address in a `srcset` that an offset is at: between commas and spaces. */
function candidateAt(
  text: string,
  start: number,
  end: number,
  offset: number,
): { start: number; end: number } {
  const before = /[^\s,]*$/.exec(text.slice(start, offset))?.[0].length ?? 0;
  const after = /^[^\s,]*/.exec(text.slice(offset, end))?.[0].length ?? 0;
  return { start: offset - before, end: offset + after };
}

/** What shows an image on an element of this name. */
function newAttributes({ style, parts }: Insertion, { name }: TagContext): string {
  const address = attributeAddress(parts.href);
  if (/^(?:image|feImage)$/.test(name)) return `href="${address}"`;
  if (/^[A-Z]|^(?:img|amp-img|nuxt-img|v-img|q-img)$/.test(name) || name.includes('.')) {
    return imageAttributes(style, parts);
  }
  switch (name.toLowerCase()) {
    case 'video':
      return `poster="${address}"`;
    case 'source':
      return `srcset="${address}"`;
    case 'link':
    case 'a':
    case 'use':
      return `href="${address}"`;
    case 'meta':
      return `content="${address}"`;
    case 'input':
    case 'embed':
    case 'iframe':
      return `src="${address}"`;
    default:
      return style === 'jsx' || style === 'mdx'
        ? `style={{ backgroundImage: 'url("${parts.href}")' }}`
        : `style="background-image: url('${address}')"`;
  }
}

function behind(insertion: Insertion, { end }: TagContext): Placement {
  if (end === undefined)
    return { offset: insertion.offset, text: ` ${attributeAddress(insertion.parts.href)}` };
  return element({ ...insertion, offset: end, start: end, afterSelection: false });
}

/** An element where text is: on a line of its own after a selection that ends its line. */
function element({ text, offset, afterSelection, style, parts }: Insertion): Placement {
  const own = style === 'markdown' ? 'html' : style === 'mdx' ? 'jsx' : style;
  const link = isInSvg(text, offset) ? svgImage(parts) : linkText(own, parts);
  const line = lineAt(text, offset);
  if (!afterSelection) return { offset, text: link };
  if (!endsLine(text, offset)) return { offset, text: ` ${link}` };
  return { offset, text: `\n${indentOf(line.text)}${link}` };
}

/** HTML's `<img>` would end the drawing. */
function isInSvg(text: string, offset: number): boolean {
  const before = text.slice(Math.max(0, offset - 20_000), offset).toLowerCase();
  const start = Math.max(before.lastIndexOf('<svg>'), before.lastIndexOf('<svg '));
  const inner = Math.max(before.lastIndexOf('</svg'), before.lastIndexOf('<foreignobject'));
  return start > inner && !/^<svg[^>]*\/>/.test(before.slice(start));
}

function svgImage({ href, width, height }: Insertion['parts']): string {
  const size = width && height ? ` width="${width}" height="${height}"` : '';
  return `<image href="${attributeAddress(href)}"${size} />`;
}
