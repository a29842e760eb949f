import { randomBytes } from 'node:crypto';
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseRecord } from '../../core/json';
import { fileState } from '../io/file-state';

/** Longer than what two changes can have the same time in: systems count it in ticks of up to 16 ms. */
const TICK_MS = 20;
/** The list's name in the folder of the files, and the names of those that are being written. */
const LIST = 'checked.json';
export const UNFINISHED_LIST = /^checked\.json\.\d+-[0-9a-f]{8}$/;

/** The list of the files of a folder that were found whole. */
export function wholeFilesList(folder: string): string {
  return path.join(folder, LIST);
}

/**
 * The files of a folder that were found whole, by what they were then: the file itself, its size, and when it was changed.
 * Reading a gigabyte and its checksum takes as long as a step of a model, and a file that nobody has written to
 * since has the same bytes. The time of a file's last change (ctime) cannot be set, unlike that of its contents.
 */
export class WholeFiles {
  private known: Map<string, string> | undefined;
  /** Those of this process alone. */
  private readonly written = new Map<string, string>();

  /** What keeps them for the next process; it may be absent, damaged or of others. */
  private readonly list: string;

  constructor(private readonly folder: string) {
    this.list = wholeFilesList(folder);
  }

  async has(file: string): Promise<boolean> {
    const state = await fileState(file);
    if (state === undefined) return false;
    return (
      this.written.get(file) === state || (await this.read()).get(path.basename(file)) === state
    );
  }

  /** For this process alone: whether what was written is on the disk is not known. */
  remember(file: string, state: string | undefined): void {
    if (state !== undefined) this.written.set(file, state);
  }

  /**
   * Does nothing where the file was changed since, and where the list cannot be written.
   * @param whole `fileState` of the file before it was read to its end
   */
  async add(file: string, whole: string | undefined): Promise<void> {
    // What is written in the same moment would not be seen as a change.
    await delay(TICK_MS);
    const state = await fileState(file);
    if (state === undefined || state !== whole) return;
    // Other processes add to it too.
    this.known = undefined;
    const known = await this.read();
    known.delete(path.basename(file));
    known.set(path.basename(file), state);
    // What was removed leaves the list.
    const there = new Set(await readdir(this.folder).catch(() => []));
    const kept = Object.fromEntries([...known].filter(([name]) => there.has(name)));
    const temporary = `${this.list}.${process.pid}-${randomBytes(4).toString('hex')}`;
    try {
      await writeFile(temporary, JSON.stringify(kept), { flag: 'wx' });
      await rename(temporary, this.list);
    } catch {
      await rm(temporary, { force: true });
    }
  }

  private async read(): Promise<Map<string, string>> {
    if (this.known) return this.known;
    const text = await readFile(this.list, 'utf8').catch(() => undefined);
    const entries = Object.entries(parseRecord(text) ?? {});
    this.known = new Map(
      entries.flatMap(([name, state]) =>
        typeof state === 'string' ? [[name, state] as const] : [],
      ),
    );
    return this.known;
  }
}
