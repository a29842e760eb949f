import { EaselError } from '../../../core/errors';
import { resolveScheduler } from '../../../core/diffusion/schedulers/registry';
import { readNumber, readNumbers, readSize } from '../../../core/request/option-values';
import { DEFAULT_STYLES, findStyle } from '../../../core/request/styles';
import { FIELD_OPTIONS, type FieldOption } from '../options';
import { nearest } from '../../nearest';
import { expandHome } from '../../paths';
import { bad } from './axis-values';

/** The fields of a request as the options say them: the style is a name. */
export type Fields = Readonly<Record<string, unknown>>;

/** What an axis of a grid can change. */
export interface AxisKind {
  readonly name: string;
  /** `1-5` stands for numbers. */
  readonly ranges: boolean;
  readonly mayBeEmpty: boolean;
  /** Each value has commas, so only `|` is between them. */
  readonly hasCommas?: true;
  /** It changes what other axes say, so it comes after them. */
  readonly last?: true;
  /** It replaces its first value in the prompts, and may be there several times. */
  readonly replaces?: true;
  /**
   * The fields with a value.
   * @param first the first value of the axis
   * @throws EaselError `bad-request` where the value cannot be meant
   */
  readonly apply: (fields: Fields, value: string, first: string) => Fields;
}

/** Fields that are not what a grid compares: files, and how images are delivered. */
const NO_AXES: ReadonlySet<string> = new Set([
  ...['endpoint', 'format', 'numImages', 'metadata'],
  ...['embeddings', 'controlnets', 'controlPreprocess'],
  ...['ipAdapters', 'ipAdapterBlocks', 'ipAdapterImageEncoder'],
]);
/** Other words for axes. */
const ALIASES: Readonly<Record<string, string>> = {
  guidance: 'guidance-scale',
  cfg: 'guidance-scale',
  'cfg-scale': 'guidance-scale',
  sampler: 'scheduler',
  checkpoint: 'model',
};
/** An image without what the axis is about. */
export const NONE = 'none';
/** Fields that an image can be without. */
const OPTIONAL: ReadonlySet<string> = new Set([
  ...['style', 'loras', 'unet', 'refiner', 'hires', 'hiresUpscaler', 'upscale', 'seamless'],
  ...['freeu', 'forecast', 'guidanceInterval', 'palette', 'variant'],
]);
/** Fields that are several numbers. */
const SEVERAL: ReadonlySet<string> = new Set([
  ...['freeu', 'outpaint', 'cropTopLeft', 'negativeCropTopLeft'],
]);

const OPTION_AXES: readonly AxisKind[] = FIELD_OPTIONS.filter(
  ({ field, value, file }) => value !== undefined && !file && !NO_AXES.has(field),
).map(optionAxis);

/** Axes that are no option of their own. */
const OTHER_AXES: readonly AxisKind[] = [
  {
    ...{ name: 'prompt', ranges: false, mayBeEmpty: true, last: true, replaces: true },
    apply: searchAndReplace,
  },
  {
    name: 'size',
    ranges: false,
    mayBeEmpty: false,
    apply: (fields, value) => ({ ...fields, ...(readSize([value], 'grid size') as object) }),
  },
  { name: 'lora-scale', ranges: true, mayBeEmpty: false, last: true, apply: scaleLoras },
];

const AXES = new Map([...OTHER_AXES, ...OPTION_AXES].map((axis) => [axis.name, axis]));

/** Every axis, for help texts. */
const AXIS_NAMES: readonly string[] = [...AXES.keys()];

/** @throws EaselError `bad-request`, with what there is */
export function findAxis(typed: string): AxisKind {
  const name = typed.trim().toLowerCase().replace(/^--/, '').replace(/_/g, '-');
  const found = AXES.get(ALIASES[name] ?? name);
  if (found) return found;
  const meant = nearest(name, [...AXIS_NAMES, ...Object.keys(ALIASES)]);
  throw new EaselError(
    'bad-request',
    `--grid: "${typed}" is not an axis. ${meant === undefined ? '' : `Did you mean ${meant}? `}` +
      `There are ${AXIS_NAMES.join(', ')}.`,
    { field: 'grid' },
  );
}

function optionAxis({ name, field, read, value, path }: FieldOption): AxisKind {
  return {
    name,
    ranges: read === readNumber || read === readNumbers,
    mayBeEmpty: value === 'TEXT',
    ...(SEVERAL.has(field) && { hasCommas: true }),
    apply: (fields, typed) => {
      if (OPTIONAL.has(field) && typed.toLowerCase() === NONE) {
        return { ...fields, [field]: undefined };
      }
      // Where an error is as plain before all as in the middle.
      if (field === 'style') findStyle(DEFAULT_STYLES, typed);
      if (field === 'scheduler') resolveScheduler(typed);
      const given = path ? expandHome(typed) : typed;
      return { ...fields, [field]: read([given], `grid ${name}`) };
    },
  };
}

/**
 * AUTOMATIC1111's *Prompt S/R* (scripts/xyz_grid.py, `apply_prompt`): the first value is searched for in the prompts.
 * Images of a prompt matrix may be without it.
 */
function searchAndReplace(fields: Fields, value: string, first: string): Fields {
  const { prompt, negativePrompt } = fields;
  const replaced = (text: unknown) =>
    typeof text === 'string' ? text.replaceAll(first, () => value) : text;
  return {
    ...fields,
    prompt: replaced(prompt),
    ...(negativePrompt !== undefined && { negativePrompt: replaced(negativePrompt) }),
  };
}

/** The same scale for each LoRA. Parts that have a weight of their own keep it. */
function scaleLoras(fields: Fields, value: string): Fields {
  const { loras } = fields;
  // An axis of LoRAs says none.
  if ('loras' in fields && loras === undefined) return fields;
  if (!Array.isArray(loras) || loras.length === 0) {
    throw bad('lora-scale', 'there is no LoRA. Give one with --lora.');
  }
  const scale = readNumber([value], 'grid lora-scale');
  const scaled = loras.map((lora: { readonly path: string }) => ({ ...lora, scale }));
  return { ...fields, loras: scaled };
}
