import { EaselError } from '../core/errors';
import { parseGenerate, type GenerateCommand } from './generate/arguments';
import { describeOptions } from './generate/options';
import { parseIconCommand, type IconCommand } from './icon';
import { parseMcpCommand, type McpCommand } from './mcp/arguments';
import { parseModelsCommand, type ModelsCommand } from './models/arguments';
import { parseOptions } from './parse-options';
import { parseRecipeCommand, type RecipeCommand } from './recipe';

export const USAGE = `easel: draws images from text on this machine.

  easel generate "<prompt>" [options]   draw and save images
  easel models [--json]                 list the models on this machine
  easel models download ID              download a model; for more, see easel models --help
  easel devices [--json]                list the devices, and what auto chooses
  easel recipe FILE [--json]            show how an image was made, from its metadata
  easel icon FILE [--output DIR]        make favicon.ico and icons of 16 to 512 pixels from one image
  easel mcp [--output DIR] [--model NAME] [--device NAME] [--idle-minutes N]
                                        serve the tools for agents (Model Context Protocol on stdio)

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
export type Command =
  | GenerateCommand
  | ModelsCommand
  | DevicesCommand
  | RecipeCommand
  | IconCommand
  | McpCommand
  | HelpCommand;

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
  if (verb === 'recipe') return parseRecipeCommand(rest);
  if (verb === 'icon') return parseIconCommand(rest);
  if (verb === 'mcp') return parseMcpCommand(rest);
  if (verb === 'devices') {
    const { values } = parseOptions(rest, { json: { type: 'boolean' } }, false);
    return { verb, json: values.json === true };
  }
  throw new EaselError('bad-request', `There is no command "${verb}". Try: easel --help`);
}
