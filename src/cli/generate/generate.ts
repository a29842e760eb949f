import { toEaselError, type EaselError } from '../../core/errors';
import { imageFileName, numberedPath } from '../../core/file-name';
import { DEFAULT_FORMAT } from '../../core/image/formats';
import { controlImageName } from '../../core/request/controls';
import { ipAdapterImageName } from '../../core/request/ip-adapters';
import type { GenerationRequestInput } from '../../core/request/request';
import type { Engine } from '../../client/engine';
import { readRequestFiles, type GenerateCommand } from './arguments';
import type { RequestFiles } from './options';
import { prepareFolder, saveAs, saveImage } from '../image-file';
import { nameImageFile } from '../input-file';
import type { Output } from '../output';

/**
 * Draws and saves. Each image is on disk before it is reported. A new folder is removed if it stays empty.
 * @throws EaselError; a failed save stops the job
 */
export async function generate(
  engine: Engine,
  command: GenerateCommand,
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  const request = { ...command.request, ...(await readRequestFiles(command.files)) };
  const { folder } = command.output;
  const names = fileNames(command);
  const removeIfEmpty = await prepareFolder(folder, names, longestName(request));
  const stop = new AbortController();
  let saving = Promise.resolve();
  let failed: EaselError | undefined;
  try {
    // The process ends with this job, so nothing needs to stay in memory.
    const job = { request, keepLoaded: false, relativePaths: true };
    const summary = await engine.call('generate', job, {
      signal: AbortSignal.any([signal, stop.signal]),
      onEvent: (event) => {
        output.event(event);
        if (event.event !== 'image') return;
        const { seed, width, height, knowledge, flagged } = event;
        saving = saving
          .then(async () => {
            const name = names[event.image];
            const path =
              name === undefined
                ? await saveImage(folder, request.prompt, event)
                : await saveAs(folder, name, event.bytes);
            output.image({
              ...{ path, width, height },
              ...(seed !== undefined && { seed }),
              ...(knowledge && { knowledge }),
              ...(flagged && { flagged }),
            });
          })
          .catch((thrown: unknown) => {
            failed ??= toEaselError(thrown);
            stop.abort();
          });
      },
    });
    await saving;
    if (!failed) output.done(summary);
  } catch (thrown) {
    await saving;
    // A failed save has cancelled the job: report the save, not the cancellation.
    if (!failed) throw nameFiles(thrown, command.files);
  } finally {
    await removeIfEmpty();
  }
  if (failed) throw failed;
}

/** An error of an image file, with the name of the file that was given. */
export function nameFiles(thrown: unknown, files: RequestFiles): unknown {
  const { initImage, mask, controlImages = [], ipAdapterImages = [] } = files;
  const named = (given: readonly string[], nameOf: (index: number) => string) =>
    Object.fromEntries(given.map((file, index) => [nameOf(index), file]));
  return nameImageFile(thrown, {
    ...named(controlImages, controlImageName),
    ...named(ipAdapterImages, ipAdapterImageName),
    ...{ 'initial image': initImage, mask },
  });
}

/** Images of one prompt in a folder: their numbers are as long at most. */
const MOST_COPIES = 99_999;

/** Bytes of the longest name that an image of a request can get. */
export function longestName({ prompt, format = DEFAULT_FORMAT }: GenerationRequestInput): number {
  return Buffer.byteLength(imageFileName(prompt, format, MOST_COPIES));
}

/** The names of the files that `--output` asks for, one for each image; none where it names a folder. */
function fileNames({ output: { file }, request }: GenerateCommand): readonly string[] {
  if (!file) return [];
  const count = request.numImages ?? 1;
  if (count === 1) return [file.name];
  return Array.from({ length: count }, (_, image) => numberedPath(file.name, image + 1));
}
