import { cancelled, EaselError, toEaselError } from '../../../core/errors';
import type { DownloadEvent } from '../../../protocol/store';
import type { FileSource } from '../hub/connection';
import type { HubFile } from '../hub/hub-client';
import { downloadFile, type FilePlace } from './file-download';
import { diskError } from './partial-file';
import { Progress } from './progress';

export interface DownloadContext {
  readonly signal: AbortSignal;
  readonly emit: (event: DownloadEvent) => void;
  readonly env?: NodeJS.ProcessEnv;
  /** Seconds before a file's second attempt. */
  readonly retrySeconds?: number;
}

export interface FilesToFetch {
  /** What is downloaded, for the events. */
  readonly id: string;
  readonly files: readonly HubFile[];
  readonly place: FilePlace;
  /** Bytes that are here before it begins, by path. */
  readonly presentBytes: ReadonlyMap<string, number>;
  readonly sourceOf: (file: HubFile) => FileSource;
  /** Called with each file that is complete. */
  readonly onComplete?: (file: HubFile) => Promise<void>;
}

/** Parallel downloads: more are not faster. */
const PARALLEL = 4;
const PROGRESS_MS = 250;
const SMALL_BYTES = 1e6;

/**
 * Fetches files, several at a time, and reports their progress. Aborting keeps what has arrived.
 * @returns bytes that came over the network
 * @throws EaselError of the first file that failed; `cancelled` after an abort
 */
export async function fetchFiles(
  { id, files, place, presentBytes, sourceOf, onComplete }: FilesToFetch,
  context: DownloadContext,
): Promise<number> {
  const progress = new Progress(files.reduce((sum, { bytes }) => sum + bytes, 0));
  for (const [path, bytes] of presentBytes) progress.set(path, bytes);
  // The first failure stops the others; what has arrived is kept.
  const stop = new AbortController();
  const forward = () => stop.abort();
  if (context.signal.aborted) forward();
  context.signal.addEventListener('abort', forward);
  let filesDone = 0;
  const report = () => {
    const { bytes, totalBytes } = progress;
    const rate = progress.rate(performance.now());
    context.emit({
      event: 'progress',
      id,
      bytes,
      totalBytes,
      filesDone,
      files: files.length,
      ...rate,
    });
  };
  const timer = setInterval(report, PROGRESS_MS);
  const queue = inOrder(files);
  const failures: EaselError[] = [];
  const work = async () => {
    for (let file = queue.shift(); file && !stop.signal.aborted; file = queue.shift()) {
      const { path, bytes } = file;
      try {
        await downloadFile({
          source: sourceOf(file),
          place,
          file,
          signal: stop.signal,
          onBytes: (here) => progress.set(path, here),
          onFetched: (received) => progress.addFetched(received),
          onWaiting: (seconds, reason) =>
            context.emit({ event: 'waiting', id, path, seconds, reason }),
          ...(context.retrySeconds !== undefined && { retrySeconds: context.retrySeconds }),
        });
        await onComplete?.(file);
        filesDone += 1;
        context.emit({ event: 'file', id, path, bytes });
      } catch (thrown) {
        failures.push(isDiskCode(thrown) ? diskError(thrown) : toEaselError(thrown));
        stop.abort();
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: PARALLEL }, work));
  } finally {
    clearInterval(timer);
    context.signal.removeEventListener('abort', forward);
  }
  if (context.signal.aborted) throw cancelled();
  const failure = failures.find(({ code }) => code !== 'cancelled') ?? failures[0];
  if (failure) throw failure;
  report();
  return progress.fetchedBytes;
}

/** Small files first, which show at once whether the hub gives access; then the largest first. */
function inOrder(files: readonly HubFile[]): HubFile[] {
  const small = files.filter(({ bytes }) => bytes < SMALL_BYTES);
  const large = files.filter(({ bytes }) => bytes >= SMALL_BYTES);
  return [...small, ...large.sort((a, b) => b.bytes - a.bytes)];
}

function isDiskCode(thrown: unknown): boolean {
  const { code } = thrown as NodeJS.ErrnoException;
  return !(thrown instanceof EaselError) && typeof code === 'string' && /^E[A-Z]+$/.test(code);
}
