import * as v from 'valibot';
import { EFFECT_NAMES } from '../../image/effects/names';
import { DEFAULT_STYLES } from '../default-styles';
import { readNumber, readPresent, readText, readWord } from '../option-values';
import type { RequestField } from './field';
import { LIMITS } from './limits';
import { integerIn } from './values';

/** What the image shows, in words. */
export const WORD_FIELDS = {
  prompt: {
    schema: v.string(),
    required: true,
    form: { control: 'custom', label: 'Prompt' },
    tool: 'What the image shows, in English, concrete and short: subject first, then style. The starter model knows about 700 everyday things (other words draw the nearest of them), their colours, two things side by side, and the styles flat, 3d and outline: "a red apple and a green pear, flat".',
  },
  negativePrompt: {
    schema: v.string(),
    default: '',
    option: { name: 'negative-prompt', value: 'TEXT', help: 'what to keep out', read: readText },
    form: { control: 'custom', label: 'Negative prompt' },
    tool: 'What the image must not show.',
  },
  /** What the second text encoder of SDXL reads (diffusers, `prompt_2`). Absent or empty: `prompt`. */
  prompt2: {
    schema: v.string(),
    option: {
      name: 'prompt-2',
      value: 'TEXT',
      help: 'SDXL: what its second text encoder reads (default: the prompt)',
      read: readText,
    },
    form: {
      control: 'custom',
      label: 'Second prompt',
      help: 'What the second text encoder of Stable Diffusion XL reads.',
    },
  },
  /** Absent or empty: `negativePrompt`. */
  negativePrompt2: {
    schema: v.string(),
    option: {
      name: 'negative-prompt-2',
      value: 'TEXT',
      help: 'SDXL: what its second text encoder reads to keep out (default: --negative-prompt)',
      read: readText,
    },
    form: { control: 'custom', label: 'Second negative prompt' },
  },
  /**
   * Text around the prompts; the name is kept with the image. Fronts ask for a style by its name, which
   * `applyStyle` turns into this.
   */
  style: {
    schema: v.strictObject({
      name: v.pipe(v.string(), v.nonEmpty(), v.maxLength(LIMITS.styleName)),
      /** `{prompt}` stands for the prompt, which else comes first. */
      prompt: v.pipe(v.string(), v.nonEmpty(), v.maxLength(LIMITS.styleCharacters)),
      negativePrompt: v.optional(v.pipe(v.string(), v.maxLength(LIMITS.styleCharacters))),
      /** With a model that composes, the image is drawn anew so, and the words are left out. */
      effect: v.optional(v.picklist(EFFECT_NAMES)),
    }),
    option: {
      name: 'style',
      value: 'NAME',
      help: `draw in a style: ${DEFAULT_STYLES.map(({ name }) => name.toLowerCase()).join(', ')}`,
      read: readText,
    },
    form: { control: 'custom', label: 'Style' },
  },
  /**
   * How a prompt is read: `plain` as diffusers reads it, cut off after 77 tokens; `weighted` with
   * AUTOMATIC1111's `(word:1.3)` and `BREAK`, at any length.
   */
  promptSyntax: {
    schema: v.picklist(['plain', 'weighted']),
    default: 'plain',
    option: {
      name: 'prompt-syntax',
      value: 'plain|weighted',
      help: 'weighted reads (word:1.3), [word], BREAK and any length, as AUTOMATIC1111 (default plain)',
      read: readWord,
    },
  },
  /** Replace each `{a|b|c}` of the prompts by one of its options, chosen by the image's seed. */
  wildcards: {
    schema: v.boolean(),
    default: false,
    option: {
      name: 'wildcards',
      help: 'replace each {a|b|c} of the prompts by one of its options, chosen by the seed',
      read: readPresent,
    },
  },
  /** How many of the last layers of the text encoder are left out: diffusers' `clip_skip`. */
  clipSkip: {
    schema: integerIn(LIMITS.clipSkip),
    default: 0,
    option: {
      name: 'clip-skip',
      value: 'N',
      help: 'leave out the last N layers of the text encoder, 0 to 12 (default 0)',
      read: readNumber,
    },
    form: {
      control: 'slider',
      label: 'Layers left out',
      help: 'Leaves out the last layers of the text encoder; 1 is 2 in AUTOMATIC1111.',
      step: 1,
      sliderMax: 4,
      initial: 1,
      added: true,
    },
  },
} as const satisfies Readonly<Record<string, RequestField>>;
