import { isAvif, readAvifBlocks } from './files/avif';
import { fromUtf8, toUtf8 } from './files/byte-reader';
import { readExif, readPrefixed, writeExif } from './files/exif';
import { isJpeg, readJpegBlocks, writeJpegBlocks, type MetadataBlocks } from './files/jpeg';
import { isPng, readPngTexts, writePngTexts } from './files/png';
import { isWebp, readWebpBlocks, writeWebpBlocks } from './files/webp';
import { isSvg, readSvgPacket, writeSvgPacket } from './files/svg';
import { readSdCppXmp, readXmp, writeXmp } from './files/xmp';

/** The keyword of Easel's own record. */
export const EASEL = 'easel';
/** The keyword that AUTOMATIC1111 made the usual one. */
export const PARAMETERS = 'parameters';

/** What Easel writes into a file. */
export interface WrittenTexts {
  readonly parameters: string;
  readonly easel: string;
}

/**
 * The texts in a picture's file by the keywords they have in PNG. In JPEG and WebP the EXIF comment is
 * `parameters`, and XMP carries Easel's record; AVIF has both too, and SVG a packet of XMP.
 * @returns undefined for a file that is none of these
 */
export function readTexts(bytes: Uint8Array): ReadonlyMap<string, string> | undefined {
  if (isPng(bytes)) return readPngTexts(bytes);
  if (isJpeg(bytes)) return readBlocks(readJpegBlocks(bytes));
  if (isWebp(bytes)) return readBlocks(readWebpBlocks(bytes));
  if (isAvif(bytes)) return readBlocks(readAvifBlocks(bytes));
  if (isSvg(bytes)) return readBlocks({ xmp: readSvgPacket(bytes) });
  return undefined;
}

/**
 * The same file with these texts; pixels and all other metadata stay byte for byte.
 * @returns undefined for a file that is no PNG, JPEG, WebP or SVG, or is damaged
 */
export function writeTexts(bytes: Uint8Array, texts: WrittenTexts): Uint8Array | undefined {
  if (isPng(bytes)) {
    const entries = new Map([
      [PARAMETERS, texts.parameters],
      [EASEL, texts.easel],
    ]);
    return writePngTexts(bytes, entries);
  }
  if (isJpeg(bytes)) return writeJpegBlocks(bytes, makeBlocks(texts));
  if (isWebp(bytes)) return writeWebpBlocks(bytes, makeBlocks(texts));
  if (isSvg(bytes)) return writeSvgPacket(bytes, makeBlocks(texts).xmp);
  return undefined;
}

/** The blocks of EXIF and XMP that hold these texts. */
export function makeBlocks(texts: WrittenTexts): Required<MetadataBlocks> {
  return { exif: writeExif(texts.parameters), xmp: toUtf8(writeXmp(texts.easel)) };
}

/** The texts in blocks of EXIF and XMP. */
function readBlocks({ exif, xmp }: MetadataBlocks): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  const set = (keyword: string, text: string | undefined) => {
    if (text && !texts.has(keyword)) texts.set(keyword, text);
  };
  if (xmp) {
    const packet = fromUtf8(xmp);
    set(EASEL, readXmp(packet));
    set(PARAMETERS, readSdCppXmp(packet));
  }
  if (exif) {
    const { userComment, makerNote, others } = readExif(exif);
    set(PARAMETERS, userComment);
    set('fooocus_scheme', makerNote);
    set('prompt', readPrefixed(others, 'prompt'));
  }
  return texts;
}
