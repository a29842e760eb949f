import { posix } from 'node:path';
import { isImageAddress } from './addresses';
import { frontMatter } from './front-matter';
import { htmlReferences } from './html-references';
import { imageReference, type ImageReference, type ReferenceDetails } from './image-reference';
import { partOf, type SourceText } from './source-text';

/** Blocks whose text is no AsciiDoc: listings, literals, comments and HTML. */
const VERBATIM = /^(?:-{4,}|\.{4,}|\/{4,}|\+{4,}|`{3,}\w*)[^\S\n]*$/;
const ATTRIBUTE = /^:(!?[\w-]+!?):(?:[^\S\n]+(.*?))?[^\S\n]*$/;
/** `image::a.png[a cat,300,200]` as a block, `image:a.png[]` in a line; a video has a `poster`. */
const MACRO =
  /(?<![\w`+\\:/-])(image|video)::?([^\s:[\]](?:[^[\]\n]*[^\s[\]])?)\[((?:\\\]|"[^"\n]*"|[^\]\n"])*)\]/g;
const IMAGE_ATTRIBUTE = /image|logo|icon|cover|background|poster|thumb/;

/** The images of an AsciiDoc document, as Asciidoctor reads its macros and attributes. */
export function asciidocReferences(text: SourceText): ImageReference[] {
  const front = frontMatter(text);
  const found: (ImageReference | undefined)[] = [...front.references];
  const attributes = new Map<string, string>();
  let block: { readonly fence: string; readonly start: number } | undefined;
  /** The title of the block that follows. */
  let title = '';
  let offset = front.end;
  for (const whole of text.value.slice(front.end).split('\n')) {
    const line = whole.replace(/\r$/, '');
    const start = offset;
    offset += whole.length + 1;
    if (block) {
      if (line.trimEnd() !== block.fence) continue;
      if (block.fence.startsWith('+'))
        found.push(...htmlReferences(partOf(text, block.start, start)));
      block = undefined;
    } else if (VERBATIM.test(line)) {
      block = { fence: line.trimEnd().replace(/^(`+)\w+$/, '$1'), start: offset };
    } else if (!line.startsWith('//')) {
      const [, name, value = ''] = ATTRIBUTE.exec(line) ?? [];
      if (name !== undefined) {
        setAttribute(attributes, name, value);
        found.push(
          attributeImage(name, value, partOf(text, start, start + line.length), attributes),
        );
      }
      found.push(...macros(partOf(text, start, start + line.length), attributes, title));
      // Attributes of a block may stand between its title and the block.
      if (!line.startsWith('[')) title = /^\.([^\s.].*)$/.exec(line)?.[1] ?? '';
    }
  }
  return found.filter((one) => one !== undefined);
}

function macros(
  line: SourceText,
  attributes: ReadonlyMap<string, string>,
  title: string,
): (ImageReference | undefined)[] {
  return [...line.value.matchAll(MACRO)].map(
    ({ 0: whole, 1: kind, 2: target = '', 3: list = '', index }) => {
      const { alt = title, width, height, poster } = macroAttributes(list);
      const place = line.place(index, index + whole.length);
      const written = kind === 'video' ? (poster ?? '') : target;
      const start = whole.indexOf(written) + index;
      if (written === '') return undefined;
      const address = line.place(start, start + written.length);
      return imageReference(place, address, inFolder(written, attributes), { alt, width, height });
    },
  );
}

/** `:page-image: a.png` */
function attributeImage(
  name: string,
  value: string,
  line: SourceText,
  attributes: ReadonlyMap<string, string>,
): ImageReference | undefined {
  if (!IMAGE_ATTRIBUTE.test(name) || !isImageAddress(value) || /[:[\s]/.test(value))
    return undefined;
  const start = line.value.lastIndexOf(value);
  const address = line.place(start, start + value.length);
  return imageReference(line.place(0, line.value.length), address, inFolder(value, attributes));
}

interface MacroAttributes extends ReferenceDetails {
  readonly poster?: string;
}

/** The attributes of a macro: the first three without a name are the text and the size. */
function macroAttributes(list: string): MacroAttributes {
  const values: Record<string, string> = {};
  let position = 0;
  for (const [, name, quoted, bare = ''] of list.matchAll(
    /[^\S\n]*(?:([\w-]+)[^\S\n]*=[^\S\n]*)?(?:"([^"]*)"|([^,]*))(?:,|$)/g,
  )) {
    const value = (quoted ?? bare).trim();
    const key = name ?? ['alt', 'width', 'height'][position];
    if (name === undefined) position += 1;
    if (key !== undefined && value !== '') values[key] ??= value;
  }
  return values;
}

/** An address with its attributes in place, in the folder that `imagesdir` names. */
function inFolder(target: string, attributes: ReadonlyMap<string, string>): string {
  const url = withAttributes(target, attributes);
  const folder = withAttributes(attributes.get('imagesdir') ?? '', attributes);
  if (folder === '' || /^(?:\/|[a-z][a-z0-9+.-]*:)/i.test(url)) return url;
  return /^[a-z][a-z0-9+.-]*:\//i.test(folder) ? `${folder}/${url}` : posix.join(folder, url);
}

/** An attribute that the document does not set stays as it is, and marks the address as computed. */
function withAttributes(text: string, attributes: ReadonlyMap<string, string>): string {
  return text.replace(/\{([\w-]+)\}/g, (whole, name: string) => attributes.get(name) ?? whole);
}

function setAttribute(attributes: Map<string, string>, name: string, value: string): void {
  if (name.includes('!')) attributes.delete(name.replaceAll('!', ''));
  else attributes.set(name, withAttributes(value, attributes));
}
