import { attributeAddress, imageAttributes, linkText, plainPath } from './link-format';
import { frontMatterOf, placeInFrontMatter } from './place-front-matter';
import { placeInScript } from './place-script';
import { placeInStyle } from './place-style';
import {
  endsLine,
  indentOf,
  intoValue,
  isImageAddress,
  lineAt,
  type Insertion,
  type Placement,
} from './placement';
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
  return regionPlace(insertion) ?? tagPlace(insertion) ?? element(insertion);
}

/** A place in a comment, a style sheet or a script of a page; undefined elsewhere. */
export function regionPlace(insertion: Insertion): Placement | undefined {
  const { text, offset, style, parts } = insertion;
  const region = regionAt(text, offset);
  switch (region?.name) {
    case '<!--':
      return { offset, text: plainPath(parts.href) };
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
  const { text, offset, parts } = insertion;
  const address = attributeAddress(parts.href);
  if (WORDS.test(name)) return behind(insertion, tag);
  const other = delimiter === '"' ? "'" : '"';
  const code = { from: start, quote: other, hasElements: false, isModule: false } as const;
  if (delimiter === '{') {
    const isEmpty = text.slice(start, end).trim() === '';
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
  if (/^style$/i.test(name)) {
    return placeInStyle(insertion, { from: start, to: end, isInline: true, quote: other });
  }
  if (/srcset$/i.test(name))
    return intoValue(insertion, candidateAt(text, start, end, offset), address);
  return intoValue(insertion, { start, end }, address);
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
  if (/^[A-Z]|^(?:img|image|amp-img|nuxt-img|v-img|q-img)$/.test(name) || name.includes('.')) {
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
  const link = linkText(style === 'markdown' ? 'html' : style === 'mdx' ? 'jsx' : style, parts);
  const line = lineAt(text, offset);
  if (!afterSelection) return { offset, text: link };
  if (!endsLine(text, offset)) return { offset, text: ` ${link}` };
  return { offset, text: `\n${indentOf(line.text)}${link}` };
}
