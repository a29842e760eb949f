import { readFileSync } from 'node:fs';
import path from 'node:path';
import { FIXTURES } from './paths';

const FOLDER = path.join(FIXTURES, 'prompts');

interface ReferenceFile {
  readonly prompts: Readonly<Record<string, string>>;
  /** Text and weight; null is a break. */
  readonly parts: Readonly<Record<string, readonly (readonly [string, number | null])[]>>;
  readonly drawn: {
    /** Names of prompts. */
    readonly prompt: string;
    readonly negativePrompt: string;
    readonly seed: number;
    readonly steps: number;
    readonly guidanceScale: number;
  };
  readonly arrays: Readonly<
    Record<string, { dtype: 'float32' | 'int32'; shape: readonly number[]; offset: number }>
  >;
}

/** What scripts/reference/prompts.py computed of weighted and long prompts. */
export const promptReference = JSON.parse(
  readFileSync(path.join(FOLDER, 'reference.json'), 'utf8'),
) as ReferenceFile;

const bytes = readFileSync(path.join(FOLDER, 'reference.bin'));

/** One of its arrays, such as `sd1/long/ids`; undefined where it has none of that name. */
export function promptArray(name: string): Float32Array | Int32Array | undefined {
  const place = promptReference.arrays[name];
  if (!place) return undefined;
  const count = place.shape.reduce((product, size) => product * size, 1);
  const copy = new Uint8Array(bytes.subarray(place.offset, place.offset + count * 4)).buffer;
  return place.dtype === 'int32' ? new Int32Array(copy) : new Float32Array(copy);
}
