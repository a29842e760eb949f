import type { EaselError } from '../../core/errors';
import { toEaselError } from '../../core/errors';
import type { EngineClient } from '../../client/engine-client';
import { readRequestFiles, type GenerateCommand } from './arguments';
import { prepareFolder, saveImage } from './image-file';
import type { Output } from '../output';

/**
 * Draws and saves; each picture is on disk before it is reported. A new folder that none came to goes again.
 * @throws EaselError; a failed save stops the job
 */
export async function generate(
  engine: EngineClient,
  command: GenerateCommand,
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  const request = await readRequestFiles(command);
  const takeAway = await prepareFolder(command.output);
  const stop = new AbortController();
  const forward = () => stop.abort();
  signal.addEventListener('abort', forward, { once: true });
  let saving = Promise.resolve();
  let failed: EaselError | undefined;
  try {
    // The process ends with this job, so nothing is worth keeping in memory.
    const job = { request, keepLoaded: false };
    const summary = await engine.call('generate', job, {
      signal: stop.signal,
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
    // A save that failed cancelled the job; the save is what went wrong.
    if (!failed) throw thrown;
  } finally {
    signal.removeEventListener('abort', forward);
    await takeAway();
  }
  if (failed) throw failed;
}
