import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { cancelled } from '../core/errors';

/**
 * Asks on the terminal.
 * @param hidden whether what is typed is not shown
 * @throws EaselError `cancelled` after Ctrl+C or Ctrl+D
 */
export async function askTerminal(question: string, { hidden = false } = {}): Promise<string> {
  if (hidden) process.stderr.write(question);
  const terminal = createInterface({
    input: process.stdin,
    ...(hidden ? { output: nowhere(), terminal: true } : { output: process.stderr }),
  });
  try {
    const closed = new Promise<never>((_resolve, reject) => {
      // Ctrl+C and Ctrl+D close it without an answer.
      terminal.once('close', () => reject(cancelled()));
    });
    return await Promise.race([terminal.question(hidden ? '' : question), closed]);
  } finally {
    terminal.close();
    if (hidden) process.stderr.write('\n');
  }
}

function nowhere(): Writable {
  return new Writable({
    write: (_chunk, _encoding, done) => {
      done();
    },
  });
}
