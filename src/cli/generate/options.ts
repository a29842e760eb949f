import {
  FIELD_NAMES,
  requestField,
  type CommandLineOption,
  type FieldName,
  type FieldsWith,
} from '../../core/request/fields';

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

/** The options that are about the command, not about the image. */
const COMMAND_OPTIONS: readonly Pick<
  CommandLineOption,
  'name' | 'value' | 'help' | 'multiple' | 'optional'
>[] = [
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
export const GENERATE_OPTIONS = [...FIELD_OPTIONS, ...COMMAND_OPTIONS];

/** The help text of the options, a line each. */
export function describeOptions(): string {
  const rows = GENERATE_OPTIONS.map(
    ({ name, value, help }) => [`  --${name}${value ? ` ${value}` : ''}`, help] as const,
  );
  const width = Math.max(...rows.map(([option]) => option.length));
  return rows.map(([option, help]) => `${option.padEnd(width)}  ${help}`).join('\n');
}
