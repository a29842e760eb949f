import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { FIXTURES } from './paths';
import { encodeFloats, randomTensors, type TensorShapes, type WeightDType } from './random-weights';
import { writeSafetensors, type TensorToWrite } from './safetensors-file';
import { tempFolder } from './temp-folder';
import { encodeTorchCheckpoint } from './torch-file';

const FOLDER = path.join(FIXTURES, 'upscalers');

/** A network of scripts/reference/upscalers.py. */
export interface UpscalerNetwork {
  readonly tensors: TensorShapes;
  /** What the values of some tensors are multiplied by. */
  readonly gains: Readonly<Record<string, number>>;
  /** The value of tensors that have one. */
  readonly fills: Readonly<Record<string, number>>;
  /** As spandrel has it. */
  readonly scale: number;
}

export const UPSCALERS = JSON.parse(
  readFileSync(path.join(FOLDER, 'networks.json'), 'utf8'),
) as Readonly<Record<string, UpscalerNetwork>>;

/** What the network was given, and what spandrel made of it. */
export function upscalerPictures(name: string): { readonly input: string; readonly made: string } {
  return {
    input: path.join(FOLDER, `${name}.input.png`),
    made: path.join(FOLDER, `${name}.png`),
  };
}

/** The tensors of a network as the reference has them. */
function upscalerTensors(name: string, dtype: WeightDType = 'F32'): TensorToWrite[] {
  const { tensors, gains, fills } = UPSCALERS[name]!;
  return randomTensors(tensors, dtype, `${name}.`, gains).map((tensor) => {
    const { [tensor.name]: fill } = fills;
    if (fill === undefined) return tensor;
    const [count = 1] = tensor.shape;
    return { ...tensor, bytes: encodeFloats(new Float32Array(count).fill(fill), dtype) };
  });
}

interface WriteOptions {
  /** Of the file, with its ending: `.pth`, `.pt` or `.safetensors`. */
  readonly file?: string;
  /** What a PyTorch file has its tensors under. */
  readonly dict?: string;
  readonly folder?: string;
}

/** Writes a network as one file. Returns its path. */
export function materialiseUpscaler(
  name: string,
  { file = `${name}.safetensors`, dict = 'params_ema', folder = tempFolder() }: WriteOptions = {},
): string {
  const place = path.join(folder, file);
  const tensors = upscalerTensors(name);
  if (/\.pth?$/.test(file)) writeFileSync(place, encodeTorchCheckpoint(tensors, {}, dict));
  else writeSafetensors(place, tensors);
  return place;
}
