import path from 'node:path';
import { EaselError } from '../../../../core/errors';
import { HEAD_SIZE, type ImageProjection } from '../../../graph/image-projection';
import { knownFile } from '../../../weights/known-files';
import { sourceOf, type TensorRef, type WeightSource } from '../../../weights/source';

type Tensors = ReadonlyMap<string, TensorRef>;

/** An IP-Adapter as its file has it. The weights are not loaded. */
export interface AdapterFile {
  readonly projection: ImageProjection;
  /** `image_proj.*` */
  readonly projectionWeights: WeightSource;
  /** `ip_adapter.{n}.to_k_ip.weight` and `to_v_ip` */
  readonly weights: WeightSource;
}

const NEEDS_FACES =
  'is an IP-Adapter of the kind FaceID, which needs the features of faces that InsightFace finds. Easel does not ' +
  'support these. Use ip-adapter-plus-face or ip-adapter-full-face instead';

/** IP-Adapters of other kinds, by names of their tensors: what is said of them. */
const OTHERS: readonly (readonly [RegExp, string])[] = [
  [/^image_proj\.perceiver_resampler\.|^ip_adapter\.\d+\.to_\w+_lora\./, NEEDS_FACES],
  [
    /^ip_adapter_proj_model\.|^(double|single)_blocks\./,
    'is an IP-Adapter for FLUX, which Easel does not support',
  ],
];

/**
 * Reads an IP-Adapter in the layout of its authors (tencent-ailab/IP-Adapter), like `_load_ip_adapter_weights` of
 * diffusers (loaders/unet.py).
 * @throws EaselError `unsupported-model` for another kind of network; `model-incomplete` where a part is missing
 */
export function readAdapterFile(id: string, file: string, tensors: Tensors): AdapterFile {
  const names = [...tensors.keys()];
  const other = OTHERS.find(([pattern]) => names.some((name) => pattern.test(name)))?.[1];
  if (other !== undefined) throw refused(id, other);
  const part = (prefix: string) =>
    new Map([...tensors].filter(([name]) => name.startsWith(`${prefix}.`)));
  const [own, layers] = [part('image_proj'), part('ip_adapter')];
  if (own.size === 0 && layers.size === 0) {
    throw refused(id, `is ${knownFile(names) ?? 'no IP-Adapter'}`);
  }
  if (own.size === 0 || layers.size === 0) {
    const missing = own.size === 0 ? 'image_proj' : 'ip_adapter';
    const message = `${id} has no weights ${missing}.*, so it is no whole IP-Adapter. Download it again.`;
    throw new EaselError('model-incomplete', message, { field: 'ipAdapters', ipAdapter: id });
  }
  return {
    projection: projectionOf(id, own),
    projectionWeights: sourceOf(file, own),
    weights: sourceOf(file, layers),
  };
}

/** As `_convert_ip_adapter_image_proj_to_diffusers`: the names tell the kind, the shapes the sizes. */
function projectionOf(id: string, tensors: Tensors): ImageProjection {
  const has = (name: string) => tensors.has(`image_proj.${name}`);
  const sizeOf = (name: string, axis: number): number => {
    const size = tensors.get(`image_proj.${name}`)?.shape[axis];
    if (size !== undefined && size > 0) return size;
    const message = `${id} has no usable weight image_proj.${name}, so it is no whole IP-Adapter. Download it again.`;
    throw new EaselError('model-incomplete', message, { field: 'ipAdapters', tensor: name });
  };
  if (has('proj.weight')) {
    const outputDim = sizeOf('norm.weight', 0);
    const tokens = wholePart(id, sizeOf('proj.weight', 0), outputDim);
    return { kind: 'plain', inputDim: sizeOf('proj.weight', 1), outputDim, tokens };
  }
  if (has('proj.3.weight')) {
    const [inputDim, outputDim] = [sizeOf('proj.0.weight', 1), sizeOf('proj.3.weight', 0)];
    return { kind: 'full', inputDim, outputDim, tokens: undefined };
  }
  if (has('norm.weight')) throw refused(id, NEEDS_FACES);
  if (!has('latents')) {
    throw refused(id, 'is an IP-Adapter of a kind that Easel does not know');
  }
  return {
    kind: 'plus',
    inputDim: sizeOf('proj_in.weight', 1),
    hiddenDim: sizeOf('latents', 2),
    outputDim: sizeOf('proj_out.weight', 0),
    tokens: sizeOf('latents', 1),
    heads: wholePart(id, sizeOf('layers.0.0.to_q.weight', 0), HEAD_SIZE),
    innerDim: sizeOf('layers.0.1.1.weight', 0),
    layers: layersOf(has),
  };
}

function layersOf(has: (name: string) => boolean): number {
  let count = 0;
  while (has(`layers.${count}.0.to_q.weight`)) count += 1;
  return count;
}

function wholePart(id: string, size: number, of: number): number {
  if (size % of === 0) return size / of;
  throw refused(id, `has a width of ${size} where a multiple of ${of} is expected`);
}

/** @param what a clause that the id begins, such as `is a ControlNet` */
export function refused(id: string, what: string): EaselError {
  return new EaselError('unsupported-model', `${shownName(id)} ${what}.`, {
    field: 'ipAdapters',
    ipAdapter: id,
  });
}

function shownName(id: string): string {
  return path.isAbsolute(id) ? path.basename(id) : id;
}
