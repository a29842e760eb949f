import { parseLoad, type EngineLoad } from '../../core/engine-load';
import { EaselError } from '../../core/errors';
import {
  CONTROL_FIELDS,
  requireControlCounts,
  type ControlField,
} from '../../core/request/controls';
import { requestField } from '../../core/request/fields';
import { assertRequest, type GenerationRequestInput } from '../../core/request/request';
import { applyStyle, DEFAULT_STYLES, findStyle } from '../../core/request/styles';
import { readImageFile } from '../input-file';
import { parseOptions, type ParsedOptions } from '../parse-options';
import { expandHome, outputPlace, type OutputPlace } from '../paths';
import { FIELD_OPTIONS, GENERATE_OPTIONS, type FileField } from './options';

export interface GenerateCommand {
  readonly verb: 'generate';
  /** Checked, as it was asked for: the engine fills the defaults. */
  readonly request: GenerationRequestInput;
  /** Files whose bytes belong into the request. */
  readonly files: Readonly<Partial<Record<FileField, readonly string[]>>>;
  readonly output: OutputPlace;
  readonly load: EngineLoad;
  readonly json: boolean;
}

/**
 * Reads the arguments of `easel generate`.
 * @throws EaselError `bad-request` or `prompt-too-long`, naming the option
 */
export function parseGenerate(args: readonly string[]): GenerateCommand {
  const options = Object.fromEntries(
    GENERATE_OPTIONS.map(({ name, value, optional, multiple = false }) => [
      name,
      {
        type: value === undefined ? ('boolean' as const) : ('string' as const),
        multiple,
        optional,
        mayBeEmpty: value === 'TEXT',
      },
    ]),
  );
  const { values, positionals } = parseOptions(args, options, true);
  const { fields, files } = readFields(values);
  const { style: styleName, ...others } = fields;
  const output = outputPlace(typeof values.output === 'string' ? values.output : '.');
  const asked = { ...others, ...formatOf(output, others), prompt: onlyPrompt(positionals) };
  const style = typeof styleName === 'string' ? findStyle(DEFAULT_STYLES, styleName) : undefined;
  assertRequest(asked);
  const count = (field: ControlField) => (files[field as FileField] ?? asked[field])?.length;
  requireControlCounts(Object.fromEntries(CONTROL_FIELDS.map((field) => [field, count(field)])));
  return {
    verb: 'generate',
    request: style ? applyStyle(style, asked) : asked,
    files,
    output,
    load: parseLoad(values),
    json: values.json === true,
  };
}

/**
 * The format that the name of the file says.
 * @throws EaselError `bad-request` where `--format` says another
 */
function formatOf(
  { file }: OutputPlace,
  { format }: Readonly<Record<string, unknown>>,
): { readonly format?: string } {
  if (!file) return {};
  if (format !== undefined && format !== file.format) {
    throw new EaselError(
      'bad-request',
      `--output ${file.name} is a ${file.format} file, and --format says otherwise. Leave one of them out, or make them agree.`,
      { field: 'format' },
    );
  }
  return { format: file.format };
}

/** The request fields that the options stand for, not checked yet. */
function readFields(values: ParsedOptions['values']): {
  fields: Readonly<Record<string, unknown>>;
  files: GenerateCommand['files'];
} {
  const fields: Record<string, unknown> = {};
  const files: Record<string, readonly string[]> = {};
  for (const { name, field, read, file, path: isPath } of FIELD_OPTIONS) {
    const given = values[name];
    if (given === undefined) continue;
    const typed = [given]
      .flat()
      .map(String)
      .map((one) => (file || isPath ? expandHome(one) : one));
    if (file) files[field] = typed;
    else fields[field] = read(typed, name);
  }
  return { fields, files };
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
export async function readRequestFiles({
  request,
  files,
}: GenerateCommand): Promise<GenerationRequestInput> {
  const contents: Record<string, Uint8Array | Uint8Array[] | undefined> = {};
  for (const [field, paths] of Object.entries(files) as [FileField, readonly string[]][]) {
    const read: Uint8Array[] = [];
    for (const file of paths) read.push(await readImageFile(file));
    contents[field] = requestField(field).option?.multiple ? read : read[0];
  }
  return { ...request, ...contents };
}
