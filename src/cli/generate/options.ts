import { HIRES_UPSCALERS, type GenerationRequestInput } from '../../core/request/request';
import { EaselError } from '../../core/errors';
import { SCHEDULER_EXAMPLES } from '../../core/diffusion/schedulers/registry';
import { IMAGE_FORMAT_NAMES } from '../../core/image/formats';
import { DEFAULT_STYLES } from '../../core/request/styles';

/** An option of `easel generate`: its help, and the request fields its value stands for. */
export interface GenerateOption {
  /** What follows the option in the help, such as `N`; absent for a switch. */
  readonly value?: string;
  readonly help: string;
  /** May be given several times. */
  readonly multiple?: boolean;
  /** The request fields; `files` names those that hold the bytes of a file. */
  readonly apply?: (values: readonly string[], name: string) => OptionEffect;
}

export interface OptionEffect {
  readonly fields?: Partial<GenerationRequestInput>;
  readonly files?: Partial<Record<FileField, string>>;
}

/** Request fields that the command line fills with a file's bytes. */
export type FileField = 'initImage' | 'mask';

type FieldsOf<T> = { [K in keyof GenerationRequestInput as T extends GenerationRequestInput[K] ? K : never]: unknown }; // prettier-ignore

const text = (field: keyof FieldsOf<string> | 'device' | 'vae' | 'promptSyntax' | 'format') => ({
  apply: ([value]: readonly string[]): OptionEffect => ({ fields: { [field]: value } }),
});
const number = (field: keyof FieldsOf<number>) => ({
  apply: ([value = '']: readonly string[], name: string): OptionEffect => ({
    fields: { [field]: toNumber(value, name) },
  }),
});
const file = (field: FileField) => ({
  apply: ([value]: readonly string[]): OptionEffect => ({ files: { [field]: value } }),
});

/** In the order of the help. */
export const GENERATE_OPTIONS: Readonly<Record<string, GenerateOption>> = {
  model: {
    value: 'NAME',
    help: 'a diffusers folder, a single file, a repository id in the cache, or starter (default)',
    ...text('model'),
  },
  'negative-prompt': { value: 'TEXT', help: 'what to keep out', ...text('negativePrompt') },
  style: {
    value: 'NAME',
    help: `draw in a style: ${DEFAULT_STYLES.map(({ name }) => name.toLowerCase()).join(', ')}`,
  },
  'prompt-syntax': {
    value: 'plain|weighted',
    help: 'weighted reads (word:1.3), [word], BREAK and any length, as AUTOMATIC1111 (default plain)',
    ...text('promptSyntax'),
  },
  wildcards: {
    help: 'replace each {a|b|c} of the prompts by one of its options, chosen by the seed',
    apply: () => ({ fields: { wildcards: true } }),
  },
  seed: {
    value: 'N',
    help: 'the same seed gives the same picture; image k has seed + k (default: random)',
    ...number('seed'),
  },
  steps: { value: 'N', help: "denoising steps (default: the model's)", ...number('steps') },
  'guidance-scale': {
    value: 'X',
    help: 'how strictly to follow the prompt; 1 or less turns guidance off',
    ...number('guidanceScale'),
  },
  'guidance-rescale': {
    value: 'X',
    help: '0 to 1, against over-exposure with strong guidance',
    ...number('guidanceRescale'),
  },
  width: {
    value: 'N',
    help: "pixels (default: the model's, or the picture's)",
    ...number('width'),
  },
  height: { value: 'N', help: 'pixels', ...number('height') },
  scheduler: {
    value: 'NAME',
    help: `such as ${SCHEDULER_EXAMPLES.join(', ')} (default: the model's)`,
    ...text('scheduler'),
  },
  'num-images': { value: 'N', help: 'pictures to draw (default 1)', ...number('numImages') },
  'init-image': { value: 'FILE', help: 'start from this picture', ...file('initImage') },
  strength: {
    value: 'X',
    help: '0 keeps the picture to start from, 1 ignores it (default 0.8)',
    ...number('strength'),
  },
  mask: {
    value: 'FILE',
    help: 'draw only where this picture is white; the rest stays',
    ...file('mask'),
  },
  outpaint: {
    value: 'L,T,R,B',
    help: 'grow the picture to start from by these margins in pixels, and draw them',
    apply: ([value = ''], name) => ({ fields: { outpaint: margins(value, name) } }),
  },
  hires: {
    value: 'SCALE,…',
    help: 'draw again, SCALE times as large; also STRENGTH, STEPS, latent or lanczos: 2,0.7,20,latent',
    apply: ([value = ''], name) => ({ fields: { hires: secondPass(value, name) } }),
  },
  'vae-tiling': {
    value: 'on|off',
    help: 'decode in tiles (default: where the whole would not fit into memory)',
    apply: ([value = ''], name) => ({ fields: { vaeTiling: toSwitch(value, name) } }),
  },
  background: {
    value: '#RRGGBB',
    help: 'what lies behind the transparent parts of the picture (default #ffffff)',
    ...text('background'),
  },
  lora: {
    value: 'FILE[:SCALE]',
    help: 'merge a LoRA, by 1 or this scale; may be given several times',
    multiple: true,
    apply: (values) => ({ fields: { loras: values.map(loraOf) } }),
  },
  embedding: {
    value: 'FILE[:WORD]',
    help: 'a textual inversion, for a word in the prompt (default: the name of the file)',
    multiple: true,
    apply: (values) => ({ fields: { embeddings: values.map(embeddingOf) } }),
  },
  vae: {
    value: 'full|tiny',
    help: 'tiny decodes faster and rougher (TAESD, from the cache)',
    ...text('vae'),
  },
  device: {
    value: 'NAME',
    help: 'auto (default), cpu, cuda, webgpu, dml or coreml',
    ...text('device'),
  },
  format: {
    value: 'NAME',
    help: `${IMAGE_FORMAT_NAMES.join(', ')} (traced, for flat art); default png`,
    ...text('format'),
  },
  transparent: {
    help: 'take the background away, with soft edges (png, webp and avif)',
    apply: () => ({ fields: { transparent: true } }),
  },
  'no-metadata': {
    help: 'leave out of the file how it was made',
    apply: () => ({ fields: { metadata: false } }),
  },
  output: { value: 'DIR', help: 'where to save (default: the current folder)' },
  json: { help: 'JSON lines on standard output, progress on standard error' },
};

/** The help text of the options, a line each. */
export function describeOptions(): string {
  const rows = Object.entries(GENERATE_OPTIONS).map(
    ([name, { value, help }]) => [`  --${name}${value ? ` ${value}` : ''}`, help] as const,
  );
  const width = Math.max(...rows.map(([option]) => option.length));
  return rows.map(([option, help]) => `${option.padEnd(width)}  ${help}`).join('\n');
}

function toNumber(value: string, name: string): number {
  const parsed = Number(value);
  if (value.trim() === '' || !Number.isFinite(parsed)) {
    throw new EaselError('bad-request', `--${name} must be a number, not "${value}".`);
  }
  return parsed;
}

/** `style.safetensors:0.8`. A colon with no number behind it belongs to the name, as in `C:\\style.safetensors`. */
function loraOf(value: string): { path: string; scale?: number } {
  const match = /^(.+):([-+]?(?:\d+\.?\d*|\.\d+))$/.exec(value);
  const [, path = value, scale] = match ?? [];
  return scale === undefined ? { path } : { path, scale: Number(scale) };
}

/** `style.pt:my-word`; the word has no separator of folders in it. */
function embeddingOf(value: string): { path: string; token?: string } {
  const match = /^(.+\.\w+):([^:\\/]+)$/.exec(value);
  const [, path = value, token] = match ?? [];
  return token === undefined ? { path } : { path, token };
}

/** `2`, then strength, steps and upscaler as far as they are given. */
function secondPass(value: string, name: string): GenerationRequestInput['hires'] {
  const parts = value.split(',');
  const last = parts.at(-1) ?? '';
  const upscaler = HIRES_UPSCALERS.find((known) => known === last);
  const [scale, strength, steps] = (upscaler ? parts.slice(0, -1) : parts).map((part) =>
    toNumber(part, name),
  );
  if (parts.length > (upscaler ? 4 : 3)) {
    throw new EaselError('bad-request', `--${name} takes up to four values, not "${value}".`);
  }
  return {
    ...(scale === undefined ? {} : { scale }),
    ...(strength === undefined ? {} : { strength }),
    ...(steps === undefined ? {} : { steps }),
    ...(upscaler === undefined ? {} : { upscaler }),
  };
}

function toSwitch(value: string, name: string): boolean {
  if (value === 'on' || value === 'off') return value === 'on';
  throw new EaselError('bad-request', `--${name} is on or off, not "${value}".`);
}

/** `64` on every side, or left, top, right and bottom. */
function margins(value: string, name: string): GenerationRequestInput['outpaint'] {
  const sides = value.split(',').map((side) => toNumber(side, name));
  const [left, top = left, right = left, bottom = top] = sides;
  if (sides.length > 4) {
    throw new EaselError('bad-request', `--${name} takes up to four numbers, not "${value}".`);
  }
  return { left, top, right, bottom };
}
