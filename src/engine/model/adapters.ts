import { EaselError } from '../../core/errors';
import { openEmbeddings } from '../embedding/embedding-set';
import type { WrapWeights } from '../graph/weights';
import type { LoraComponent } from '../lora/lora-names';
import { openLoras, type LoraSet } from '../lora/lora-set';
import { resolveEmbedding, resolveLora } from '../store/resolve-adapter';
import { adaptClipText, type ClipTextEncoder } from './components/clip-text/encoder';
import { graphUNet, type UNet } from './components/unet/unet';
import type { AdapterRequest } from './model';

/** The networks of a pipeline that LoRAs and textual inversions can change. */
export interface AdaptableNetworks {
  readonly unet: UNet;
  readonly textEncoders: readonly ClipTextEncoder[];
}

const TEXT_ENCODERS: readonly LoraComponent[] = ['text_encoder', 'text_encoder_2'];

/**
 * The same adapters, with the paths of their files: a request may name a folder or a repository in the cache.
 * @throws EaselError see `resolveLora`
 */
export async function findAdapters({ loras, embeddings }: AdapterRequest): Promise<AdapterRequest> {
  const find = async <Adapter extends { readonly path: string }>(
    adapters: readonly Adapter[],
    resolve: (spec: string) => Promise<string>,
  ): Promise<Adapter[]> =>
    Promise.all(
      adapters.map(async (adapter) => ({ ...adapter, path: await resolve(adapter.path) })),
    );
  return {
    loras: await find(loras, (spec) => resolveLora(spec)),
    embeddings: await find(embeddings, (spec) => resolveEmbedding(spec)),
  };
}

/**
 * Adds LoRAs and textual inversions to a model's networks. Nothing is computed yet: the changes become nodes
 * in the graphs of the returned networks.
 * @returns the changed networks; `warnings` say which parts of the files were left out
 * @throws EaselError `unsupported-model` (an adapter for another model, or a model of exported ONNX graphs),
 *   `bad-request` (a token is used twice), `model-incomplete` (no such file), `bad-file`, `unsafe-file`
 */
export async function adaptNetworks(
  id: string,
  { unet, textEncoders }: AdaptableNetworks,
  { loras, embeddings }: AdapterRequest,
): Promise<AdaptableNetworks & Pick<LoraSet, 'titles' | 'warnings'>> {
  const { config, weights } = unet;
  const sources = textEncoders.flatMap(({ source, tokenizer }) =>
    source ? [{ ...source, tokenizer }] : [],
  );
  if (!weights || sources.length < textEncoders.length) throw fixedWeights(id);
  const merged = await openLoras(loras, {
    unet: weights,
    layersPerBlock: config.down[0]?.resnets ?? 1,
    text_encoder: sources[0]?.weights,
    text_encoder_2: sources[1]?.weights,
  });
  const learned = await openEmbeddings(
    embeddings,
    sources.map(({ tokenizer, config: { vocabSize, hiddenSize } }) => ({
      tokenizer,
      vocabSize,
      hiddenSize,
    })),
    merged.bundled,
  );
  const wrapUNet = merged.wrap('unet');
  return {
    unet: graphUNet(
      { config, weights },
      wrapUNet && {
        wrapWeights: wrapUNet,
        names: merged.changed('unet'),
        loadingBytes: merged.loadingBytes('unet'),
      },
    ),
    textEncoders: textEncoders.map((encoder, index) => {
      const { tokenizer, wrap } = learned.encoders[index]!;
      return adaptClipText(encoder, tokenizer, both(merged.wrap(TEXT_ENCODERS[index]!), wrap));
    }),
    titles: merged.titles,
    warnings: [...merged.warnings, ...learned.warnings],
  };
}

/** Applies the first, then the second. */
function both(
  first: WrapWeights | undefined,
  second: WrapWeights | undefined,
): WrapWeights | undefined {
  if (first === undefined || second === undefined) return first ?? second;
  return (weights, graph) => second(first(weights, graph), graph);
}

function fixedWeights(id: string): EaselError {
  const message =
    `${id} consists of exported ONNX graphs. LoRAs and textual inversions cannot change their weights. ` +
    'Use the model as a diffusers folder or a single file.';
  return new EaselError('unsupported-model', message, { model: id });
}
