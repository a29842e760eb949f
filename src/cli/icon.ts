import { EaselError } from '../core/errors';
import type { Engine } from '../client/engine';
import { prepareFolder, saveNew } from './image-file';
import { nameImageFile, readImageFile } from './input-file';
import { parseOptions } from './parse-options';
import { expandHome, outputPlace } from './paths';
import { printJson, stdout } from './streams';

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
  const output = outputPlace(typeof values.output === 'string' ? values.output : '.');
  if (output.file) {
    throw new EaselError(
      'bad-request',
      `icon makes several files: --output names a folder, not ${output.file.name}.`,
    );
  }
  return {
    verb: 'icon',
    file: expandHome(file),
    output: output.folder,
    json: values.json === true,
  };
}

/**
 * Makes and saves the icons of a site or an app from one image file.
 * @throws EaselError `bad-request`, `bad-file`, `disk-full`, or `write-failed` where a file exists already
 */
export async function makeIcons(
  engine: Engine,
  command: IconCommand,
  signal: AbortSignal,
): Promise<void> {
  const file = await readImageFile(command.file);
  const removeIfEmpty = await prepareFolder(command.output);
  try {
    const icons = await engine.call('icons', { file }, { signal }).catch((thrown: unknown) => {
      throw nameImageFile(thrown, { image: command.file });
    });
    // None is written where one of them cannot be.
    await prepareFolder(
      command.output,
      icons.map(({ name }) => name),
    );
    for (const icon of icons) {
      const path = await saveNew(command.output, icon.name, icon.file);
      if (command.json) printJson({ event: 'image', path });
      else stdout.write(`${path}\n`);
    }
  } finally {
    await removeIfEmpty();
  }
}
