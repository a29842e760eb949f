import { toEaselError, type EaselError } from '../../core/errors';
import type { Engine } from '../../client/engine';
import { readRequestFiles, type GenerateCommand } from './arguments';
import { prepareFolder, saveImage } from '../image-file';
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
  const request = await readRequestFiles(command);
  const removeIfEmpty = await prepareFolder(command.output);
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
        const { seed, width, height } = event;
        saving = saving
          .then(async () => {
            const path = await saveImage(command.output, request.prompt, event);
            output.image({ path, seed, width, height });
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
    if (!failed) throw thrown;
  } finally {
    await removeIfEmpty();
  }
  if (failed) throw failed;
}
