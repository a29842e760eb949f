/**
 * Texts of files, hubs and models, made safe to show: on a terminal, in a log, in a table, or to an agent.
 * What would be read as a command or would hide other text is taken out; letters of all scripts, joiners and
 * emoji stay.
 */

/** Escape sequences of terminals (ECMA-48): colours, cursor moves, titles, links, clipboard. */
const ESCAPE_SEQUENCES =
  // eslint-disable-next-line no-control-regex -- control characters are what this removes
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|(?:\u001b[\]PX^_]|[\u0090\u0098\u009d\u009e\u009f])[^\u0007\u001b\u009c\r\n]*(?:\u0007|\u001b\\|\u009c)?|\u001b[ -/]*[0-~]/g;

/**
 * Characters that cannot be seen and change what is: they turn the direction of text around, or carry text of
 * their own (tags, variation selectors where no Chinese character is before them).
 */
const INVISIBLE =
  /[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]|(?<!\p{Script=Han})[\u{e0100}-\u{e01ef}]/gu;

/** Characters of a text that are shown in a message at most. */
const LIMIT = 1000;

/** A text of several lines, for terminals and logs: without escape sequences and control characters. */
export function plainText(text: string): string {
  return (
    text
      .replace(/\p{Surrogate}/gu, '\ufffd')
      .replace(ESCAPE_SEQUENCES, '')
      .replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
      // eslint-disable-next-line no-control-regex -- control characters are what this removes
      .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, ' ')
      .replace(INVISIBLE, '')
  );
}

/**
 * A text in one line, for tables, messages, Markdown and agents: as `plainText`, with every run of white space
 * as one space.
 * @param limit characters after which the text is cut off, with `…`
 */
export function oneLine(text: string, limit = LIMIT): string {
  // Cut once before, so that a text of megabytes costs nothing.
  const line = collapseSpaces(plainText(text.slice(0, 8 * limit)));
  const characters = Array.from(line);
  return characters.length <= limit ? line : `${characters.slice(0, limit).join('')}…`;
}

/** A text in one line: every run of white space is one space, and there is none around it. */
export function collapseSpaces(text: string): string {
  return text.replace(/\s+/gu, ' ').trim();
}
