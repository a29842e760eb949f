import { parseLoad, type EngineLoad } from '../../core/engine-load';
import { EaselError } from '../../core/errors';
import { CONTROL_FIELDS, requireControlCounts } from '../../core/request/controls';
import { requireIpAdapterCounts } from '../../core/request/ip-adapters';
import { shownOption } from '../../core/request/list-counts';
import { assertRequest, type GenerationRequestInput } from '../../core/request/request';
import { applyStyle, DEFAULT_STYLES, findStyle } from '../../core/request/styles';
import { readImageFile } from '../input-file';
import { parseOptions, type ParsedOptions } from '../parse-options';
import { expandHome, outputPlace, type OutputPlace } from '../paths';
import type { Fields } from './grid/axis-kinds';
import { planGrid, type GridPlan } from './grid/plan';
import { FIELD_OPTIONS, GENERATE_OPTIONS, type RequestFiles } from './options';

export interface GenerateCommand {
  readonly verb: 'generate';
  /** Checked, as it was asked for: the engine fills the defaults. Of a grid, the first. */
  readonly request: GenerationRequestInput;
  /** The images of `--grid` and `--prompt-matrix`, all checked. */
  readonly grid?: GridPlan;
  /** Files whose bytes belong into the request. */
  readonly files: RequestFiles;
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
    GENERATE_OPTIONS.map(({ name, value, optional, more, multiple = false }) => [
      name,
      {
        type: value === undefined ? ('boolean' as const) : ('string' as const),
        multiple,
        optional,
        more,
        mayBeEmpty: value === 'TEXT',
      },
    ]),
  );
  const { values, positionals } = parseOptions(args, options, true);
  const { fields, files } = readFields(values);
  const output = outputPlace(typeof values.output === 'string' ? values.output : '.');
  const asked = { ...fields, ...formatOf(output, fields), prompt: onlyPrompt(positionals) };
  const check = (one: Fields) => checkRequest(one, files);
  const grid = readGrid(values, asked, check);
  if (grid && output.file?.format === 'svg') {
    throw new EaselError(
      'bad-request',
      `--output ${output.file.name}: the sheet of a grid is an image of pixels. Name a .png or .webp file, or a folder with --format svg for the single images.`,
      { field: 'output' },
    );
  }
  return {
    verb: 'generate',
    request: grid?.cells[0]?.request ?? check(asked),
    ...(grid && { grid }),
    files,
    output,
    load: parseLoad(values),
    json: values.json === true,
  };
}

/** The images of `--grid` and `--prompt-matrix`; undefined without them. */
function readGrid(
  values: ParsedOptions['values'],
  fields: Fields & { readonly prompt: string },
  check: (fields: Fields) => GenerationRequestInput,
): GridPlan | undefined {
  const grid = [values.grid ?? []].flat().map(String);
  const promptMatrix = values['prompt-matrix'] === true;
  if (grid.length === 0 && !promptMatrix) return undefined;
  return planGrid({ grid, promptMatrix }, fields, check);
}

/**
 * The request of some fields, where the style is a name.
 * @throws EaselError `bad-request` or `prompt-too-long`, naming the field
 */
function checkRequest(fields: Fields, files: RequestFiles): GenerationRequestInput {
  const { style: styleName, ...asked } = fields;
  const style = typeof styleName === 'string' ? findStyle(DEFAULT_STYLES, styleName) : undefined;
  assertRequest(asked);
  const given = { ...asked, ...files };
  const counts = Object.fromEntries(
    CONTROL_FIELDS.map((field) => [
      field,
      given[field] === undefined ? 0 : [given[field]].flat().length,
    ]),
  );
  requireControlCounts(counts);
  requireIpAdapterCounts(counts);
  requireScales(asked);
  return style ? applyStyle(style, asked) : asked;
}

/** Fields that do nothing without another one, which has no default of its own. */
const NEEDED_SCALES = [
  ['variationSeed', 'variationStrength'],
  ['pagAdaptiveScale', 'pagScale'],
  ['pagAppliedLayers', 'pagScale'],
] as const;

/** @throws EaselError `bad-request` for an option that would be left out without a word */
function requireScales(asked: Partial<GenerationRequestInput>): void {
  for (const [field, scale] of NEEDED_SCALES) {
    if (asked[field] === undefined || asked[scale] !== undefined) continue;
    throw new EaselError(
      'bad-request',
      `${shownOption(field)} does nothing without ${shownOption(scale)}. Give that too, or leave it out.`,
      { field },
    );
  }
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
  const files: Record<string, string | readonly string[] | undefined> = {};
  for (const { name, field, read, file, multiple, path: isPath } of FIELD_OPTIONS) {
    const given = values[name];
    if (given === undefined) continue;
    const typed = [given]
      .flat()
      .map(String)
      .map((one) => (file || isPath ? expandHome(one) : one));
    if (file) files[field] = multiple ? typed : typed[0];
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
 * What the files of a request hold, as its fields.
 * @throws EaselError `bad-request` naming a file that cannot be read
 */
export async function readRequestFiles(
  files: RequestFiles,
): Promise<Partial<GenerationRequestInput>> {
  const contents: Record<string, Uint8Array | Uint8Array[]> = {};
  for (const [field, given] of Object.entries<string | readonly string[]>(files)) {
    contents[field] = typeof given === 'string' ? await readImageFile(given) : await readAll(given);
  }
  return contents;
}

async function readAll(paths: readonly string[]): Promise<Uint8Array[]> {
  const read: Uint8Array[] = [];
  for (const file of paths) read.push(await readImageFile(file));
  return read;
}
