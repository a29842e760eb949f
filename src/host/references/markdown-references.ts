import type { Code, Definition, Image, ImageReference as LabelledImage, Nodes } from 'mdast';
import {
  fromMarkdown,
  type CompileContext,
  type Options,
  type Token,
} from 'mdast-util-from-markdown';
import { visit } from 'unist-util-visit';
import { isImageAddress } from './addresses';
import { elementReferences, IMAGE_NAME, type NamedDetails } from './elements';
import { frontMatter } from './front-matter';
import { htmlReferences } from './html-references';
import {
  imageReference,
  type ImageReference,
  type Place,
  type ReferenceDetails,
} from './image-reference';
import { scriptReferences } from './script-references';
import { partOf, placeFinder, type SourceText } from './source-text';
import { scanTags } from './tag-scanner';

/** Where an address is written, which the tree does not say. */
declare module 'mdast' {
  interface ImageData {
    address?: Place;
  }
  interface DefinitionData {
    address?: Place;
  }
}

/** Notes where an address is written, and goes on as the library does: it collects the text. */
function noteAddress(this: CompileContext, token: Token): undefined {
  const node = this.stack.at(-1);
  if (node?.type === 'image' || node?.type === 'definition') {
    node.data = { address: { start: token.start.offset, end: token.end.offset } };
  }
  this.buffer();
}

const MARKDOWN: Options = {
  mdastExtensions: [
    { enter: { resourceDestinationString: noteAddress, definitionDestinationString: noteAddress } },
  ],
};
/** MDX has no HTML and no indented code; its elements are JSX, which is read beside the Markdown. */
const MDX: Options = {
  ...MARKDOWN,
  extensions: [{ disable: { null: ['autolink', 'codeIndented', 'htmlFlow', 'htmlText'] } }],
};

/** Characters of one `import` or `export` that are read past blank lines. */
const LONGEST_MODULE = 20_000;
/** A part of a document that is too deeply nested is read in halves, down to this many characters. */
const SMALLEST_PART = 200;

/**
 * The images of a Markdown document: `![alt](url)`, `![alt][label]` with its definition, in front matter, and
 * in the HTML inside it; in MDX, in its elements, imports and expressions.
 */
export function markdownReferences(
  text: SourceText,
  dialect: 'markdown' | 'mdx',
): ImageReference[] {
  const front = frontMatter(text);
  const body = partOf(text, front.end, text.value.length);
  return [...front.references, ...bodyReferences(body, dialect)];
}

function bodyReferences(body: SourceText, dialect: 'markdown' | 'mdx'): ImageReference[] {
  try {
    return dialect === 'mdx' ? mdxReferences(body) : plainReferences(body);
  } catch {
    // The parser has limits: the part around what it cannot take is lost, not the document.
    if (body.value.length <= SMALLEST_PART) return [];
    const middle = body.value.lastIndexOf('\n', body.value.length / 2) + 1;
    const half = middle > 0 ? middle : Math.floor(body.value.length / 2);
    const halves = [partOf(body, 0, half), partOf(body, half, body.value.length)];
    return halves.flatMap((part) => bodyReferences(part, dialect));
  }
}

function plainReferences(body: SourceText): ImageReference[] {
  const { found, code, html } = treeReferences(body, MARKDOWN);
  const isCode = placeFinder(code);
  return [...found, ...embeds(body, isCode), ...shortcodes(body, isCode), ...htmlReferences(html)];
}

function mdxReferences(body: SourceText): ImageReference[] {
  const { found, code } = treeReferences(body, MDX);
  const named: NamedDetails = new Map();
  const isCode = placeFinder(code);
  const shown = elementReferences(scanTags(body, isCode), named);
  const modules = [
    ...body.value.matchAll(/^(?:import|export)\b[^]*?(?=\n[^\S\n]*\r?\n|$(?![^]))/gm),
  ]
    .filter(({ index }) => !isCode(index))
    .flatMap(({ 0: module, index }) => {
      const part = partOf(body, index, moduleEnd(body.value, index + module.length, index));
      return scriptReferences(part, 'javascript', named);
    });
  return [...found, ...shown, ...modules];
}

/** Code of a module goes on behind a blank line while a bracket is open. */
function moduleEnd(text: string, end: number, start: number): number {
  const last = Math.min(text.length, start + LONGEST_MODULE);
  for (let at = end; at <= last;) {
    const code = text.slice(start, at);
    const count = (brackets: RegExp) => code.match(brackets)?.length ?? 0;
    if (count(/[{[(]/g) <= count(/[}\])]/g)) return at;
    if (at === text.length) break;
    const next = /\n[^\S\n]*\r?\n/.exec(text.slice(at + 1, last));
    at = next ? at + 1 + next.index : text.length;
  }
  return end;
}

interface Tree {
  readonly found: ImageReference[];
  /** Code, in which nothing is an image; offsets of the body. */
  readonly code: Place[];
  /** The HTML of the body in its places, with blanks between. */
  readonly html: SourceText;
}

function treeReferences(body: SourceText, options: Options): Tree {
  const tree = fromMarkdown(body.value, options);
  const definitions = new Map<string, Definition>();
  visit(tree, 'definition', (node) => {
    // The first definition of a label counts.
    if (!definitions.has(node.identifier)) definitions.set(node.identifier, node);
  });
  const found: (ImageReference | undefined)[] = [];
  const code: Place[] = [];
  const html: string[] = [];
  let htmlEnd = 0;
  visit(tree, (node: Nodes) => {
    const place = offsetsOf(node);
    if (!place) return;
    switch (node.type) {
      case 'image':
        found.push(shownImage(node, place, body));
        break;
      case 'imageReference':
        found.push(labelledImage(node, place, definitions.get(node.identifier), body));
        break;
      case 'html':
        html.push(' '.repeat(place.start - htmlEnd), inPlace(node.value, body, place));
        htmlEnd = place.end;
        break;
      case 'code':
      case 'inlineCode':
        code.push(place);
        if (node.type === 'code') found.push(directive(node, place, body));
        break;
      default:
    }
  });
  const whole = { ...body, value: html.join('') };
  return { found: found.filter((one) => one !== undefined), code, html: whole };
}

function shownImage(node: Image, place: Place, body: SourceText): ImageReference | undefined {
  const address = node.data?.address ?? emptyAddress(place, body);
  if (!address) return undefined;
  const behind = body.value.slice(place.end, place.end + 500);
  return imageReference(
    body.place(place.start, place.end),
    body.place(address.start, address.end),
    node.url,
    { ...attributeList(behind), ...altAndSize(node) },
  );
}

function labelledImage(
  node: LabelledImage,
  place: Place,
  definition: Definition | undefined,
  body: SourceText,
): ImageReference | undefined {
  const at = definition && offsetsOf(definition);
  const address = definition?.data?.address ?? at;
  if (!definition || !at || !address) return undefined;
  return imageReference(
    body.place(place.start, place.end),
    body.place(address.start, address.end),
    definition.url,
    {
      ...altAndSize({ alt: node.alt, title: definition.title }),
      definition: body.place(at.start, at.end),
    },
  );
}

/** Before the closing parenthesis of `![alt]()`. */
function emptyAddress({ end }: Place, body: SourceText): Place | undefined {
  return body.value[end - 2] === '(' ? { start: end - 1, end: end - 1 } : undefined;
}

/** The text, else the title; `![alt|300]` and `![alt|300x200]`, as Obsidian writes sizes. */
function altAndSize({ alt, title }: Said): ReferenceDetails {
  const written = [alt, title].find(Boolean) ?? '';
  const [, words = '', width, height] =
    /^([^]*?)\|\s*(\d{1,5})(?:x(\d{1,5}))?\s*$/.exec(written) ?? [];
  return width === undefined ? { alt: written } : { alt: words, width, height };
}

interface Said {
  readonly alt?: string | null | undefined;
  readonly title?: string | null | undefined;
}

/** `{width=300 height="200"}` behind an image, as Pandoc and kramdown write attributes. */
function attributeList(behind: string): ReferenceDetails {
  const [, list = ''] = /^\{:?([^{}\n]*)\}/.exec(behind) ?? [];
  const value = (name: string) =>
    new RegExp(`(?:^|\\s)${name}\\s*=\\s*["']?(\\d+(?:px)?)["']?(?=\\s|$)`).exec(list)?.[1];
  const [width, height] = [value('width'), value('height')];
  return { ...(width && { width }), ...(height && { height }) };
}

/** `![[hero.png|300]]` of Obsidian. */
function embeds(body: SourceText, isCode: (offset: number) => boolean): ImageReference[] {
  return [...body.value.matchAll(/!\[\[([^[\]|\n]{1,500})(?:\|([^[\]\n]{0,500}))?\]\]/g)].flatMap(
    ({ 0: whole, 1: url = '', 2: said = '', index }) => {
      if (isCode(index) || !isImageAddress(url)) return [];
      const place = body.place(index, index + whole.length);
      const address = body.place(index + 3, index + 3 + url.length);
      // `|300` alone is a size.
      const one = imageReference(
        place,
        address,
        url,
        altAndSize({ alt: said.replace(/^(?=\d+(?:x\d+)?$)/, '|') }),
      );
      return one ? [one] : [];
    },
  );
}

const SHORTCODE = /\{\{[<%]\s*[\w/-]+\s([^<>{}]{1,2000}?)\/?[>%]\}\}/g;
const PARAMETER = /(?<![\w-])([\w-]+)\s*=\s*(["'`])([^"'`\n]{0,1000})\2/g;

/** `{{< figure src="hero.png" alt="a cat" >}}` of Hugo. */
function shortcodes(body: SourceText, isCode: (offset: number) => boolean): ImageReference[] {
  return [...body.value.matchAll(SHORTCODE)].flatMap(({ 0: whole, index }) => {
    if (isCode(index)) return [];
    const parameters = [...whole.matchAll(PARAMETER)];
    const said = (name: string) => parameters.find(([, own]) => own === name)?.[3];
    const alt = ['alt', 'caption', 'title'].map(said).find(Boolean);
    const details = { alt, width: said('width'), height: said('height') };
    return parameters.flatMap(({ 0: parameter, 1: name = '', 3: url = '', index: at }) => {
      if (!IMAGE_NAME.test(name) || !isImageAddress(url)) return [];
      const end = index + at + parameter.length - 1;
      const place = body.place(index, index + whole.length);
      return imageReference(place, body.place(end - url.length, end), url, details) ?? [];
    });
  });
}

/** The directives `{image}` and `{figure}` of MyST, which are written as fenced code. */
function directive(
  { lang, meta, value }: Code,
  place: Place,
  body: SourceText,
): ImageReference | undefined {
  if (!meta || !/^\{(?:image|figure)\}$/.test(lang ?? '')) return undefined;
  const option = (name: string) => new RegExp(`^:${name}:[^\\S\\n]*(.*)$`, 'm').exec(value)?.[1];
  const start = body.value.indexOf(meta, place.start);
  const details = { alt: option('alt'), width: option('width'), height: option('height') };
  const whole = body.place(place.start, place.end);
  return imageReference(whole, body.place(start, start + meta.length), meta, details);
}

/**
 * The HTML of a node at its offsets: in quotes and lists its lines have a prefix, which is no part of it and
 * becomes blanks.
 */
function inPlace(value: string, body: SourceText, { start, end }: Place): string {
  const lines = value.split(/\r?\n|\r/);
  const written = body.value.slice(start, end).split(/(\r?\n|\r)/);
  return written
    .map((part, index) => (index % 2 === 1 ? part : (lines[index / 2] ?? '').padStart(part.length)))
    .join('');
}

function offsetsOf({ position }: Nodes): Place | undefined {
  const [start, end] = [position?.start.offset, position?.end.offset];
  return start === undefined || end === undefined ? undefined : { start, end };
}
