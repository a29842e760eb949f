import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';
import type { PinnedFile } from '../../core/devices';
import { cancelled } from '../../core/errors';
import { FileReader } from '../io/file-reader';
import { locateBytes, readZipDirectory } from '../weights/zip-directory';

/**
 * Takes one file out of a zip file and writes it, in pieces, under a temporary name until its checksum is right.
 * @param archive the zip file
 * @param part the file in it
 * @param target where it is written
 * @throws EaselError `bad-file` where it is not there or not as it should be; `cancelled`; errors of the disk as Node has them
 */
export async function extractPart(
  archive: string,
  part: PinnedFile,
  target: string,
  signal: AbortSignal,
): Promise<void> {
  await FileReader.use(archive, async (reader) => {
    const entry = (await readZipDirectory(reader)).get(part.path);
    if (!entry || !(entry.plain || entry.deflated)) {
      throw reader.damaged(`${part.path} is not in it`);
    }
    const { offset, length } = await locateBytes(reader, entry);
    const range = { start: offset, end: offset + length - 1 };
    const hash = createHash('sha256');
    let bytes = 0;
    const check = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        bytes += chunk.length;
        hash.update(chunk);
        // A small archive can hold a large file.
        done(bytes > part.bytes ? reader.damaged(`${part.path} is too large`) : null, chunk);
      },
    });
    const temporary = `${target}.${process.pid}-${randomBytes(4).toString('hex')}`;
    try {
      const compressed = createReadStream(archive, { ...range, signal });
      const file = createWriteStream(temporary, { flags: 'wx', flush: true });
      if (entry.deflated) await pipeline(compressed, createInflateRaw(), check, file, { signal });
      else await pipeline(compressed, check, file, { signal });
      if (bytes !== part.bytes || hash.digest('hex') !== part.sha256) {
        throw reader.damaged(`${part.path} does not have the right checksum`);
      }
      await rename(temporary, target);
    } catch (thrown) {
      await rm(temporary, { force: true });
      if (signal.aborted) throw cancelled();
      // Of zlib: the compressed bytes make no sense.
      if (isZlibError(thrown)) throw reader.damaged(`${part.path} cannot be unpacked`);
      throw thrown;
    }
  });
}

function isZlibError(thrown: unknown): boolean {
  const { code } = thrown as NodeJS.ErrnoException;
  return typeof code === 'string' && code.startsWith('Z_');
}
