import { linkText } from './link-format';
import {
  endsBlock,
  isPlain,
  itemAround,
  itemBefore,
  prefixOf,
  type Prefix,
} from './markdown-blocks';
import {
  indentOf,
  isBlank,
  lineAfter,
  lineAt,
  lineBefore,
  type Insertion,
  type Line,
  type Placement,
} from './placement';

/** The link in the language of the document. */
export function linkOf({ style, parts }: Insertion): string {
  return linkText(style, parts);
}

/** A blank line and the link, within the same quote and item. */
export function ownLines({ next }: Prefix, link: string): string {
  return `\n${next.trimEnd()}\n${next}${link}`;
}

/** A paragraph of its own on a blank line, or before the line at the place. */
export function paragraph(insertion: Insertion): Placement {
  const { text, offset } = insertion;
  const line = lineAt(text, offset);
  const link = linkOf(insertion);
  if (!isBlank(line)) return { offset, text: `${link}\n\n` };
  const [above, below] = [lineBefore(text, line), lineAfter(text, line)];
  const item = itemAround(text, line);
  const isApart = !above || isBlank(above) || endsBlock(text, above) || isPlain(text, above);
  const written = text.slice(line.start, line.end);
  if (!isApart && written !== '') {
    // The blanks of the line go on behind the line that sets the image apart.
    const trail = isBlank(below) ? '' : '\n';
    const own = `\n${written}${link}${trail}`;
    return { offset: line.start, length: line.end - line.start, text: own };
  }
  const lead = isApart ? '' : '\n';
  const trail = isBlank(below) || /^#{1,6}\s/.test(below?.text ?? '') ? '' : '\n';
  const indent = text.slice(line.start, offset);
  const own = item === undefined || indent !== '' ? '' : item;
  return { offset, text: `${lead}${own}${link}${trail}` };
}

/** Before a line that is not blank, at its beginning. */
export function beforeLine(
  insertion: Insertion,
  line: Line,
  previous: Line | undefined,
  prefix: Prefix,
): Placement {
  const { offset, text } = insertion;
  const link = linkOf(insertion);
  if (isBlank(previous)) {
    const isRest = !prefix.isItem && !prefix.isQuote;
    const item = isRest ? prefix.text : prefix.isItem ? itemBefore(text, line) : undefined;
    return { offset, text: `${item ?? ''}${link}\n\n` };
  }
  const last = prefixOf(previous?.text ?? '');
  if (prefix.isQuote && last.isQuote) {
    return { offset, text: `${prefix.next}${link}\n${prefix.next.trimEnd()}\n` };
  }
  // Between the items of a list without blank lines: in the item above.
  if (prefix.isItem && (last.isItem || last.text !== '')) {
    return { offset, text: `${last.next}${link}\n` };
  }
  const indent = indentOf(line.text);
  const own = indent.length > 1 ? indent : '';
  return { offset, text: `${endsBlock(text, previous) ? '' : '\n'}${own}${link}\n\n` };
}

/** A paragraph above a line that cannot hold it. */
export function above(insertion: Insertion, line: Line): Placement {
  const { text } = insertion;
  const { next } = prefixOf(line.text.replace(/[`~].*$/, ''));
  const previous = lineBefore(text, line);
  const lead = isBlank(previous) || endsBlock(text, previous) ? '' : `${next.trimEnd()}\n`;
  return { offset: line.start, text: `${lead}${next}${linkOf(insertion)}\n${next.trimEnd()}\n` };
}

/** A paragraph below a line that cannot hold it. */
export function below(insertion: Insertion, line: Line): Placement {
  const { text } = insertion;
  const next = lineAfter(text, line);
  const prefix = prefixOf(line.text);
  const isOver = isBlank(next) || next?.text.replace(/^[ \t>]*/, '') === '';
  const trail = isOver ? '' : `\n${prefix.isQuote ? prefix.next.trimEnd() : ''}`;
  return { offset: line.end, text: `${ownLines(prefix, linkOf(insertion))}${trail}` };
}
