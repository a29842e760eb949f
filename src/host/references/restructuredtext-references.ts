import { htmlReferences } from './html-references';
import { imageReference, type ImageReference } from './image-reference';
import { partOf, type SourceText } from './source-text';

/** A directive, also with a name for substitutions, in a list or in a cell of a table. */
const DIRECTIVE =
  /^([\s|*+-]*(?:\(?(?:\d{1,9}|#)[.)]\s+)?)\.\.[^\S\n]+(?:\|[^|\n]+\|[^\S\n]+)?([\w:-]+)::(?:[^\S\n]+(.*))?$/;
const IMAGE_DIRECTIVE = /^(?:image|figure|thumbnail)$/;
/** Directives that hold text of other kinds, shown or not. */
const VERBATIM_DIRECTIVE =
  /^(?:code|code-block|sourcecode|literalinclude|parsed-literal|math|highlight|raw|prompt|ipython)$/;
/** Two dots and a text are a comment; with `_name:` or `[1]` they are a target or a footnote. */
const COMMENT = /^\s*\.\.(?:[^\S\n]+(?!_|\[|\|)|$)/;
const OPTION = /^\s*:([\w-]+):(?:[^\S\n]+(.*))?$/;

interface Line {
  readonly text: string;
  readonly start: number;
  /** Characters before the first that is not white space; Infinity for an empty line. */
  readonly indent: number;
}

/** The images of a reStructuredText document: the directives `image` and `figure`, and HTML in `raw`. */
export function restructuredtextReferences(text: SourceText): ImageReference[] {
  const lines = linesOf(text.value);
  const found: (ImageReference | undefined)[] = [];
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index];
    if (!line) continue;
    const [, before = '', name, argument = ''] = DIRECTIVE.exec(line.text) ?? [];
    const isVerbatim = name === undefined ? isLiteral(line.text) : VERBATIM_DIRECTIVE.test(name);
    const body = indentedBelow(lines, index);
    if (name === 'raw' && /^html\b/.test(argument)) found.push(...rawHtml(text, body));
    else if (name !== undefined && IMAGE_DIRECTIVE.test(name)) {
      found.push(directiveImage(text, line, before, argument, body));
    }
    if (isVerbatim) index += body.length;
  }
  return found.filter((one) => one !== undefined);
}

/** Whether the indented text below a line is not read: after `::`, or in a comment. */
function isLiteral(line: string): boolean {
  return line.trimEnd().endsWith('::') || COMMENT.test(line);
}

function rawHtml(text: SourceText, body: readonly Line[]): ImageReference[] {
  const [first, last] = [body[0], body.at(-1)];
  return first && last
    ? htmlReferences(partOf(text, first.start, last.start + last.text.length))
    : [];
}

function directiveImage(
  text: SourceText,
  line: Line,
  before: string,
  argument: string,
  body: readonly Line[],
): ImageReference | undefined {
  // In a table, the cell ends with a bar.
  const inCell = (written: string) =>
    (before.includes('|') ? written.replace(/\s*\|.*$/, '') : written).trim();
  let url = inCell(argument);
  let at = line;
  const rest = [...body];
  if (url === '' && rest[0] && !OPTION.test(rest[0].text)) {
    // The address may stand in the next line.
    at = rest.shift() ?? line;
    url = inCell(at.text);
  }
  if (url === '') return undefined;
  const start = at.start + at.text.lastIndexOf(url);
  const address = text.place(start, start + url.length);
  const options = optionsOf(rest);
  const [width, height] = [options.get('width'), options.get('height')];
  const alt = options.get('alt') ?? caption(rest);
  const place = text.place(line.start + before.length, start + url.length);
  return imageReference(place, address, url, { alt, width, height });
}

/** `:alt: a cat`; the text goes on in lines that are indented further. */
function optionsOf(body: readonly Line[]): Map<string, string> {
  const options = new Map<string, string>();
  let last: { readonly name: string; readonly indent: number } | undefined;
  for (const { text, indent } of body) {
    const [, name, value = ''] = OPTION.exec(text) ?? [];
    if (name !== undefined) {
      options.set(name, value.trim());
      last = { name, indent };
    } else if (last && indent !== Infinity && indent > last.indent) {
      options.set(last.name, `${options.get(last.name) ?? ''} ${text.trim()}`);
    } else break;
  }
  return options;
}

/** The first paragraph below the options. */
function caption(body: readonly Line[]): string {
  const blank = body.findIndex(({ indent }) => indent === Infinity);
  if (blank === -1) return '';
  const rest = body.slice(blank + 1);
  const end = rest.findIndex(({ indent }) => indent === Infinity);
  return rest
    .slice(0, end === -1 ? rest.length : end)
    .map(({ text }) => text.trim())
    .join(' ');
}

function linesOf(text: string): Line[] {
  let start = 0;
  return text.split('\n').map((whole) => {
    const line = { text: whole.replace(/\r$/, ''), start, indent: indentOf(whole) };
    start += whole.length + 1;
    return line;
  });
}

function indentOf(line: string): number {
  const indent = line.search(/\S/);
  return indent === -1 ? Infinity : indent;
}

/** The lines below one that are indented further, with the empty lines between them. */
function indentedBelow(lines: readonly Line[], index: number): Line[] {
  const indent = lines[index]?.indent ?? 0;
  if (indent === Infinity) return [];
  let end = index + 1;
  while (end < lines.length && (lines[end]?.indent ?? 0) > indent) end += 1;
  while (end > index + 1 && lines[end - 1]?.indent === Infinity) end -= 1;
  return lines.slice(index + 1, end);
}
