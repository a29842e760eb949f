import {
  FIELD_NAMES,
  requestField,
  type FieldName,
  type FieldsWith,
} from '../../core/request/fields';
import type { CommandLineOption } from '../../core/request/fields/field';

/** Fields that the command line fills with the bytes of a file, and those of several files. */
type FileField = FieldsWith<{ option: { file: true } }>;
type FilesField = FieldsWith<{ option: { file: true; multiple: true } }>;

/** The paths that were given for them. */
export type RequestFiles = Readonly<
  Partial<Record<Exclude<FileField, FilesField>, string> & Record<FilesField, readonly string[]>>
>;

/** An option of a request field. */
export interface FieldOption extends CommandLineOption {
  readonly field: FieldName;
}

/** The options of `easel generate` that fill a field of the request, in the order of the help. */
export const FIELD_OPTIONS: readonly FieldOption[] = [
  // The help begins with the model.
  ...(['model'] as const),
  ...FIELD_NAMES.filter((field) => field !== 'model'),
].flatMap((field) => {
  const { option } = requestField(field);
  return option ? [{ ...option, field }] : [];
});

interface CommandOption extends Pick<
  CommandLineOption,
  'name' | 'value' | 'help' | 'multiple' | 'optional'
> {
  /** Further arguments that look so are values of it too. */
  readonly more?: RegExp;
}

/** The options that are about the command, not about one image. */
const COMMAND_OPTIONS: readonly CommandOption[] = [
  {
    name: 'grid',
    value: 'AXIS=VALUES…',
    help: 'draw every combination, and a sheet of them with labels: --grid steps=4,8,12 guidance=1,3,7; up to three axes, named as options, or prompt, size, lora-scale',
    multiple: true,
    more: /^[a-z][a-z0-9_-]*=/i,
  },
  {
    name: 'prompt-matrix',
    help: 'draw every combination of the parts of "a castle|in autumn|at night", and a sheet of them',
  },
  {
    name: 'output',
    value: 'DIR',
    help: 'where to save (default: the current folder); or one file, such as out.png',
  },
  {
    name: 'threads',
    value: 'N',
    help: 'processor threads that draw (default: auto, all that the machine or its container allows)',
  },
  {
    name: 'priority',
    value: 'NAME',
    help: 'normal, or low: other programs come first (default: normal)',
  },
  { name: 'json', help: 'JSON lines on standard output, progress on standard error' },
];

/** In the order of the help. */
export const GENERATE_OPTIONS: readonly CommandOption[] = [...FIELD_OPTIONS, ...COMMAND_OPTIONS];

/** The help text of the options, a line each. */
export function describeOptions(): string {
  const rows = GENERATE_OPTIONS.map(
    ({ name, value, help }) => [`  --${name}${value ? ` ${value}` : ''}`, help] as const,
  );
  const width = Math.max(...rows.map(([option]) => option.length));
  return rows.map(([option, help]) => `${option.padEnd(width)}  ${help}`).join('\n');
}
