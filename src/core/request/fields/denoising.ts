import * as v from 'valibot';
import { readNumber, readText, readTexts } from '../option-values';
import type { RequestField } from './field';
import { LIMITS } from './limits';
import { integerIn, numberIn, someText } from './values';

/** A part of a layer's name, or a regular expression. An empty one would match everything. */
const layerPattern = v.pipe(v.string(), v.nonEmpty(), v.maxLength(LIMITS.pagLayer));

/** The model, the seeds, the steps and the guidance. */
export const DENOISING_FIELDS = {
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
} as const satisfies Readonly<Record<string, RequestField>>;
