import type { TensorRef } from '../source';

const MEMBERS: Readonly<Record<string, string>> = {
  ln_1: 'layer_norm1',
  ln_2: 'layer_norm2',
  'mlp.c_fc': 'mlp.fc1',
  'mlp.c_proj': 'mlp.fc2',
  'attn.out_proj': 'self_attn.out_proj',
};

const FIXED: Readonly<Record<string, string>> = {
  positional_embedding: 'text_model.embeddings.position_embedding.weight',
  'token_embedding.weight': 'text_model.embeddings.token_embedding.weight',
  'ln_final.weight': 'text_model.final_layer_norm.weight',
  'ln_final.bias': 'text_model.final_layer_norm.bias',
};

const PROJECTIONS = ['q_proj', 'k_proj', 'v_proj'];

/**
 * Converts a tensor of OpenCLIP's text transformer (open_clip, transformer.py) to the tensors of transformers'
 * CLIPTextModel, like `convert_open_clip_checkpoint` (diffusers, loaders/single_file_utils.py). A fused
 * `in_proj` is split into three ranges of rows; the projection is transposed.
 *
 * @param name without the model's prefix
 * @returns an empty list if diffusers does not use the tensor
 */
export function diffusersOpenClipTensors(name: string, tensor: TensorRef): readonly TensorRef[] {
  if (Object.hasOwn(FIXED, name)) return [{ ...tensor, name: FIXED[name]! }];
  if (name === 'text_projection') return [transpose({ ...tensor, name: 'text_projection.weight' })];
  const match = /^transformer\.resblocks\.(\d+)\.(.*)$/.exec(name);
  if (match === null) return [];
  const layer = `text_model.encoder.layers.${match[1]!}`;
  const rest = match[2]!;
  const fused = /^attn\.in_proj_(weight|bias)$/.exec(rest);
  if (fused !== null) {
    return PROJECTIONS.map((projection, index) =>
      third(tensor, index, `${layer}.self_attn.${projection}.${fused[1]!}`),
    );
  }
  const dot = rest.lastIndexOf('.');
  const member = MEMBERS[rest.slice(0, dot)];
  return member === undefined ? [] : [{ ...tensor, name: `${layer}.${member}${rest.slice(dot)}` }];
}

/** One of three equal ranges of rows. */
function third(tensor: TensorRef, index: number, name: string): TensorRef {
  const [rows = 0, ...columns] = tensor.shape;
  const length = tensor.length / 3;
  const shape = [rows / 3, ...columns];
  return { ...tensor, name, shape, length, offset: tensor.offset + index * length };
}

function transpose(tensor: TensorRef): TensorRef {
  const shape = [...tensor.shape].reverse();
  return { ...tensor, shape, transposed: tensor.transposed !== true };
}
