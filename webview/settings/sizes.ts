import { COMPOSED_SIDE } from '../../src/core/composition/composition';
import type { Size } from '../../src/core/image/resize';
import type { StudioStringKey } from '../../src/protocol/studio-strings';
import type { Defaults, Form } from '../state/form';
import { t } from '../l10n';

/** Common aspect ratios, width : height. */
const RATIOS = [
  [1, 1],
  [4, 3],
  [3, 2],
  [16, 9],
  [2, 1],
  [3, 4],
  [2, 3],
  [9, 16],
] as const;

/** The text that says what images of a ratio are for. */
const PURPOSES: Readonly<Record<string, StudioStringKey>> = {
  '1:1': 'sizeSquare',
  '4:3': 'sizeIllustration',
  '3:2': 'sizePhoto',
  '16:9': 'sizeHero',
  '2:1': 'sizeBanner',
  '3:4': 'sizePortrait',
  '2:3': 'sizePoster',
  '9:16': 'sizePhone',
};

/** A size in pixels. */
export interface SizeChoice {
  readonly width: number;
  readonly height: number;
  /** Such as `16:9`. */
  readonly ratio: string;
}

/** A model's default size in pixels; each side of an image must be a multiple of `multiple`. */
export interface ModelSize {
  readonly width: number;
  readonly height: number;
  readonly multiple: number;
}

/**
 * Sizes in common aspect ratios with about the area of the model's default size. Other areas give worse
 * images, because the model was trained on this one.
 */
export function sizeChoices(own: ModelSize): SizeChoice[] {
  const side = Math.sqrt(own.width * own.height);
  // The VAE reduces a side by 8 and the UNet by 8 more: multiples of 64 need no padding inside the UNet.
  const multiple = own.multiple < 16 && side >= 384 ? 64 : own.multiple;
  const seen = new Set<string>();
  const choices: SizeChoice[] = [];
  for (const [wide, high] of RATIOS) {
    const width = nearest(side * Math.sqrt(wide / high), multiple);
    const height = nearest(side * Math.sqrt(high / wide), multiple);
    const key = `${width}x${height}`;
    if (seen.has(key)) continue;
    seen.add(key);
    choices.push({ width, height, ratio: `${wide}:${high}` });
  }
  return choices;
}

/** Sizes of image files that pages have, in pixels, with the text that says what for. */
const FILE_SIZES: readonly (readonly [width: number, height: number, purpose: StudioStringKey])[] =
  [
    [64, 64, 'sizeSmallIcon'],
    [256, 256, 'sizeSquare'],
    [512, 512, 'sizeLarge'],
    [400, 300, 'sizeCard'],
    [800, 600, 'sizeIllustration'],
    [1200, 630, 'sizeSocial'],
    [1600, 400, 'sizeBanner'],
    [1920, 1080, 'sizeHero'],
    [600, 800, 'sizePortrait'],
    [1080, 1920, 'sizePhone'],
  ];

/** The nearest multiple to a length in pixels; at least one `multiple`. */
export function nearest(length: number, multiple: number): number {
  return Math.max(multiple, Math.round(length / multiple) * multiple);
}

/** The size that suits the words, or the model's own. */
export const AUTO = 'auto';

/** What a size is chosen for. */
export interface SizeOf {
  readonly form: Pick<Form, 'width' | 'height' | 'model'>;
  readonly defaults: Defaults | undefined;
  /** The size that suits the words; undefined for a model that draws at its own sizes only. */
  readonly suitable: Size | undefined;
}

/** An entry of a list of sizes. */
export interface SizeItem {
  readonly value: string;
  readonly label: string;
  readonly group?: string;
}

/** The nearest length of a side that can be drawn, in pixels. */
export function allowedSide(length: number, size: SizeOf | undefined): number {
  if (!size?.suitable) return nearest(length, size?.defaults?.multiple ?? 8);
  const { min, max } = COMPOSED_SIDE;
  return Math.round(Math.min(max, Math.max(min, length)));
}

/** The sizes to choose from, and the one that is chosen now. */
export function sizeMenu({ form, defaults, suitable }: SizeOf): {
  readonly choices: readonly SizeItem[];
  readonly current: string;
} {
  const { width, height } = form;
  if (!suitable && !defaults) {
    return {
      choices: [{ value: AUTO, label: t('modelDefault') }, ...sizesOfAnyModel()],
      current: width === undefined && height === undefined ? AUTO : `${width ?? 0}x${height ?? 0}`,
    };
  }
  if (!suitable) {
    const own = { width: width ?? defaults?.width, height: height ?? defaults?.height };
    return {
      choices: (defaults ? sizeChoices(defaults) : []).map(ratioChoice),
      current: `${own.width ?? 0}x${own.height ?? 0}`,
    };
  }
  const auto = t('sizeAuto', t('sizeOf', suitable.width, suitable.height));
  return {
    choices: [
      { value: AUTO, label: auto },
      ...FILE_SIZES.map(([width, height, purpose]) =>
        sizeChoice(width, height, `${t(purpose)}: ${t('sizeOf', width, height)}`),
      ),
    ],
    current:
      width === undefined && height === undefined
        ? AUTO
        : `${width ?? suitable.width}x${height ?? suitable.height}`,
  };
}

/** The sides, in pixels, that models are taught at, for a model that does not say its own. */
const USUAL_SIDES = [512, 1024] as const;

/** The sizes of small and of large models, each shape together. */
function sizesOfAnyModel(): SizeItem[] {
  const all = USUAL_SIDES.flatMap((side) =>
    sizeChoices({ width: side, height: side, multiple: 8 }).map(ratioChoice),
  );
  const groups = [...new Set(all.map(({ group }) => group))];
  return groups.flatMap((group) => all.filter((one) => one.group === group));
}

function ratioChoice({ width, height, ratio }: SizeChoice): SizeItem {
  return sizeChoice(width, height, `${purposeOf(ratio)}${t('sizeOf', width, height)} (${ratio})`);
}

function sizeChoice(width: number, height: number, label: string): SizeItem {
  const shape = width === height ? 'square' : width > height ? 'landscape' : 'portrait';
  return { value: `${width}x${height}`, label, group: t(shape) };
}

/** What images of a ratio are for, to stand before their size. */
function purposeOf(ratio: string): string {
  const key = PURPOSES[ratio];
  return key ? `${t(key)}: ` : '';
}
