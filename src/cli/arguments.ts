import { EaselError } from '../core/errors';
import { VERSION } from '../core/version';
import { parseDevicesCommand, type DevicesCommand } from './devices/arguments';
import { parseGenerate, type GenerateCommand } from './generate/arguments';
import { describeOptions } from './generate/options';
import { parseIconCommand, type IconCommand } from './icon';
import { parseMcpCommand, type McpCommand } from './mcp/arguments';
import { MODELS_USAGE, parseModelsCommand, type ModelsCommand } from './models/arguments';
import {
  ENDPOINTS_USAGE,
  parseEndpointsCommand,
  type EndpointsCommand,
} from './endpoints/arguments';
import { nearest } from './nearest';
import { optionPart } from './parse-options';
import { parseRecipeCommand, type RecipeCommand } from './recipe';
import { parseUpscaleCommand, UPSCALE_USAGE, type UpscaleCommand } from './upscale';
import { parseServeCommand, SERVE_USAGE, type ServeCommand } from './serve/arguments';

const USAGE = `easel: draws images from text on this machine.

  easel generate "<prompt>" [options]   draw and save images
  easel models [--json]                 list the models on this machine
  easel models download ID              download a model; for more, see easel models --help
  easel devices [--json]                list the devices, and what auto chooses
  easel devices install NAME [--yes]    download what a device needs of ONNX Runtime (cuda on Linux)
  easel devices remove NAME [--yes]     delete it
  easel endpoints [--json]              list servers elsewhere that draw; for more, see easel endpoints --help
  easel endpoints add NAME URL          add one
  easel recipe FILE [--json]            show how an image was made, from its metadata
  easel upscale FILE [options]          make an image larger; for its options, see easel upscale --help
  easel icon FILE [--output DIR]        make favicon.ico and icons of 16 to 512 pixels from one image
  easel mcp [--output DIR] [--model NAME] [--device NAME] [--idle-minutes N] [--threads N] [--priority NAME]
                                        serve the tools for agents (Model Context Protocol on stdio)
  easel serve [options]                 draw for other programs, by OpenAI's images API and AUTOMATIC1111's;
                                        for its options, see easel serve --help
  easel --version                       print the version

Options of generate
${describeOptions()}
`;

/** Prints a text: the help or the version. */
export interface PrintCommand {
  readonly verb: 'print';
  readonly text: string;
}
export type Command =
  | GenerateCommand
  | ModelsCommand
  | DevicesCommand
  | EndpointsCommand
  | RecipeCommand
  | IconCommand
  | UpscaleCommand
  | McpCommand
  | ServeCommand
  | PrintCommand;

type Verb = Exclude<Command['verb'], 'print'>;

const PARSERS: Readonly<Record<Verb, (args: readonly string[]) => Command>> = {
  generate: parseGenerate,
  models: parseModelsCommand,
  devices: parseDevicesCommand,
  endpoints: parseEndpointsCommand,
  recipe: parseRecipeCommand,
  icon: parseIconCommand,
  upscale: parseUpscaleCommand,
  mcp: parseMcpCommand,
  serve: parseServeCommand,
};

/** The help of commands with commands of their own. */
const USAGES: readonly (readonly [Verb, string])[] = [
  ['models', MODELS_USAGE],
  ['endpoints', ENDPOINTS_USAGE],
  ['serve', SERVE_USAGE],
  ['upscale', UPSCALE_USAGE],
];

const VERBS = Object.keys(PARSERS) as Verb[];

/**
 * Reads the command line (without the program's name).
 * @throws EaselError `bad-request` naming the argument
 */
export function parseCommand(args: readonly string[]): Command {
  const [first = 'help', ...rest] = args;
  const before = optionPart(args);
  if (first === 'help' || before.includes('--help') || before.includes('-h')) {
    return { verb: 'print', text: USAGES.find(([verb]) => args.includes(verb))?.[1] ?? USAGE };
  }
  if (first === 'version' || before.includes('--version') || before.includes('-V')) {
    return { verb: 'print', text: `easel ${VERSION}\n` };
  }
  const verb = VERBS.find((known) => known === first);
  if (verb) return PARSERS[verb](rest);
  throw new EaselError('bad-request', `There is no command "${first}". ${hintFor(first)}`);
}

function hintFor(typed: string): string {
  if (/\s/.test(typed)) return `To draw that: easel generate "${typed}"`;
  const meant = nearest(typed, [...VERBS, 'help', 'version']);
  return meant === undefined ? 'Try: easel --help' : `Did you mean "easel ${meant}"?`;
}
