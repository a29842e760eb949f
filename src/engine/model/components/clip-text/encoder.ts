import type { ComputeType } from '../../../../core/devices';
import { isSmall } from '../../../../core/request/speed';
import type { ClipTokenizer } from '../../../../core/tokenizer/index';
import { buildClipText, type ClipSkip } from '../../../graph/clip-text';
import { parseClipTextConfig, type ClipTextConfig } from '../../../graph/clip-text-config';
import type { WrapWeights } from '../../../graph/weights';
import {
  countNumbers,
  weightMemory,
  type WeightPlace,
  type WeightSource,
} from '../../../weights/source';
import { exportedNetwork } from '../../layouts/exported/session';
import type { ComponentKind, ModelLayout } from '../../layouts/layout';
import { graphNetwork, type Network } from '../../network';
import { clipTokenizer } from './tokenizer';

/** CLIP's text model and its tokenizer. The weights are not loaded yet. */
export interface ClipTextEncoder {
  readonly tokenizer: ClipTokenizer;
  /**
   * Input `input_ids` [1, tokens]; outputs `last_hidden_state` and `penultimate_hidden_state` [1, tokens, width],
   * and `text_embeds` or `pooler_output` [1, width].
   */
  readonly network: Network;
  /**
   * The network with the further output `skipped_hidden_state` [1, tokens, width]. Absent for exported graphs,
   * whose outputs are fixed.
   */
  readonly skipping: ((skip: ClipSkip) => Network) | undefined;
  /** Config and weights, which adapters can change. Absent for exported graphs, whose weights are fixed. */
  readonly source: ClipTextSource | undefined;
  /** Bytes of the weights on the CPU. */
  readonly memoryBytes: (type: ComputeType, place: WeightPlace) => number;
}

export interface ClipTextSource {
  readonly config: ClipTextConfig;
  readonly weights: WeightSource;
}

/**
 * Opens a text encoder and its tokenizer.
 * @param suffix of the component names: `''`, or `_2` for SDXL's second encoder
 * @throws EaselError see `ModelLayout.component`
 */
export async function openClipText(layout: ModelLayout, suffix = ''): Promise<ClipTextEncoder> {
  const encoder = await layout.component(`text_encoder${suffix}`, CLIP_TEXT);
  const tokenizer = await layout.tokenizer(`tokenizer${suffix}`, clipTokenizer);
  return { ...encoder, tokenizer };
}

/** The same encoder with another tokenizer, and with changed weights if `wrapWeights` is given. */
export function adaptClipText(
  encoder: ClipTextEncoder,
  tokenizer: ClipTokenizer,
  wrapWeights: WrapWeights | undefined,
): ClipTextEncoder {
  const { network, source } = encoder;
  const adapted = source && networksOf(network.key, source, wrapWeights);
  return { ...encoder, ...adapted, tokenizer };
}

const CLASSES = ['CLIPTextModel', 'CLIPTextModelWithProjection'];

const CLIP_TEXT: ComponentKind<Omit<ClipTextEncoder, 'tokenizer'>> = {
  classes: CLASSES,
  read: async ({ className, config: json, where, openWeights, name }) => {
    const projected = className === undefined ? undefined : className !== 'CLIPTextModel';
    const config = parseClipTextConfig(json, where, projected);
    const source = { config, weights: await openWeights() };
    const memoryBytes = (type: ComputeType, place: WeightPlace) =>
      weightMemory(source.weights, type, {
        place,
        // The processor reads each weight once or twice, and converts it for that use alone (`planSession`).
        isCopied: (name) => place === 'card' && isCopied(name),
      });
    return { source, memoryBytes, ...networksOf(name, source, undefined) };
  },
  exported: async (folder, name) => {
    const onnx = await folder.open(name);
    const network = exportedNetwork(onnx, { key: name, role: 'text encoder' });
    const memoryBytes = () => onnx.totalBytes;
    return { source: undefined, skipping: undefined, memoryBytes, network };
  },
};

/** Of the vocabulary only some rows are read. */
const isCopied = (name: string) => !name.endsWith('token_embedding.weight');

function networksOf(
  key: string,
  { config, weights }: ClipTextSource,
  wrapWeights: WrapWeights | undefined,
): Required<Pick<ClipTextEncoder, 'network' | 'skipping'>> {
  // A small one takes little time as it is, and preparing what a LoRA changes takes longer than it saves.
  const takesBytes = !isSmall(countNumbers(weights)) && wrapWeights === undefined;
  const network = { component: 'text encoder', weights, takesBytes };
  const networkOf = (ownKey: string, skip?: ClipSkip): Network =>
    graphNetwork({ ...network, key: ownKey }, (target) =>
      buildClipText(config, weights, { batch: 1, target, wrapWeights, skip }),
    );
  return {
    network: networkOf(key),
    skipping: (skip) => networkOf(`${key} skip ${skip.layersAfter}`, skip),
  };
}
