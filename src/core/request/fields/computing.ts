import * as v from 'valibot';
import { DEVICE_CHOICES, DEVICE_LIST, PRECISIONS } from '../../devices';
import { ForecastSchema } from '../../diffusion/forecast';
import { GuidanceIntervalSchema } from '../../diffusion/guidance';
import {
  readAutoencoder,
  readForecast,
  readFreeU,
  readInterval,
  readNumber,
  readText,
  readWord,
} from '../option-values';
import type { RequestField } from './field';
import { LIMITS } from './limits';
import { integerIn, numberIn, someText } from './values';

/** What stands before the ending of a file of weights. */
const VARIANT = /^[\w-]{1,40}$/;
/** `auto` chooses one of the others. */
const PRECISION_CHOICES = ['auto', ...PRECISIONS] as const;
/** What `easel.speed` means for a model is in speed.ts. */
export const SPEEDS = ['exact', 'balanced', 'fast'] as const;

/** Which networks are computed, where, and how exactly. */
export const COMPUTING_FIELDS = {
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
} as const satisfies Readonly<Record<string, RequestField>>;
