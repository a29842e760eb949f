import { isRecord } from '../json';
import { RECIPE_FIELDS, requestField, type RecipeField } from '../request/fields';
import { writeLoraWeights } from '../request/lora-weights';
import { HIRES } from './infotext';
import type { RecipeRequest } from './recipe';

/** A setting of an image, by the option of `easel generate` that asks for it. */
export interface OptionSetting {
  /** Without its dashes. */
  readonly option: string;
  /** One for each time the option is given; none for a switch. */
  readonly values: readonly string[];
}

/** Fields that say how an image was delivered, or what other fields say. */
const NEVER_SAID: readonly RecipeField[] = ['format', 'speed'];

/**
 * The settings of an image that are not the usual ones, in the order of a request.
 * @param said fields that the caller has words for
 */
export function otherOptions(
  request: RecipeRequest,
  said: readonly RecipeField[],
): OptionSetting[] {
  return RECIPE_FIELDS.flatMap((field) => {
    const { option, default: usual } = requestField(field);
    const value = request[field];
    if (!option || value === undefined || NEVER_SAID.includes(field) || said.includes(field)) {
      return [];
    }
    const isUsual = JSON.stringify(value) === JSON.stringify(usual);
    if (isUsual || (Array.isArray(value) && value.length === 0)) return [];
    return [
      { option: option.name, values: option.value === undefined ? [] : typed(request, field) },
    ];
  });
}

/**
 * A value as a shell takes it. What double quotes leave as it is, they hold, for the shells of Windows too; in single
 * quotes nothing is expanded.
 */
function quoted(value: string): string {
  if (/^[\w./:,=@+-]+$/.test(value)) return value;
  return /["$`!]|\\(?:\\|$)/.test(value)
    ? `'${value.replaceAll("'", String.raw`'\''`)}'`
    : `"${value}"`;
}

/** `--pag-scale 3`, as a shell takes it. */
export function writeOption({ option, values }: OptionSetting): string {
  const given = values.map((value) => ` ${quoted(value)}`.trimEnd());
  return (given.length > 0 ? given : ['']).map((value) => `--${option}${value}`).join(' ');
}

type Writers = {
  readonly [Field in RecipeField]?: (value: NonNullable<RecipeRequest[Field]>) => string | string[];
};

const scaled = (name: string, scale: string | number | undefined) =>
  scale === undefined ? name : `${name}:${scale}`;
const list = (values: readonly unknown[], separator = ',') =>
  values.filter((value) => value !== undefined && value !== '').join(separator);

/** How values are typed that are no texts, no numbers and no lists of these. */
const WRITERS: Writers = {
  palette: (colours) => colours.join(','),
  outpaint: ({ left = 0, top = 0, right = 0, bottom = 0 }) => list([left, top, right, bottom]),
  hires: ({ scale = HIRES.scale, strength, steps, upscaler }) =>
    // Each is told by its place.
    list([scale, strength ?? (steps && HIRES.strength), steps, upscaler]),
  upscale: ({ model, factor }) => (model === undefined ? String(factor) : scaled(model, factor)),
  vaeTiling: (isOn) => (isOn ? 'on' : 'off'),
  loras: (loras) =>
    loras.map(({ path, scale = 1, weights }) =>
      list([scaled(path, scale), writeLoraWeights(weights)]),
    ),
  embeddings: (embeddings) => embeddings.map(({ path, token }) => scaled(path, token)),
  forecast: (values) => list(Object.entries(values).map(([name, value]) => `${name}=${value}`)),
  guidanceInterval: ({ start, end }) => `${start}:${end}`,
  freeu: ({ s1, s2, b1, b2 }) => list([s1, s2, b1, b2]),
};

/** The values of an option as they are typed. */
function typed(request: RecipeRequest, field: RecipeField): readonly string[] {
  const write = WRITERS[field] as ((value: unknown) => string | string[]) | undefined;
  const value: unknown = request[field];
  const text = write ? write(value) : Array.isArray(value) ? value.map(String) : plain(value);
  return typeof text === 'string' ? [text] : text;
}

/** A size, a corner, or a text, a number or a switch. */
function plain(value: unknown): string {
  if (!isRecord(value)) return String(value);
  const { width, height, left, top } = value;
  return width === undefined ? list([left, top]) : list([width, height], 'x');
}
