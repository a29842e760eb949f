import { EaselError } from '../../../core/errors';
import type { FieldName } from '../../../core/request/fields';
import { clipSkipOf } from '../components/clip-text/prompts';
import type { AskedConditions, Model } from '../model';
import { checkPerturbed } from './perturbed-attention';
import { refuseUnknownConditions } from './unknown-conditions';
import type { UNetModelParts } from './parts';

type ImageUser = Pick<Model, 'id' | 'upscaling' | 'takesImage'>;

/**
 * Refuses what the model does not take of the conditions of a request.
 * @throws EaselError `bad-request`, `unsupported-model` for exported graphs; with the field
 */
export function checkConditions(
  model: ImageUser & Pick<Model, 'isXl' | 'refines'>,
  { textEncoders, traits, unet }: UNetModelParts,
  { clipSkip, freeu, prompt2, negativePrompt2, ...asked }: AskedConditions,
): void {
  refuseUnknownConditions(model, asked);
  checkPerturbed(model.id, unet, doesToImages(model), asked);
  checkSecondPrompts(model.id, textEncoders.length, { prompt2, negativePrompt2 });
  if (freeu && unet.config.k) refuseForImages(model, 'freeu', 'no FreeU');
  if (freeu && !unet.weights) throw fixedGraphs(model.id, 'freeu', 'FreeU');
  if (clipSkip === 0) return;
  if (traits.text.states === 'last_layer') refuseForImages(model, 'clipSkip', 'no clipSkip');
  checkClipSkip(model.id, { textEncoders, traits }, clipSkip);
}

function checkClipSkip(
  model: string,
  { textEncoders, traits }: Pick<UNetModelParts, 'textEncoders' | 'traits'>,
  clipSkip: number,
): void {
  const { layersAfter } = clipSkipOf(traits.text.states, clipSkip);
  for (const { source } of textEncoders) {
    if (!source) {
      throw new EaselError(
        'unsupported-model',
        `${model} consists of exported ONNX graphs, whose text encoder gives the features of its last layers alone. ` +
          'Leave clipSkip out, or use the model as a diffusers folder or a single file.',
        { field: 'clipSkip', value: clipSkip, model },
      );
    }
    const { layers } = source.config;
    if (layersAfter <= layers) continue;
    const largest = layers - (layersAfter - clipSkip);
    throw new EaselError(
      'bad-request',
      `clipSkip ${clipSkip} is too large for ${model}: a text encoder of it has ${layers} layers. At most ${largest} can be left out.`,
      { field: 'clipSkip', value: clipSkip, largest },
    );
  }
}

function checkSecondPrompts(
  model: string,
  textEncoders: number,
  prompts: Pick<AskedConditions, 'prompt2' | 'negativePrompt2'>,
): void {
  if (textEncoders > 1) return;
  for (const field of ['prompt2', 'negativePrompt2'] as const) {
    if (!prompts[field]) continue;
    throw new EaselError(
      'bad-request',
      `${field} is for the second text encoder of Stable Diffusion XL, and ${model} has one text encoder. Leave it out, or choose an SDXL model.`,
      { field, model },
    );
  }
}

/**
 * Refuses what only models take that draw new images.
 * @throws EaselError `bad-request`, with the field
 */
export function refuseForImages(model: ImageUser, field: FieldName, what: string): void {
  const does = doesToImages(model);
  if (does === undefined) return;
  throw new EaselError(
    'bad-request',
    `${model.id} ${does}, and takes ${what}. Leave it out, or use another model.`,
    { field, model: model.id },
  );
}

/** What a model does to a given image, where it draws no new ones. */
function doesToImages({ upscaling, takesImage }: ImageUser): string | undefined {
  if (upscaling) return 'makes images larger';
  return takesImage ? 'edits images by words' : undefined;
}

/** Exported graphs cannot be changed. */
export function fixedGraphs(model: string, field: FieldName, network: string): EaselError {
  return new EaselError(
    'unsupported-model',
    `${model} consists of exported ONNX graphs, to which no ${network} can be added. Use the model as a diffusers folder or a single file.`,
    { field, model },
  );
}
