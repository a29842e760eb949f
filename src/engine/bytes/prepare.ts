import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { Builder } from '../graph/builder';
import { byteMatrixSizes, byteTensorNames, type ByteLayer } from '../graph/byte-matrices';
import { computeByteMatrix } from '../graph/ops/byte-matrix';
import type { WrapWeights } from '../graph/weights';
import { yieldToEventLoop } from '../runtime/event-loop';
import { Session } from '../runtime/session';
import { safetensorsHeader } from '../weights/safetensors-writer';
import type { WeightSource } from '../weights/source';

/** The layers of a network whose weights become bytes. */
export interface BytesWanted {
  readonly layers: readonly ByteLayer[];
  readonly weights: WeightSource;
  /** Applied before the weights become bytes (LoRA). */
  readonly wrapWeights?: WrapWeights | undefined;
}

export interface PrepareOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called with a share of 0 to 1: first with 0, before anything is computed. */
  readonly onProgress?: ((share: number) => void) | undefined;
}

/** Weights that are computed in one run of ONNX Runtime, in numbers. They are in memory as float32. */
const MOST_AT_ONCE = 2 ** 24;

/** Tensors begin at a multiple of this. */
const ALIGNMENT = 64;

export const CHECKSUM = 'sha256';

/**
 * Computes the weights of layers as bytes, on every core, and writes them to a new safetensors file: first
 * all scales, then all bytes. Its metadata has `metadata` and the checksum of its tensors.
 * @throws EaselError `cancelled`, and those of `ExternalWeights`; the system's error where the file cannot be
 *   written. The caller removes what was written.
 */
export async function prepareBytes(
  { layers, weights, wrapWeights }: BytesWanted,
  file: string,
  metadata: Readonly<Record<string, string>>,
  { signal, onProgress }: PrepareOptions = {},
): Promise<void> {
  const out = await open(file, 'wx');
  try {
    const writer = new BytesWriter(out, layers, metadata);
    const total = layers.reduce((sum, layer) => sum + numbersOf(layer), 0);
    let done = 0;
    let writing = Promise.resolve();
    onProgress?.(0);
    try {
      for (const group of inGroups(layers)) {
        await yieldToEventLoop(signal);
        const bytes = await computeBytes(group, weights, wrapWeights);
        // While a group is written, the next one is computed.
        await writing;
        writing = writer.write(group, bytes);
        // Awaited with the next group, or below; until then a failure must not stay unhandled.
        writing.catch(() => undefined);
        done += group.reduce((sum, layer) => sum + numbersOf(layer), 0);
        onProgress?.(done / total);
      }
    } finally {
      // The file cannot be closed before.
      await Promise.allSettled([writing]);
    }
    await writing;
    await writer.finish();
  } finally {
    await out.close();
  }
}

/** The tensors of some layers, by their names in the file. */
async function computeBytes(
  layers: readonly ByteLayer[],
  weights: WeightSource,
  wrapWeights: WrapWeights | undefined,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const b = Builder.create(weights, { target: { device: 'cpu' }, wrapWeights });
  const names: string[] = [];
  for (const layer of layers) {
    const { values, scales } = byteTensorNames(layer);
    const matrix = computeByteMatrix(b.at(layer.module), layer);
    b.graph.output(values, matrix.values);
    b.graph.output(scales, matrix.scales);
    names.push(values, scales);
  }
  // Without optimisation nothing is computed while the session is made, which would take one core only.
  const session = await Session.create(b.finish('bytes'), 'cpu', {
    graphOptimizationLevel: 'disabled',
    enableCpuMemArena: false,
    enableMemPattern: false,
  });
  try {
    const outputs = await session.runTyped({}, names);
    return new Map(
      Object.entries(outputs).map(([name, { data }]) => {
        const { buffer, byteOffset, byteLength } = data as Int8Array | Float32Array;
        return [name, new Uint8Array(buffer, byteOffset, byteLength)];
      }),
    );
  } finally {
    await session.release();
  }
}

/** Writes a file in the order in which its tensors are computed. The scales follow when all are known. */
class BytesWriter {
  private readonly hash = createHash(CHECKSUM);
  private readonly scales: Uint8Array[] = [];
  private readonly start: number;
  private at: number;

  constructor(
    private readonly file: FileHandle,
    private readonly layers: readonly ByteLayer[],
    private readonly metadata: Readonly<Record<string, string>>,
  ) {
    this.start = this.header('0'.repeat(64)).length;
    this.at = this.start + layers.reduce((sum, layer) => sum + scaleBytes(layer), 0);
  }

  async write(
    layers: readonly ByteLayer[],
    tensors: ReadonlyMap<string, Uint8Array>,
  ): Promise<void> {
    for (const layer of layers) {
      const names = byteTensorNames(layer);
      const bytes = tensors.get(names.values)!;
      this.scales.push(tensors.get(names.scales)!);
      this.hash.update(bytes);
      await writeAll(this.file, bytes, this.at);
      this.at += bytes.length;
    }
  }

  async finish(): Promise<void> {
    const scales = Buffer.concat(this.scales);
    this.hash.update(scales);
    await writeAll(this.file, scales, this.start);
    await writeAll(this.file, this.header(this.hash.digest('hex')), 0);
  }

  private header(checksum: string): Uint8Array {
    const scales = this.layers.map((layer) => {
      const [, outputs] = byteMatrixSizes(layer);
      return { name: byteTensorNames(layer).scales, dtype: 'F32', shape: [outputs] } as const;
    });
    const values = this.layers.map((layer) => {
      const shape = byteMatrixSizes(layer);
      return { name: byteTensorNames(layer).values, dtype: 'I8', shape } as const;
    });
    const metadata = { ...this.metadata, [CHECKSUM]: checksum };
    return safetensorsHeader([...scales, ...values], metadata, ALIGNMENT);
  }
}

async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const { bytesWritten } = await file.write(
      bytes,
      written,
      bytes.length - written,
      position + written,
    );
    written += bytesWritten;
  }
}

function numbersOf(layer: ByteLayer): number {
  const [inputs, outputs] = byteMatrixSizes(layer);
  return inputs * outputs;
}

/** Bytes of the file that `prepareBytes` writes, without its header. */
export function preparedBytes(layers: readonly ByteLayer[]): number {
  return layers.reduce((sum, layer) => sum + numbersOf(layer) + scaleBytes(layer), 0);
}

function scaleBytes(layer: ByteLayer): number {
  return byteMatrixSizes(layer)[1] * Float32Array.BYTES_PER_ELEMENT;
}

function inGroups(layers: readonly ByteLayer[]): readonly (readonly ByteLayer[])[] {
  const groups: ByteLayer[][] = [];
  let free = 0;
  for (const layer of layers) {
    const numbers = numbersOf(layer);
    if (groups.length === 0 || numbers > free) {
      groups.push([]);
      free = MOST_AT_ONCE;
    }
    groups.at(-1)!.push(layer);
    free -= numbers;
  }
  return groups;
}
