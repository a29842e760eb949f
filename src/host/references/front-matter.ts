import { isMap, isScalar, parseDocument, visit, type Scalar, type YAMLMap } from 'yaml';
import { isImageAddress } from './addresses';
import { imageReference, type ImageReference, type Place } from './image-reference';
import { partOf, type SourceText } from './source-text';

/** What a document can begin with, for the generator of the site. */
export interface FrontMatter {
  readonly references: readonly ImageReference[];
  /** The title of the page. */
  readonly title: string;
  /** Where the document itself begins. */
  readonly end: number;
}

/** YAML between lines of dashes, or TOML between lines of plus signs. */
const FENCED =
  /^(?<fence>---|\+\+\+)[^\S\n]*\r?\n(?<inner>(?:[^]*?\n)??)\k<fence>[^\S\n]*(?:\r?\n|$)/;
/** JSON without a fence, as Hugo reads it: an object that ends on a line of its own. */
const BARE_JSON = /^\{[^\S\n]*\r?\n[^]*?\n\}[^\S\n]*(?:\r?\n|$)/;
const ALT_KEY = /^(?:.*[-_])?alt(?:ernative)?(?:[-_]?text)?$|Alt(?:Text)?$/i;

/** The images that front matter names, such as `cover: ./a.png` or `hero: { image: a.png, alt: a cat }`. */
export function frontMatter(text: SourceText): FrontMatter {
  const match = FENCED.exec(text.value);
  const inner = match?.groups?.inner ?? '';
  if (!match) {
    const end = BARE_JSON.exec(text.value)?.[0].length ?? 0;
    // JSON is YAML too.
    return end > 0
      ? { ...yamlImages(partOf(text, 0, end)), end }
      : { references: [], title: '', end: 0 };
  }
  const start = match[0].indexOf('\n') + 1;
  const source = partOf(text, start, start + inner.length);
  const isYaml = match.groups?.fence === '---';
  return { ...(isYaml ? yamlImages(source) : tomlImages(source)), end: match[0].length };
}

function yamlImages(source: SourceText): Omit<FrontMatter, 'end'> {
  const found: (ImageReference | undefined)[] = [];
  const options = { strict: false, uniqueKeys: false, logLevel: 'silent' } as const;
  const document = parseDocument(source.value, options);
  const title = isMap(document.contents) ? textIn(document.contents, /^title$/) : '';
  visit(document, {
    Scalar(key, node, path) {
      // A text over several lines is no address.
      if (node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED') return;
      if (key === 'key' || typeof node.value !== 'string' || !isImageAddress(node.value)) return;
      const address = addressOf(node, source);
      if (!address) return;
      // Images of a list belong to the map that names the list.
      const map = path.findLast((parent): parent is YAMLMap => isMap(parent));
      const alt = map && (textIn(map, ALT_KEY) || textIn(map, /^(?:caption|title|name)$/));
      const side = (name: RegExp) => (map ? textIn(map, name) : '');
      const details = { alt: alt ?? title, width: side(/^width$/), height: side(/^height$/) };
      found.push(imageReference(address, address, node.value, details));
    },
  });
  return { references: found.filter((one) => one !== undefined), title };
}

/** The value of the first key that matches, if it is a text or a number. */
function textIn(map: YAMLMap, key: RegExp): string {
  const pair = map.items.find((item) => isScalar(item.key) && key.test(String(item.key.value)));
  const value = isScalar(pair?.value) ? pair.value.value : undefined;
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function addressOf({ range, type }: Scalar, source: SourceText): Place | undefined {
  if (!range) return undefined;
  const quote = type === 'QUOTE_DOUBLE' || type === 'QUOTE_SINGLE' ? 1 : 0;
  return source.place(range[0] + quote, range[1] - quote);
}

/** Values of TOML: no kept parser of it says where they stand, and strings are all that counts here. */
function tomlImages(source: SourceText): Omit<FrontMatter, 'end'> {
  const found: (ImageReference | undefined)[] = [];
  const title = /^title\s*=\s*(["'])(.*?)\1/m.exec(source.value)?.[2] ?? '';
  const alt = /^\w*alt\w*\s*=\s*(["'])(.*?)\1/im.exec(source.value)?.[2] ?? title;
  for (const { 0: whole, 2: value = '', index } of source.value.matchAll(/(["'])([^"'\n]+)\1/g)) {
    if (!isImageAddress(value)) continue;
    const address = source.place(index + 1, index + whole.length - 1);
    found.push(imageReference(address, address, value, { alt }));
  }
  return { references: found.filter((one) => one !== undefined), title };
}
