import * as v from 'valibot';
import { DEFAULT_FORMAT, IMAGE_FORMAT_NAMES } from '../../image/formats';
import { readAbsent, readFormat, readPresent, readWord } from '../option-values';
import { SAFETY_CHOICES } from '../safety';
import type { RequestField } from './field';

/** The image's file, and how the image is delivered. */
export const FILE_FIELDS = {
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
