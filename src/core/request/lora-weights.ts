/**
 * How much each part of a LoRA counts, instead of its scale: `text` (all text encoders), `text_encoder`,
 * `text_encoder_2`, `unet`, `down`, `mid`, `up`, a block of the UNet (`down.1`) or one of its layers (`down.1.0`:
 * the attention and the ResNet of that index). The most exact name counts. As the dictionary of diffusers'
 * `set_adapters`, which says `{"unet": {"down": {"block_1": [0.5, 1]}}}` for `down.1.0` and `down.1.1`, and scales
 * no convolutions of blocks without attention.
 */
export type LoraWeights = Readonly<Record<string, number>>;

export const LORA_PART =
  /^(?:text|text_encoder|text_encoder_2|unet|mid|(?:down|up)(?:\.\d{1,2}){0,2})$/;

/**
 * Names of parts from the most general to the most exact.
 * @param component diffusers' name of the network
 * @param module path of the module in diffusers' UNet, with underscores
 */
function partsOf(component: string, module: string): readonly string[] {
  if (component !== 'unet') return ['text', component];
  if (module.startsWith('mid_block_')) return ['unet', 'mid'];
  const block = /^(down|up)_blocks_(\d+)_(?:(?:attentions|resnets)_(\d+)_)?/.exec(module);
  if (block === null) return ['unet'];
  const [, side = '', index = '', layer] = block;
  const names = ['unet', side, `${side}.${index}`];
  return layer === undefined ? names : [...names, `${side}.${index}.${layer}`];
}

/**
 * The scale of a LoRA in one module.
 * @param onUse called with the name that decided
 */
export function loraScaleOf(
  { scale, weights }: { readonly scale: number; readonly weights?: LoraWeights | undefined },
  component: string,
  module: string,
  onUse?: (part: string) => void,
): number {
  if (weights === undefined) return scale;
  const part = partsOf(component, module).findLast((name) => Object.hasOwn(weights, name));
  if (part === undefined) return scale;
  onUse?.(part);
  return weights[part]!;
}

/**
 * The two scales that most tools take, and the parts with a weight of their own beside them.
 * @returns `text` of the (first) text encoder
 */
export function loraStrengths({
  scale,
  weights = {},
}: {
  readonly scale: number;
  readonly weights?: LoraWeights | undefined;
}): { readonly text: number; readonly unet: number; readonly others: readonly string[] } {
  const { text = scale, unet = scale, ...rest } = weights;
  const others = Object.keys(rest).filter((part) => part !== 'text_encoder');
  return { text: weights.text_encoder ?? text, unet, others };
}

/** `text=0.5,down=0.7,up.0=0.3`, in the order of the parts as they were given; '' without any. */
export function writeLoraWeights(weights: LoraWeights | undefined): string {
  return Object.entries(weights ?? {})
    .map(([part, weight]) => `${part}=${weight}`)
    .join(',');
}

/**
 * Blocks of the UNet in the lists of AUTOMATIC1111's extension "LoRA Block Weight" (`lbw=`), after the weight of the
 * text encoders: names of the original UNet, for the LoRAs of SD (17 numbers) and SDXL (12), and for LoCons of both
 * (26 and 20).
 */
const LISTS: Readonly<Record<number, readonly string[]>> = {
  12: ['IN4', 'IN5', 'IN7', 'IN8', 'MID', ...numbered('OUT', 0, 5)],
  17: ['IN1', 'IN2', 'IN4', 'IN5', 'IN7', 'IN8', 'MID', ...numbered('OUT', 3, 11)],
  20: [...numbered('IN', 0, 8), 'MID', ...numbered('OUT', 0, 8)],
  26: [...numbered('IN', 0, 11), 'MID', ...numbered('OUT', 0, 11)],
};

/** The extension's own presets, of 17 numbers each. */
const PRESETS: Readonly<Record<string, string>> = {
  NONE: '0 000000 0 000000000',
  ALL: '1 111111 1 111111111',
  INS: '1 111000 0 000000000',
  IND: '1 000111 0 000000000',
  INALL: '1 111111 0 000000000',
  MIDD: '1 000111 1 111100000',
  OUTD: '1 000000 0 111100000',
  OUTS: '1 000000 0 000011111',
  OUTALL: '1 000000 0 111111111',
};

/** Names of the presets. */
export const BLOCK_PRESETS: readonly string[] = Object.keys(PRESETS);

/**
 * The weights of a list or a preset of "LoRA Block Weight", each multiplied by the LoRA's own.
 * @param text `OUTD`, or 12, 17, 20 or 26 numbers with commas
 * @returns undefined for anything else (presets of the user, random numbers)
 */
export function blockWeights(
  text: string,
  scales: { readonly text: number; readonly unet: number },
): LoraWeights | undefined {
  const preset = PRESETS[text.trim().toUpperCase()];
  const parts = preset === undefined ? text.split(',') : Array.from(preset.replaceAll(' ', ''));
  const numbers = parts.map((part) => (part.trim() === '' ? NaN : Number(part)));
  const blocks = LISTS[numbers.length];
  if (blocks === undefined || !numbers.every(Number.isFinite)) return undefined;
  const [text_ = 1, ...unet] = numbers;
  const named = blocks.flatMap((block, index): readonly (readonly [string, number])[] => {
    const part = diffusersPart(block);
    return part === undefined ? [] : [[part, rounded(unet[index]! * scales.unet)]];
  });
  return Object.fromEntries([['text', rounded(text_ * scales.text)], ...named]);
}

/** The part in diffusers' names. Samplers and the first convolution (IN0, IN3, …) have none. */
function diffusersPart(block: string): string | undefined {
  if (block === 'MID') return 'mid';
  const [, side = '', digits = ''] = /^(IN|OUT)(\d+)$/.exec(block)!;
  const index = Number(digits);
  if (side === 'OUT') return `up.${Math.floor(index / 3)}.${index % 3}`;
  return index % 3 === 0 ? undefined : `down.${Math.floor((index - 1) / 3)}.${(index - 1) % 3}`;
}

function numbered(name: string, first: number, last: number): readonly string[] {
  return Array.from({ length: last - first + 1 }, (_, index) => `${name}${first + index}`);
}

/** Without the noise of a multiplication: 0.7 · 0.1 is 0.07. */
function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
