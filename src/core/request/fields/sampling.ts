import { SCHEDULER_EXAMPLES } from '../../diffusion/schedulers/registry';
import { readNumber, readText } from '../option-values';
import type { RequestField } from './field';
import { LIMITS } from './limits';
import { integerIn, numberIn, someText } from './values';

/** The scheduler, and how many images are drawn. */
export const SAMPLING_FIELDS = {
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
} as const satisfies Readonly<Record<string, RequestField>>;
