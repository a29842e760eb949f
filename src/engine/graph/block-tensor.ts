import { elementTypeCode, type ElementType } from '../onnx/schema';
import { BLOCK_TYPES, type BlockType } from '../weights/block-types';
import type { Graph, Value, WeightRange } from './graph';

/** A tensor, or whole rows of one, whose values are stored in blocks of GGUF. */
export interface BlockTensor {
  readonly name: string;
  readonly type: BlockType;
  readonly shape: readonly number[];
  readonly range: WeightRange;
}

/**
 * Adds a tensor of GGUF to a graph, widened to float32. The blocks stay in their file: the graph reads the same bytes
 * as integers and as the half-precision scales between them, and ONNX Runtime computes the values once, while it loads
 * the graph. The formulas are those of ggml (src/ggml-quants.c, `dequantize_row_*`).
 */
export function addBlocks(graph: Graph, tensor: BlockTensor): Value {
  const blocks = new Blocks(graph, tensor);
  const values = FORMULAS[tensor.type](blocks);
  return blocks.whole(values, tensor.shape);
}

const EACH_BIT = [0, 1, 2, 3, 4, 5, 6, 7];
const EACH_PAIR = [0, 2, 4, 6];
const EACH_NIBBLE = [0, 4];

/** Offsets are in bytes from the start of a block, those of scales in float16. */
const FORMULAS: Readonly<Record<BlockType, (b: Blocks) => Value>> = {
  /** A scale, and nibbles from -8 to 7. */
  Q4_0: (b) => b.times(b.minus(b.nibbles(2), 8), b.half(0)),
  /** A scale, a least value, and nibbles. */
  Q4_1: (b) => b.plus(b.times(b.float(b.nibbles(4)), b.half(0)), b.half(1)),
  /** A scale, 32 fifth bits, and nibbles; with those, from -16 to 15. */
  Q5_0: (b) => b.times(b.minus(b.fiveBits(2), 16), b.half(0)),
  /** A scale, a least value, 32 fifth bits, and nibbles. */
  Q5_1: (b) => b.plus(b.times(b.float(b.fiveBits(4)), b.half(0)), b.half(1)),
  /** A scale, and bytes with a sign. */
  Q8_0: (b) => b.times(b.float(b.signed(2, 32)), b.half(0)),
  /** 16 groups of 16 values: scales and least values in nibbles, two bits for each value, two scales of the scales. */
  Q2_K: (b) => {
    const groups = b.bytes(0, 16);
    const factors = b.times(b.float(b.and(groups, 0x0f)), b.half(40));
    const least = b.times(b.float(b.right(groups, 4)), b.half(41));
    const values = b.float(b.shaped(b.pairs(16), [16, 16]));
    return b.less(b.times(values, b.column(factors)), b.column(least));
  },
  /** 16 groups of 16 values: third bits, two bits for each value, scales in six bits, a scale of the scales. */
  Q3_K: (b) => {
    const third = b.shaped(b.split(b.bytes(0, 32), [], [32], EACH_BIT, 1), [16, 16]);
    const values = b.minus(b.or(b.shaped(b.pairs(32), [16, 16]), b.left(third, 2)), 4);
    const low = b.shaped(b.split(b.bytes(96, 8), [], [8], EACH_NIBBLE, 0x0f), [16]);
    const high = b.shaped(b.split(b.bytes(104, 4), [], [4], EACH_PAIR, 3), [16]);
    const scales = b.times(b.minus(b.or(low, b.left(high, 4)), 32), b.half(54));
    return b.times(values, b.column(scales));
  },
  /** 8 groups of 32 values: two scales, scales and least values in six bits, and nibbles. */
  Q4_K: (b) => grouped(b, b.rows(16)),
  /** The same, with a fifth bit for each value. */
  Q5_K: (b) => {
    const fifth = b.split(b.bytes(16, 32), [], [32], EACH_BIT, 1);
    return grouped(b, b.or(b.rows(48), b.left(fifth, 4)));
  },
  /** 16 groups of 16 values: nibbles, two upper bits for each, scales with a sign, a scale of the scales. */
  Q6_K: (b) => {
    const low = b.shaped(b.split(b.bytes(0, 128), [2], [64], EACH_NIBBLE, 0x0f), [16, 16]);
    const high = b.shaped(b.pairs(128), [16, 16]);
    const values = b.minus(b.or(low, b.left(high, 4)), 32);
    const scales = b.times(b.float(b.signed(192, 16)), b.half(104));
    return b.times(values, b.column(scales));
  },
};

/**
 * Values of Q4_K and Q5_K from their bits. The 12 bytes after the two scales hold 8 scales and 8 least values: the
 * first four of each in six bits of a byte, the others in nibbles, with their upper bits in the first bytes.
 */
function grouped(b: Blocks, bits: Value): Value {
  const [first, second, nibbles] = [b.bytes(4, 4), b.bytes(8, 4), b.bytes(12, 4)];
  const upper = (bytes: Value) => b.left(b.right(bytes, 6), 4);
  const scales = b.joined(b.and(first, 0x3f), b.or(b.and(nibbles, 0x0f), upper(first)));
  const least = b.joined(b.and(second, 0x3f), b.or(b.right(nibbles, 4), upper(second)));
  const factors = b.column(b.times(b.float(scales), b.half(0)));
  return b.less(b.times(b.float(bits), factors), b.column(b.times(b.float(least), b.half(1))));
}

type Raw = 'uint8' | 'int8' | 'float16';
const RAW_BYTES: Readonly<Record<Raw, number>> = { uint8: 1, int8: 1, float16: 2 };

/** The blocks of a tensor. Sizes are those in one block: the blocks are the first axis of every value. */
class Blocks {
  private readonly count: number;
  private readonly stored = new Map<Raw, Value>();

  constructor(
    private readonly graph: Graph,
    private readonly tensor: BlockTensor,
  ) {
    this.count = tensor.range.length / BLOCK_TYPES[tensor.type].bytes;
  }

  /** [length], uint8 */
  bytes(from: number, length: number): Value {
    return this.slice('uint8', from, length);
  }

  /** [length], int8 */
  signed(from: number, length: number): Value {
    return this.slice('int8', from, length);
  }

  /** One number of each block, [1] in float32. @param index in float16 from the start of the block */
  half(index: number): Value {
    return this.float(this.slice('float16', index, 1));
  }

  /** The nibbles of 16 bytes, [32]: first all lower ones. */
  nibbles(from: number): Value {
    return this.shaped(this.split(this.bytes(from, 16), [], [16], EACH_NIBBLE, 0x0f), [32]);
  }

  /** Nibbles with a fifth bit, [32]: four bytes of bits at `from`, then 16 bytes of nibbles. */
  fiveBits(from: number): Value {
    const fifth = this.shaped(this.split(this.bytes(from, 4), [4], [], EACH_BIT, 1), [32]);
    return this.or(this.nibbles(from + 4), this.left(fifth, 4));
  }

  /** Two bits for each of 256 values, [2, 4, 32]: of each 32 bytes first all lowest ones. */
  pairs(from: number): Value {
    return this.split(this.bytes(from, 64), [2], [32], EACH_PAIR, 3);
  }

  /** Nibbles for 256 values, [8, 32]: of each 32 bytes first all lower ones. */
  rows(from: number): Value {
    return this.shaped(this.split(this.bytes(from, 128), [4], [32], EACH_NIBBLE, 0x0f), [8, 32]);
  }

  /**
   * Splits bytes into fields of bits, [...before, shifts, ...after].
   * @param before and after: the axes of the bytes
   * @param mask of the bits of a field, once they are shifted
   */
  split(
    bytes: Value,
    before: readonly number[],
    after: readonly number[],
    shifts: readonly number[],
    mask: number,
  ): Value {
    const parts = this.shaped(bytes, [...before, 1, ...after]);
    const ones = [...before, 0, ...after].map((size) => (size === 0 ? shifts.length : 1));
    const by = this.graph.constant('uint8', shifts, [1, ...ones]);
    const sizes = [...before, shifts.length, ...after];
    return this.and(this.node('BitShift', [parts, by], 'uint8', sizes, RIGHT), mask);
  }

  and(bytes: Value, mask: number): Value {
    return this.bitwise('BitwiseAnd', bytes, this.constant('uint8', mask));
  }

  or(one: Value, other: Value): Value {
    return this.bitwise('BitwiseOr', one, other);
  }

  left(bytes: Value, bits: number): Value {
    const by = this.constant('uint8', bits);
    return this.node('BitShift', [bytes, by], 'uint8', bytes.shape.slice(1), LEFT);
  }

  right(bytes: Value, bits: number): Value {
    const by = this.constant('uint8', bits);
    return this.node('BitShift', [bytes, by], 'uint8', bytes.shape.slice(1), RIGHT);
  }

  /** Two values one after the other, along their only axis. */
  joined(one: Value, other: Value): Value {
    const size = one.shape[1]! + other.shape[1]!;
    return this.node('Concat', [one, other], one.type, [size], { axis: { int: 1 } });
  }

  /** [n] as [n, 1] */
  column(value: Value): Value {
    return this.shaped(value, [value.shape[1]!, 1]);
  }

  float(value: Value): Value {
    return this.node('Cast', [value], 'float32', value.shape.slice(1), { to: { int: FLOAT } });
  }

  /** The integers in float32, less a number. */
  minus(integers: Value, number: number): Value {
    return this.less(this.float(integers), this.constant('float32', number));
  }

  times(one: Value, other: Value): Value {
    return this.arithmetic('Mul', one, other);
  }

  plus(one: Value, other: Value): Value {
    return this.arithmetic('Add', one, other);
  }

  less(one: Value, other: Value): Value {
    return this.arithmetic('Sub', one, other);
  }

  shaped(value: Value, sizes: readonly number[]): Value {
    return this.whole(value, [this.count, ...sizes]);
  }

  /** A value in the shape of the tensor. */
  whole(value: Value, shape: readonly number[]): Value {
    const { graph, tensor } = this;
    const sizes = graph.constant('int64', shape, [shape.length]);
    return graph.node('Reshape', [value, sizes], { type: value.type, shape }, {}, tensor.name);
  }

  /** Of all bytes of a block, as that type. */
  private slice(type: Raw, from: number, length: number): Value {
    const number = (count: number) => this.graph.constant('int64', [count], [1]);
    const range = [number(from), number(from + length), number(1)];
    return this.node('Slice', [this.raw(type), ...range], type, [length]);
  }

  private raw(type: Raw): Value {
    const known = this.stored.get(type);
    if (known !== undefined) return known;
    const { name, range } = this.tensor;
    const shape = [this.count, BLOCK_TYPES[this.tensor.type].bytes / RAW_BYTES[type]];
    const value = this.graph.external(name, type, shape, range);
    this.stored.set(type, value);
    return value;
  }

  private constant(type: 'uint8' | 'float32', value: number): Value {
    return this.graph.constant(type, [value], [1]);
  }

  private bitwise(operator: string, one: Value, other: Value): Value {
    return this.node(operator, [one, other], 'uint8', one.shape.slice(1));
  }

  private arithmetic(operator: string, one: Value, other: Value): Value {
    return this.node(operator, [one, other], 'float32', one.shape.slice(1));
  }

  private node(
    operator: string,
    inputs: readonly Value[],
    type: ElementType,
    sizes: readonly number[],
    attributes: Parameters<Graph['node']>[3] = {},
  ): Value {
    const result = { type, shape: [this.count, ...sizes] };
    return this.graph.node(operator, inputs, result, attributes, this.tensor.name);
  }
}

const LEFT = { direction: { string: 'LEFT' } };
const RIGHT = { direction: { string: 'RIGHT' } };
const FLOAT = elementTypeCode('float32');
