import { suitablePreprocessor } from '../../src/core/image/control/suitable';
import { canBeTransparent, DEFAULT_FORMAT } from '../../src/core/image/formats';
import type { ControlField } from '../../src/core/request/controls';
import { pickFields, REQUEST_FIELDS, requestField } from '../../src/core/request/fields';
import type { GenerationRequestInput } from '../../src/core/request/request';
import { applyStyle } from '../../src/core/request/styles';
import type { StudioSettings } from '../../src/protocol/studio';
import { FORM_FIELDS, LINES_SCALE, OTHER_SETTINGS, type Form } from './form';
import { isAddedField } from './field-additions';
import type { Composing } from './parts';

export interface SketchInput {
  readonly image: Uint8Array;
  readonly mask?: Uint8Array;
  /** For a form that does not say: `usualStrength`. */
  readonly strength: number;
}

/** A sketch whose lines are followed, and the ControlNet that does. */
export interface LinesInput {
  readonly lines: Uint8Array;
  readonly controlnet: string;
}

/** The fields of a request that follows the lines of a sketch. */
function following(
  { lines, controlnet }: LinesInput,
  { linesScale = LINES_SCALE }: Form,
): Pick<GenerationRequestInput, ControlField> {
  return {
    controlnets: [controlnet],
    controlImages: [lines],
    controlnetConditioningScale: [linesScale],
    controlPreprocess: [suitablePreprocessor(controlnet)],
  };
}

/** How a model draws the next image. */
export interface Drawing {
  /** What the image is composed of; absent where it is drawn in another way. */
  readonly composing?: Composing | undefined;
  /** The image can have any size, whatever the model draws at. */
  readonly anySize?: boolean;
  /** The model edits the sketch by words or makes it larger, for which there is no strength. */
  readonly edits?: boolean;
  /** The fields of what *Add control* has added; absent: the form's LoRAs alone. */
  readonly additions?: Partial<GenerationRequestInput>;
}

/**
 * The request that the form stands for: from nothing, from a sketch, or along its lines. An unlocked seed is drawn afresh by the host.
 * @param drawing how the model draws; absent: at its own sizes
 */
export function toRequest(
  form: Form,
  from: SketchInput | LinesInput | undefined,
  settings: StudioSettings,
  { composing, anySize = false, edits = false, additions }: Drawing = {},
): GenerationRequestInput {
  const sketch = from && 'image' in from ? from : undefined;
  const asked = FORM_FIELDS.filter((field) => {
    // `applyStyle` adds the style.
    if (field === 'style' || (field === 'seed' && !form.seedLocked)) return false;
    if (field === 'variation' && !composing) return false;
    if (isAddedField(field)) return false;
    if (requestField(field).ofInitImage && !sketch) return false;
    return form[field] !== undefined && form[field] !== '';
  });
  const request: GenerationRequestInput = {
    ...pickFields(settings, OTHER_SETTINGS),
    ...form.kept,
    ...pickFields(form, asked),
    ...(composing?.isChanged && !composing.isPlain && withParts(form, composing)),
    prompt: form.prompt.trim(),
    negativePrompt: form.negativePrompt.trim(),
    model: form.model || REQUEST_FIELDS.model.default,
    preview: true,
    ...(sketch && { initImage: sketch.image, strength: form.strength ?? sketch.strength }),
    ...(sketch?.mask && { mask: sketch.mask }),
    ...(from && 'lines' in from && following(from, form)),
    ...additions,
  };
  request.transparent = form.transparent && canBeTransparent(request.format ?? DEFAULT_FORMAT);
  if (edits) delete request.strength;
  if (sketch && anySize) fitSize(request);
  return form.style ? applyStyle(form.style, request) : request;
}

/** The changed parts of an image; the engine does not read the words then, so the size is from here too. */
function withParts(
  { width, height }: Form,
  { composition, size }: Composing,
): Pick<GenerationRequestInput, 'composition' | 'width' | 'height'> {
  return {
    composition,
    ...(width === undefined && height === undefined && size),
  };
}

/** Asks for the file's size, and leaves to the engine at which size of that shape the model draws. */
function fitSize(request: GenerationRequestInput): void {
  const { width, height } = request;
  const side = width ?? height;
  if (side === undefined) return;
  request.fit = { width: width ?? side, height: height ?? side };
  delete request.width;
  delete request.height;
}
