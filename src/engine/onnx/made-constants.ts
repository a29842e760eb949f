import { protobufFields } from './protobuf-reader';
import { ATTRIBUTE, NODE, TENSOR } from './schema';

/** More axes than any tensor has. */
const MOST_AXES = 16;
const INT64_BYTES = 8;
const ELEMENT_BYTES = 4;

type Fail = (what: string) => Error;
type Sizes = readonly number[];

interface Maker {
  readonly operator: string;
  readonly inputs: readonly string[];
  /** From the attribute `shape`. */
  readonly shape: Sizes | undefined;
}

/** Operators that make a value of a size that is written in the model. */
const MAKERS: ReadonlySet<string> = new Set([
  'ConstantOfShape',
  'Expand',
  'Tile',
  'RandomNormal',
  'RandomUniform',
]);

/**
 * The values that a graph makes out of nothing, by operators with a constant size: a file of some bytes can ask for
 * any amount of memory. ONNX Runtime makes them while the graph is loaded.
 */
export class MadeConstants {
  private readonly makers: Maker[] = [];
  /** Constant lists of whole numbers, such as shapes. */
  private readonly lists = new Map<string, Sizes>();
  private readonly shapes = new Map<string, Sizes>();

  constructor(private readonly fail: Fail) {}

  /** @param tensor a TensorProto, whole or without its values */
  addTensor(name: string, tensor: Uint8Array): void {
    const { dims, values } = this.readTensor(tensor);
    this.shapes.set(name, dims);
    if (values !== undefined) this.lists.set(name, values);
  }

  /** @param node a NodeProto of any operator */
  addNode(operator: string, node: Uint8Array): void {
    if (operator !== 'Constant' && !MAKERS.has(operator)) return;
    const inputs: string[] = [];
    let output: string | undefined;
    let shape: Sizes | undefined;
    for (const { number, start, end, isMessage } of protobufFields(node, this.fail)) {
      if (!isMessage) continue;
      const bytes = node.subarray(start, end);
      if (number === NODE.input) inputs.push(text(bytes));
      else if (number === NODE.output) output ??= text(bytes);
      else if (number === NODE.attribute) shape ??= this.readAttribute(bytes, output);
    }
    if (operator !== 'Constant') this.makers.push({ operator, inputs, shape });
  }

  /** Bytes of all these values, as float32. */
  bytes(): number {
    return this.makers.reduce((total, maker) => total + this.elements(maker) * ELEMENT_BYTES, 0);
  }

  private elements({ operator, inputs: [first = '', second = ''], shape }: Maker): number {
    if (shape !== undefined) return product(shape);
    if (operator === 'ConstantOfShape') return product(this.lists.get(first) ?? []);
    const factor = product(this.lists.get(second) ?? []);
    return operator === 'Tile' ? factor * product(this.shapes.get(first) ?? []) : factor;
  }

  /** The list in an attribute; a tensor (of a Constant) is remembered under the name of the node's output. */
  private readAttribute(attribute: Uint8Array, output: string | undefined): Sizes | undefined {
    let name = '';
    const list: number[] = [];
    for (const { number, start, end, isMessage, varint } of protobufFields(attribute, this.fail)) {
      const bytes = attribute.subarray(start, end);
      if (number === ATTRIBUTE.name) name = text(bytes);
      else if (number === ATTRIBUTE.t && isMessage && output !== undefined) {
        this.addTensor(output, bytes);
      } else if (number === ATTRIBUTE.ints) {
        addNumbers(list, isMessage ? varints(bytes, this.fail) : [varint]);
      }
    }
    return name === 'shape' ? list : undefined;
  }

  private readTensor(tensor: Uint8Array): { readonly dims: Sizes; readonly values?: Sizes } {
    const dims: number[] = [];
    const values: number[] = [];
    for (const { number, start, end, isMessage, varint } of protobufFields(tensor, this.fail)) {
      const bytes = tensor.subarray(start, end);
      const numbers = () => (isMessage ? varints(bytes, this.fail) : [varint]);
      if (number === TENSOR.dims) addNumbers(dims, numbers());
      else if (number === TENSOR.int64Data) addNumbers(values, numbers());
      else if (number === TENSOR.rawData && isMessage) addNumbers(values, int64s(bytes));
    }
    return values.length === 0 ? { dims } : { dims, values };
  }
}

function addNumbers(list: number[], numbers: Iterable<number>): void {
  for (const value of numbers) if (list.length < MOST_AXES) list.push(value);
}

function product(sizes: Sizes): number {
  // Negative sizes mean "the rest", and count as 1.
  return sizes.length === 0 ? 0 : sizes.reduce((all, size) => all * (size >= 0 ? size : 1), 1);
}

function* varints(bytes: Uint8Array, fail: Fail): Generator<number> {
  let value = 0;
  let scale = 1;
  for (const byte of bytes) {
    value += (byte & 0x7f) * scale;
    scale *= 128;
    if (scale > 2 ** 77) throw fail('a number is too long');
    if (byte >= 0x80) continue;
    // Ten bytes are a negative number.
    yield value >= 2 ** 63 ? -1 : value;
    value = 0;
    scale = 1;
  }
}

function int64s(bytes: Uint8Array): readonly number[] {
  if (bytes.length % INT64_BYTES !== 0 || bytes.length > MOST_AXES * INT64_BYTES) return [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = bytes.length / INT64_BYTES;
  return Array.from({ length: count }, (_, at) => Number(view.getBigInt64(at * INT64_BYTES, true)));
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}
