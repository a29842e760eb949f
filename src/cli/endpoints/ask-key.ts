import { text } from 'node:stream/consumers';
import { EaselError } from '../../core/errors';
import { askTerminal } from '../terminal-question';

/** More are not a key. */
const LONGEST_KEY = 4096;

/**
 * A key that is typed on the terminal, where it is not shown, or that another program writes to standard input.
 * Never an argument: other users of the machine can see those.
 * @throws EaselError `bad-request` where it is empty or has several lines, `cancelled`
 */
export async function askKey(name: string): Promise<string> {
  const input = process.stdin.isTTY
    ? await askTerminal(`Key of ${name}: `, { hidden: true })
    : await text(process.stdin);
  const key = input.trim();
  if (key === '') {
    throw new EaselError('bad-request', `No key was given for the endpoint ${name}.`);
  }
  if (key.length > LONGEST_KEY || /[^\x21-\x7e]/.test(key)) {
    throw new EaselError(
      'bad-request',
      `The key of ${name} must be one line of letters, digits and signs without spaces.`,
    );
  }
  return key;
}
