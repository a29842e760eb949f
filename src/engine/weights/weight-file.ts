import { EaselError } from '../../core/errors';
import { weightFormat } from './file-kind';
import { readGguf } from './gguf';
import { readSafetensorsHeader, type TensorRef } from './safetensors';
import { withScales } from './scales';
import {
  nestedTensors,
  readTorchCheckpoint,
  stateDictTensors,
  type TorchCheckpoint,
} from './torch-checkpoint';

/** A file of weights, in any format. The values are not loaded. */
export type WeightFile =
  | {
      readonly format: 'safetensors';
      readonly tensors: ReadonlyMap<string, TensorRef>;
      readonly metadata: ReadonlyMap<string, string>;
    }
  | {
      readonly format: 'gguf';
      readonly tensors: ReadonlyMap<string, TensorRef>;
      readonly metadata?: undefined;
    }
  | { readonly format: 'torch'; readonly checkpoint: TorchCheckpoint };

/**
 * Reads a file of weights: safetensors, GGUF or a PyTorch checkpoint. The contents decide, not the name.
 * @throws EaselError `model-incomplete` (no such file, an unfinished download), `unsafe-file`, `bad-file`,
 *   `unsupported-model` (another format, which the message names)
 */
export async function readWeightFile(path: string): Promise<WeightFile> {
  const format = await weightFormat(path);
  if (format === 'gguf') return { format, tensors: await readGguf(path) };
  if (format === 'torch' && !path.endsWith('.safetensors')) {
    return { format, checkpoint: await readTorchCheckpoint(path) };
  }
  const { tensors, metadata } = await readSafetensorsHeader(path);
  return { format: 'safetensors', tensors: withScales(tensors), metadata };
}

/** The tensors of a file of weights, by name. @throws EaselError as `readWeightFile` */
export async function readWeightTensors(path: string): Promise<ReadonlyMap<string, TensorRef>> {
  const file = await readWeightFile(path);
  return file.format === 'torch' ? stateDictTensors(file.checkpoint) : file.tensors;
}

/**
 * Reads the file of an adapter or an upscaler, none of which is published as GGUF.
 * @throws EaselError as `readWeightFile`; `unsupported-model` for GGUF
 */
export async function readPartFile(path: string): Promise<Exclude<WeightFile, { format: 'gguf' }>> {
  const file = await readWeightFile(path);
  if (file.format !== 'gguf') return file;
  const message = `${path} is a GGUF file, of which Easel reads models only. Use it as safetensors.`;
  throw new EaselError('unsupported-model', message, { path });
}

/** As {@link readWeightTensors}, also of the dicts in a PyTorch checkpoint: `nestedTensors`. */
export async function readNestedTensors(path: string): Promise<ReadonlyMap<string, TensorRef>> {
  const file = await readPartFile(path);
  return file.format === 'safetensors' ? file.tensors : nestedTensors(file.checkpoint);
}

/** What a state dict of an upscaler may be nested under (spandrel, `canonicalize_state_dict`). */
const UPSCALER_DICTS = ['model_state_dict', 'state_dict', 'params_ema', 'params-ema', 'params', 'model', 'net']; // prettier-ignore

/** As `readWeightTensors`, for an upscaler, which training tools nest in other ways. @throws EaselError */
export async function readUpscalerTensors(path: string): Promise<ReadonlyMap<string, TensorRef>> {
  const file = await readPartFile(path);
  return file.format === 'safetensors'
    ? file.tensors
    : stateDictTensors(file.checkpoint, UPSCALER_DICTS);
}
