import { isAvif, readAvifBlocks } from './files/avif';
import { fromUtf8, MAX_TEXT_BYTES, toUtf8 } from './files/byte-reader';
import { readExif, readPrefixed, writeExif } from './files/exif';
import { isJpeg, readJpegBlocks, writeJpegBlocks, type MetadataBlocks } from './files/jpeg';
import { isPng, readPngTexts, writePngTexts } from './files/png';
import { isWebp, readWebpBlocks, writeWebpBlocks } from './files/webp';
import { isSvg, readSvgPacket, writeSvgPacket } from './files/svg';
import { readSdCppXmp, readXmp, writeXmp, XMP_KEYWORD } from './files/xmp';
import { EASY_DIFFUSION_KEYWORDS } from './readers/easy-diffusion';

/** The keyword of Easel's own record. */
export const EASEL = 'easel';
/** AUTOMATIC1111's keyword, which many tools use. */
export const PARAMETERS = 'parameters';

/** The keywords of PNG texts that the readers know. Others are not unpacked. */
export const KEYWORDS: ReadonlySet<string> = new Set([
  ...[EASEL, PARAMETERS, 'invokeai_metadata', 'sd-metadata', 'Dream', 'prompt', XMP_KEYWORD],
  ...['Software', 'Description', 'Comment', 'Source'],
  ...EASY_DIFFUSION_KEYWORDS,
]);

/** The texts that Easel writes into a file. */
export interface WrittenTexts {
  readonly parameters: string;
  readonly easel: string;
}

/**
 * Reads the texts of an image file, by their PNG keywords. In JPEG, WebP and AVIF files, `parameters` is the EXIF
 * comment and Easel's record is in XMP. An SVG has only XMP.
 * @returns undefined for other files
 */
export function readTexts(bytes: Uint8Array): ReadonlyMap<string, string> | undefined {
  if (isPng(bytes)) return readPngTexts(bytes, KEYWORDS);
  if (isJpeg(bytes)) return readBlocks(readJpegBlocks(bytes));
  if (isWebp(bytes)) return readBlocks(readWebpBlocks(bytes));
  if (isAvif(bytes)) return readBlocks(readAvifBlocks(bytes));
  if (isSvg(bytes)) return readBlocks({ xmp: readSvgPacket(bytes) });
  return undefined;
}

/**
 * The same file with these texts. Pixels and all other metadata do not change.
 * @returns undefined for other files than PNG, JPEG, WebP and SVG, and for damaged files
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

/** Makes the EXIF and XMP blocks with these texts. */
export function makeBlocks(texts: WrittenTexts): Required<MetadataBlocks> {
  return { exif: writeExif(texts.parameters), xmp: toUtf8(writeXmp(texts.easel)) };
}

/** Reads the texts in EXIF and XMP blocks. */
function readBlocks({ exif, xmp }: MetadataBlocks): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  const set = (keyword: string, text: string | undefined) => {
    if (text && !texts.has(keyword)) texts.set(keyword, text);
  };
  if (xmp && xmp.length <= MAX_TEXT_BYTES) {
    const packet = fromUtf8(xmp);
    set(EASEL, readXmp(packet));
    set(PARAMETERS, readSdCppXmp(packet));
    set(XMP_KEYWORD, packet);
  }
  if (exif) {
    const { userComment, makerNote, others } = readExif(exif);
    set(PARAMETERS, userComment);
    set('fooocus_scheme', makerNote);
    set('prompt', readPrefixed(others, 'prompt'));
  }
  return texts;
}
