import { EaselError } from '../../core/errors';
import type { GenerationRequest } from '../../core/request/request';
import { openEmbeddings } from '../embedding/embedding-set';
import type { WrapWeights } from '../graph/weights';
import type { LoraComponent } from '../lora/lora-names';
import { openLoras } from '../lora/lora-set';
import type { Model } from './model';

/** What a request adds to a model. */
export type AdapterRequest = Pick<GenerationRequest, 'loras' | 'embeddings'>;

/** A model with a request's LoRAs and textual inversions; `warnings` say what of them was left out. */
export interface AdaptedModel {
  readonly model: Model;
  readonly warnings: readonly string[];
}

const TEXT_ENCODERS: readonly LoraComponent[] = ['text_encoder', 'text_encoder_2'];

/**
 * Adds LoRAs and textual inversions to a model. Nothing is computed yet: graphs written from the model that
 * comes back have them in their weights.
 *
 * @throws EaselError `unsupported-model` (made for another model, or the model is finished ONNX graphs),
 *   `bad-request` (a word is taken), and those of reading the files.
 */
export async function withAdapters(model: Model, request: AdapterRequest): Promise<AdaptedModel> {
  const { loras, embeddings } = request;
  if (loras.length === 0 && embeddings.length === 0) return { model, warnings: [] };
  if (model.unet.onnx) throw finished(model);
  const { unet, textEncoders } = model;
  const [first, second] = textEncoders;
  const merged = await openLoras(loras, {
    unet: unet.weights,
    layersPerBlock: unet.config.down[0]?.resnets ?? 1,
    text_encoder: first?.weights,
    text_encoder_2: second?.weights,
  });
  const learned = await openEmbeddings(
    embeddings,
    textEncoders.map(({ tokenizer, config }) => ({ tokenizer, ...config })),
  );
  const adapted: Model = {
    ...model,
    // Sessions of the plain model, and of other mixtures, are others.
    folder: `${model.folder}\n${JSON.stringify({ loras, embeddings })}`,
    unet: { ...unet, wrapWeights: merged.wrap('unet'), merged: merged.changed('unet') },
    textEncoders: textEncoders.map((encoder, index) => ({
      ...encoder,
      tokenizer: learned[index]!.tokenizer,
      wrapWeights: both(merged.wrap(TEXT_ENCODERS[index]!), learned[index]!.wrap),
    })),
  };
  return { model: adapted, warnings: merged.warnings };
}

/** The first, and then the second on what comes of it. */
function both(
  first: WrapWeights | undefined,
  second: WrapWeights | undefined,
): WrapWeights | undefined {
  if (first === undefined || second === undefined) return first ?? second;
  return (weights, graph) => second(first(weights, graph), graph);
}

function finished({ id }: Model): EaselError {
  const message =
    `${id} is made of finished ONNX graphs, whose weights cannot be changed by a LoRA or a textual inversion. ` +
    'Use the model as a diffusers folder or a single file.';
  return new EaselError('unsupported-model', message, { model: id });
}
