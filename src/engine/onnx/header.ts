import { FileReader } from '../io/file-reader';
import { MadeConstants } from './made-constants';
import { ProtobufFile, protobufFields } from './protobuf-reader';
import {
  DATA_TYPE,
  DIMENSION,
  FUNCTION,
  GRAPH,
  MODEL,
  NODE,
  STRING_STRING_ENTRY,
  TENSOR,
  TENSOR_SHAPE,
  TENSOR_TYPE,
  TYPE,
  VALUE_INFO,
  type ElementType,
} from './schema';

/** An input or output of a graph. */
export interface OnnxValue {
  readonly name: string;
  readonly type: ElementType | 'other';
  /** Sizes, undefined where any size is allowed; undefined as a whole where any rank is allowed. */
  readonly shape: readonly (number | undefined)[] | undefined;
}

/** The description of an ONNX model, without its weights. */
export interface OnnxHeader {
  /** The path that the caller gave, for messages. */
  readonly path: string;
  /** Real path, links resolved. */
  readonly file: string;
  readonly fileBytes: number;
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  /** `operator`, or `domain::operator` outside ONNX's own domain. */
  readonly operators: ReadonlySet<string>;
  /** Files that hold weights, as the model names them: relative to the model's folder. */
  readonly externalFiles: readonly string[];
  /** Bytes of the values that the graph makes out of nothing (see `MadeConstants`). */
  readonly madeBytes: number;
}

/** Element types by their numbers in the file. */
const ELEMENT_TYPES: ReadonlyMap<number, ElementType> = new Map(
  Object.entries(DATA_TYPE).map(([type, code]) => [code, type as ElementType]),
);

/** Nodes, names and types are smaller than this; larger messages hold weights. */
const MAX_DESCRIPTION_BYTES = 2 ** 24;

/** Nodes, weights, inputs and outputs. The largest exports have some ten thousand. */
const MAX_GRAPH_PARTS = 1_000_000;

/** A list of sizes takes less. */
const MAX_LIST_BYTES = 256;
const LIST_FIELDS: ReadonlySet<number> = new Set([TENSOR.dims, TENSOR.int64Data, TENSOR.rawData]);

/**
 * Reads the description of an ONNX model: inputs, outputs, operators and the files of its weights.
 * Weights inside the file are skipped.
 * @throws EaselError `model-incomplete` where there is no such file, `bad-file` where it is damaged
 */
export async function readOnnxHeader(path: string): Promise<OnnxHeader> {
  return FileReader.use(path, async (reader) => {
    const header = new HeaderReader(reader);
    await header.read();
    return header.finish();
  });
}

class HeaderReader {
  private readonly file: ProtobufFile;
  private readonly inputs: OnnxValue[] = [];
  private readonly outputs: OnnxValue[] = [];
  private readonly operators = new Set<string>();
  private readonly externalFiles = new Set<string>();
  private readonly initializers = new Set<string>();
  private readonly functions = new Set<string>();
  private readonly made: MadeConstants;

  constructor(private readonly reader: FileReader) {
    this.file = new ProtobufFile(reader);
    this.made = new MadeConstants((what) => reader.damaged(what));
  }

  async read(): Promise<void> {
    let graphs = 0;
    for await (const field of this.file.fields(0, this.reader.size)) {
      if (!field.isMessage) continue;
      if (field.number === MODEL.functions) this.readFunction(await this.small(field));
      if (field.number !== MODEL.graph) continue;
      graphs += 1;
      await this.readGraph(field.start, field.end);
    }
    if (graphs !== 1) throw this.reader.damaged('it is not an ONNX model');
  }

  finish(): OnnxHeader {
    const { path, file, size } = this.reader;
    const { outputs, functions } = this;
    // Functions that come with the model need no kernel.
    const operators = new Set([...this.operators].filter((name) => !functions.has(name)));
    return {
      path,
      file,
      fileBytes: size,
      outputs,
      operators,
      // Models from before IR version 4 list their weights among the inputs.
      inputs: this.inputs.filter(({ name }) => !this.initializers.has(name)),
      externalFiles: [...this.externalFiles],
      madeBytes: this.made.bytes(),
    };
  }

  private async readGraph(start: number, end: number): Promise<void> {
    let parts = 0;
    for await (const field of this.file.fields(start, end)) {
      if (++parts > MAX_GRAPH_PARTS) {
        throw this.reader.damaged(`its graph has more than ${MAX_GRAPH_PARTS} parts`);
      }
      if (!field.isMessage) continue;
      if (field.number === GRAPH.initializer) await this.readInitializer(field.start, field.end);
      else if (field.number === GRAPH.node) this.readNode(await this.small(field));
      else if (field.number === GRAPH.input) this.inputs.push(this.value(await this.small(field)));
      else if (field.number === GRAPH.output)
        this.outputs.push(this.value(await this.small(field)));
    }
  }

  private async readInitializer(start: number, end: number): Promise<void> {
    let name = '';
    /** The fields without large values: dims, and the numbers of a small list. */
    const fields: Buffer[] = [];
    for await (const field of this.file.fields(start, end)) {
      if (field.end - field.from <= MAX_LIST_BYTES && LIST_FIELDS.has(field.number)) {
        fields.push(Buffer.from(await this.file.bytes(field.from, field.end)));
      }
      if (!field.isMessage) continue;
      if (field.number === TENSOR.name) name = text(await this.small(field));
      else if (field.number === TENSOR.externalData) {
        const entry = this.strings(await this.small(field));
        const location = entry.get(STRING_STRING_ENTRY.value);
        const key = entry.get(STRING_STRING_ENTRY.key);
        if (key === 'location' && location) this.externalFiles.add(location);
      }
    }
    this.initializers.add(name);
    this.made.addTensor(name, Buffer.concat(fields));
  }

  private readNode(bytes: Buffer): void {
    const fields = this.strings(bytes);
    const operator = fields.get(NODE.opType) ?? '';
    const domain = fields.get(NODE.domain) ?? '';
    const plain = domain === '' || domain === 'ai.onnx';
    if (plain) this.made.addNode(operator, bytes);
    this.operators.add(plain ? operator : `${domain}::${operator}`);
  }

  private readFunction(bytes: Buffer): void {
    const fields = this.strings(bytes);
    this.functions.add(`${fields.get(FUNCTION.domain) ?? ''}::${fields.get(FUNCTION.name) ?? ''}`);
    for (const { number, start, end } of this.fields(bytes)) {
      if (number === FUNCTION.node) this.readNode(bytes.subarray(start, end));
    }
  }

  /** A ValueInfoProto. */
  private value(bytes: Buffer): OnnxValue {
    const name = this.strings(bytes).get(VALUE_INFO.name) ?? '';
    const tensor = this.child(this.child(bytes, VALUE_INFO.type), TYPE.tensorType);
    let type: OnnxValue['type'] = 'other';
    let shape: (number | undefined)[] | undefined;
    for (const field of this.fields(tensor)) {
      if (field.number === TENSOR_TYPE.elemType) type = ELEMENT_TYPES.get(field.varint) ?? 'other';
      if (field.number !== TENSOR_TYPE.shape || !field.isMessage) continue;
      shape = [];
      const dims = tensor.subarray(field.start, field.end);
      for (const dim of this.fields(dims)) {
        if (dim.number !== TENSOR_SHAPE.dim) continue;
        const sizes = [...this.fields(dims.subarray(dim.start, dim.end))];
        shape.push(sizes.find(({ number }) => number === DIMENSION.dimValue)?.varint);
      }
    }
    return { name, type, shape };
  }

  /** The last sub-message of that number, empty where there is none. */
  private child(bytes: Buffer, number: number): Buffer {
    let found: Buffer = Buffer.alloc(0);
    for (const field of this.fields(bytes)) {
      if (field.number === number && field.isMessage) {
        found = bytes.subarray(field.start, field.end);
      }
    }
    return found;
  }

  /** Length-delimited fields as text; the last of a number counts. */
  private strings(bytes: Buffer): ReadonlyMap<number, string> {
    const found = new Map<number, string>();
    for (const { number, start, end, isMessage } of this.fields(bytes)) {
      if (isMessage && end - start <= 4096) found.set(number, text(bytes.subarray(start, end)));
    }
    return found;
  }

  private fields(bytes: Buffer): ReturnType<typeof protobufFields> {
    return protobufFields(bytes, (what) => this.reader.damaged(what));
  }

  private async small({ start, end }: { start: number; end: number }): Promise<Buffer> {
    if (end - start > MAX_DESCRIPTION_BYTES) return Buffer.alloc(0);
    return this.file.bytes(start, end);
  }
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}
