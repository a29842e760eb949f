import { readdir, realpath, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { parseRecord } from '../../core/json';
import { easelCache } from '../store/easel-cache';
import { readSafetensorsHeader } from '../weights/safetensors';
import { UNFINISHED_LIST, wholeFilesList } from './whole-files';

/** The names of kept files, and of those that are being written. */
const ENTRY = /^[0-9a-f]{40}\.safetensors$/;
const UNFINISHED = /^[0-9a-f]{40}\.safetensors\.\d+-[0-9a-f]{8}$/;

/** A file that changed more recently may be one that is being written. */
const QUIET_MS = 10 * 60_000;

/** What an entry notes in its file, beside its key and checksum: whose weights it has, and of which files. */
export interface EntryNote {
  /** The model that it was prepared for, as `--model` takes it. */
  readonly model: string;
  readonly component: string;
  /** The weight files that it was made from, as `identityOf` writes them. */
  readonly sources: readonly string[];
}

/** A file of prepared weights. */
export interface ByteEntry {
  readonly file: string;
  readonly bytes: number;
  readonly lastUsedMs: number;
  /** Absent where the file is damaged. */
  readonly note?: EntryNote | undefined;
}

/** Where prepared weights are kept. */
export function byteFolder(env: NodeJS.ProcessEnv = process.env): string {
  return path.join(easelCache(env), 'int8');
}

/** A file, by its path, size and time of change. */
export async function identityOf(file: string): Promise<string> {
  const { size, mtimeMs } = await stat(file);
  return `${file}|${size}|${mtimeMs}`;
}

const NOTE = 'note';
const NoteSchema = v.object({
  model: v.string(),
  component: v.string(),
  sources: v.array(v.string()),
});

/** A note as the metadata of a safetensors file. */
export function noteMetadata(note: EntryNote): Readonly<Record<string, string>> {
  return { [NOTE]: JSON.stringify(note) };
}

/** The kept files of a folder, without what is in them. Other files there are not Easel's, and are left alone. */
export async function entryFiles(
  folder: string,
): Promise<readonly Pick<ByteEntry, 'file' | 'bytes' | 'lastUsedMs'>[]> {
  return filesOf(folder, ENTRY);
}

/** The entries of a folder. */
export async function readEntries(folder: string): Promise<readonly ByteEntry[]> {
  const files = await entryFiles(folder);
  return Promise.all(files.map(async (one) => ({ ...one, note: await readNote(one.file) })));
}

/** Files that a program left which ended while it wrote them. */
export async function unfinishedEntries(
  folder: string,
): Promise<readonly Pick<ByteEntry, 'file' | 'bytes'>[]> {
  const files = [UNFINISHED, UNFINISHED_LIST].map((names) => filesOf(folder, names));
  return (await Promise.all(files))
    .flat()
    .filter(({ lastUsedMs }) => Date.now() - lastUsedMs > QUIET_MS);
}

/** Whether every file that an entry was made from is still as it was: only then is the entry used again. */
export async function isCurrent({ note }: ByteEntry): Promise<boolean> {
  if (!note) return false;
  const now = await Promise.all(
    note.sources.map((source) => identityOf(fileOf(source)).catch(() => undefined)),
  );
  return note.sources.every((source, i) => source === now[i]);
}

/**
 * Whether an entry was made from one of these files.
 * @param files with all links resolved
 */
export function isMadeFrom({ note }: ByteEntry, files: ReadonlySet<string>): boolean {
  return note?.sources.some((source) => files.has(fileOf(source))) ?? false;
}

/** The path in what `identityOf` wrote. */
function fileOf(identity: string): string {
  return identity.replace(/\|[^|]*\|[^|]*$/, '');
}

/** Files with all links resolved; without those that are not there. */
export async function resolved(files: readonly string[]): Promise<ReadonlySet<string>> {
  const found = await Promise.all(files.map((file) => realpath(file).catch(() => undefined)));
  return new Set(found.filter((file) => file !== undefined));
}

/**
 * Deletes entries, and with the last one of the folder what is noted of them.
 * @throws the system's error where a file cannot be deleted
 */
export async function removeEntries(
  folder: string,
  entries: readonly Pick<ByteEntry, 'file'>[],
): Promise<void> {
  for (const { file } of entries) await rm(file, { force: true });
  if ((await entryFiles(folder)).length > 0) return;
  // Something else can be in its place.
  await rm(wholeFilesList(folder), { force: true }).catch(() => undefined);
}

async function readNote(file: string): Promise<EntryNote | undefined> {
  try {
    const { metadata } = await readSafetensorsHeader(file);
    const note = v.safeParse(NoteSchema, parseRecord(metadata.get(NOTE)));
    return note.success ? note.output : undefined;
  } catch {
    return undefined;
  }
}

async function filesOf(folder: string, names: RegExp) {
  const found = await readdir(folder).catch(() => []);
  const files = await Promise.all(
    found
      .filter((name) => names.test(name))
      .map(async (name) => {
        const file = path.join(folder, name);
        const info = await stat(file).catch(() => undefined);
        return info?.isFile() ? [{ file, bytes: info.size, lastUsedMs: info.mtimeMs }] : [];
      }),
  );
  return files.flat();
}
