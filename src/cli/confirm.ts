import { createInterface } from 'node:readline/promises';
import { cancelled, EaselError } from '../core/errors';

/**
 * Asks for a yes or a no on the terminal.
 * @throws EaselError `bad-request` without a terminal to ask on, `cancelled` where the answer is no
 */
export async function confirm(question: string): Promise<void> {
  if (!process.stdin.isTTY) {
    throw new EaselError('bad-request', `${question} To confirm, add --yes.`);
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const closed = new Promise<never>((_resolve, reject) => {
      // Ctrl+C and Ctrl+D close it without an answer.
      terminal.once('close', () => reject(cancelled()));
    });
    const answer = await Promise.race([terminal.question(`${question} [y/N] `), closed]);
    if (!/^y(es)?$/i.test(answer.trim())) throw cancelled();
  } finally {
    terminal.close();
  }
}
