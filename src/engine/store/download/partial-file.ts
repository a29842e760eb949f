import type { Hash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, rename, stat, type FileHandle } from 'node:fs/promises';
import { EaselError } from '../../../core/errors';
import { describeSystemError } from '../../../core/system-error';
import type { HubFile } from '../hub/hub-client';
import { beginHash, hashFile } from './content-hasher';

/** Chunks from the network are small; they are written together. */
const BUFFER_BYTES = 2 ** 20;

/**
 * A file that is being downloaded. It grows from its start, so that its length says where to continue after
 * an interruption, and its hash is computed as it grows. Bytes are written at their own offsets: if two
 * processes ever write it at once, they write the same.
 */
export class PartialFile {
  private buffered: Uint8Array[] = [];
  private bufferedBytes = 0;

  private constructor(
    private readonly path: string,
    private readonly file: HubFile,
    private readonly handle: FileHandle,
    private hash: Hash,
    private flushed: number,
  ) {}

  /** Opens what an interrupted download left, or an empty file; hashes what is there. */
  static async open(path: string, file: HubFile, signal: AbortSignal): Promise<PartialFile> {
    const handle = await orDiskError(open(path, constants.O_RDWR | constants.O_CREAT, 0o666));
    try {
      let { size } = await handle.stat();
      if (size > file.bytes) {
        await handle.truncate(0);
        size = 0;
      }
      const hash = beginHash(file.hash.kind, file.bytes);
      await hashFile(hash, path, size, signal);
      return new PartialFile(path, file, handle, hash, size);
    } catch (thrown) {
      await handle.close();
      throw thrown;
    }
  }

  /** Bytes that have arrived. */
  get bytes(): number {
    return this.flushed + this.bufferedBytes;
  }

  get isComplete(): boolean {
    return this.bytes === this.file.bytes;
  }

  /** @throws EaselError `disk-full` or `write-failed` */
  async append(chunk: Uint8Array): Promise<void> {
    this.hash.update(chunk);
    this.buffered.push(chunk);
    this.bufferedBytes += chunk.length;
    if (this.bufferedBytes >= BUFFER_BYTES) await this.flush();
  }

  async flush(): Promise<void> {
    while (this.bufferedBytes > 0) {
      const { bytesWritten } = await orDiskError(this.handle.writev(this.buffered, this.flushed));
      this.flushed += bytesWritten;
      this.bufferedBytes -= bytesWritten;
      let dropped = bytesWritten;
      while (this.buffered[0] && dropped >= this.buffered[0].length) {
        dropped -= this.buffered[0].length;
        this.buffered.shift();
      }
      if (this.buffered[0] && dropped > 0) this.buffered[0] = this.buffered[0].subarray(dropped);
    }
  }

  /** Discards what has arrived. */
  async restart(): Promise<void> {
    this.buffered = [];
    this.bufferedBytes = 0;
    this.flushed = 0;
    this.hash = beginHash(this.file.hash.kind, this.file.bytes);
    await this.handle.truncate(0);
  }

  /**
   * Verifies the complete file and renames it to its final name.
   * @returns `damaged` where its content does not match the hub's checksum, and it is emptied then; `lost`
   *   where another process has taken its name
   */
  async finish(target: string): Promise<'done' | 'damaged' | 'lost'> {
    await this.flush();
    if (this.hash.copy().digest('hex') !== this.file.hash.hex) {
      await this.restart();
      return 'damaged';
    }
    // After a loss of power the name must not exist without the bytes.
    await orDiskError(this.handle.sync());
    const [own, named] = await Promise.all([
      this.handle.stat({ bigint: true }),
      stat(this.path, { bigint: true }).catch(() => undefined),
    ]);
    if (named?.ino !== own.ino || own.size !== BigInt(this.file.bytes)) return 'lost';
    await orDiskError(rename(this.path, target));
    return 'done';
  }

  /** Closes the file; what has arrived is kept for the next attempt. */
  async close(): Promise<void> {
    await this.flush().catch(() => undefined);
    await this.handle.close();
  }
}

async function orDiskError<T>(doing: Promise<T>): Promise<T> {
  try {
    return await doing;
  } catch (thrown) {
    throw diskError(thrown);
  }
}

/** The error for a failed write to the cache. */
export function diskError(thrown: unknown): EaselError {
  if (thrown instanceof EaselError) return thrown;
  const { code } = thrown as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    const text =
      'The disk is full. What was downloaded is kept: free some space and start the download again.';
    return new EaselError('disk-full', text, {}, { cause: thrown });
  }
  const text = `The cache cannot be written: ${describeSystemError(thrown)}.`;
  return new EaselError('write-failed', text, { code }, { cause: thrown });
}
