import { EaselError } from '../../../../core/errors';
import type { CompactConfig } from '../../../graph/compact-upscaler';
import type { RrdbConfig } from '../../../graph/rrdb-net';
import { IMAGE_CHANNELS, type UpscalerConfig } from '../../../graph/upscaler';
import { sourceOf, type TensorRef, type WeightSource } from '../../../weights/source';
import { isWholeModel, partOfModel } from '../../layouts/single-file/other-file';
import { otherUpscaler } from './other-upscalers';
import { isRrdbNet, rrdbTensors } from './rrdb-names';

type Tensors = ReadonlyMap<string, TensorRef>;

export interface UpscalerFile {
  readonly config: UpscalerConfig;
  readonly weights: WeightSource;
}

/** Above those of every published upscaler. */
const LIMITS = { filters: 1024, layers: 256, scale: 16 };

/**
 * Reads an upscaler of the ESRGAN family from its weights alone, as spandrel does: RRDBNet by all of its names, and the
 * compact network of Real-ESRGAN.
 * @param file for messages
 * @throws EaselError `unsupported-model` for another kind of network, which the message names; `model-incomplete` where
 *   a part is missing
 */
export function readUpscaler(tensors: Tensors, file: string): UpscalerFile {
  const own = withoutPrefix(tensors);
  const names = [...own.keys()];
  if (own.has('body.0.weight') && own.has('body.1.weight')) return compact(own, file);
  const mixed = otherUpscaler(names.filter((name) => /^(am_list|de_net)\./.test(name)));
  if (mixed === undefined && isRrdbNet(own)) return rrdb(rrdbTensors(own), file);
  const other = otherUpscaler(names);
  if (other !== undefined) {
    throw refused(file, `an upscaler of another architecture (${other}), which Easel does not support. Choose one of the ESRGAN family`); // prettier-ignore
  }
  if (own.has('body.0.weight') && own.has('body.2.weight')) {
    throw refused(file, 'a compact upscaler without PReLU, and no file says which activation it has'); // prettier-ignore
  }
  if (isWholeModel(tensors)) {
    throw refused(file, `a whole model, and no upscaler alone. One that makes images larger by a prompt, such as Stable Diffusion x4 Upscaler, is given with --model: easel generate "PROMPT" --model ${file} --init-image FILE`); // prettier-ignore
  }
  const part = partOfModel(tensors);
  throw refused(file, part === undefined ? 'no upscaler that Easel knows' : `no upscaler, but ${part}`); // prettier-ignore
}

/** Whether tensors may be those of an upscaler, known or not: for lists. */
export function looksLikeUpscaler(tensors: Tensors): boolean {
  const own = withoutPrefix(tensors);
  return isRrdbNet(own) || (own.has('body.0.weight') && own.has('body.1.weight'));
}

/** What training tools put before every name. */
const PREFIXES = ['module.', 'netG.', 'params_ema.', 'params.'];

function withoutPrefix(tensors: Tensors): Tensors {
  let own = tensors;
  for (const prefix of PREFIXES) {
    if (own.size === 0 || ![...own.keys()].every((name) => name.startsWith(prefix))) continue;
    own = new Map([...own].map(([name, tensor]) => [name.slice(prefix.length), tensor]));
  }
  return own;
}

function rrdb(tensors: Tensors, file: string): UpscalerFile {
  const sizeOf = sizesOf(tensors, file);
  const [filters, inputs] = [sizeOf('conv_first.weight', 0), sizeOf('conv_first.weight', 1)];
  const outputs = sizeOf('conv_last.weight', 0);
  const shuffle = [4, 2].find((factor) => inputs === outputs * factor ** 2) ?? 1;
  requireRgb(file, [inputs / shuffle ** 2, outputs]);
  const doublings = countOf((index) => tensors.has(`conv_up${index + 1}.weight`));
  const config: RrdbConfig = {
    kind: 'rrdb',
    filters,
    growth: sizeOf('body.0.rdb1.conv1.weight', 0),
    blocks: countOf((index) => tensors.has(`body.${index}.rdb1.conv1.weight`)),
    doublings,
    shuffle,
    plus: tensors.has('body.0.rdb1.conv1x1.weight'),
    scale: 2 ** doublings / shuffle,
  };
  requireLimits(file, config, config.blocks);
  return { config, weights: sourceOf(file, tensors) };
}

function compact(tensors: Tensors, file: string): UpscalerFile {
  const sizeOf = sizesOf(tensors, file);
  const count = countOf((index) => tensors.has(`body.${index}.weight`));
  const [filters, inputs] = [sizeOf('body.0.weight', 0), sizeOf('body.0.weight', 1)];
  const outputs = sizeOf(`body.${count - 1}.weight`, 0);
  const scale = Math.sqrt(outputs / inputs);
  requireRgb(file, [inputs]);
  const config: CompactConfig = {
    kind: 'compact',
    filters,
    // The first and the last convolution, and a PReLU after each but the last.
    convolutions: (count - 3) / 2,
    slopes: sizeOf('body.1.weight', 0),
    scale,
  };
  requireLimits(file, config, config.convolutions);
  return { config, weights: sourceOf(file, tensors) };
}

type SizeOf = (name: string, axis: number) => number;

/** @throws EaselError `model-incomplete` */
function sizesOf(tensors: Tensors, file: string): SizeOf {
  return (name, axis) => {
    const size = tensors.get(name)?.shape[axis];
    if (size !== undefined) return size;
    const message = `${file} has no weight ${name}, so it is no whole upscaler. Download it again.`;
    throw new EaselError('model-incomplete', message, { tensor: name });
  };
}

function requireRgb(file: string, channels: readonly number[]): void {
  const other = channels.find((count) => count !== IMAGE_CHANNELS);
  if (other === undefined) return;
  throw refused(file, `an upscaler for images of ${other} channels; Easel supports those of 3 (RGB)`); // prettier-ignore
}

function requireLimits(file: string, { filters, scale }: UpscalerConfig, layers: number): void {
  const isWhole = Number.isInteger(scale) && Number.isInteger(layers) && scale >= 1 && layers >= 0;
  const fits = filters <= LIMITS.filters && layers <= LIMITS.layers && scale <= LIMITS.scale;
  if (isWhole && fits) return;
  throw refused(file, 'an upscaler of a size that none has that was published');
}

/** How many numbers from 0 on are there. */
function countOf(isThere: (index: number) => boolean): number {
  let count = 0;
  while (isThere(count)) count += 1;
  return count;
}

function refused(file: string, what: string): EaselError {
  return new EaselError('unsupported-model', `${file} is ${what}.`, { path: file });
}
