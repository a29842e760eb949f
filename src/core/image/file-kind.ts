import { hasBytes, matchSignature, type Signature } from '../file-signature';

/** A file that is no image that Easel reads: what it is, and what the user can do. */
export interface ForeignImage {
  /** Goes on after "it is ": "a HEIC photo". */
  readonly what: string;
  /** A whole sentence. */
  readonly next: string;
}

/** The formats that Easel reads, for messages. */
const READ = 'PNG, JPEG, WebP, AVIF, GIF, TIFF, SVG and BMP';
const SAVE = 'Save it as PNG or JPEG, and give that file.';
const GIVE_IMAGE = `Give an image: ${READ} are read.`;

/** Bytes in which the type of a text is looked for. */
const TEXT_BYTES = 4096;

/** Formats by their first bytes (Latin-1). */
const SIGNATURES: readonly Signature[] = [
  ['\xff\x0a', 'a JPEG XL image, which is not read', SAVE],
  ['\0\0\0\x0cJXL \r\n', 'a JPEG XL image, which is not read', SAVE],
  ['\0\0\0\x0cjP  ', 'a JPEG 2000 image, which is not read', SAVE],
  ['\xff\x4f\xff\x51', 'a JPEG 2000 image, which is not read', SAVE],
  ['II\xbc', 'a JPEG XR image, which is not read', SAVE],
  ['8BPS', 'a Photoshop document (PSD), which is not read', SAVE],
  ['gimp xcf', 'a GIMP document (XCF), which is not read', SAVE],
  ['\0\0\x01\0', 'an icon (ICO), which is not read', SAVE],
  ['\0\0\x02\0', 'a cursor (CUR), which is not read', SAVE],
  ['icns', 'an icon of macOS (ICNS), which is not read', SAVE],
  ['qoif', 'a QOI image, which is not read', SAVE],
  ['farbfeld', 'a farbfeld image, which is not read', SAVE],
  ['DDS ', 'a DirectDraw texture (DDS), which is not read', SAVE],
  ['\xabKTX', 'a texture (KTX), which is not read', SAVE],
  ['\x76\x2f\x31\x01', 'an OpenEXR image, which is not read', SAVE],
  ['#?RADIANCE', 'a Radiance HDR image, which is not read', SAVE],
  ['BPG\xfb', 'a BPG image, which is not read', SAVE],
  ['FLIF', 'a FLIF image, which is not read', SAVE],
  ['\x8aMNG', 'an MNG animation, which is not read', SAVE],
  ['AT&TFORM', 'a DjVu document, which is not read', SAVE],
  ['SIMPLE  =', 'a FITS image, which is not read', SAVE],
  ['\xd7\xcd\xc6\x9a', 'a Windows metafile (WMF), which is not read', SAVE],
  [' EMF', 'a Windows metafile (EMF), which is not read', SAVE, 40],
  ['FUJIFILMCCD-RAW', 'a RAW photo of a camera, which is not read', SAVE],
  ['IIRO', 'a RAW photo of a camera, which is not read', SAVE],
  ['IIRS', 'a RAW photo of a camera, which is not read', SAVE],
  ['MMOR', 'a RAW photo of a camera, which is not read', SAVE],
  ['IIU\0', 'a RAW photo of a camera, which is not read', SAVE],
  ['CR\x02', 'a RAW photo of a camera, which is not read', SAVE, 8],
  ['%PDF-', 'a PDF document, which is not read', 'Save the page as PNG, and give that file.'],
  ['%!PS', 'a PostScript document, which is not read', SAVE],
  ['\xc5\xd0\xd3\xc6', 'a PostScript document (EPS), which is not read', SAVE],
  ['\x1a\x45\xdf\xa3', 'a video (WebM or Matroska)', 'Save one frame as PNG, and give that file.'],
  ['AVI ', 'a video (AVI)', 'Save one frame as PNG, and give that file.', 8],
  ['WAVE', 'a sound (WAV)', GIVE_IMAGE, 8],
  ['FLV\x01', 'a video (FLV)', 'Save one frame as PNG, and give that file.'],
  ['\0\0\x01\xba', 'a video (MPEG)', 'Save one frame as PNG, and give that file.'],
  ['OggS', 'a sound or a video (Ogg)', GIVE_IMAGE],
  ['ID3', 'a sound (MP3)', GIVE_IMAGE],
  ['PK\x03\x04', 'an archive or a document of another program (zip)', SAVE],
  ['\x1f\x8b', 'a compressed file (gzip)', 'Unpack it, and give the image in it.'],
  ['7z\xbc\xaf\x27\x1c', 'an archive (7-Zip)', 'Unpack it, and give the image in it.'],
  ['Rar!\x1a\x07', 'an archive (RAR)', 'Unpack it, and give the image in it.'],
  ['GGUF', 'a model (GGUF)', GIVE_IMAGE],
  ['MZ', 'a program (Windows)', GIVE_IMAGE],
  ['\x7fELF', 'a program', GIVE_IMAGE],
];

/**
 * What a file is that is not read as an image: by its first bytes, never by its name.
 * @param bytes the whole file, or its first 64 kB
 * @returns undefined for the formats that are read, and for what is not known
 */
export function foreignImage(bytes: Uint8Array): ForeignImage | undefined {
  if (bytes.length === 0) return { what: 'empty (0 bytes)', next: GIVE_IMAGE };
  return (
    boxedImage(bytes) ??
    targa(bytes) ??
    matchSignature(bytes, SIGNATURES) ??
    rawPhoto(bytes) ??
    portablePixels(bytes) ??
    textFile(bytes)
  );
}

const HEIC = new Set(['heic', 'heix', 'hevc', 'hevx', 'heim', 'heis', 'hevm', 'hevs']);

/** Files of ISO/IEC 14496-12: HEIC, AVIF and videos begin with a box of brands. */
function boxedImage(bytes: Uint8Array): ForeignImage | undefined {
  if (!hasBytes(bytes, 'ftyp', 4)) return undefined;
  const length = Math.min(bytes.length, ((bytes[2] ?? 0) << 8) | (bytes[3] ?? 0), 256);
  const brands: string[] = [];
  for (let at = 8; at + 4 <= length; at += 4) brands.push(latin1(bytes, at, 4));
  if (brands.some((brand) => brand === 'avif' || brand === 'avis')) return undefined;
  if (brands.some((brand) => HEIC.has(brand) || brand === 'mif1' || brand === 'msf1')) {
    const next = 'Save it as JPEG or PNG, and give that file.';
    return { what: 'a HEIC photo, which is not read', next };
  }
  if (brands[0] === 'crx ')
    return { what: 'a RAW photo of a camera, which is not read', next: SAVE };
  return { what: 'a video (MP4)', next: 'Save one frame as PNG, and give that file.' };
}

/** Tags of TIFF 6.0 and of DNG. */
const TAG = { subfileType: 254, subFolders: 330, dngVersion: 50706 } as const;

/**
 * RAW photos in TIFF files (DNG, NEF, ARW and others): their first image is only a small preview, which would be
 * taken for the photo.
 */
function rawPhoto(bytes: Uint8Array): ForeignImage | undefined {
  const little = hasBytes(bytes, 'II*\0');
  if (!little && !hasBytes(bytes, 'MM\0*')) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = bytes.length >= 8 ? view.getUint32(4, little) : bytes.length;
  if (start + 2 > bytes.length) return undefined;
  const tags = new Map<number, number>();
  const count = view.getUint16(start, little);
  for (let index = 0; index < count; index++) {
    const at = start + 2 + index * 12;
    if (at + 12 > bytes.length) break;
    tags.set(view.getUint16(at, little), view.getUint32(at + 8, little));
  }
  const isPreview = tags.get(TAG.subfileType) === 1 && tags.has(TAG.subFolders);
  if (!isPreview && !tags.has(TAG.dngVersion)) return undefined;
  return { what: 'a RAW photo of a camera, which is not read', next: SAVE };
}

/** Netpbm: P1 to P7, PF and Pf, then white space. */
function portablePixels(bytes: Uint8Array): ForeignImage | undefined {
  if (!/^P[1-7Ff][ \t\r\n#]/.test(latin1(bytes, 0, 3))) return undefined;
  return { what: 'a PPM image or one of its kind (Netpbm), which is not read', next: SAVE };
}

function textFile(bytes: Uint8Array): ForeignImage | undefined {
  const start = bytes.subarray(0, TEXT_BYTES);
  if (start.some((byte) => byte < 9 || (byte > 13 && byte < 32))) return undefined;
  const text = new TextDecoder('utf-8')
    .decode(start)
    .replace(/^\uFEFF/, '')
    .trimStart();
  if (/<svg[\s>]/i.test(text)) return undefined;
  if (text === '') return { what: 'a text file of white space', next: GIVE_IMAGE };
  if (text.startsWith('version https://git-lfs')) {
    const next = 'Run "git lfs pull" in its folder.';
    return { what: 'only a Git LFS pointer, not the image', next };
  }
  if (/^<(?:!doctype\s+html|html|head|body|script|title)\b/i.test(text)) {
    const next = 'Open the page in a browser, and save the image itself.';
    return { what: 'a web page (HTML)', next };
  }
  if (/^[{[]/.test(text)) return { what: 'a JSON file', next: GIVE_IMAGE };
  if (text.startsWith('<?xml')) return { what: 'an XML document', next: GIVE_IMAGE };
  // Short or odd bytes are not called text.
  const plain = text.length >= 8 && !text.slice(0, -1).includes('\uFFFD');
  return plain ? { what: 'a text file', next: GIVE_IMAGE } : undefined;
}

const TARGA_FOOTER = 'TRUEVISION-XFILE.\0';
/** With a palette or without, each also compressed. */
const TARGA_KINDS = { mapped: [1, 9], plain: [2, 3, 10, 11] } as const;

/** Targa has no mark at its start: by the footer of its second version, or by plausible values. */
function targa(bytes: Uint8Array): ForeignImage | undefined {
  const found: ForeignImage = { what: 'a Targa image (TGA), which is not read', next: SAVE };
  if (hasBytes(bytes, TARGA_FOOTER, bytes.length - TARGA_FOOTER.length)) return found;
  if (bytes.length < 18) return undefined;
  const [, mapped = 0, kind = 0] = bytes;
  const kinds: readonly number[] = mapped === 1 ? TARGA_KINDS.mapped : TARGA_KINDS.plain;
  // Without a palette, its five bytes are zero. In cursors, which begin alike, they are not.
  const hasPalette = bytes.subarray(3, 8).some((byte) => byte !== 0);
  if (mapped > 1 || !kinds.includes(kind) || hasPalette !== (mapped === 1)) return undefined;
  const hasSize = (bytes[12]! | bytes[13]!) !== 0 && (bytes[14]! | bytes[15]!) !== 0;
  return hasSize && [8, 15, 16, 24, 32].includes(bytes[16]!) ? found : undefined;
}

function latin1(bytes: Uint8Array, start: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(start, start + length));
}
