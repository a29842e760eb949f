import { statSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { EaselError } from '../core/errors';
import {
  formatOfFileName,
  IMAGE_FORMATS,
  IMAGE_FORMAT_NAMES,
  type ImageFormat,
} from '../core/image/formats';

/**
 * A path that was typed, with `~` as the home folder. Shells do that only at the beginning of an argument, not in
 * `--output=~/images` and not in quotes.
 */
export function expandHome(typed: string): string {
  return typed.replace(/^~(?=$|[/\\])/, () => homedir());
}

/**
 * The folder that an option names for saving.
 * @throws EaselError `bad-request` for `~user`, which would become a folder of that name
 */
export function outputFolder(typed: string): string {
  if (/^~[^/\\]/.test(typed)) {
    throw new EaselError(
      'bad-request',
      `--output: "${typed}" is not read as another user's home folder. Write the whole path, or ./${typed}`,
    );
  }
  return expandHome(typed);
}

/** Where `--output` says to save: in a folder, or in one file there. */
export interface OutputPlace {
  readonly folder: string;
  readonly file?: { readonly name: string; readonly format: ImageFormat };
}

/** Image formats that other programs write, as endings of file names. */
const OTHER_FORMATS =
  /\.(apng|bmp|eps|exr|gif|hdr|heic|heif|ico|jfif|jp2|jpe|jxl|pdf|pgm|pnm|ppm|psd|qoi|tga|tiff?)$/i;

/**
 * Reads `--output`. A name with the ending of an image format is a file, unless there is a folder of that name or
 * a slash at its end; everything else is a folder.
 * @throws EaselError `bad-request` for the ending of a format that is not written
 */
export function outputPlace(typed: string): OutputPlace {
  const whole = outputFolder(typed);
  if (/[/\\]$/.test(whole) || isFolder(whole)) return { folder: whole };
  const format = formatOfFileName(whole);
  const name = path.basename(whole);
  if (format) return { folder: path.dirname(whole), file: { name, format } };
  const [ending] = OTHER_FORMATS.exec(name) ?? [];
  if (ending === undefined) return { folder: whole };
  const endings = IMAGE_FORMAT_NAMES.map((known) => `.${IMAGE_FORMATS[known].extensions[0]}`);
  throw new EaselError(
    'bad-request',
    `--output: ${ending} files are not written; take ${endings.join(', ')}. For a folder: --output ${typed}/`,
  );
}

function isFolder(place: string): boolean {
  try {
    return statSync(place).isDirectory();
  } catch {
    return false;
  }
}
