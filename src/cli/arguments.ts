import { parseArgs, type ParseArgsConfig } from 'node:util';
import { EaselError } from '../core/errors';
import { parseRequest, type GenerationRequest } from '../core/request';
import { parseModelsCommand, type ModelsCommand } from './models-arguments';

export const USAGE = `easel: draws pictures from words on this machine.

  easel generate "<prompt>" [options]   draw and save PNG files
  easel models [--json]                 the models that can be drawn with
  easel models download ID              get another; also catalogue, verify, remove (easel models --help)
  easel devices [--json]                the devices that work here

Options of generate
  --model NAME            a diffusers folder, a repository id in the Hugging Face cache, or starter (default)
  --negative-prompt TEXT  what to keep out
  --seed N                the same seed gives the same picture; image k has seed + k (default: random)
  --steps N               denoising steps (default: the model's)
  --guidance-scale X      how strictly to follow the prompt; 1 or less turns guidance off
  --guidance-rescale X    0 to 1, against over-exposure with strong guidance
  --width N, --height N   pixels (default: the model's)
  --scheduler NAME        such as ddim, euler, euler-a, dpm++, unipc, lcm (default: the model's)
  --num-images N          pictures to draw (default 1)
  --vae full|tiny         tiny decodes faster and rougher, where the model has one
  --device NAME           auto (default), cpu, cuda, webgpu, dml or coreml
  --output DIR            where to save (default: the current folder)
  --json                  JSON lines on standard output, progress on standard error
`;

const GENERATE_OPTIONS = {
  model: { type: 'string' },
  'negative-prompt': { type: 'string' },
  seed: { type: 'string' },
  steps: { type: 'string' },
  'guidance-scale': { type: 'string' },
  'guidance-rescale': { type: 'string' },
  width: { type: 'string' },
  height: { type: 'string' },
  scheduler: { type: 'string' },
  'num-images': { type: 'string' },
  vae: { type: 'string' },
  device: { type: 'string' },
  output: { type: 'string' },
  json: { type: 'boolean' },
} as const satisfies ParseArgsConfig['options'];

export interface GenerateCommand {
  readonly verb: 'generate';
  readonly request: GenerationRequest;
  readonly output: string;
  readonly json: boolean;
}
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
    const { values } = parse(rest, { json: { type: 'boolean' } }, false);
    return { verb, json: values.json === true };
  }
  throw new EaselError('bad-request', `There is no command "${verb}". Try: easel --help`);
}

function parseGenerate(args: readonly string[]): GenerateCommand {
  const { values, positionals } = parse(args, GENERATE_OPTIONS, true);
  const [prompt, ...more] = positionals;
  if (prompt === undefined) {
    throw new EaselError('bad-request', 'Say what to draw: easel generate "a red apple"');
  }
  if (more.length > 0) {
    throw new EaselError(
      'bad-request',
      `Put the prompt in quotes: only "${prompt}" was read as the prompt, not "${more.join(' ')}".`,
    );
  }
  const text = (name: keyof typeof GENERATE_OPTIONS) => {
    const value = values[name];
    return typeof value === 'string' ? value : undefined;
  };
  const number = (name: keyof typeof GENERATE_OPTIONS) => {
    const value = text(name);
    if (value === undefined) return undefined;
    if (value.trim() === '' || !Number.isFinite(Number(value))) {
      throw new EaselError('bad-request', `--${name} must be a number, not "${value}".`);
    }
    return Number(value);
  };
  const request = parseRequest({
    prompt,
    negativePrompt: text('negative-prompt'),
    model: text('model'),
    seed: number('seed'),
    steps: number('steps'),
    guidanceScale: number('guidance-scale'),
    guidanceRescale: number('guidance-rescale'),
    width: number('width'),
    height: number('height'),
    scheduler: text('scheduler'),
    numImages: number('num-images'),
    vae: text('vae'),
    device: text('device'),
  });
  return { verb: 'generate', request, output: text('output') ?? '.', json: values.json === true };
}

function parse(
  args: readonly string[],
  options: NonNullable<ParseArgsConfig['options']>,
  allowPositionals: boolean,
): {
  values: Record<string, string | boolean | (string | boolean)[] | undefined>;
  positionals: string[];
} {
  try {
    return parseArgs({ args: joinNegativeNumbers(args), options, allowPositionals, strict: true });
  } catch (thrown) {
    throw new EaselError(
      'bad-request',
      (thrown as Error).message.split('\n')[0] ?? 'bad arguments',
    );
  }
}

/** parseArgs takes `--seed -1` for two options; a number after an option is its value. */
function joinNegativeNumbers(args: readonly string[]): string[] {
  const joined: string[] = [];
  for (const arg of args) {
    const last = joined.at(-1);
    if (/^-\d/.test(arg) && last?.startsWith('--') && !last.includes('=')) {
      joined[joined.length - 1] = `${last}=${arg}`;
    } else {
      joined.push(arg);
    }
  }
  return joined;
}
