import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { ContentHash } from '../hub/hub-client';

/** Starts the hash that identifies a file's content: SHA-256 of the bytes, or git's SHA-1 of a blob. */
export function beginHash(kind: ContentHash['kind'], bytes: number): Hash {
  if (kind === 'sha256') return createHash('sha256');
  return createHash('sha1').update(`blob ${bytes}\0`);
}

/**
 * Hashes the first bytes of a file.
 * @param onRead called with the length of each piece that was read
 */
export async function hashFile(
  hash: Hash,
  file: string,
  bytes: number,
  signal?: AbortSignal,
  onRead?: (bytes: number) => void,
): Promise<void> {
  if (bytes === 0) return;
  const stream = createReadStream(file, { end: bytes - 1, highWaterMark: 2 ** 20, signal });
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    hash.update(chunk);
    onRead?.(chunk.length);
  }
}
