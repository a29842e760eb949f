import {
  ByteReader,
  fourBytes,
  fromUtf16,
  fromUtf8,
  joinBytes,
  MAX_TEXT_BYTES,
  toLatin1,
} from './byte-reader';

const TAG = {
  imageDescription: 0x010e,
  make: 0x010f,
  model: 0x0110,
  exifFolder: 0x8769,
  makerNote: 0x927c,
  userComment: 0x9286,
} as const;

/** The texts that image generators write into an EXIF block. */
export interface ExifTexts {
  /** The parameters of AUTOMATIC1111 and Fooocus. */
  readonly userComment?: string;
  /** The format of Fooocus' parameters. */
  readonly makerNote?: string;
  /** Texts of other tools; ComfyUI's begin with `prompt:` or `workflow:`. */
  readonly others: readonly string[];
}

const TYPE_BYTES: Readonly<Record<number, number>> = { 1: 1, 2: 1, 3: 2, 4: 4, 7: 1 };
const UNICODE = 'UNICODE\0';
const ASCII = 'ASCII\0\0\0';
/** Limit of entries. Cameras write about sixty. */
const MOST_ENTRIES = 1000;

/** Reads an EXIF block (a TIFF file, without `Exif\0\0` in front); damaged entries are left out. */
export function readExif(block: Uint8Array): ExifTexts {
  const reader = new ByteReader(block);
  const littleEndian = reader.startsWith('II');
  const none: ExifTexts = { others: [] };
  if (!littleEndian && !reader.startsWith('MM')) return none;
  const first = readFolder(reader, reader.u32(4, littleEndian), littleEndian);
  const place = first.get(TAG.exifFolder);
  const exif = place && readFolder(reader, place.number, littleEndian);
  const entry = (tag: number) => exif?.get(tag)?.bytes ?? first.get(tag)?.bytes;
  const text = (tag: number) => {
    const bytes = entry(tag);
    return bytes && bytes.length <= MAX_TEXT_BYTES ? readText(bytes, littleEndian) : undefined;
  };
  const comment = text(TAG.userComment);
  const note = text(TAG.makerNote);
  const others = [TAG.imageDescription, TAG.make, TAG.model].map(text);
  return {
    ...(comment === undefined ? {} : { userComment: comment }),
    ...(note === undefined ? {} : { makerNote: note }),
    others: others.filter((other) => other !== undefined),
  };
}

interface Entry {
  /** The value's bytes. */
  readonly bytes: Uint8Array;
  /** The value as a 32-bit number, such as the offset of another folder. */
  readonly number: number | undefined;
}

function readFolder(
  reader: ByteReader,
  start: number | undefined,
  littleEndian: boolean,
): Map<number, Entry> {
  const entries = new Map<number, Entry>();
  if (start === undefined) return entries;
  const count = Math.min(reader.u16(start, littleEndian) ?? 0, MOST_ENTRIES);
  for (let i = 0; i < count; i++) {
    const at = start + 2 + i * 12;
    const tag = reader.u16(at, littleEndian);
    const size = TYPE_BYTES[reader.u16(at + 2, littleEndian) ?? 0];
    const length = reader.u32(at + 4, littleEndian);
    if (tag === undefined || size === undefined || length === undefined) continue;
    const inPlace = size * length <= 4;
    const place = inPlace ? at + 8 : reader.u32(at + 8, littleEndian);
    const bytes = place === undefined ? undefined : reader.slice(place, size * length);
    if (bytes) entries.set(tag, { bytes, number: reader.u32(at + 8, littleEndian) });
  }
  return entries;
}

/**
 * The first eight bytes of a comment name its encoding; "UNICODE" is UTF-16 in some byte order: the block's by
 * the standard, big-endian by piexif, which most generators use. Plain text has no such mark.
 */
function readText(bytes: Uint8Array, littleEndian: boolean): string {
  const reader = new ByteReader(bytes);
  const rest = bytes.subarray(8);
  if (reader.startsWith(UNICODE)) return readUtf16(rest, littleEndian);
  const plain = reader.startsWith(ASCII) || reader.startsWith('\0\0\0\0\0\0\0\0') ? rest : bytes;
  return withoutZeros(fromUtf8(plain));
}

function readUtf16(bytes: Uint8Array, littleEndian: boolean): string {
  // In European languages every other byte is zero, which shows the byte order.
  let low = 0;
  let high = 0;
  for (let i = 0; i + 1 < bytes.length; i += 2) {
    if (bytes[i] === 0) high++;
    if (bytes[i + 1] === 0) low++;
  }
  const little = high === low ? littleEndian : low > high;
  return withoutZeros(fromUtf16(bytes, little).replace(/^\uFEFF/, ''));
}

/** Without the zeros at the end that some tools write. */
function withoutZeros(text: string): string {
  return text.replace(/(?<!\0)\0+$/, '');
}

/**
 * Writes an EXIF block with only a user comment in UTF-16, big-endian, like piexif in AUTOMATIC1111.
 */
export function writeExif(userComment: string): Uint8Array {
  const comment = new Uint8Array(UNICODE.length + userComment.length * 2);
  comment.set(toLatin1(UNICODE));
  const view = new DataView(comment.buffer);
  for (let i = 0; i < userComment.length; i++) {
    view.setUint16(UNICODE.length + i * 2, userComment.charCodeAt(i));
  }
  const header = joinBytes([toLatin1('MM'), Uint8Array.of(0, 42), fourBytes(8)]);
  const folders = joinBytes([
    folder(TAG.exifFolder, 4, 1, 26),
    folder(TAG.userComment, 7, comment.length, 44),
  ]);
  return joinBytes([header, folders, comment]);
}

/** A folder with one entry, without a next folder. */
function folder(tag: number, type: number, count: number, value: number): Uint8Array {
  return joinBytes([
    Uint8Array.of(0, 1, tag >> 8, tag & 0xff, 0, type),
    fourBytes(count),
    fourBytes(value),
    fourBytes(0),
  ]);
}

/** Finds a text of the form `name:text`, as ComfyUI writes it. */
export function readPrefixed(texts: readonly string[], name: string): string | undefined {
  const prefix = `${name}:`;
  return texts
    .find((text) => text.toLowerCase().startsWith(prefix))
    ?.slice(prefix.length)
    .trim();
}
