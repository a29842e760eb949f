import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EaselError, toEaselError } from '../../core/errors';
import { describeSystemError } from '../../core/system-error';
import { byteTensorNames, type ByteLayer } from '../graph/byte-matrices';
import type { WrapWeights } from '../graph/weights';
import { fileState } from '../io/file-state';
import {
  readSafetensorsHeader,
  type SafetensorsFile,
  type TensorRef,
} from '../weights/safetensors';
import type { WeightSource } from '../weights/source';
import { byteFolder, entryFiles, identityOf, noteMetadata } from './byte-entries';
import { WholeFiles } from './whole-files';
import { CHECKSUM, prepareBytes, preparedBytes, type PrepareOptions } from './prepare';

/** Raised when the same weights become other bytes than before. */
const RECIPE = '1';

const ENDING = '.safetensors';

/** Uses that are nearer to each other count as one. */
const USED_MS = 60 * 60_000;

/** The weights of a network that are to be bytes. */
export interface NetworkBytes {
  /** As `--model` takes it, to be listed with it. Absent: the weights' place. */
  readonly model?: string | undefined;
  readonly component: string;
  readonly layers: readonly ByteLayer[];
  readonly weights: WeightSource;
  /** The weights that a LoRA changes, by name, and how. They are prepared for the session alone. */
  readonly changes?:
    { readonly names: ReadonlySet<string>; readonly wrapWeights: WrapWeights } | undefined;
}

/** How far weights have become bytes, and what they take on the disk. */
export interface Preparing {
  /** From 0 to 1; first 0, before anything is computed. */
  readonly share: number;
  /** The size of the file. */
  readonly bytes: number;
  /** Where the file is kept. Absent: it is for this session alone. */
  readonly folder?: string;
}

export interface OpenOptions extends Pick<PrepareOptions, 'signal'> {
  readonly onProgress?: ((progress: Preparing) => void) | undefined;
}

/** Weights as bytes in files, for as long as a session uses them. */
export interface OpenBytes {
  tensor(name: string): TensorRef | undefined;
  release(): Promise<void>;
}

/**
 * Weights that were made bytes before, in a folder of Easel's own: one file for each network, named by what
 * its weights are (file, size, time of change, place in the file) and by how they become bytes. An entry that
 * is damaged, or of something else, is made anew.
 */
export class ByteStore {
  private readonly whole: WholeFiles;

  /**
   * @param folder where the files are
   * @param limitBytes the least recently used files are removed above it
   */
  constructor(
    readonly folder = byteFolder(),
    private readonly limitBytes = 12 * 2 ** 30,
  ) {
    this.whole = new WholeFiles(folder);
  }

  /**
   * The bytes of a network's layers, prepared now where they are not there.
   * @throws EaselError as `prepareBytes`; `write-failed` or `disk-full` where they cannot be kept (`isNotKept`)
   */
  async open(wanted: NetworkBytes, options: OpenOptions): Promise<OpenBytes> {
    try {
      return await this.openOrPrepare(wanted, options);
    } catch (thrown) {
      throw notKept(thrown, wanted.component, this.folder);
    }
  }

  /** Whether the bytes of a network's layers are there, beside those that a LoRA changes. */
  async has({ layers, weights, changes }: NetworkBytes): Promise<boolean> {
    const { key } = await keyOf(plainLayers(layers, changes), weights);
    const found = await readSafetensorsHeader(path.join(this.folder, `${key}${ENDING}`)).catch(
      () => undefined,
    );
    return found?.metadata.get('key') === key;
  }

  private async openOrPrepare(network: NetworkBytes, options: OpenOptions): Promise<OpenBytes> {
    const { layers, weights, changes } = network;
    const plain = plainLayers(layers, changes);
    const stored = await this.stored({ ...network, layers: plain }, options);
    if (!changes || plain.length === layers.length) {
      return { tensor: (name) => stored.tensors.get(name), release: () => Promise.resolve() };
    }
    const file = path.join(
      tmpdir(),
      `easel-${process.pid}-${randomBytes(8).toString('hex')}${ENDING}`,
    );
    const release = () => rm(file, { force: true });
    try {
      const wanted = {
        layers: layers.filter((layer) => !plain.includes(layer)),
        weights,
        wrapWeights: changes.wrapWeights,
      };
      await prepareBytes(wanted, file, {}, reported(options, wanted.layers));
      const own = await readSafetensorsHeader(file);
      return { tensor: (name) => own.tensors.get(name) ?? stored.tensors.get(name), release };
    } catch (thrown) {
      await release();
      throw thrown;
    }
  }

  private async stored(network: NetworkBytes, options: OpenOptions): Promise<SafetensorsFile> {
    const { component, layers, weights, model = weights.description } = network;
    const { key, sources } = await keyOf(layers, weights);
    const file = path.join(this.folder, `${key}${ENDING}`);
    const known = await this.read(file, key);
    if (known) return known;
    await mkdir(this.folder, { recursive: true });
    const temporary = `${file}.${process.pid}-${randomBytes(4).toString('hex')}`;
    try {
      const metadata = { key, ...noteMetadata({ model, component, sources }) };
      const reporting = reported(options, layers, this.folder);
      await prepareBytes({ layers, weights }, temporary, metadata, reporting);
      await rename(temporary, file);
    } catch (thrown) {
      await rm(temporary, { force: true });
      throw thrown;
    }
    await this.removeOldest(file);
    // Nothing waits for the disk, so the next process reads the file to its end once.
    this.whole.remember(file, await fileState(file));
    return readSafetensorsHeader(file);
  }

  /** The entry, if it is there and whole. */
  private async read(file: string, key: string): Promise<SafetensorsFile | undefined> {
    try {
      const found = await readSafetensorsHeader(file);
      if (found.metadata.get('key') !== key) return undefined;
      if (!(await this.whole.has(file))) {
        const before = await fileState(file);
        if ((await checksumOf(found)) !== found.metadata.get(CHECKSUM)) return undefined;
        await this.whole.add(file, before);
      }
      await this.markUsed(file);
      return found;
    } catch {
      // Absent, unreadable or damaged: it is made anew.
      return undefined;
    }
  }

  /** Seldom: a file with another time has to be read again. */
  private async markUsed(file: string): Promise<void> {
    const now = new Date();
    if (now.getTime() - (await stat(file)).mtimeMs < USED_MS) return;
    await utimes(file, now, now).catch(() => undefined);
    await this.whole.add(file, await fileState(file));
  }

  private async removeOldest(kept: string): Promise<void> {
    const files = await entryFiles(this.folder);
    let total = files.reduce((sum, { bytes }) => sum + bytes, 0);
    const byUse = [...files].sort((a, b) => a.lastUsedMs - b.lastUsedMs);
    for (const { file, bytes } of byUse) {
      if (total <= this.limitBytes) return;
      if (file === kept) continue;
      await rm(file, { force: true });
      total -= bytes;
    }
  }
}

/** The layers that no LoRA changes. */
function plainLayers(
  layers: readonly ByteLayer[],
  changes: NetworkBytes['changes'],
): readonly ByteLayer[] {
  return layers.filter(({ module }) => !changes?.names.has(`${module}.weight`));
}

/** Says with each share what the bytes of layers take, and where they are kept. */
function reported(
  { signal, onProgress }: OpenOptions,
  layers: readonly ByteLayer[],
  folder?: string,
): PrepareOptions {
  const kept = { bytes: preparedBytes(layers), ...(folder !== undefined && { folder }) };
  return { signal, onProgress: (share) => onProgress?.({ share, ...kept }) };
}

/** Whether weights could not be kept as bytes, for want of space or permission. */
export function isNotKept(thrown: unknown): thrown is EaselError {
  return thrown instanceof EaselError && thrown.data.notKept === true;
}

function notKept(thrown: unknown, component: string, folder: string): unknown {
  const isOfSystem = thrown instanceof Error && 'syscall' in thrown;
  if (!isOfSystem) return thrown;
  const code = toEaselError(thrown).code === 'disk-full' ? 'disk-full' : 'write-failed';
  const message = `The ${component}'s weights cannot be kept as bytes in ${folder}: ${describeSystemError(thrown)}.`;
  return new EaselError(code, message, { notKept: true, folder }, { cause: thrown });
}

/** A name for a network's bytes by the weights that they are made of. */
async function keyOf(
  layers: readonly ByteLayer[],
  weights: WeightSource,
): Promise<{ readonly key: string; readonly sources: readonly string[] }> {
  const files = new Map<string, string>();
  const parts: unknown[] = [RECIPE];
  for (const layer of layers) {
    const tensor = weights.get(`${layer.module}.weight`);
    if (!tensor) continue; // its absence is an error when it is read
    if (!files.has(tensor.file)) files.set(tensor.file, await identityOf(tensor.file));
    const { dtype, shape, offset, length, transposed, scale } = tensor;
    parts.push([byteTensorNames(layer).values, dtype, shape, offset, length, transposed]);
    parts.push(files.get(tensor.file));
    if (!scale) continue;
    if (!files.has(scale.file)) files.set(scale.file, await identityOf(scale.file));
    parts.push([scale.dtype, scale.offset, scale.length, files.get(scale.file)]);
  }
  const key = createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 40);
  return { key, sources: [...files.values()] };
}

/** The checksum of a file's tensors as `prepareBytes` computes it: the bytes, then the scales. */
async function checksumOf({ file, tensors }: SafetensorsFile): Promise<string> {
  const hash = createHash(CHECKSUM);
  const isScale = ({ dtype }: TensorRef) => dtype === 'F32';
  const all = [...tensors.values()].sort((a, b) => a.offset - b.offset);
  for (const region of [all.filter((tensor) => !isScale(tensor)), all.filter(isScale)]) {
    const [first, last] = [region[0], region.at(-1)];
    if (!first || !last) continue;
    const range = { start: first.offset, end: last.offset + last.length - 1 };
    const stream = createReadStream(file, { ...range, highWaterMark: 4 * 2 ** 20 });
    for await (const chunk of stream) hash.update(chunk as Buffer);
  }
  return hash.digest('hex');
}
