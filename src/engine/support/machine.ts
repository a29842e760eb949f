import {
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

/** The machine whose files are looked at: this one, or one of a test. */
export interface Machine {
  /** The folder that is its `/`. */
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  readonly home: string;
}

export function thisMachine(): Machine {
  return { root: '/', env: process.env, home: homedir() };
}

/** An absolute path of the machine. */
export function placeOn({ root }: Machine, file: string): string {
  return path.join(root, file);
}

/** The bytes of a file, with links resolved; undefined where there is none that can be looked at. */
export function sizeOf(file: string): number | undefined {
  try {
    return statSync(file).size;
  } catch {
    return undefined;
  }
}

/** Whether there is a file, a folder or a device. */
export function isThere(file: string): boolean {
  return sizeOf(file) !== undefined;
}

/** A path with links resolved; the path itself where that cannot be done. */
export function resolved(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}

/** The names in a folder; none where it cannot be read. */
export function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

/** The text of a file; empty where it cannot be read. */
export function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** The first bytes of a file; fewer where it is shorter or cannot be read. */
export function headOf(file: string, bytes: number): Buffer {
  const head = Buffer.alloc(bytes);
  try {
    const handle = openSync(file, 'r');
    try {
      return head.subarray(0, readSync(handle, head));
    } finally {
      closeSync(handle);
    }
  } catch {
    return head.subarray(0, 0);
  }
}
