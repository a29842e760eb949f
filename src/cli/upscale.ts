import path from 'node:path';
import { DEVICE_LIST } from '../core/devices';
import { parseLoad, type EngineLoad } from '../core/engine-load';
import { EaselError } from '../core/errors';
import { IMAGE_FORMATS } from '../core/image/formats';
import { readFormat, readNumber, readUpscaling, readWord } from '../core/request/option-values';
import {
  assertUpscale,
  factorSuffix,
  PIXEL_FORMATS,
  UPSCALE_PRECISIONS,
  type UpscaleInput,
} from '../core/upscale';
import type { Engine } from '../client/engine';
import type { UpscaledImage } from '../protocol/engine';
import { prepareFolder, saveAs } from './image-file';
import { nameImageFile, readImageFile } from './input-file';
import type { Output } from './output';
import { parseOptions, type OptionSpecs } from './parse-options';
import { expandHome, outputPlace, type OutputPlace } from './paths';

export const UPSCALE_USAGE = `easel upscale: makes an existing image larger.

  easel upscale FILE [options]          with a model of the ESRGAN family, or without one by resampling

Options
  --model MODEL[:FACTOR]  an upscaler: a file, a folder, a repository id in the cache, or org/name/file
  --factor X              how many times as wide and high, 1 to 8 (default: the model's; 2 without one)
  --output DIR            where to save (default: the current folder); or one file, such as out.png
  --format NAME           ${PIXEL_FORMATS.join(', ')} (default: that of the image, else png)
  --device NAME           auto (default), ${DEVICE_LIST}
  --precision NAME        ${UPSCALE_PRECISIONS.join(', ')} (default auto)
  --threads N             processor threads (default: auto, all that the machine or its container allows)
  --priority NAME         normal, or low: other programs come first (default: normal)
  --json                  JSON lines on standard output, progress on standard error
`;

export interface UpscaleCommand {
  readonly verb: 'upscale';
  readonly file: string;
  /** Checked; without the file's bytes. */
  readonly request: Omit<UpscaleInput, 'file'>;
  readonly output: OutputPlace;
  readonly load: EngineLoad;
  readonly json: boolean;
}

const TEXT = { type: 'string' } as const;
const OPTIONS: OptionSpecs = {
  ...{ model: TEXT, factor: TEXT, output: TEXT, format: TEXT, device: TEXT, precision: TEXT },
  ...{ threads: TEXT, priority: TEXT },
  json: { type: 'boolean' },
};

/** @throws EaselError `bad-request` naming the argument */
export function parseUpscaleCommand(args: readonly string[]): UpscaleCommand {
  const { values, positionals } = parseOptions(args, OPTIONS, true);
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) {
    throw new EaselError('bad-request', 'Name one image: easel upscale FILE');
  }
  const typed = (name: string): string[] => {
    const { [name]: value } = values;
    return typeof value === 'string' ? [value] : [];
  };
  const read = <Value>(name: string, reader: (typed: string[], name: string) => Value) =>
    typed(name).length === 0 ? undefined : reader(typed(name), name);
  const output = outputPlace(typed('output')[0] ?? '.');
  const format = read('format', readFormat);
  if (output.file && format !== undefined && output.file.format !== format) {
    const message = `--output ${output.file.name} is a ${output.file.format} file, and --format says otherwise.`;
    throw new EaselError('bad-request', message, { field: 'format' });
  }
  const { model, factor } = read('model', readUpscaling) ?? {};
  const request = defined({
    model: model === undefined ? undefined : expandHome(model),
    factor: read('factor', readNumber) ?? factor,
    format: output.file?.format ?? format,
    device: read('device', readWord),
    precision: read('precision', readWord),
  });
  assertUpscale(request);
  return {
    ...{ verb: 'upscale', file: expandHome(file), request, output },
    load: parseLoad(values),
    json: values.json === true,
  };
}

function defined(values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/**
 * Makes an image larger and saves it under a new name.
 * @throws EaselError
 */
export async function upscale(
  engine: Engine,
  { file, request, output: place }: UpscaleCommand,
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  const bytes = await readImageFile(file);
  const names = place.file ? [place.file.name] : [];
  const removeIfEmpty = await prepareFolder(place.folder, names, LONGEST_NAME);
  try {
    const asked = { ...request, file: bytes };
    const onEvent = output.event.bind(output);
    const made = await engine
      .call('upscale', asked, { signal, onEvent })
      .catch((thrown: unknown) => {
        throw nameImageFile(thrown, { image: file });
      });
    const { width, height, bytes: image, ...summary } = made;
    const saved = await saveAs(place.folder, names[0] ?? nameOf(file, made), image);
    output.image({ path: saved, width, height });
    output.upscaled(summary);
  } finally {
    await removeIfEmpty();
  }
}

/** Bytes: what other systems take for a name. */
const LONGEST_NAME = 200;

/** `photo-4x.png` for `photo.jpg` that becomes four times as large. */
function nameOf(
  file: string,
  { factor, format }: Pick<UpscaledImage, 'factor' | 'format'>,
): string {
  return `${path.parse(file).name}${factorSuffix(factor)}.${IMAGE_FORMATS[format].extensions[0]}`;
}
