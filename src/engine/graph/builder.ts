import { Graph, type Attributes, type BuiltGraph, type Value } from './graph';
import { elementTypeCode, type ElementType } from '../onnx/schema';
import { ExternalWeights, type GraphWeights, type RowRange, type WrapWeights } from './weights';
import type { ByteLayer, ByteMatrices, ByteMatrix } from './byte-matrices';
import type { WeightSource } from '../weights/source';
import { deviceProfile, type ComputeType, type DeviceProfile } from '../../core/devices';
import type { SeamlessAxes } from '../../core/request/seamless';
import type { GraphTarget } from './target';

export interface BuildOptions {
  readonly target: GraphTarget;
  /** Changes weights while the graph is written (LoRA). */
  readonly wrapWeights?: WrapWeights;
  /** Along which axes convolutions take what is beyond an edge from the opposite one. Default: none, zeros. */
  readonly seamless?: SeamlessAxes | undefined;
}

/**
 * Writes the nodes of one module of a model: the graph, the weights and the device, with the module's path as
 * the prefix of weight names and node names. `at('to_q')` is the builder of the sub-module of that name.
 */
export class Builder {
  private constructor(
    readonly graph: Graph,
    readonly weights: GraphWeights,
    private readonly target: GraphTarget & Pick<BuildOptions, 'seamless'>,
    /** The device the graph is written for. */
    readonly device: DeviceProfile,
    private readonly path: string,
    private readonly made: Map<string, readonly Value[]> = new Map(),
  ) {}

  static create(source: WeightSource, { target, wrapWeights, seamless }: BuildOptions): Builder {
    const graph = new Graph();
    const device = deviceProfile(target.device);
    const external = new ExternalWeights(graph, source);
    const weights = wrapWeights === undefined ? external : wrapWeights(external, graph);
    return new Builder(graph, weights, { ...target, seamless }, device, '');
  }

  /** The builder of another network in the same graph, with weights of its own. */
  beside(source: WeightSource, byteMatrices?: ByteMatrices): Builder {
    const { graph, device } = this;
    const target = { ...this.target, byteMatrices, mayUseBytes: undefined };
    return new Builder(graph, new ExternalWeights(graph, source), target, device, '');
  }

  /** The module's path, such as `mid_block.resnets.0`; empty for the whole model. */
  get module(): string {
    return this.path;
  }

  get computeType(): ComputeType {
    return this.target.computeType ?? 'float32';
  }

  /** Along which axes the edges of images meet. */
  get seamless(): SeamlessAxes | undefined {
    return this.target.seamless;
  }

  get fusedAttention(): boolean {
    return (this.target.attention ?? this.device.attention) === 'fused';
  }

  /** The sub-module `name`; '' is the module itself. */
  at(name: string | number): Builder {
    if (name === '') return this;
    const path = this.path === '' ? String(name) : `${this.path}.${name}`;
    return new Builder(this.graph, this.weights, this.target, this.device, path, this.made);
  }

  /** The same module, computed in float32. */
  get inFloat32(): Builder {
    const { graph, weights, device, path, made } = this;
    const target = { ...this.target, computeType: 'float32' } as const;
    return this.computeType === 'float32'
      ? this
      : new Builder(graph, weights, target, device, path, made);
  }

  /** Whether the module multiplies bytes by bytes, if it is large. */
  get multipliesBytes(): boolean {
    const { byteMatrices, mayUseBytes } = this.target;
    return byteMatrices !== undefined && (mayUseBytes?.(this.path) ?? true);
  }

  /** Whether an activation becomes two bytes where the module multiplies bytes. */
  get twoByteActivations(): boolean {
    return this.target.twoByteActivations ?? false;
  }

  /** The module's weight of this shape (or a part of it) as a matrix of bytes. */
  byteMatrix(
    shape: readonly number[],
    part: Partial<Pick<ByteLayer, 'rows' | 'quarter'>> = {},
  ): ByteMatrix {
    const { byteMatrices } = this.target;
    if (!byteMatrices) throw new Error('the target has no bytes');
    return byteMatrices.get(this.graph, { module: this.path, shape, rows: undefined, ...part });
  }

  /** What `make` writes, once in the graph for a key: layers that read the same tensor share what it becomes. */
  shared(key: string, make: () => Value): Value {
    return this.sharedAll(key, () => [make()])[0]!;
  }

  /** The same for a node with several outputs. */
  sharedAll(key: string, make: () => readonly Value[]): readonly Value[] {
    const known = this.made.get(key);
    if (known !== undefined) return known;
    const values = make();
    this.made.set(key, values);
    return values;
  }

  /** The module's own parameter `name`, in the compute type. */
  weight(name: string, shape: readonly number[], rows?: RowRange): Value {
    return this.weights.get(this.parameter(name), shape, { type: this.computeType, rows });
  }

  /** A large parameter, which one run uses at `positions` places. */
  bulkWeight(name: string, shape: readonly number[], positions: number, rows?: RowRange): Value {
    // Beside layers in bytes, the few others are small, and converting them is a large share of the time.
    const lazily = !this.multipliesBytes && positions < (this.target.prepareFrom ?? 0);
    return this.weights.get(this.parameter(name), shape, { type: this.computeType, lazily, rows });
  }

  storedWeight(name: string, shape: readonly number[]): Value {
    return this.weights.stored(this.parameter(name), shape);
  }

  has(name: string): boolean {
    return this.weights.has(this.parameter(name));
  }

  /** A node with one output in the first input's type, or the type given. */
  node(
    operator: string,
    inputs: readonly (Value | undefined)[],
    shape: readonly number[],
    attributes: Attributes = {},
    type: ElementType = inputs[0]?.type ?? this.computeType,
  ): Value {
    return this.graph.node(operator, inputs, { type, shape }, attributes, this.path);
  }

  /** Several outputs in the first input's type. */
  nodeOf(
    operator: string,
    inputs: readonly Value[],
    shapes: readonly (readonly number[])[],
    attributes: Attributes = {},
  ): readonly Value[] {
    const type = inputs[0]?.type ?? this.computeType;
    const results = shapes.map((shape) => ({ type, shape }));
    return this.graph.nodeOf(operator, inputs, results, attributes, this.path);
  }

  /** Numbers in the compute type. */
  numbers(values: readonly number[], shape: readonly number[]): Value {
    const value = this.graph.constant('float32', values, shape);
    if (this.computeType === 'float32') return value;
    return this.node(
      'Cast',
      [value],
      shape,
      { to: { int: elementTypeCode('float16') } },
      'float16',
    );
  }

  integers(values: readonly number[]): Value {
    return this.graph.constant('int64', values, [values.length]);
  }

  finish(graphName: string): BuiltGraph {
    return this.graph.finish(graphName);
  }

  private parameter(name: string): string {
    return this.path === '' ? name : `${this.path}.${name}`;
  }
}
