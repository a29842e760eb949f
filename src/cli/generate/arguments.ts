import { readFile } from 'node:fs/promises';
import { EaselError } from '../../core/errors';
import {
  parseRequest,
  type GenerationRequest,
  type GenerationRequestInput,
} from '../../core/request/request';
import { applyStyle, DEFAULT_STYLES, findStyle } from '../../core/request/styles';
import { GENERATE_OPTIONS, type FileField } from './options';
import { parseOptions } from '../parse-options';

export interface GenerateCommand {
  readonly verb: 'generate';
  readonly request: GenerationRequest;
  /** Files whose bytes belong into the request. */
  readonly files: Partial<Record<FileField, string>>;
  readonly output: string;
  readonly json: boolean;
}

/**
 * Reads the arguments of `easel generate`.
 * @throws EaselError `bad-request` or `prompt-too-long`, naming the option
 */
export function parseGenerate(args: readonly string[]): GenerateCommand {
  const options = Object.fromEntries(
    Object.entries(GENERATE_OPTIONS).map(([name, { value, multiple }]) => [
      name,
      {
        type: value === undefined ? ('boolean' as const) : ('string' as const),
        multiple: multiple ?? false,
      },
    ]),
  );
  const { values, positionals } = parseOptions(args, options, true);
  let fields: Partial<GenerationRequestInput> = {};
  let files: GenerateCommand['files'] = {};
  for (const [name, { apply }] of Object.entries(GENERATE_OPTIONS)) {
    const given = values[name];
    if (given === undefined || !apply) continue;
    const effect = apply([given].flat().map(String), name);
    fields = { ...fields, ...effect.fields };
    files = { ...files, ...effect.files };
  }
  const asked = { ...fields, prompt: onlyPrompt(positionals) };
  const { style } = values;
  const request = parseRequest(
    typeof style === 'string' ? applyStyle(findStyle(DEFAULT_STYLES, style), asked) : asked,
  );
  const output = typeof values.output === 'string' ? values.output : '.';
  return { verb: 'generate', request, files, output, json: values.json === true };
}

function onlyPrompt(positionals: readonly string[]): string {
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
  return prompt;
}

/**
 * The request with its files read.
 * @throws EaselError `bad-request` naming a file that cannot be read
 */
export async function readRequestFiles(command: GenerateCommand): Promise<GenerationRequest> {
  const bytes: Partial<Record<FileField, Uint8Array>> = {};
  for (const [field, file] of Object.entries(command.files) as [FileField, string][]) {
    try {
      bytes[field] = await readFile(file);
    } catch (thrown) {
      throw new EaselError('bad-request', `${file} cannot be read: ${(thrown as Error).message}`);
    }
  }
  return parseRequest({ ...command.request, ...bytes });
}
