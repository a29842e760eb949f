import { type FileReader } from '../io/file-reader';

/** The position of one entry in the file. */
export interface ZipEntry {
  readonly name: string;
  /** Bytes from the start of the file. */
  readonly offset: number;
  /** Bytes in the file, which are fewer than the entry's own where it is compressed. */
  readonly length: number;
}

const END = 0x06054b50;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const STORED = 0;
const DEFLATED = 8;
const END_BYTES = 22;
const LOCATOR_BYTES = 20;
const END_64_BYTES = 56;
const CENTRAL_BYTES = 46;
const LOCAL_BYTES = 30;
const MAX_COMMENT = 0xffff;
/** More than any checkpoint needs: an entry takes about 100 bytes, and a model has some thousands. */
const MAX_DIRECTORY_BYTES = 64_000_000;
const ZIP64_EXTRA = 0x0001;
/** In a 32-bit field: the value is in the zip64 extra field. */
const IN_EXTRA = 0xffffffff;

interface CentralEntry {
  readonly name: string;
  /** Not compressed and not encrypted. */
  readonly plain: boolean;
  /** Compressed with deflate (RFC 1951), and not encrypted. */
  readonly deflated: boolean;
  readonly length: number;
  readonly localOffset: number;
}

/**
 * Reads the directory of a zip file (PKWARE's APPNOTE.TXT, with zip64). Checks that the entries are inside the
 * file and do not overlap.
 *
 * @throws EaselError `bad-file`
 */
export async function readZipDirectory(
  reader: FileReader,
): Promise<ReadonlyMap<string, CentralEntry>> {
  const { start, length, count } = await findDirectory(reader);
  if (length > MAX_DIRECTORY_BYTES) throw reader.damaged(`its directory has ${length} bytes`);
  const bytes = await reader.read(start, length);
  const entries = new Map<string, CentralEntry>();
  let at = 0;
  for (let index = 0; index < count; index++) {
    const { entry, next } = readCentralEntry(reader, bytes, at);
    if (entries.has(entry.name)) throw reader.damaged('its directory names an entry twice');
    entries.set(entry.name, entry);
    at = next;
  }
  checkOverlap(reader, [...entries.values()]);
  return entries;
}

/** Finds the bytes of an entry that is not compressed. @throws EaselError `bad-file` */
export async function locateEntry(reader: FileReader, entry: CentralEntry): Promise<ZipEntry> {
  if (!entry.plain) throw reader.damaged('its values are compressed; torch never compresses them');
  return locateBytes(reader, entry);
}

/** Finds the bytes of an entry, after its local header. @throws EaselError `bad-file` */
export async function locateBytes(reader: FileReader, entry: CentralEntry): Promise<ZipEntry> {
  const header = await reader.read(entry.localOffset, LOCAL_BYTES);
  if (header.readUInt32LE(0) !== LOCAL) throw reader.damaged('an entry is not at its place');
  const nameBytes = header.readUInt16LE(26);
  const offset = entry.localOffset + LOCAL_BYTES + nameBytes + header.readUInt16LE(28);
  const name = await reader.read(entry.localOffset + LOCAL_BYTES, nameBytes);
  if (name.toString('utf8') !== entry.name) throw reader.damaged('an entry has two names');
  if (offset + entry.length > reader.size) throw reader.damaged('it is cut short');
  return { name: entry.name, offset, length: entry.length };
}

async function findDirectory(reader: FileReader) {
  const tailBytes = Math.min(reader.size, END_BYTES + MAX_COMMENT);
  const tail = await reader.read(reader.size - tailBytes, tailBytes);
  for (let at = tail.length - END_BYTES; at >= 0; at--) {
    if (tail.readUInt32LE(at) !== END) continue;
    if (at + END_BYTES + tail.readUInt16LE(at + 20) !== tail.length) continue;
    const end = reader.size - tailBytes + at;
    const wide = await findDirectory64(reader, end);
    if (wide !== undefined) return wide;
    const count = tail.readUInt16LE(at + 10);
    return { count, length: tail.readUInt32LE(at + 12), start: tail.readUInt32LE(at + 16) };
  }
  throw reader.damaged('it has no zip directory, because its end is missing');
}

async function findDirectory64(reader: FileReader, end: number) {
  if (end < LOCATOR_BYTES) return undefined;
  const locator = await reader.read(end - LOCATOR_BYTES, LOCATOR_BYTES);
  if (locator.readUInt32LE(0) !== LOCATOR_64) return undefined;
  const bytes = await reader.read(toNumber(reader, locator.readBigUInt64LE(8)), END_64_BYTES);
  if (bytes.readUInt32LE(0) !== END_64) throw reader.damaged('its zip64 directory is missing');
  const number = (at: number): number => toNumber(reader, bytes.readBigUInt64LE(at));
  return { count: number(32), length: number(40), start: number(48) };
}

function readCentralEntry(reader: FileReader, bytes: Buffer, at: number) {
  if (at + CENTRAL_BYTES > bytes.length || bytes.readUInt32LE(at) !== CENTRAL) {
    throw reader.damaged('its directory is cut short');
  }
  const nameEnd = at + CENTRAL_BYTES + bytes.readUInt16LE(at + 28);
  const extraEnd = nameEnd + bytes.readUInt16LE(at + 30);
  const next = extraEnd + bytes.readUInt16LE(at + 32);
  if (next > bytes.length) throw reader.damaged('its directory is cut short');
  const name = bytes.toString('utf8', at + CENTRAL_BYTES, nameEnd);
  const encrypted = (bytes.readUInt16LE(at + 8) & 1) !== 0;
  const method = bytes.readUInt16LE(at + 10);
  const plain = !encrypted && method === STORED;
  const deflated = !encrypted && method === DEFLATED;
  const wide = new WideFields(reader, bytes.subarray(nameEnd, extraEnd));
  // The extra field has only the values that did not fit, in this order.
  const length = wide.value(bytes.readUInt32LE(at + 24));
  const stored = wide.value(bytes.readUInt32LE(at + 20));
  const localOffset = wide.value(bytes.readUInt32LE(at + 42));
  if (plain && length !== stored) throw reader.damaged('an entry has two lengths');
  return { entry: { name, plain, deflated, length: stored, localOffset }, next };
}

/** The 64-bit values of a zip64 extra field, in order. */
class WideFields {
  private readonly values: Buffer;
  private at = 0;

  constructor(
    private readonly reader: FileReader,
    extra: Buffer,
  ) {
    let values: Buffer = Buffer.alloc(0);
    for (let at = 0; at + 4 <= extra.length;) {
      const end = at + 4 + extra.readUInt16LE(at + 2);
      if (extra.readUInt16LE(at) === ZIP64_EXTRA) values = extra.subarray(at + 4, end);
      at = end;
    }
    this.values = values;
  }

  value(narrow: number): number {
    if (narrow !== IN_EXTRA) return narrow;
    if (this.at + 8 > this.values.length) throw this.reader.damaged('a zip64 field is missing');
    const value = toNumber(this.reader, this.values.readBigUInt64LE(this.at));
    this.at += 8;
    return value;
  }
}

function toNumber(reader: FileReader, value: bigint): number {
  if (value > BigInt(reader.size)) throw reader.damaged('its directory points past its end');
  return Number(value);
}

function checkOverlap(reader: FileReader, entries: readonly CentralEntry[]): void {
  const inOrder = [...entries].sort((a, b) => a.localOffset - b.localOffset);
  let covered = 0;
  for (const { name, localOffset, length } of inOrder) {
    if (localOffset < covered) throw reader.damaged('its entries overlap');
    covered = localOffset + LOCAL_BYTES + Buffer.byteLength(name) + length;
  }
  if (covered > reader.size) throw reader.damaged('it is cut short');
}
