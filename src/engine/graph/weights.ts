import { EaselError } from '../../core/errors';
import type { DType } from '../weights/dtype';
import type { WeightSource } from '../weights/source';
import type { Graph, Value } from './graph';
import { elementTypeCode, type ElementType } from './onnx-model';
import type { ComputeType } from './target';

/**
 * What graph code asks weights from, by their diffusers name. This is the seam for everything that changes
 * weights or their names while a graph is written (LoRA, other checkpoint layouts): wrap a `GraphWeights`
 * to add nodes behind a value, or a `WeightSource` to rename.
 */
export interface GraphWeights {
  has(name: string): boolean;
  /** The weight in the type the graph computes in. */
  get(name: string, shape: readonly number[]): Value;
  /** The weight as it is stored, for operators that read a few rows of it. */
  stored(name: string, shape: readonly number[]): Value;
}

/** Adds to a graph's weights, for instance a LoRA. */
export type WrapWeights = (weights: GraphWeights, graph: Graph) => GraphWeights;

const FLOAT_TYPES: Partial<Record<DType, ElementType>> = {
  F16: 'float16',
  BF16: 'bfloat16',
  F32: 'float32',
  F64: 'float64',
};

/** Weights that ONNX Runtime maps from their files; a narrower type is cast in the graph. */
export class ExternalWeights implements GraphWeights {
  private readonly values = new Map<string, Value>();
  private readonly casts = new Map<string, Value>();

  constructor(
    private readonly graph: Graph,
    private readonly source: WeightSource,
    private readonly computeType: ComputeType,
  ) {}

  has(name: string): boolean {
    return this.source.get(name) !== undefined;
  }

  get(name: string, shape: readonly number[]): Value {
    const value = this.stored(name, shape);
    if (value.type === this.computeType) return value;
    const known = this.casts.get(value.name);
    if (known !== undefined) return known;
    const to = { int: elementTypeCode(this.computeType) };
    const cast = this.graph.node('Cast', [value], { type: this.computeType, shape }, { to }, name);
    this.casts.set(value.name, cast);
    return cast;
  }

  stored(name: string, shape: readonly number[]): Value {
    const key = `${name}|${shape.join(',')}`;
    const known = this.values.get(key);
    if (known !== undefined) return known;
    const value = this.map(name, shape);
    this.values.set(key, value);
    return value;
  }

  private map(name: string, shape: readonly number[]): Value {
    const tensor = this.source.get(name);
    const where = this.source.description;
    if (tensor === undefined) {
      const message = `${where} lacks the weight ${name} of shape [${shape.join(', ')}], which its config asks for. Download the model again.`;
      throw new EaselError('model-incomplete', message, { file: where, tensor: name, shape });
    }
    const type = FLOAT_TYPES[tensor.dtype];
    if (type === undefined) {
      const message = `${tensor.file} stores ${name} as ${tensor.dtype}; only F16, BF16, F32 and F64 weights can be computed with.`;
      throw new EaselError('bad-file', message, { file: tensor.file, tensor: name });
    }
    const sameShape = tensor.transposed === true ? sameSizes : sameLayout;
    if (!sameShape(tensor.shape, shape)) {
      const message = `${tensor.file} has ${name} in shape [${tensor.shape.join(', ')}] where its config asks for [${shape.join(', ')}]. The config and the weights belong to different models.`;
      throw new EaselError('bad-file', message, {
        file: tensor.file,
        tensor: name,
        expected: shape,
        found: tensor.shape,
      });
    }
    const bytesPerElement = this.computeType === 'float16' ? 2 : 4;
    const computeBytes = shape.reduce((product, size) => product * size, bytesPerElement);
    if (tensor.transposed !== true) {
      return this.graph.external(name, type, shape, tensor, computeBytes);
    }
    const turned = [...tensor.shape].reverse();
    const value = this.graph.external(name, type, turned, tensor, computeBytes);
    return this.graph.node('Transpose', [value], { type, shape }, { perm: { ints: [1, 0] } }, name);
  }
}

/** Equal but for sizes of one: the kernel of a 1 by 1 convolution is a linear layer's matrix, and back. */
function sameLayout(a: readonly number[], b: readonly number[]): boolean {
  const solid = (shape: readonly number[]): string => shape.filter((size) => size !== 1).join(',');
  return solid(a) === solid(b);
}

function sameSizes(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}
