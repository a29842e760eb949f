import * as v from 'valibot';
import { REQUEST_FIELDS } from '../request/fields';
import type { GenerationRequestInput } from '../request/request';
import {
  described,
  drawingEntries,
  drawingRequest,
  parseCall,
  promptEntry,
  type AgentDefaults,
} from './drawing-input';

const { width, height } = REQUEST_FIELDS.fit.schema.entries;

/** The input of `generate_image`: fields of a request, and where to save the image. */
export const GenerateImageInputSchema = v.strictObject({
  ...drawingEntries,
  prompt: promptEntry,
  width: v.optional(
    described(
      width,
      "Width of the file in pixels. Any size; the starter model composes images of exactly that size, from 16 to 4096, other models draw in that shape, then scaled and cropped. Default: the height if that is given, else the model's own.",
    ),
  ),
  height: v.optional(
    described(
      height,
      "Height of the file in pixels. Default: the width if that is given, else the model's own.",
    ),
  ),
});

export type GenerateImageInput = v.InferOutput<typeof GenerateImageInputSchema>;

/**
 * Validates the input from an agent.
 * @throws EaselError `bad-request`; the message names the field
 */
export function parseGenerateImage(input: unknown): GenerateImageInput {
  return parseCall(GenerateImageInputSchema, input);
}

/**
 * Makes the request of a call.
 * @throws EaselError `bad-request` or `prompt-too-long`
 */
export function generateImageRequest(
  input: GenerateImageInput,
  defaults: AgentDefaults,
): GenerationRequestInput {
  const side = input.width ?? input.height;
  if (side === undefined) return drawingRequest(input, defaults, {});
  return drawingRequest(input, defaults, {
    // `fit` is the exact size of the file. It decides the drawn size, so the settings' size must not.
    fit: { width: input.width ?? side, height: input.height ?? side },
    width: undefined,
    height: undefined,
  });
}
