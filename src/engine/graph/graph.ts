import { ExternalFiles } from '../onnx/external-files';
import {
  encodeModel,
  type AttributeValue,
  type OnnxInitializer,
  type OnnxNode,
  type OnnxValueInfo,
} from '../onnx/model-proto';
import type { ElementType } from '../onnx/schema';

/** A tensor of the graph. All shapes are known while the graph is written. */
export interface Value {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
  /** An image [B, C, H, W] as [B, H, W, C], where a layer has written it so. See ops/layout.ts. */
  readonly last?: Value;
}

export type Attributes = Readonly<Record<string, AttributeValue>>;

/** The place of a weight: bytes of a file. */
export interface WeightRange {
  readonly file: string;
  readonly offset: number;
  readonly length: number;
}

/** An ONNX graph, ready for a session. It is encoded when a session takes it, not before. */
export interface BuiltGraph {
  /** The encoded ModelProto. */
  readonly model: Uint8Array;
  /** Absolute path of a folder above all weight files. External locations are relative to it. */
  readonly externalRoot: string;
  /** Bytes of the graph's external weights, as stored. */
  readonly weightBytes: number;
  readonly nodeCount: number;
  readonly inputs: readonly OnnxValueInfo[];
  readonly outputs: readonly OnnxValueInfo[];
}

/** The operator sets of a graph. ONNX 20 has Gelu; com.microsoft has ONNX Runtime's fused operators. */
const OPSETS = { '': 20, 'com.microsoft': 1 };

const MICROSOFT = 'com.microsoft';
/** ONNX Runtime's operators that ONNX has none of the same name of. `com.microsoft::NAME` names any other. */
const MICROSOFT_OPERATORS: ReadonlySet<string> = new Set([
  'BiasGelu',
  'FusedMatMul',
  'MatMulIntegerToFloat',
  'MultiHeadAttention',
  'QuickGelu',
]);

const PREFIX = `${MICROSOFT}::`;

/** Types of the constants that are stored in the graph. */
const CONSTANT_ARRAYS = {
  int8: (values: Numbers) => Int8Array.from(values),
  uint8: (values: Numbers) => Uint8Array.from(values),
  int32: (values: Numbers) => Int32Array.from(values),
  float32: (values: Numbers) => Float32Array.from(values),
  float64: (values: Numbers) => Float64Array.from(values),
  int64: (values: Numbers) => BigInt64Array.from(values, (value) => BigInt(value)),
};
type Numbers = readonly number[] | Int32Array;
export type ConstantType = keyof typeof CONSTANT_ARRAYS;

/** Collects nodes, constants and external weights, and encodes them as an ONNX model. */
export class Graph {
  /** Nodes that depend only on weights. They come first in the graph: see `finish`. */
  private readonly weightNodes: OnnxNode[] = [];
  private readonly nodes: OnnxNode[] = [];
  private readonly initializers: OnnxInitializer[] = [];
  private readonly weights: { readonly value: Value; readonly range: () => WeightRange }[] = [];
  private readonly inputs: OnnxValueInfo[] = [];
  private readonly outputs: OnnxValueInfo[] = [];
  private readonly constants = new Map<string, Value>();
  private readonly fixed = new Set<string>();
  private readonly lazy: OnnxValueInfo[] = [];
  private readonly names = new Map<string, number>();

  input(name: string, type: ElementType, shape: readonly number[]): Value {
    const value = { name: this.unique(name), type, shape };
    this.inputs.push(value);
    return value;
  }

  /** Names a value as an output of the graph. */
  output(name: string, value: Value): void {
    const out = { name: this.unique(name), type: value.type, shape: value.shape };
    this.push('Identity', [value.name], [out.name], {}, `${name}.identity`, false);
    this.outputs.push(out);
  }

  /** Adds a node with one output of the given shape and type. `undefined` leaves out an optional input. */
  node(
    operator: string,
    inputs: readonly (Value | undefined)[],
    result: { readonly type: ElementType; readonly shape: readonly number[] },
    attributes: Attributes = {},
    scope = '',
  ): Value {
    const [value] = this.nodeOf(operator, inputs, [result], attributes, scope);
    return value!;
  }

  /** Adds a node with several outputs. */
  nodeOf(
    operator: string,
    inputs: readonly (Value | undefined)[],
    results: readonly { readonly type: ElementType; readonly shape: readonly number[] }[],
    attributes: Attributes = {},
    scope = '',
  ): readonly Value[] {
    const type = operator.replace(PREFIX, '');
    const name = this.unique(scope === '' ? type : `${scope}.${type}`);
    const values = results.map(({ type, shape }, index) => ({
      name: index === 0 ? name : `${name}:${index}`,
      type,
      shape,
    }));
    const given = inputs.filter((input) => input !== undefined);
    const fixed = given.length > 0 && given.every((input) => this.fixed.has(input.name));
    if (fixed) for (const value of values) this.fixed.add(value.name);
    const inputNames = inputs.map((input) => input?.name ?? '');
    this.push(
      operator,
      inputNames,
      values.map((value) => value.name),
      attributes,
      name,
      fixed,
    );
    return values;
  }

  /** A constant that is stored in the model. Equal constants are stored once. */
  constant(type: ConstantType, values: Numbers, shape: readonly number[]): Value {
    const raw = Buffer.from(CONSTANT_ARRAYS[type](values).buffer);
    const key = `${type}|${shape.join(',')}|${raw.toString('latin1')}`;
    const known = this.constants.get(key);
    if (known !== undefined) return known;
    const value = { name: this.unique('constant'), type, shape };
    this.initializers.push({ ...value, data: { raw } });
    this.constants.set(key, value);
    this.fixed.add(value.name);
    return value;
  }

  /**
   * A weight that stays in its file, at `offset` bytes from the file's start. ONNX Runtime computes nodes that
   * depend only on weights once, while loading. It does not do so for `lazy` weights, because they are also
   * inputs of the graph.
   * @param range or what gives it once the graph is encoded
   */
  external(
    name: string,
    type: ElementType,
    shape: readonly number[],
    range: WeightRange | (() => WeightRange),
    lazy = false,
  ): Value {
    const value = { name: this.unique(name), type, shape };
    this.weights.push({ value, range: typeof range === 'function' ? range : () => range });
    this.fixed.add(value.name);
    if (lazy) this.lazy.push(value);
    return value;
  }

  /**
   * The graph as it is now. Nodes that depend only on weights come first. ONNX Runtime orders nodes by a
   * depth-first search from the outputs that visits higher indices first. So a node with a low index runs just
   * before the node that needs it, and the cast copy of a weight is in memory for a short time only.
   */
  finish(graphName: string): BuiltGraph {
    const nodes = [...this.weightNodes, ...this.usedNodes()];
    const { inputs, outputs } = this;
    let encoded: Pick<BuiltGraph, 'model' | 'externalRoot' | 'weightBytes'> | undefined;
    const encode = () => (encoded ??= this.encode(graphName, nodes));
    return {
      get model() {
        return encode().model;
      },
      get externalRoot() {
        return encode().externalRoot;
      },
      get weightBytes() {
        return encode().weightBytes;
      },
      nodeCount: nodes.length,
      inputs,
      outputs,
    };
  }

  private encode(
    graphName: string,
    nodes: readonly OnnxNode[],
  ): Pick<BuiltGraph, 'model' | 'externalRoot' | 'weightBytes'> {
    const weights = this.weights.map(({ value, range }) => ({ value, range: range() }));
    const files = new ExternalFiles();
    for (const { range } of weights) files.add(range.file);
    const { root, locate } = files.resolve();
    const external = weights.map(({ value, range: { file, offset, length } }) => ({
      ...value,
      data: { location: locate(file), offset, length },
    }));
    const model = encodeModel({
      graphName,
      opsets: OPSETS,
      nodes,
      initializers: [...this.initializers, ...external],
      outputs: this.outputs,
      inputs: [...this.inputs, ...this.lazy],
    });
    const weightBytes = weights.reduce((sum, { range }) => sum + range.length, 0);
    return { model, externalRoot: root, weightBytes };
  }

  /** The nodes without those whose outputs no other node reads. */
  private usedNodes(): OnnxNode[] {
    const read = new Set(this.outputs.map(({ name }) => name));
    const used = [...this.nodes].reverse().filter(({ inputs, outputs }) => {
      if (!outputs.some((name) => read.has(name))) return false;
      for (const name of inputs) read.add(name);
      return true;
    });
    return used.reverse();
  }

  private push(
    operator: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes: Attributes,
    name: string,
    fixed: boolean,
  ): void {
    const isMicrosoft = operator.startsWith(PREFIX) || MICROSOFT_OPERATORS.has(operator);
    const domain = isMicrosoft ? MICROSOFT : '';
    const type = operator.replace(PREFIX, '');
    const node = { name, operator: type, domain, inputs, outputs, attributes };
    (fixed ? this.weightNodes : this.nodes).push(node);
  }

  private unique(name: string): string {
    const used = this.names.get(name) ?? 0;
    this.names.set(name, used + 1);
    return used === 0 ? name : `${name}~${used}`;
  }
}
