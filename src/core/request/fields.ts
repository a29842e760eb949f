import * as v from 'valibot';
import { CompositionSchema, PaletteSchema } from '../composition/composition';
import { GROUND_HELP, GroundChoiceSchema } from '../composition/ground-choice';
import { DEVICE_CHOICES, DEVICE_LIST, PRECISIONS } from '../devices';
import { ForecastSchema } from '../diffusion/forecast';
import { GuidanceIntervalSchema } from '../diffusion/guidance';
import { SCHEDULER_EXAMPLES } from '../diffusion/schedulers/registry';
import { CONTROL_PREPROCESSORS } from '../image/control/names';
import { EFFECT_NAMES } from '../image/effects/names';
import { DEFAULT_FORMAT, IMAGE_FORMAT_NAMES } from '../image/formats';
import { DEFAULT_STYLES } from './default-styles';
import { IP_ADAPTER_BLOCKS } from './ip-adapter-blocks';
import { LORA_PART } from './lora-weights';
import { SEAMLESS_AXES } from './seamless';
import {
  readAbsent,
  readAutoencoder,
  readColours,
  readEmbeddings,
  readForecast,
  readFreeU,
  readFormat,
  readInterval,
  readLoras,
  readMargins,
  readCorner,
  readSize,
  readNumber,
  readNumbers,
  readOnOff,
  readPresent,
  readSecondPass,
  readText,
  readTexts,
  readUpscaling,
  readWord,
  readWords,
  type OptionReader,
} from './option-values';
import { SAFETY_CHOICES } from './safety';

/** The scores that a refiner of SDXL is told where a request has none (diffusers, StableDiffusionXLImg2ImgPipeline). */
export const USUAL_SCORES = { aestheticScore: 6, negativeAestheticScore: 2.5 } as const;

/** Every limit of a request. The command line, the settings, the form and the tools take theirs from here. */
export const LIMITS = {
  /** Longer prompts are pasted by mistake; 77 tokens are about 350 characters. */
  promptCharacters: 8000,
  styleCharacters: 2000,
  styleName: 100,
  steps: { min: 1, max: 1000 },
  guidanceScale: { min: 0, max: 100 },
  imageGuidanceScale: { min: 0, max: 100 },
  /** A timestep of the training. */
  noiseLevel: { min: 0, max: 999 },
  guidanceRescale: { min: 0, max: 1 },
  pagScale: { min: 0, max: 100 },
  pagAdaptiveScale: { min: 0, max: 10 },
  pagLayers: 32,
  /** Characters of each. */
  pagLayer: 100,
  eta: { min: 0, max: 1 },
  denoising: { min: 0, max: 1 },
  /** The scores of the images that the refiner was taught with are from 1 to 10. */
  aestheticScore: { min: 0, max: 10 },
  /** The text encoder of Stable Diffusion 1.x has 12 layers. */
  clipSkip: { min: 0, max: 12 },
  /** Pixels. What a model can draw at a size is decided by its memory estimate, before it is loaded. */
  size: { min: 8, max: 16384 },
  /** Pixels that a side of the initial image can grow by. */
  margin: { min: 0, max: 4096 },
  numImages: { min: 1, max: 100 },
  seed: { min: 0, max: Number.MAX_SAFE_INTEGER },
  variation: { min: 0, max: 9999 },
  variationStrength: { min: 0, max: 1 },
  tokenDownsampling: { min: 1, max: 4 },
  /** diffusers takes 0 for off. */
  freeu: { min: 0.01, max: 10 },
  strength: { min: 0, max: 1 },
  hiresScale: { min: 1, max: 8 },
  upscaleFactor: { min: 1, max: 8 },
  loraScale: { min: -10, max: 10 },
  /** ControlNets of one image: each is half a UNet in memory. */
  controlnets: 8,
  controlnetScale: { min: 0, max: 10 },
  controlGuidance: { min: 0, max: 1 },
  ipAdapters: 8,
  /** Images of all IP-Adapters: each adds 4 to 257 tokens to every cross-attention. */
  ipAdapterImages: 16,
  /** Beyond this, little but noise is drawn. */
  ipAdapterScale: { min: 0, max: 10 },
  /** Bytes of an image file to start from; larger ones are not sketches. */
  imageBytes: 256 * 2 ** 20,
} as const;

/** One row of the table: a field of a request, and how each front shows it. */
export interface RequestField {
  /** The values that the field can hold. */
  readonly schema: v.GenericSchema;
  /** The value of a field that is left out. No default: the model's own, or chosen by the engine. */
  readonly default?: unknown;
  readonly required?: true;
  /** The option of `easel generate`. */
  readonly option?: CommandLineOption;
  /** The setting `easel.<field>` fills the field. Its default and limits in package.json are this row's. */
  readonly setting?: true;
  /** The control of the studio's form. */
  readonly form?: FormControl;
  /** The field is an input of the agents' tool `generate_image`, with this description. */
  readonly tool?: string;
  /** The field is about an initial image: it means nothing without one. */
  readonly ofInitImage?: true;
  /** The field does not belong to an image's recipe: it says how the image is delivered, or holds an image. */
  readonly recipe?: false;
}

export interface CommandLineOption {
  /** Without the dashes. */
  readonly name: string;
  /** The word for its value in the help, such as `N`. Absent: a switch without a value. */
  readonly value?: string;
  readonly help: string;
  readonly read: OptionReader;
  /** The value may be left out; the next argument is it only where it looks so. */
  readonly optional?: RegExp;
  /** The option may be repeated. */
  readonly multiple?: true;
  /** The value is the path of a file, and the field holds the file's bytes. */
  readonly file?: true;
  /** The value is, or begins with, a path: `~/` is the home folder. */
  readonly path?: true;
}

/** Labels and help texts are in English; `l10n` has their translations. `custom` controls are made by hand. */
export type FormControl =
  | { readonly control: 'custom'; readonly label: string; readonly help?: string }
  | { readonly control: 'checkbox'; readonly label: string; readonly help: string }
  | {
      readonly control: 'slider';
      readonly label: string;
      readonly help?: string;
      readonly step: number;
      /** The end of the slider. The number beside it takes more. Absent: the field's limit. */
      readonly sliderMax?: number;
      /** Shown in a form where the model does not say its own value. */
      readonly initial?: number;
      /** In a card that *Add control* adds, which begins with `initial`. */
      readonly added?: true;
    };

const numberIn = ({ min, max }: { readonly min: number; readonly max: number }) =>
  v.pipe(v.number(), v.finite(), v.minValue(min), v.maxValue(max));
const integerIn = (limits: { readonly min: number; readonly max: number }) =>
  v.pipe(numberIn(limits), v.integer());
const someText = v.pipe(v.string(), v.nonEmpty());

/** What stands before the ending of a file of weights. */
const VARIANT = /^[\w-]{1,40}$/;

const loraPart = v.pipe(
  v.string(),
  v.regex(
    LORA_PART,
    'must be text, text_encoder, text_encoder_2, unet, down, mid, up, or a block as down.1 or up.0.2',
  ),
);

/** A part of a layer's name, or a regular expression. An empty one would match everything. */
const layerPattern = v.pipe(v.string(), v.nonEmpty(), v.maxLength(LIMITS.pagLayer));

/** The bytes of an image file, in any format that the engine's image library reads. */
const imageFile = v.pipe(
  v.custom<Uint8Array>(
    (value) => value instanceof Uint8Array,
    'must be the bytes of an image file',
  ),
  v.check((bytes) => bytes.byteLength > 0, 'is an empty file (0 bytes). Give an image'),
  v.check(
    (bytes) => bytes.byteLength <= LIMITS.imageBytes,
    `must have at most ${LIMITS.imageBytes / 2 ** 20} MiB`,
  ),
);

const pixelSize = v.strictObject({
  width: integerIn({ min: 1, max: LIMITS.size.max }),
  height: integerIn({ min: 1, max: LIMITS.size.max }),
});
const pixelCorner = v.strictObject({
  left: integerIn({ min: 0, max: LIMITS.size.max }),
  top: integerIn({ min: 0, max: LIMITS.size.max }),
});
const fitSide = integerIn({ min: 1, max: LIMITS.size.max });
const { min, max } = LIMITS.margin;
const margin = v.optional(v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max)), 0);
const perControl = <Schema extends v.GenericSchema>(schema: Schema) =>
  v.pipe(v.array(schema), v.maxLength(LIMITS.controlnets));
const perIpAdapter = <Schema extends v.GenericSchema>(schema: Schema) =>
  v.pipe(v.array(schema), v.maxLength(LIMITS.ipAdapters));
/** `auto` chooses one of the others. */
const PRECISION_CHOICES = ['auto', ...PRECISIONS] as const;
/** What `easel.speed` means for a model is in speed.ts. */
export const SPEEDS = ['exact', 'balanced', 'fast'] as const;
const UPSCALERS = ['latent', 'lanczos'] as const;

/**
 * The fields of a request: the one place to add one. Names are those of diffusers' `__call__`, in camel
 * case. The order is that of the recipe in an image's file, so it must not change; it is also the order of
 * the command line's help.
 */
export const REQUEST_FIELDS = {
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
  model: {
    schema: someText,
    default: 'starter',
    option: {
      name: 'model',
      value: 'NAME',
      help: 'a diffusers folder, a single file, a repository id in the cache, or starter (default)',
      read: readText,
      path: true,
    },
    setting: true,
    form: { control: 'custom', label: 'Model' },
    tool: 'An id from list_image_models. Leave out for the model that the user has chosen.',
  },
  /** The endpoint that draws, by its name. Absent: this machine, or the endpoint in `model`. */
  endpoint: {
    schema: someText,
    option: {
      name: 'endpoint',
      value: 'NAME',
      help: 'draw at this endpoint (easel endpoints list); also --model MODEL@NAME',
      read: readText,
    },
    recipe: false,
  },
  seed: {
    schema: integerIn(LIMITS.seed),
    option: {
      name: 'seed',
      value: 'N',
      help: 'the same seed gives the same image; image k has seed + k (default: random)',
      read: readNumber,
    },
    form: { control: 'custom', label: 'Seed' },
    tool: 'The same seed, prompt and settings give the same image. Leave out for another image each time.',
  },
  /** Whose noise is mixed into that of `seed`, as far as `variationStrength` says (AUTOMATIC1111). */
  variationSeed: {
    schema: integerIn(LIMITS.seed),
    option: {
      name: 'variation-seed',
      value: 'N',
      help: 'vary the image of --seed towards that of this one; image k has N + k (default: random)',
      read: readNumber,
    },
    form: { control: 'custom', label: 'Variation seed' },
  },
  variationStrength: {
    schema: numberIn(LIMITS.variationStrength),
    default: 0,
    option: {
      name: 'variation-strength',
      value: 'X',
      help: '0 to 1, how far to go from --seed to --variation-seed (default 0)',
      read: readNumber,
    },
    form: {
      control: 'slider',
      label: 'How different',
      help: 'Draws images that are near the one of the seed.',
      step: 0.05,
      initial: 0.2,
      added: true,
    },
  },
  steps: {
    schema: integerIn(LIMITS.steps),
    option: {
      name: 'steps',
      value: 'N',
      help: "denoising steps (default: the model's)",
      read: readNumber,
    },
    setting: true,
    form: { control: 'slider', label: 'Steps', sliderMax: 60, step: 1 },
    tool: "Denoising steps; fewer are faster. Leave out for the model's own.",
  },
  guidanceScale: {
    schema: numberIn(LIMITS.guidanceScale),
    option: {
      name: 'guidance-scale',
      value: 'X',
      help: 'how strictly to follow the prompt; 1 or less turns guidance off',
      read: readNumber,
    },
    setting: true,
    form: { control: 'slider', label: 'Guidance', sliderMax: 15, step: 0.5 },
  },
  guidanceRescale: {
    schema: numberIn(LIMITS.guidanceRescale),
    default: 0,
    option: {
      name: 'guidance-rescale',
      value: 'X',
      help: '0 to 1, against over-exposure with strong guidance',
      read: readNumber,
    },
    form: {
      control: 'slider',
      label: 'Rescale',
      help: 'Softens the harsh colours of strong guidance.',
      step: 0.05,
      initial: 0.7,
      added: true,
    },
  },
  /** Perturbed-attention guidance (arXiv 2403.17377; diffusers, `pag_scale`). */
  pagScale: {
    schema: numberIn(LIMITS.pagScale),
    default: 0,
    option: {
      name: 'pag-scale',
      value: 'X',
      help: 'perturbed-attention guidance: away from an image without structure, such as 3 (default 0, none)',
      read: readNumber,
    },
    form: {
      control: 'slider',
      label: 'PAG scale',
      help: 'Leads away from images without structure, and takes longer.',
      step: 0.5,
      sliderMax: 10,
      initial: 3,
      added: true,
    },
  },
  pagAdaptiveScale: {
    schema: numberIn(LIMITS.pagAdaptiveScale),
    default: 0,
    option: {
      name: 'pag-adaptive-scale',
      value: 'X',
      help: 'with --pag-scale: how much less it is with each timestep after the first (default 0)',
      read: readNumber,
    },
    form: {
      control: 'slider',
      label: 'Weaker towards the end',
      step: 0.0005,
      sliderMax: 0.01,
      initial: 0,
      added: true,
    },
  },
  /** Regular expressions, which parts of the names of self-attentions in the UNet match, as in diffusers. */
  pagAppliedLayers: {
    schema: v.pipe(v.array(layerPattern), v.minLength(1), v.maxLength(LIMITS.pagLayers)),
    default: ['mid'],
    option: {
      name: 'pag-applied-layers',
      value: 'NAME',
      help: 'with --pag-scale: where in the UNet, such as mid, down_blocks.2 or a regular expression (default mid); may be given several times',
      read: readTexts,
      multiple: true,
    },
    form: {
      control: 'custom',
      label: 'Layers',
      help: 'Blocks of the model, such as mid, down_blocks.2 or up_blocks.1.attentions.0',
    },
  },
  width: {
    schema: integerIn(LIMITS.size),
    option: {
      name: 'width',
      value: 'N',
      help: "pixels (default: the model's, or the image's)",
      read: readNumber,
    },
    setting: true,
    form: { control: 'custom', label: 'Width' },
  },
  height: {
    schema: integerIn(LIMITS.size),
    option: { name: 'height', value: 'N', help: 'pixels', read: readNumber },
    setting: true,
    form: { control: 'custom', label: 'Height' },
  },
  /**
   * What SDXL is told of the image, as of the images that it was taught: the size that it had, the size that
   * it was scaled and cut to, and where. diffusers' `original_size`, `target_size` and
   * `crops_coords_top_left`, whose numbers are in the order height, width and top, left.
   */
  originalSize: {
    schema: pixelSize,
    option: {
      name: 'original-size',
      value: 'WxH',
      help: 'SDXL: draw like a photo of this size (default: the size drawn at)',
      read: readSize,
    },
  },
  targetSize: {
    schema: pixelSize,
    option: {
      name: 'target-size',
      value: 'WxH',
      help: 'SDXL: draw like an image cut to this size (default: the size drawn at)',
      read: readSize,
    },
  },
  cropTopLeft: {
    schema: pixelCorner,
    option: {
      name: 'crop-top-left',
      value: 'X,Y',
      help: 'SDXL: draw like an image cut there, in pixels (default 0,0)',
      read: readCorner,
    },
  },
  /** The same of the image of the negative prompt: see `timeIdsOf`. */
  negativeOriginalSize: {
    schema: pixelSize,
    option: {
      name: 'negative-original-size',
      value: 'WxH',
      help: 'SDXL: draw unlike a photo of this size (default: as without negative)',
      read: readSize,
    },
  },
  negativeTargetSize: {
    schema: pixelSize,
    option: {
      name: 'negative-target-size',
      value: 'WxH',
      help: 'SDXL: draw unlike an image cut to this size (default: as without negative)',
      read: readSize,
    },
  },
  negativeCropTopLeft: {
    schema: pixelCorner,
    option: {
      name: 'negative-crop-top-left',
      value: 'X,Y',
      help: 'SDXL: draw unlike an image cut there; with both negative sizes, or a refiner (default 0,0)',
      read: readCorner,
    },
  },
  /** How beautiful a refiner of SDXL is told that the image is, and that of the negative prompt (diffusers' names). */
  aestheticScore: {
    schema: numberIn(LIMITS.aestheticScore),
    option: {
      name: 'aesthetic-score',
      value: 'X',
      help: `refiner of SDXL: draw like an image of this score, 0 to 10 (default ${USUAL_SCORES.aestheticScore})`,
      read: readNumber,
    },
    form: {
      control: 'custom',
      label: 'Aesthetic score',
      help: 'Draws like an image that people would give so many points, of 10',
    },
  },
  negativeAestheticScore: {
    schema: numberIn(LIMITS.aestheticScore),
    option: {
      name: 'negative-aesthetic-score',
      value: 'X',
      help: `refiner of SDXL: draw unlike an image of this score (default ${USUAL_SCORES.negativeAestheticScore})`,
      read: readNumber,
    },
    form: {
      control: 'custom',
      label: 'Negative aesthetic score',
      help: 'Draws unlike an image that people would give so many points, of 10',
    },
  },
  /**
   * The size in pixels the file is to have, whatever the model can draw: drawn at the nearest size of that
   * shape, then scaled to cover it and cut in the middle.
   */
  fit: { schema: v.strictObject({ width: fitSide, height: fitSide }) },
  /**
   * What lies behind the subject, for models that compose (the starter); `auto` reads it from the prompt,
   * `none` draws the prompt as it is. Any other model starts from a ground that is named here.
   */
  ground: {
    schema: GroundChoiceSchema,
    default: 'auto',
    option: {
      name: 'ground',
      value: 'NAME',
      help: `what lies behind the subject: ${GROUND_HELP} (default auto: from the prompt)`,
      read: readWord,
    },
    setting: true,
    form: { control: 'custom', label: 'Ground' },
    tool: `What lies behind the subject with the starter model: ${GROUND_HELP}. "auto" reads it from the prompt ("a boat on the sea at dawn"), "none" draws the prompt without a composition, "transparent" leaves it out. Default: the user's setting.`,
  },
  /** The colours of a brand, the most important first: grounds and drawings take theirs from here. */
  palette: {
    schema: PaletteSchema,
    default: [],
    option: {
      name: 'palette',
      value: '#A,#B',
      help: 'colours of a brand for grounds and drawings, such as #0066cc,#ffcc00',
      read: readColours,
    },
    setting: true,
    form: { control: 'custom', label: 'Palette' },
    tool: 'Colours of the brand or page as #rrggbb, the most important first: grounds, patterns and vector drawings take theirs from here. Leave out for colours that suit the prompt.',
  },
  /** What the image is composed of; wins over the words of the prompt. */
  composition: { schema: CompositionSchema },
  /**
   * Which reading of the prompt is drawn, with a model that composes: 0 is the plain one, others change the
   * style, colours, place and ground. Image k of a job has variation + k.
   */
  variation: {
    schema: integerIn(LIMITS.variation),
    default: 0,
    option: {
      name: 'variation',
      value: 'N',
      help: 'another style, colour, place and ground with the starter; image k has variation + k (default 0)',
      read: readNumber,
    },
    form: { control: 'custom', label: 'Variation' },
  },
  scheduler: {
    schema: someText,
    option: {
      name: 'scheduler',
      value: 'NAME',
      help: `such as ${SCHEDULER_EXAMPLES.join(', ')} (default: the model's)`,
      read: readText,
    },
    setting: true,
    form: { control: 'custom', label: 'Scheduler' },
  },
  /** How random DDIM and TCD are: diffusers' `eta`, TCD's gamma. */
  eta: {
    schema: numberIn(LIMITS.eta),
    option: {
      name: 'eta',
      value: 'X',
      help: '0 to 1, how much new noise DDIM and TCD add (default 0)',
      read: readNumber,
    },
  },
  numImages: {
    schema: integerIn(LIMITS.numImages),
    default: 1,
    option: {
      name: 'num-images',
      value: 'N',
      help: 'images to draw (default 1)',
      read: readNumber,
    },
    form: { control: 'custom', label: 'Images' },
    recipe: false,
  },
  /** Start from this image (img2img). */
  initImage: {
    schema: imageFile,
    option: {
      name: 'init-image',
      value: 'FILE',
      help: 'start from this image',
      read: readText,
      file: true,
    },
    ofInitImage: true,
    recipe: false,
  },
  /** How far to go from `initImage`: 0 keeps it, 1 ignores it. */
  strength: {
    schema: numberIn(LIMITS.strength),
    option: {
      name: 'strength',
      value: 'X',
      help: '0 keeps the image to start from, 1 ignores it (default 0.8)',
      read: readNumber,
    },
    form: {
      control: 'slider',
      label: 'Strength',
      help: 'How much to change the sketch: low values keep its shapes, high values only its idea',
      step: 0.05,
      initial: 0.7,
    },
    ofInitImage: true,
  },
  /** How closely `initImage` is followed by a model that edits it by words (diffusers, `image_guidance_scale`). */
  imageGuidanceScale: {
    schema: numberIn(LIMITS.imageGuidanceScale),
    option: {
      name: 'image-guidance-scale',
      value: 'X',
      help: 'with a model that edits by words: how closely to follow the image (default 1.5)',
      read: readNumber,
    },
    ofInitImage: true,
  },
  /** How much noise is added to `initImage` by a model that makes it larger (diffusers, `noise_level`). */
  noiseLevel: {
    schema: integerIn(LIMITS.noiseLevel),
    option: {
      name: 'noise-level',
      value: 'N',
      help: 'with a model that makes images larger: how much noise to add first (default 20)',
      read: readNumber,
    },
    ofInitImage: true,
  },
  /** White where `initImage` is to be drawn anew, black where it stays (inpainting). */
  mask: {
    schema: imageFile,
    option: {
      name: 'mask',
      value: 'FILE',
      help: 'draw only where this image is white; the rest stays',
      read: readText,
      file: true,
    },
    ofInitImage: true,
    recipe: false,
  },
  /** Grow `initImage` by margins of these pixels, and draw them (outpainting). */
  outpaint: {
    schema: v.strictObject({ left: margin, top: margin, right: margin, bottom: margin }),
    option: {
      name: 'outpaint',
      value: 'L,T,R,B',
      help: 'grow the image to start from by these margins in pixels, and draw them',
      read: readMargins,
    },
    ofInitImage: true,
  },
  /** A second pass over the finished image, made larger: image to image with the same seed. */
  hires: {
    schema: v.strictObject({
      scale: v.optional(numberIn(LIMITS.hiresScale), 2),
      /** How far the second pass goes from the enlarged first. */
      strength: v.optional(numberIn(LIMITS.strength), 0.7),
      /** The second pass runs the share of these that its strength says. Absent: as the first. */
      steps: v.optional(integerIn(LIMITS.steps)),
      /** `latent` enlarges what the UNet made, `lanczos` the decoded image. */
      upscaler: v.optional(v.picklist(UPSCALERS), 'latent'),
    }),
    option: {
      name: 'hires',
      value: 'SCALE,…',
      help: 'draw again, SCALE times as large; also STRENGTH, STEPS, latent or lanczos: 2,0.7,20,latent',
      read: readSecondPass(UPSCALERS),
    },
    form: {
      control: 'custom',
      label: 'Sharpen with details',
      help: 'Draws the finished image again, larger and with more details.',
    },
  },
  /** Enlarges the decoded image for the second pass, in the place of `hires.upscaler`; named as `upscale.model`. */
  hiresUpscaler: {
    schema: someText,
    option: {
      name: 'hires-upscaler',
      value: 'MODEL',
      help: 'with --hires: enlarge the image by this upscaler between the passes; named as that of --upscale',
      read: readText,
      path: true,
    },
    form: { control: 'custom', label: 'Enlarged by' },
  },
  /** A model that does the last part of the denoising, as `model` is named: the refiner of SDXL. */
  refiner: {
    schema: someText,
    option: {
      name: 'refiner',
      value: 'MODEL',
      help: 'SDXL: a model that does the last steps, from --denoising-end on; named as --model',
      read: readText,
      path: true,
    },
    form: {
      control: 'custom',
      label: 'Refiner',
      help: 'A second model does the last steps, for finer details.',
    },
  },
  /** Shares of the denoising, which diffusers measures by timesteps: `denoising_start` and `denoising_end`. */
  denoisingStart: {
    schema: numberIn(LIMITS.denoising),
    option: {
      name: 'denoising-start',
      value: 'X',
      help: 'SDXL: the image to start from is denoised so far, 0 to 1; no noise is added to it',
      read: readNumber,
    },
    ofInitImage: true,
  },
  denoisingEnd: {
    schema: numberIn(LIMITS.denoising),
    option: {
      name: 'denoising-end',
      value: 'X',
      help: 'SDXL: stop at this share of the denoising, 0 to 1; a refiner goes on there (default 0.8 with one)',
      read: readNumber,
    },
  },
  /** Makes each finished image larger, by an upscaler of the ESRGAN family or a plain resampler. */
  upscale: {
    schema: v.strictObject({
      /** A file, a folder, a repository id or `org/name/file`. Absent: a plain resampler. */
      model: v.optional(someText),
      /** How many times as wide and high. Absent: the upscaler's own, or 2 without one. */
      factor: v.optional(numberIn(LIMITS.upscaleFactor)),
    }),
    option: {
      name: 'upscale',
      value: 'MODEL[:FACTOR]',
      help: 'make the finished image larger by an upscaler (ESRGAN); a factor alone, such as 2, resamples it',
      read: readUpscaling,
      path: true,
    },
  },
  /** The image has no seam where it is repeated along these axes: circular padding in all convolutions. */
  seamless: {
    schema: v.picklist(SEAMLESS_AXES),
    option: {
      name: 'seamless',
      value: 'x|y|xy',
      help: 'draw an image that repeats without a seam along these axes, for textures',
      read: readWord,
    },
    form: {
      control: 'custom',
      label: 'Seamless texture',
      help: 'Draws an image that repeats without a seam.',
    },
    tool: 'For textures: draw an image that repeats without a seam beside itself (x), below itself (y) or both (xy). Not with the starter model, which draws a seamless pattern where the prompt asks for one.',
  },
  /** Decode and encode in overlapping tiles. Absent: where the whole image would not fit into memory. */
  vaeTiling: {
    schema: v.boolean(),
    option: {
      name: 'vae-tiling',
      value: 'on|off',
      help: 'decode in tiles (default: where the whole would not fit into memory)',
      read: readOnOff,
    },
  },
  /** The colour behind the transparent parts of `initImage`. */
  background: {
    schema: v.pipe(v.string(), v.regex(/^#[0-9a-fA-F]{6}$/, 'must be a colour such as #ffffff')),
    default: '#ffffff',
    option: {
      name: 'background',
      value: '#RRGGBB',
      help: 'what lies behind the transparent parts of the image (default #ffffff)',
      read: readText,
    },
    ofInitImage: true,
  },
  /** LoRA files merged into the model, with their scales and those of single parts (lora-weights.ts). */
  loras: {
    schema: v.array(
      v.strictObject({
        path: someText,
        scale: v.optional(numberIn(LIMITS.loraScale), 1),
        weights: v.optional(v.record(loraPart, numberIn(LIMITS.loraScale))),
      }),
    ),
    default: [],
    form: { control: 'custom', label: 'LoRAs' },
    option: {
      name: 'lora',
      value: 'FILE[:SCALE]',
      help: 'merge a LoRA, by 1 or this scale; a file, a folder or a repository id; parts: :0.8,text=0.5,up.1=0; may be given several times',
      read: readLoras,
      path: true,
      multiple: true,
    },
  },
  /** Textual inversions; `token` is the word for one where the file's own is not wanted. */
  embeddings: {
    schema: v.array(v.strictObject({ path: someText, token: v.optional(someText) })),
    default: [],
    option: {
      name: 'embedding',
      value: 'FILE[:WORD]',
      help: 'a textual inversion (file, folder or repository id), for a word in the prompt (default: its own)',
      read: readEmbeddings,
      path: true,
      multiple: true,
    },
  },
  /**
   * ControlNets and T2I-Adapters that hold the image to the lines, depths or poses of other images. The k-th entry of each of these
   * fields belongs to the k-th ControlNet (controls.ts).
   */
  controlnets: {
    schema: perControl(someText),
    default: [],
    option: {
      name: 'controlnet',
      value: 'MODEL',
      help: 'ControlNet or T2I-Adapter that holds the image to a control image; a folder, a file or a repository id; may be given several times',
      read: readTexts,
      path: true,
      multiple: true,
    },
  },
  controlImages: {
    schema: perControl(imageFile),
    default: [],
    option: {
      name: 'control-image',
      value: 'FILE',
      help: "what the ControlNet follows, resized to the image's size; one for each --controlnet, in order",
      read: readTexts,
      file: true,
      multiple: true,
    },
    recipe: false,
  },
  controlnetConditioningScale: {
    schema: perControl(numberIn(LIMITS.controlnetScale)),
    default: [],
    option: {
      name: 'controlnet-conditioning-scale',
      value: 'X',
      help: 'how much the ControlNet counts, 0 to 10 (default 1; from an initial image less); one for each --controlnet',
      read: readNumbers,
      multiple: true,
    },
  },
  controlGuidanceStart: {
    schema: perControl(numberIn(LIMITS.controlGuidance)),
    default: [],
    option: {
      name: 'control-guidance-start',
      value: 'X',
      help: 'the share of the steps at which the ControlNet begins (default 0); one for each --controlnet',
      read: readNumbers,
      multiple: true,
    },
  },
  controlGuidanceEnd: {
    schema: perControl(numberIn(LIMITS.controlGuidance)),
    default: [],
    option: {
      name: 'control-guidance-end',
      value: 'X',
      help: 'the share of the steps at which the ControlNet ends (default 1); one for each --controlnet',
      read: readNumbers,
      multiple: true,
    },
  },
  /** What is made of each control image, at the size that is drawn. */
  controlPreprocess: {
    schema: perControl(v.picklist(CONTROL_PREPROCESSORS)),
    default: [],
    option: {
      name: 'control-preprocess',
      value: 'NAME',
      help: `what to make of the control image: ${CONTROL_PREPROCESSORS.join(', ')} (default none); one for each --controlnet`,
      read: readWords,
      multiple: true,
    },
  },
  /** IP-Adapters, which prompt with images. What belongs to which is in ip-adapters.ts. */
  ipAdapters: {
    schema: perIpAdapter(someText),
    default: [],
    option: {
      name: 'ip-adapter',
      value: 'MODEL',
      help: 'prompt with images; a file, a folder, or org/name/file in the cache; may be given several times',
      read: readTexts,
      path: true,
      multiple: true,
    },
  },
  ipAdapterImages: {
    schema: v.pipe(v.array(imageFile), v.maxLength(LIMITS.ipAdapterImages)),
    default: [],
    option: {
      name: 'ip-adapter-image',
      value: 'FILE',
      help: 'what to draw like; a single --ip-adapter takes all, several take one each, in order',
      read: readTexts,
      file: true,
      multiple: true,
    },
    recipe: false,
  },
  ipAdapterScale: {
    schema: perIpAdapter(numberIn(LIMITS.ipAdapterScale)),
    default: [],
    option: {
      name: 'ip-adapter-scale',
      value: 'X',
      help: 'how much the images count, 0 to 10 (default 1); one for each --ip-adapter',
      read: readNumbers,
      multiple: true,
    },
  },
  ipAdapterBlocks: {
    schema: perIpAdapter(v.picklist(IP_ADAPTER_BLOCKS)),
    default: [],
    option: {
      name: 'ip-adapter-blocks',
      value: 'NAME',
      help: `SDXL: what of the images counts: ${IP_ADAPTER_BLOCKS.join(', ')} (default all); one for each --ip-adapter`,
      read: readWords,
      multiple: true,
    },
  },
  /** Absent: that of the adapter's repository or of the model, whichever fits. */
  ipAdapterImageEncoder: {
    schema: someText,
    option: {
      name: 'ip-adapter-image-encoder',
      value: 'MODEL',
      help: "the CLIP image encoder, a folder or a repository id (default: that of the adapter's repository)",
      read: readText,
      path: true,
    },
  },
  /** Of a diffusers folder. Absent: the weights without a variant, or those of the only precision that is there. */
  variant: {
    schema: v.pipe(v.string(), v.regex(VARIANT, 'must be a word such as fp16, ema or non_ema')),
    option: {
      name: 'variant',
      value: 'NAME',
      help: 'draw with this variant of the weights in a diffusers folder, such as fp16, ema or non_ema (default: those without a name)',
      read: readWord,
    },
  },
  /** Absent: the model's own. */
  unet: {
    schema: someText,
    option: {
      name: 'unet',
      value: 'MODEL',
      help: "draw with this UNet in the place of the model's own: a file, a folder, or a repository id",
      read: readText,
      path: true,
    },
  },
  /** `full`: the model's own. */
  vae: {
    schema: someText,
    default: 'full',
    option: {
      name: 'vae',
      value: 'full|tiny|MODEL',
      help: 'tiny decodes faster and rougher (TAESD, from the cache); or the autoencoder of a file, a folder, or a repository id',
      read: readAutoencoder,
      path: true,
    },
  },
  device: {
    schema: v.picklist(DEVICE_CHOICES),
    default: 'auto',
    option: {
      name: 'device',
      value: 'NAME',
      help: `auto (default), ${DEVICE_LIST}`,
      read: readWord,
    },
    setting: true,
    form: { control: 'custom', label: 'Device' },
    recipe: false,
  },
  /** How the model is computed. `auto` takes what is fast on the device and hardly seen in the image. */
  precision: {
    schema: v.picklist(PRECISION_CHOICES),
    default: 'auto',
    option: {
      name: 'precision',
      value: 'NAME',
      help: 'auto (default), full (equal to diffusers), half (on graphics cards) or int8 (on processors), faster and nearly equal',
      read: readWord,
    },
    setting: true,
    form: { control: 'custom', label: 'Precision' },
    tool: "How exactly to compute: auto, full (slower, equal to diffusers), half (faster on a graphics card) or int8 (faster on a processor). Default: the user's setting.",
  },
  /** What may differ from the exact image so that it is there sooner: fills the fields that are left open. */
  speed: {
    schema: v.picklist(SPEEDS),
    default: 'balanced',
    option: {
      name: 'speed',
      value: 'NAME',
      help: 'exact (equal to diffusers), balanced (default, nearly equal) or fast (fewer network calls)',
      read: readWord,
    },
    setting: true,
    form: { control: 'custom', label: 'Speed' },
    tool: "exact (slow, equal to diffusers), balanced, or fast (a rougher image sooner, with large models). Default: the user's setting.",
  },
  /** Forecast the outputs of some steps from those before instead of calling the network (Spectrum). */
  forecast: {
    schema: ForecastSchema,
    option: {
      name: 'forecast',
      value: 'NAME=N,…',
      help: 'forecast some steps instead of computing them, from about 10 steps on; also w, m, lam, window, flex, warmup, stop: w=0.4,m=3',
      read: readForecast,
      optional: /^[a-z]+=/i,
    },
  },
  /** The steps with guidance, as shares of all; the others take half the time. */
  guidanceInterval: {
    schema: GuidanceIntervalSchema,
    option: {
      name: 'guidance-interval',
      value: 'START:END',
      help: 'guide only these steps, as shares of all from 0 to 1, such as 0:0.8; the others take half the time',
      read: readInterval,
    },
  },
  /** FreeU: other factors for the UNet's skip connections and features (diffusers, `enable_freeu`). */
  freeu: {
    schema: v.strictObject({
      s1: numberIn(LIMITS.freeu),
      s2: numberIn(LIMITS.freeu),
      b1: numberIn(LIMITS.freeu),
      b2: numberIn(LIMITS.freeu),
    }),
    option: {
      name: 'freeu',
      value: 'S1,S2,B1,B2',
      help: 'FreeU: weaken the skip connections (s) and strengthen the features (b): 0.9,0.2,1.5,1.6',
      read: readFreeU,
    },
    form: {
      control: 'custom',
      label: 'FreeU',
      help: 'Draws cleaner shapes in the same time, by other weights inside of the model.',
    },
  },
  /** Attention at the finest level looks at one of this many rows and columns (ToDo, arXiv 2402.13573). */
  tokenDownsampling: {
    schema: integerIn(LIMITS.tokenDownsampling),
    default: 1,
    option: {
      name: 'token-downsampling',
      value: 'N',
      help: 'at the finest level, look at one of N rows and columns, 1 to 4: faster and less exact (default 1)',
      read: readNumber,
    },
  },
  /** The format of the image's file. */
  format: {
    schema: v.picklist(IMAGE_FORMAT_NAMES),
    default: DEFAULT_FORMAT,
    option: {
      name: 'format',
      value: 'NAME',
      help: `${IMAGE_FORMAT_NAMES.join(', ')} (traced, for flat art); default ${DEFAULT_FORMAT}`,
      read: readFormat,
    },
    setting: true,
  },
  /** Remove the background: what the model tells apart, else the flat colour of the border. */
  transparent: {
    schema: v.boolean(),
    default: false,
    option: {
      name: 'transparent',
      help: 'take the background away, with soft edges (every format but jpeg)',
      read: readPresent,
    },
    setting: true,
    form: {
      control: 'checkbox',
      label: 'Transparent background',
      help: 'Removes the background around the subject',
    },
    tool: "Leave out the plain background around the subject; for every format but jpg. Default: the user's setting.",
  },
  /** What happens to an image that the model's safety checker flags, where the model has one. */
  safetyChecker: {
    schema: v.picklist(SAFETY_CHOICES),
    default: 'black',
    option: {
      name: 'safety-checker',
      value: 'NAME',
      help: "what becomes of images that the model's safety checker flags: black (default), blur, warn, or off (no check)",
      read: readWord,
    },
    setting: true,
    recipe: false,
  },
  /** Write into the image's file how it was made. */
  metadata: {
    schema: v.boolean(),
    default: true,
    option: {
      name: 'no-metadata',
      help: 'leave out of the file how it was made',
      read: readAbsent,
    },
    setting: true,
    recipe: false,
  },
  /** Send a small image of the latents with each step. */
  preview: { schema: v.boolean(), default: false, recipe: false },
} as const satisfies Readonly<Record<string, RequestField>>;

export type RequestFields = typeof REQUEST_FIELDS;
export type FieldName = keyof RequestFields;

/** The names of the fields whose row has these entries, such as `{ setting: true }`. */
export type FieldsWith<Entries> = {
  [Name in FieldName]: RequestFields[Name] extends Entries ? Name : never;
}[FieldName];

/** In the table's order. */
export const FIELD_NAMES = Object.keys(REQUEST_FIELDS) as readonly FieldName[];

/** The row of a field, with every entry that a row can have. */
export function requestField(name: FieldName): RequestField {
  return REQUEST_FIELDS[name];
}

/** Fields of an image's recipe: what it was drawn with. */
export type RecipeField = Exclude<FieldName, FieldsWith<{ recipe: false }>>;
export const RECIPE_FIELDS = FIELD_NAMES.filter(
  (name): name is RecipeField => requestField(name).recipe !== false,
);

/** Some fields of a request or of settings, by name. */
export function pickFields<Values extends object, Name extends keyof Values & string>(
  values: Values,
  names: readonly Name[],
): Pick<Values, Name> {
  return Object.fromEntries(names.map((name) => [name, values[name]])) as Pick<Values, Name>;
}
