import { EaselError } from '../core/errors';
import type { Engine } from '../client/engine';
import { saveNew } from './image-file';
import { readImageFile } from './input-file';
import { parseOptions } from './parse-options';

export interface IconCommand {
  readonly verb: 'icon';
  readonly file: string;
  readonly output: string;
  readonly json: boolean;
}

/** @throws EaselError `bad-request` naming the argument */
export function parseIconCommand(args: readonly string[]): IconCommand {
  const options = { output: { type: 'string' }, json: { type: 'boolean' } } as const;
  const { values, positionals } = parseOptions(args, options, true);
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) {
    throw new EaselError('bad-request', 'Name one image: easel icon FILE --output DIR');
  }
  const output = typeof values.output === 'string' ? values.output : '.';
  return { verb: 'icon', file, output, json: values.json === true };
}

/**
 * Makes and saves the icons of a site or an app from one image file.
 * @throws EaselError `bad-request`, `bad-file`, `disk-full`, or `write-failed` where a file exists already
 */
export async function makeIcons(engine: Engine, command: IconCommand): Promise<void> {
  const file = await readImageFile(command.file);
  for (const icon of await engine.call('icons', { file })) {
    const path = await saveNew(command.output, icon.name, icon.file);
    process.stdout.write(
      command.json ? `${JSON.stringify({ event: 'image', path })}\n` : `${path}\n`,
    );
  }
}
