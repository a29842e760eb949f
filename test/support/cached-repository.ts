import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Writes a repository into a Hugging Face cache, as a download does: blobs, a snapshot of links, the ref `main`.
 * @param files contents by their paths in the repository
 * @returns the snapshot's folder
 */
export function writeSnapshot(
  cache: string,
  id: string,
  files: Readonly<Record<string, Uint8Array | string>>,
  commit = '0123456789abcdef0123456789abcdef01234567',
): string {
  const folder = path.join(cache, `models--${id.replaceAll('/', '--')}`);
  const snapshot = path.join(folder, 'snapshots', commit);
  for (const made of ['refs', 'blobs']) mkdirSync(path.join(folder, made), { recursive: true });
  writeFileSync(path.join(folder, 'refs', 'main'), commit);
  for (const [index, [name, content]] of Object.entries(files).entries()) {
    const blob = path.join(folder, 'blobs', `${commit.slice(8)}${index}`);
    const pointer = path.join(snapshot, name);
    mkdirSync(path.dirname(pointer), { recursive: true });
    writeFileSync(blob, content);
    symlinkSync(path.relative(path.dirname(pointer), blob), pointer);
  }
  return snapshot;
}
