import { weightFormat } from './file-kind';
import { readSafetensorsHeader, type TensorRef } from './safetensors';
import { withScales } from './scales';
import { readTorchCheckpoint, stateDictTensors, type TorchCheckpoint } from './torch-checkpoint';

/** A file of weights, in either format. The values are not loaded. */
export type WeightFile =
  | {
      readonly format: 'safetensors';
      readonly tensors: ReadonlyMap<string, TensorRef>;
      readonly metadata: ReadonlyMap<string, string>;
    }
  | { readonly format: 'torch'; readonly checkpoint: TorchCheckpoint };

/**
 * Reads a file of weights: safetensors or a PyTorch checkpoint. The contents decide, not the name.
 * @throws EaselError `model-incomplete` (no such file, an unfinished download), `unsafe-file`, `bad-file`,
 *   `unsupported-model` (another format, which the message names)
 */
export async function readWeightFile(path: string): Promise<WeightFile> {
  if ((await weightFormat(path)) === 'torch' && !path.endsWith('.safetensors')) {
    return { format: 'torch', checkpoint: await readTorchCheckpoint(path) };
  }
  const { tensors, metadata } = await readSafetensorsHeader(path);
  return { format: 'safetensors', tensors: withScales(tensors), metadata };
}

/** The tensors of a file of weights, by name. @throws EaselError as `readWeightFile` */
export async function readWeightTensors(path: string): Promise<ReadonlyMap<string, TensorRef>> {
  const file = await readWeightFile(path);
  return file.format === 'safetensors' ? file.tensors : stateDictTensors(file.checkpoint);
}
