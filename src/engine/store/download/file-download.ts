import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { EaselError, cancelled } from '../../../core/errors';
import { oneLine } from '../../../core/shown-text';
import { FileLock } from '../file-lock';
import type { FileSource } from '../hub/connection';
import type { HubFile } from '../hub/hub-client';
import { errorOfConnection } from '../hub/hub-errors';
import { Backoff, MAX_WAIT_SECONDS } from '../hub/retry';
import { PartialFile } from './partial-file';

/** Where the files of a download are kept. */
export interface FilePlace {
  /** Whether a file is complete, by its size. */
  isPresent(file: HubFile): Promise<boolean>;
  /** Bytes of a file that an interrupted download left. */
  partialBytes(file: HubFile): Promise<number>;
  /** A file that is being downloaded. */
  partial(file: HubFile): string;
  /** What another program left of an interrupted download. */
  foreignPartial?(file: HubFile): string;
  lock(file: HubFile): string;
  /** The complete file. */
  blob(file: HubFile): string;
}

export interface FileDownload {
  readonly source: FileSource;
  readonly place: FilePlace;
  readonly file: HubFile;
  readonly signal: AbortSignal;
  /** Bytes of the file that are on the disk, whichever process downloads them; fewer after a restart. */
  readonly onBytes: (bytes: number) => void;
  /** Bytes received over the network. */
  readonly onFetched: (bytes: number) => void;
  readonly onWaiting: (seconds: number, reason: string) => void;
  /** Seconds before the second attempt. */
  readonly retrySeconds?: number;
}

/** A download ends after this many failures in a row without more of the file than ever before. */
const ATTEMPTS = 6;
/** A download ends when it had to start over this often, because the hub ignores ranges. */
const RESTARTS = 20;
/** Python may still write to a partial file that changed less than this ago. */
const FOREIGN_QUIET_MS = 60_000;

/**
 * Downloads one file to its place. Continues an earlier download, retries
 * after a broken connection, and accepts the file only when its checksum is right.
 * @throws EaselError
 */
export async function downloadFile(job: FileDownload): Promise<void> {
  const { place, file, signal } = job;
  if (!(await place.isPresent(file))) {
    const lock = await FileLock.acquire(place.lock(file), signal, async () => {
      job.onBytes((await place.isPresent(file)) ? file.bytes : await place.partialBytes(file));
    });
    try {
      if (!(await place.isPresent(file))) await fetchBlob(job);
    } finally {
      await lock.release();
    }
  }
  job.onBytes(file.bytes);
}

async function fetchBlob(job: FileDownload): Promise<void> {
  const { place, file, signal } = job;
  const path = place.partial(file);
  await adoptForeignPartial(job);
  const partial = await PartialFile.open(path, file, signal);
  job.onBytes(partial.bytes);
  const backoff = new Backoff(ATTEMPTS, job.retrySeconds);
  let furthest = partial.bytes;
  let restarts = 0;
  const progress = {
    received: () => {
      if (partial.bytes <= furthest) return;
      furthest = partial.bytes;
      backoff.reset();
    },
    restarted: () => {
      restarts += 1;
      if (restarts > RESTARTS) throw unsteady(job);
    },
  };
  // What an earlier run left may be damaged; then the file is downloaded once more.
  let mayRestart = partial.bytes > 0;
  try {
    for (;;) {
      try {
        if (!partial.isComplete) await receive(job, partial, progress);
      } catch (thrown) {
        // There is no such part of the file: what is here does not belong to it.
        if (statusOf(thrown) === 416) await startOver(job, partial, progress);
        const wait = backoff.next(thrown);
        if (wait === undefined || wait > MAX_WAIT_SECONDS) throw thrown;
        job.onWaiting(wait, thrown instanceof Error ? thrown.message : String(thrown));
        await backoff.sleep(wait, signal);
        continue;
      }
      const result = await partial.finish(place.blob(file));
      if (result === 'done') return;
      if (result === 'lost') {
        if (await place.isPresent(file)) return;
        throw new EaselError(
          'write-failed',
          `Another program removed ${path}. Start the download again.`,
        );
      }
      job.onBytes(0);
      if (!mayRestart) throw damaged(job);
      mayRestart = false;
    }
  } catch (thrown) {
    if (thrown instanceof EaselError && thrown.code === 'bad-file') await rm(path, { force: true });
    throw thrown;
  } finally {
    await partial.close();
  }
}

/** One request: receives until the file is complete, or throws. */
async function receive(
  job: FileDownload,
  partial: PartialFile,
  progress: DownloadProgress,
): Promise<void> {
  const { source, file, signal } = job;
  const { endpoint } = source.server;
  const offset = partial.bytes;
  const response = await source.open(offset, signal);
  if (offset > 0 && !continuesAt(response, offset, file.bytes)) {
    await startOver(job, partial, progress);
    if (response.status === 206) {
      await response.body?.cancel();
      throw new EaselError(
        'hub-failed',
        `${endpoint} sent another part of ${file.path} than asked for.`,
      );
    }
  }
  const length = response.headers.get('content-length');
  const isPlain = response.status === 200 && !response.headers.has('content-encoding');
  if (isPlain && length !== null && Number(length) !== file.bytes) {
    await response.body?.cancel();
    throw new EaselError(
      'hub-failed',
      `${file.path} should have ${file.bytes} bytes, and ${endpoint} sends ${oneLine(length, 30)}.`,
      { path: file.path },
    );
  }
  try {
    for await (const chunk of response.body ?? []) {
      const bytes = chunk as Uint8Array;
      if (partial.bytes + bytes.length > file.bytes) throw damaged(job);
      await partial.append(bytes);
      progress.received();
      job.onFetched(bytes.length);
      job.onBytes(partial.bytes);
    }
  } catch (thrown) {
    await partial.flush();
    if (signal.aborted) throw cancelled();
    throw errorOfConnection(thrown, source.server);
  }
  if (!partial.isComplete) {
    await partial.flush();
    const text = `The connection ended before ${file.path} was complete.`;
    throw new EaselError('no-network', text, { endpoint });
  }
}

interface DownloadProgress {
  /** Called after each piece. */
  received(): void;
  /** Called before the file is emptied. @throws EaselError where that was too often */
  restarted(): void;
}

async function startOver(
  job: FileDownload,
  partial: PartialFile,
  progress: DownloadProgress,
): Promise<void> {
  progress.restarted();
  await partial.restart();
  job.onBytes(0);
}

function statusOf(thrown: unknown): unknown {
  return thrown instanceof EaselError ? thrown.data.status : undefined;
}

function unsteady({ file, source }: FileDownload): EaselError {
  return new EaselError(
    'hub-failed',
    `${source.server.endpoint} breaks off ${file.path} again and again, and starts from its beginning each time. ` +
      'Try again later, or from another network.',
    { path: file.path, permanent: true },
  );
}

/** Whether a response continues exactly where the file ends. */
function continuesAt(
  response: { status: number; headers: { get(name: string): string | null } },
  offset: number,
  bytes: number,
): boolean {
  if (response.status !== 206) return false;
  const match = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '');
  return Number(match?.[1]) === offset && (match?.[3] === '*' || Number(match?.[3]) === bytes);
}

/** Continues from what an older huggingface_hub or an earlier Easel left under another name. */
async function adoptForeignPartial({ place, file }: FileDownload): Promise<void> {
  const own = place.partial(file);
  const foreign = place.foreignPartial?.(file);
  await mkdir(dirname(own), { recursive: true });
  if (foreign === undefined || (await stat(own).catch(() => undefined))) return;
  const info = await stat(foreign).catch(() => undefined);
  if (!info?.isFile() || Date.now() - info.mtimeMs < FOREIGN_QUIET_MS) return;
  if (info.size > file.bytes) await rm(foreign, { force: true });
  else await rename(foreign, own).catch(() => undefined);
}

function damaged({ file, source }: FileDownload): EaselError {
  return new EaselError(
    'bad-file',
    `${file.path} from ${source.server.endpoint} does not have the right checksum, so it was deleted. ` +
      'A proxy or a mirror may have changed it; try again, or from another network.',
    { path: file.path, expected: file.hash.hex },
  );
}
