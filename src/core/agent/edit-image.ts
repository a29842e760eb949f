import * as v from 'valibot';
import { drawnSizeFor, type Size } from '../image/resize';
import { pickFields, REQUEST_FIELDS } from '../request/fields';
import type { GenerationRequestInput } from '../request/request';
import {
  described,
  drawingEntries,
  drawingRequest,
  parseCall,
  promptEntry,
  type AgentDefaults,
} from './drawing-input';

const someText = v.pipe(v.string(), v.nonEmpty());

/** The input of `edit_image`: an image, what it shall show, and where to save the result. */
export const EditImageInputSchema = v.strictObject({
  image: described(
    someText,
    'The image to change: the path of a file in the workspace, or one that a tool of Easel has saved. It stays as it is.',
  ),
  ...drawingEntries,
  prompt: described(
    promptEntry,
    'What the whole changed image shows, in English, concrete and short, as for generate_image: "a green apple on a table", not "make it green". Only with a model that edits by words: what to change, such as "make the apple green".',
  ),
  mask: v.optional(
    described(
      someText,
      'The path of a black and white image of the same shape: only what is white there is drawn again. Default: the whole image changes.',
    ),
  ),
  strength: v.optional(
    described(
      REQUEST_FIELDS.strength.schema,
      "How much changes: 0 keeps the image, 1 ignores it; 0.4 keeps the shapes, 0.8 only the idea. Default: the model's own. Models that edit by words have none.",
    ),
  ),
  imageGuidanceScale: v.optional(
    described(
      REQUEST_FIELDS.imageGuidanceScale.schema,
      'Only with a model that edits by words: how closely it follows the image, 1 to 3; more keeps more. Default: 1.5.',
    ),
  ),
});

export type EditImageInput = v.InferOutput<typeof EditImageInputSchema>;

/**
 * Validates the input from an agent.
 * @throws EaselError `bad-request`; the message names the field
 */
export function parseEditImage(input: unknown): EditImageInput {
  return parseCall(EditImageInputSchema, input);
}

/** The files that a call names, read. */
export interface EditedFiles {
  readonly image: Uint8Array;
  readonly mask?: Uint8Array | undefined;
  /** The image's size in pixels, which the result has too. */
  readonly size: Size;
}

/** The size that a model draws best, in pixels, and what both sides must be multiples of. */
export interface ModelSize extends Size {
  readonly multiple: number;
  /** Whether it edits by words: a style would be read as a part of what is to change. */
  readonly edits?: true | undefined;
  /** How many times as large it makes an image: the result then has that size. */
  readonly upscales?: number | undefined;
}

/**
 * Makes the request of a call.
 * @param model absent where it is not known: the image is then drawn at about its own size
 * @throws EaselError `bad-request` or `prompt-too-long`
 */
export function editImageRequest(
  input: EditImageInput,
  { image, mask, size }: EditedFiles,
  defaults: AgentDefaults,
  model: ModelSize | undefined,
): GenerationRequestInput {
  const drawn = model && sizeToDraw(size, model);
  const styled = model?.edits ? { ...defaults, style: '' } : defaults;
  return drawingRequest(input, styled, {
    initImage: image,
    ...(mask && { mask }),
    ...pickGiven(input, ['strength', 'imageGuidanceScale']),
    ...(model?.upscales === undefined && {
      fit: { width: size.width, height: size.height },
      width: drawn?.width,
      height: drawn?.height,
    }),
  });
}

function pickGiven<Name extends 'strength' | 'imageGuidanceScale'>(
  input: EditImageInput,
  names: readonly Name[],
): Pick<EditImageInput, Name> {
  return pickFields(
    input,
    names.filter((name) => input[name] !== undefined),
  );
}

/** Images up to this many times the model's own area are drawn as large as they are. */
const LARGEST_AREA = 2;

/** The image's own size where the model can draw that well, else the model's area in the image's shape. */
export function sizeToDraw(size: Size, model: ModelSize): Size {
  const area = (size.width * size.height) / (model.width * model.height);
  const own = area >= 1 && area <= LARGEST_AREA ? size : model;
  return drawnSizeFor(size, own, model.multiple);
}
