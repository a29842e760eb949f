import { runInNewContext } from 'node:vm';

/** Time limit in milliseconds for a pattern in a workspace's settings. Usual patterns take far less. */
const LIMIT = 50;

/** A pattern that took too long on a short text: some take time that doubles with each character. */
export class SlowPatternError extends Error {
  override readonly name = 'SlowPatternError';

  constructor(readonly pattern: string) {
    super(`The pattern ${pattern} takes too long.`);
  }
}

/**
 * `text.replace(pattern, replacement)` with a limit of time, for patterns that a workspace can set.
 * @throws SlowPatternError
 * @throws SyntaxError where the pattern is no regular expression
 */
export function replaceWithin(text: string, pattern: string, replacement: string): string {
  const regex = new RegExp(pattern);
  return String(run('text.replace(regex, replacement)', { text, regex, replacement }, pattern));
}

/** `regex.test(text)` with a limit of time. @throws SlowPatternError */
export function testWithin(text: string, regex: RegExp, pattern: string): boolean {
  return run('regex.test(text)', { text, regex }, pattern) === true;
}

/** Runs one of the two constant expressions above; V8 interrupts a regular expression that runs too long. */
function run(expression: string, values: Record<string, unknown>, pattern: string): unknown {
  try {
    return runInNewContext(expression, values, { timeout: LIMIT });
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw new SlowPatternError(pattern);
    throw thrown;
  }
}
