import { EaselError } from '../core/errors';
import { parseGenerate, type GenerateCommand } from './generate-arguments';
import { describeOptions } from './generate-options';
import { parseModelsCommand, type ModelsCommand } from './models-arguments';
import { parseOptions } from './parse-options';

export const USAGE = `easel: draws pictures from words on this machine.

  easel generate "<prompt>" [options]   draw and save PNG files
  easel models [--json]                 the models that can be drawn with
  easel models download ID              get another; also catalogue, verify, remove (easel models --help)
  easel devices [--json]                the devices that work here

Options of generate
${describeOptions()}
`;

export interface DevicesCommand {
  readonly verb: 'devices';
  readonly json: boolean;
}
export interface HelpCommand {
  readonly verb: 'help';
}
export type Command = GenerateCommand | ModelsCommand | DevicesCommand | HelpCommand;

/**
 * Reads the command line (without the program's name).
 * @throws EaselError `bad-request` naming the argument
 */
export function parseCommand(args: readonly string[]): Command {
  const [verb, ...rest] = args;
  if (verb === 'models') return parseModelsCommand(rest);
  if (verb === undefined || rest.includes('--help') || ['help', '--help', '-h'].includes(verb)) {
    return { verb: 'help' };
  }
  if (verb === 'generate') return parseGenerate(rest);
  if (verb === 'devices') {
    const { values } = parseOptions(rest, { json: { type: 'boolean' } }, false);
    return { verb, json: values.json === true };
  }
  throw new EaselError('bad-request', `There is no command "${verb}". Try: easel --help`);
}
