import { isUtf8 } from 'node:buffer';
import path from 'node:path';
import { EaselError, type ErrorCode } from '../../core/errors';
import { hasBytes, matchSignature, type Signature } from '../../core/file-signature';
import { FileReader } from '../io/file-reader';
import { isGguf } from './gguf-cursor';
import { readGgufStart } from './gguf-facts';

/** The formats of weights that Easel reads. */
export type WeightFormat = 'safetensors' | 'torch' | 'gguf';

/** A file that holds no weights that Easel reads: what it is, and what the user can do. */
export interface ForeignFile {
  readonly code: ErrorCode;
  /** Goes on after "x is ": "a GGUF file (…)". */
  readonly what: string;
  /** Whole sentences. */
  readonly next: string;
}

/** Enough for every signature, and for the class in a config. */
export const START_BYTES = 4096;

/** The format's own limit (safetensors/src/tensor.rs, MAX_HEADER_SIZE). */
export const MAX_SAFETENSORS_HEADER = 100_000_000;

/**
 * Tells the format of a file of weights by its contents; the name does not matter.
 * @throws EaselError naming what the file is, if it is known and holds no weights; `model-incomplete` (no such
 *   file, a Git LFS pointer, an unfinished download), `bad-file`
 */
export async function weightFormat(file: string): Promise<WeightFormat> {
  return FileReader.use(file, async (reader) => {
    const start = await reader.read(0, Math.min(reader.size, START_BYTES));
    refuseForeign(file, start);
    if (isSafetensors(start)) return 'safetensors';
    if (isGguf(start)) return 'gguf';
    // A damaged file is refused by the reader of what its name says.
    return isTorch(start) || !file.endsWith('.safetensors') ? 'torch' : 'safetensors';
  });
}

/**
 * Refuses a file that is something else than weights, before it is called damaged: GGUF, a web page, a config,
 * an archive, an unfinished download and others.
 * @param start the file's first `START_BYTES` bytes, or all of a shorter file
 * @throws EaselError as `weightFormat`
 */
export function refuseForeign(file: string, start: Buffer): void {
  const found = foreignKind(file, start);
  if (found === undefined) return;
  throw new EaselError(found.code, `${file} is ${found.what}. ${found.next}`, { path: file });
}

/** What a file is, by its name and its first bytes; undefined for weights and for what is not known. */
export function foreignKind(file: string, start: Buffer): ForeignFile | undefined {
  const name = path.basename(file);
  const partial = partialDownload(name, start);
  if (partial) return partial;
  if (isSafetensors(start) || isTorch(start)) return undefined;
  return binaryKind(start) ?? textKind(name, start) ?? namedKind(name, start);
}

/** Whether a file begins as safetensors: the header's length, then a brace. No text begins so. */
export function isSafetensors(start: Buffer): boolean {
  if (start.length < 9 || start[8] !== 0x7b) return false;
  return start.readBigUInt64LE(0) <= BigInt(MAX_SAFETENSORS_HEADER);
}

/** Whether a file begins as a zip file or a pickle, as all of PyTorch's files do. */
function isTorch(start: Buffer): boolean {
  const [first = 0, second = 0] = start;
  return hasBytes(start, 'PK\x03\x04') || (first === 0x80 && second >= 2 && second <= 5);
}

const AGAIN = 'Download the model again.';
const AS_SAFETENSORS = 'Use the model as safetensors.';
const UNPACK = 'Unpack it, and give the folder with model_index.json or the file of weights in it.';
const NO_WEIGHTS = 'Give the file of weights (.safetensors) or the folder of the model.';

/** Whether a file's name is the one that a browser or another program gives to a download that is not finished. */
export function isPartialName(name: string): boolean {
  return /\.(incomplete|part|partial|crdownload|opdownload|download|aria2|!ut|tmp)$/i.test(name);
}

function partialDownload(name: string, start: Buffer): ForeignFile | undefined {
  const next = 'Wait until it is finished, or download the file again.';
  if (isPartialName(name)) {
    return { code: 'model-incomplete', what: 'a download that is not finished', next };
  }
  if (start.length === 0) {
    return { code: 'bad-file', what: 'empty (0 bytes, too few for weights)', next };
  }
  if (start.length >= 64 && start.every((byte) => byte === 0)) {
    return { code: 'model-incomplete', what: 'filled with zeros where its contents should begin, as an unfinished download is', next }; // prettier-ignore
  }
  if (hasBytes(start, 'version https://git-lfs')) {
    return { code: 'model-incomplete', what: 'only a Git LFS pointer, not the weights', next: `Run "git lfs pull" in the model's folder, or download the model again.` }; // prettier-ignore
  }
  return undefined;
}

/** Formats by their first bytes (Latin-1). */
const SIGNATURES: readonly Signature[] = [
  ...['lmgg', 'fmgg', 'tjgg', 'algg', 'ggml', 'ggjt', 'ggmf'].map((magic): Signature => [
    magic,
    'a GGML file (of an old stable-diffusion.cpp), which Easel does not read',
    AS_SAFETENSORS,
  ]),
  ['\x89HDF\r\n', 'an HDF5 file (weights of Keras), which Easel does not read', AS_SAFETENSORS],
  ['\x93NUMPY', 'a NumPy array, which Easel does not read', AS_SAFETENSORS],
  ['TFL3', 'a TensorFlow Lite model, which Easel does not read', AS_SAFETENSORS, 4],
  ['ftrt', 'a TensorRT engine, which runs on one graphics card only', AS_SAFETENSORS],
  ['ptrt', 'a TensorRT engine, which runs on one graphics card only', AS_SAFETENSORS],
  ['7z\xbc\xaf\x27\x1c', 'an archive (7-Zip)', UNPACK],
  ['Rar!\x1a\x07', 'an archive (RAR)', UNPACK],
  ['\x1f\x8b', 'an archive (gzip)', UNPACK],
  ['\xfd7zXZ\0', 'an archive (xz)', UNPACK],
  ['\x28\xb5\x2f\xfd', 'an archive (Zstandard)', UNPACK],
  ['BZh', 'an archive (bzip2)', UNPACK],
  ['ustar', 'an archive (tar)', UNPACK, 257],
  ['PK\x05\x06', 'an empty zip archive', AGAIN],
  ['\x89PNG\r\n', 'an image (PNG), not a model', NO_WEIGHTS],
  ['\xff\xd8\xff', 'an image (JPEG), not a model', NO_WEIGHTS],
  ['GIF8', 'an image (GIF), not a model', NO_WEIGHTS],
  ['WEBP', 'an image (WebP), not a model', NO_WEIGHTS, 8],
  ['ftypavif', 'an image (AVIF), not a model', NO_WEIGHTS, 4],
  ['ftyp', 'a video or an image, not a model', NO_WEIGHTS, 4],
  ['%PDF-', 'a PDF document, not a model', NO_WEIGHTS],
  ['\x7fELF', 'a program or a library, not a model', NO_WEIGHTS],
  ['MZ', 'a program (Windows), not a model', NO_WEIGHTS],
  ['\xcf\xfa\xed\xfe', 'a program (macOS), not a model', NO_WEIGHTS],
  ['\xca\xfe\xba\xbe', 'a program (macOS), not a model', NO_WEIGHTS],
  ['SQLite format 3\0', 'a database (SQLite), not a model', NO_WEIGHTS],
  ['d8:announce', 'a torrent, not a model', 'Download the model that it describes.'],
  ['L\0\0\0\x01\x14\x02\0', 'a shortcut (Windows), not a model', 'Give the file that it leads to.'],
  [
    'bplist00',
    'a property list or a link of macOS, not a model',
    'Give the file that it leads to.',
  ],
  [
    '\0\x05\x16\x07',
    'a side file of macOS, not a model',
    'Give the file of the same name without "._" before it.',
  ],
];

/** Names that city96's ComfyUI-GGUF (tools/convert.py) and others give to families, and those that users know. */
const OTHER_ARCHITECTURES: ReadonlyMap<string, string> = new Map([
  ['aura', 'AuraFlow'],
  ['chroma', 'Chroma'],
  ['cosmos', 'Cosmos'],
  ['flux', 'FLUX'],
  ['flux2', 'FLUX.2'],
  ['hidream', 'HiDream'],
  ['hyvid', 'HunyuanVideo'],
  ['ltxv', 'LTX'],
  ['lumina2', 'Lumina or Z-Image'],
  ['pixart', 'PixArt'],
  ['qwen_image', 'Qwen-Image'],
  ['sana', 'Sana'],
  ['sd3', 'Stable Diffusion 3 or 3.5'],
  ['wan', 'Wan'],
  ['z_image', 'Z-Image'],
]);

/**
 * A GGUF file of another family, with what it says of itself; undefined where its tensors must tell what it is: files of
 * stable-diffusion.cpp name no architecture, and other tools give names of their own.
 */
function ggufKind(start: Buffer): ForeignFile | undefined {
  const { architecture, quantisation } = readGgufStart(start);
  const family = OTHER_ARCHITECTURES.get(architecture);
  if (family === undefined) return undefined;
  const facts = [
    `architecture ${architecture}`,
    ...(quantisation === '' ? [] : [`weights in ${quantisation}`]),
  ];
  return {
    code: 'unsupported-model',
    what: `a GGUF file (${facts.join(', ')}) of ${family}, which Easel does not draw`,
    next: 'Easel draws Stable Diffusion 1, 2 and XL.',
  };
}

function binaryKind(start: Buffer): ForeignFile | undefined {
  if (isGguf(start)) return ggufKind(start);
  const found = matchSignature(start, SIGNATURES);
  if (found) return { code: 'unsupported-model', ...found };
  return isOnnx(start) ? ONNX : undefined;
}

const ONNX: ForeignFile = {
  code: 'unsupported-model',
  what: 'one ONNX graph, and a model consists of several',
  next: 'Give the folder that holds model_index.json.',
};

/** A ModelProto as every exporter writes it: ir_version, then the producer, the graph or the operator sets. */
function isOnnx(start: Buffer): boolean {
  const [tag, version = 0, next = 0] = start;
  const fields = [0x12, 0x1a, 0x22, 0x28, 0x32, 0x3a, 0x42];
  return tag === 0x08 && version >= 1 && version <= 20 && fields.includes(next);
}

function textKind(name: string, start: Buffer): ForeignFile | undefined {
  const text = start.toString('utf8').replace(/^\ufeff/, '').trimStart(); // prettier-ignore
  if (/^<(!doctype\s+html|html|head|body|script|title)\b/i.test(text)) return WEB_PAGE;
  if (/^<\?xml|^<(Error|plist|svg)\b/.test(text)) return xmlKind(text);
  if (/^\[InternetShortcut\]|^\[Desktop Entry\]/.test(text)) {
    const next = 'Download the file that it leads to, and give that file.';
    return { code: 'unsupported-model', what: 'a shortcut to a web page, not a model', next };
  }
  if (/^[{[]/.test(text) && isText(start)) return jsonKind(name, text);
  return undefined;
}

const WEB_PAGE: ForeignFile = {
  code: 'bad-file',
  what: 'a web page (HTML), not weights',
  next:
    'The site may want you to sign in or to agree to its terms, or the address was that of a page. Open it in a ' +
    'browser, and download the file itself.',
};

function xmlKind(text: string): ForeignFile {
  if (/<html\b/i.test(text)) return WEB_PAGE;
  if (/<plist\b/.test(text)) {
    const next = 'Download the file that it leads to, and give that file.';
    return { code: 'unsupported-model', what: 'a link or settings of macOS (plist)', next };
  }
  if (/<svg\b/.test(text)) {
    return { code: 'unsupported-model', what: 'an image (SVG), not a model', next: NO_WEIGHTS };
  }
  const next =
    'It may be the answer of a server that refused the download. Download the file again.';
  return { code: 'bad-file', what: 'an XML document, not weights', next };
}

function jsonKind(name: string, text: string): ForeignFile {
  const code = 'unsupported-model';
  const [, className = ''] = /"_class_name"\s*:\s*"(\w{1,80})"/.exec(text) ?? [];
  const [, architecture = ''] = /"architectures"\s*:\s*\[\s*"(\w{1,80})"/.exec(text) ?? [];
  if (name === 'model_index.json' || className.endsWith('Pipeline')) {
    const what = `the index of a diffusers folder${className ? ` (${className})` : ''}, not the weights`;
    return { code, what, next: 'Give the folder that holds it.' };
  }
  if (name.endsWith('.index.json') || /"weight_map"\s*:/.test(text)) {
    const what = 'the index of weights in several files, not the weights';
    return { code, what, next: 'Give the folder that holds model_index.json.' };
  }
  const part = className || architecture;
  if (part !== '') {
    const next = 'Give the folder that holds model_index.json.';
    return { code, what: `the config of one part of a model (${part})`, next };
  }
  if (/"(class_type|last_node_id|workflow)"\s*:/.test(text)) {
    const next = 'Easel reads the recipe of an image that was drawn with it (easel recipe).';
    return { code, what: 'a workflow of ComfyUI, not a model', next };
  }
  if (/^\{\s*"(error|message|detail|errors)"\s*:/.test(text)) {
    const next = 'Sign in there if the site needs it, and download the file again.';
    return { code: 'bad-file', what: 'the answer of a server that refused the download', next };
  }
  return {
    code: 'bad-file',
    what: 'a JSON file, not a PyTorch checkpoint or safetensors',
    next: NO_WEIGHTS,
  };
}

/** What only the name tells. */
function namedKind(name: string, start: Buffer): ForeignFile | undefined {
  const code = 'unsupported-model';
  if (/\.ya?ml$/i.test(name)) {
    return { code, what: 'a config (YAML), not weights', next: NO_WEIGHTS };
  }
  if (/\.onnx(_data)?$|\.onnx\.data$|^weights\.pb$/i.test(name)) return ONNX;
  if (/\.msgpack$/i.test(name)) {
    const what = 'a file of Flax weights (msgpack), which Easel does not read';
    return { code, what, next: AS_SAFETENSORS };
  }
  if (/\.(engine|plan|trt)$/i.test(name)) {
    const what = 'a TensorRT engine, which runs on one graphics card only';
    return { code, what, next: AS_SAFETENSORS };
  }
  if (isText(start)) {
    const next = `It may be the answer of a server that refused the download. ${NO_WEIGHTS}`;
    return { code: 'bad-file', what: 'a text file, not weights', next };
  }
  return undefined;
}

/** Whether the bytes are text (some words at least): UTF-8 without control characters except lines and tabs. */
function isText(start: Buffer): boolean {
  if (start.length < 8) return false;
  const printable = (byte: number) => byte >= 0x20 || (byte >= 0x09 && byte <= 0x0d);
  // The last character may be cut off.
  const ends = start.length < START_BYTES ? [0] : [0, 1, 2, 3];
  return (
    start.every(printable) && ends.some((cut) => isUtf8(start.subarray(0, start.length - cut)))
  );
}
