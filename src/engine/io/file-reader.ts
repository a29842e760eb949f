import { type FileHandle, open, realpath, stat } from 'node:fs/promises';

import { EaselError } from '../../core/errors';
import { describeSystemError } from '../../core/system-error';

/** Reads ranges of one file. Every failure is an EaselError with the path. */
export class FileReader {
  private constructor(
    /** The path given by the caller, for messages. */
    readonly path: string,
    /** Real path (symbolic links resolved). */
    readonly file: string,
    readonly size: number,
    private readonly handle: FileHandle,
  ) {}

  /**
   * Opens `path`, runs `use`, and closes the file.
   *
   * @throws EaselError `model-incomplete` (no such file), `bad-file` (not a file, or unreadable); errors of `use`
   */
  static async use<T>(path: string, use: (reader: FileReader) => Promise<T>): Promise<T> {
    const reader = await FileReader.open(path);
    try {
      return await use(reader);
    } finally {
      await reader.handle.close();
    }
  }

  private static async open(path: string): Promise<FileReader> {
    try {
      const file = await realpath(path);
      // Opening a pipe would wait forever.
      if (!(await stat(file)).isFile()) {
        throw new EaselError('bad-file', `${path} is not a file.`, { path });
      }
      const handle = await open(file, 'r');
      const { size } = await handle.stat();
      return new FileReader(path, file, size, handle);
    } catch (thrown) {
      throw unreadable(path, thrown);
    }
  }

  /** Reads the bytes `from` … `from + length`. @throws EaselError `bad-file` if they are not all in the file */
  async read(from: number, length: number): Promise<Buffer> {
    if (from < 0 || length < 0 || from + length > this.size) throw this.damaged('it is cut short');
    const bytes = Buffer.alloc(length);
    let done = 0;
    while (done < length) {
      const { bytesRead } = await this.chunk(bytes, done, from + done);
      if (bytesRead === 0) {
        const message = `${this.path} became shorter while it was read. Try again when nothing writes to it.`;
        throw new EaselError('bad-file', message, { path: this.path });
      }
      done += bytesRead;
    }
    return bytes;
  }

  damaged(what: string): EaselError {
    return damagedFile(this.path, what);
  }

  private async chunk(bytes: Buffer, done: number, at: number) {
    try {
      return await this.handle.read(bytes, done, bytes.length - done, at);
    } catch (thrown) {
      throw unreadable(this.path, thrown);
    }
  }
}

function unreadable(path: string, thrown: unknown): EaselError {
  if (thrown instanceof EaselError) return thrown;
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    const message = `${path} is missing, or is a link to a file that is missing.`;
    return new EaselError('model-incomplete', message, { path }, { cause: thrown });
  }
  const message = `${path} could not be read: ${describeSystemError(thrown)}.`;
  return new EaselError('bad-file', message, { path }, { cause: thrown });
}

/** The error for a damaged file. `what` goes on after a colon: "it is cut short". */
export function damagedFile(path: string, what: string): EaselError {
  return new EaselError('bad-file', `${path} is damaged: ${what}. Download it again.`, { path });
}
