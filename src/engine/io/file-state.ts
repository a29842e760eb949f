import { stat } from 'node:fs/promises';

/**
 * What a file is now: the same text until something is written to it, or another file takes its place.
 * @returns undefined where the system does not say when a file was changed
 * @throws the system's error where there is no such file
 */
export async function fileState(file: string): Promise<string | undefined> {
  const { dev, ino, size, mtimeNs, ctimeNs } = await stat(file, { bigint: true });
  if (ctimeNs === 0n) return undefined;
  return [dev, ino, size, mtimeNs, ctimeNs].join('-');
}
