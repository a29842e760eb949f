import { tokenize, tokenTypes } from 'css-tree/tokenizer';
import { string, url } from 'css-tree/utils';
import { isImageAddress } from './addresses';
import { imageReference, type ImageReference, type ReferenceDetails } from './image-reference';
import { partOf, trimmed, type SourceText } from './source-text';

/** Functions whose strings are addresses. */
const ADDRESS_FUNCTIONS = /^(?:-webkit-)?(?:url|image-set|image|cross-fade|src|data-uri)\($/i;
/** Comments, strings and addresses, in which `//` means nothing, and comments to the end of the line. */
const LINE_COMMENT =
  /\/\*[^]*?(?:\*\/|$)|"(?:[^"\\\n]|\\[^])*"|'(?:[^'\\\n]|\\[^])*'|\burl\([^)"'\n]*\)|\/\/[^\n]*/g;

/** A `url(` that is not closed yet would hide all that follows up to the next parenthesis. */
const OPEN_URL = /\burl\((?!\s*["']|\s*[^\s"'()]*\s*\))(?=[^"'()]*(?:[\n(]|$))/gi;

/**
 * The images that a style sheet names: `url()`, `image-set()`, and variables that hold an address. It reads
 * tokens, not rules: so nesting, mixins and unfinished rules of CSS, SCSS, Less and Sass are all the same.
 * @param dialect whether `//` begins a comment
 */
export function cssReferences(
  sheet: SourceText,
  dialect: 'css' | 'scss' = 'css',
  details: ReferenceDetails = {},
): ImageReference[] {
  const written = dialect === 'css' ? sheet.value : withoutLineComments(sheet.value);
  const text = written.replace(OPEN_URL, 'url ');
  const found: (ImageReference | undefined)[] = [];
  const functions: string[] = [];
  // The last tokens that are neither white space nor comments.
  let before: readonly [string, string, string] = ['', '', ''];
  const add = (start: number, end: number, address: SourceText, value: string) => {
    if (!isImageAddress(value)) return;
    const place = sheet.place(start, end);
    const at = address.place(0, address.value.length);
    found.push(imageReference(place, at, value, { kind: 'style', ...details }));
  };
  let opened = 0;
  tokenize(text, (type, start, end) => {
    const token = text.slice(start, end);
    switch (type) {
      case tokenTypes.WhiteSpace:
      case tokenTypes.Comment:
        return;
      case tokenTypes.Url: {
        const closed = token.endsWith(')') ? end - 1 : end;
        add(start, end, trimmed(partOf(sheet, start + 4, closed)), url.decode(token));
        break;
      }
      case tokenTypes.Function:
      case tokenTypes.LeftParenthesis:
        functions.push(token);
        if (/^url\($/i.test(token)) opened = start;
        break;
      case tokenTypes.RightParenthesis:
        functions.pop();
        break;
      case tokenTypes.String: {
        const quoted = partOf(sheet, start + 1, token.at(-1) === token[0] ? end - 1 : end);
        const around = functions.at(-1) ?? '';
        const isUrl = /^url\($/i.test(around);
        const isVariable = before[2] === ':' && isVariableName(before[0], before[1]);
        if (isUrl) add(opened, endOfCall(text, end), quoted, string.decode(token));
        else if (ADDRESS_FUNCTIONS.test(around) || isVariable)
          add(start, end, quoted, string.decode(token));
        break;
      }
      case tokenTypes.Semicolon:
      case tokenTypes.LeftCurlyBracket:
      case tokenTypes.RightCurlyBracket:
        // A parenthesis that was never closed ends with its declaration.
        functions.length = 0;
        break;
      default:
    }
    before = [before[1], before[2], token];
  });
  return found.filter((one) => one !== undefined);
}

/** `$hero: "a.png"` of SCSS is two tokens and `@hero: "a.png"` of Less is one, which `url($hero)` names later. */
function isVariableName(first: string, second: string): boolean {
  return first === '$' || /^@[\w-]+$/.test(second);
}

function endOfCall(text: string, end: number): number {
  const close = /\s*\)/y;
  close.lastIndex = end;
  return close.test(text) ? close.lastIndex : end;
}

/** Blanks keep the offsets. */
function withoutLineComments(text: string): string {
  return text.replace(LINE_COMMENT, (match) =>
    match.startsWith('//') ? ' '.repeat(match.length) : match,
  );
}
