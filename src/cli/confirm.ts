import { cancelled, EaselError } from '../core/errors';
import { askTerminal } from './terminal-question';

/**
 * Asks for a yes or a no on the terminal.
 * @throws EaselError `bad-request` without a terminal to ask on, `cancelled` where the answer is no
 */
export async function confirm(question: string): Promise<void> {
  if (!process.stdin.isTTY) {
    throw new EaselError('bad-request', `${question} To confirm, add --yes.`);
  }
  const answer = await askTerminal(`${question} [y/N] `);
  if (!/^y(es)?$/i.test(answer.trim())) throw cancelled();
}
