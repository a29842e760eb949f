import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { EaselError } from '../core/errors';
import { foreignImage } from '../core/image/file-kind';
import { describeBytes } from '../core/quantities';
import { LIMITS } from '../core/request/fields/limits';
import { describeSystemError } from '../core/system-error';

/**
 * Reads a file that the user or an agent named. Pipes and devices are refused: they may never end.
 * @throws EaselError `bad-request` where it cannot be read, is no file, is empty or too large; `bad-file` where it is
 *   known to be no image that is read
 */
export async function readImageFile(file: string): Promise<Uint8Array> {
  try {
    // Without O_NONBLOCK, opening a pipe waits until something is written into it. Windows has no such flag.
    const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const info = await handle.stat();
      if (info.isDirectory()) throw refused(file, 'it is a folder');
      if (!info.isFile()) throw refused(file, 'it is a pipe or a device, not a file');
      if (info.size === 0) throw refused(file, 'it is empty');
      if (info.size > LIMITS.imageBytes) {
        const [size, limit] = [info.size, LIMITS.imageBytes].map(describeBytes);
        throw refused(file, `it has ${size}, and an image has ${limit} at most`);
      }
      const bytes = await handle.readFile();
      const foreign = foreignImage(bytes);
      if (foreign) {
        const message = `${file} cannot be read: it is ${foreign.what}. ${foreign.next}`;
        throw new EaselError('bad-file', message, { file, image: 'image' });
      }
      return bytes;
    } finally {
      await handle.close();
    }
  } catch (thrown) {
    if (thrown instanceof EaselError) throw thrown;
    throw refused(file, describeSystemError(thrown), thrown);
  }
}

function refused(file: string, reason: string, cause?: unknown): EaselError {
  return new EaselError('bad-request', `${file} cannot be read: ${reason}.`, { file }, { cause });
}

/** The roles of image files in the engine's errors, and the files that were given for them. */
type ImageFiles = Readonly<Record<string, string | undefined>>;

/** An error of the engine, which has only the bytes of an image, with the name of its file. */
export function nameImageFile(thrown: unknown, files: ImageFiles): unknown {
  if (!(thrown instanceof EaselError)) return thrown;
  const { code, message, data } = thrown;
  const file = typeof data.image === 'string' ? files[data.image] : undefined;
  if (file === undefined) return thrown;
  return new EaselError(code, `${file}: ${message}`, { ...data, file }, { cause: thrown });
}
