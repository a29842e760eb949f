import { statfs } from 'node:fs/promises';
import { EaselError, cancelled, toEaselError } from '../../../core/errors';
import { isRecord, type JsonObject } from '../../../core/json';
import { describeBytes } from '../../../core/quantities';
import { parseRepositoryId } from '../../../core/repository-id';
import type {
  DownloadEvent,
  DownloadParams,
  DownloadPlan,
  DownloadSummary,
} from '../../../protocol/store';
import { removeStaleLocks } from '../file-lock';
import { hubCacheFolder } from '../hub-cache';
import { HubClient, type HubFile } from '../hub/hub-client';
import { readHubSettings } from '../hub/hub-settings';
import { CacheLayout, existingAncestor } from './cache-layout';
import { downloadFile } from './file-download';
import { selectFiles, type Selection } from './file-selection';
import { diskError } from './partial-file';
import { Progress } from './progress';

export interface DownloadContext {
  readonly signal: AbortSignal;
  readonly emit: (event: DownloadEvent) => void;
  readonly env?: NodeJS.ProcessEnv;
  /** Seconds before a file's second attempt. */
  readonly retrySeconds?: number;
}

/** Parallel downloads: more are not faster. */
const PARALLEL = 4;
const PROGRESS_MS = 250;
const SMALL_BYTES = 1e6;

interface Prepared {
  readonly hub: HubClient;
  readonly layout: CacheLayout;
  readonly selection: Selection;
  readonly plan: DownloadPlan;
  readonly pipeline: string;
}

/** What a download would transfer, from the hub's listing. Writes nothing. */
export async function planDownload(
  params: DownloadParams,
  context: DownloadContext,
): Promise<DownloadPlan> {
  const { hub, plan } = await prepare(params, context);
  await hub.close();
  return plan;
}

/**
 * Downloads a model into the shared cache. Aborting keeps what has arrived.
 * @throws EaselError, among others `disk-full` before anything is downloaded, with both sizes
 */
export async function download(
  params: DownloadParams,
  context: DownloadContext,
): Promise<DownloadSummary> {
  const started = performance.now();
  const { hub, layout, selection, plan, pipeline } = await prepare(params, context);
  try {
    context.emit({ event: 'plan', plan });
    requireSpace(plan);
    try {
      await layout.prepare();
    } catch (thrown) {
      throw diskError(thrown);
    }
    const progress = await fetchAll(hub, layout, selection.files, plan, context);
    await layout.writeRef(plan.revision);
    await removeStaleLocks(layout.locks);
    return {
      id: plan.id,
      commit: plan.commit,
      path: layout.snapshot,
      fetchedBytes: progress.fetchedBytes,
      totalBytes: plan.totalBytes,
      seconds: (performance.now() - started) / 1000,
      python: pythonLine(plan, selection, pipeline),
    };
  } finally {
    await hub.close();
  }
}

async function prepare(params: DownloadParams, context: DownloadContext): Promise<Prepared> {
  const { env = process.env, signal } = context;
  const { repoId, revision } = parseRepositoryId(params.id);
  const hub = new HubClient(await readHubSettings(env, params.token));
  try {
    const info = await hub.info(repoId, revision, signal);
    const listed = await hub.files(repoId, info.commit, signal);
    const hasIndex = listed.some(({ path }) => path === 'model_index.json');
    const index = hasIndex
      ? parseIndex(repoId, await hub.text(repoId, info.commit, 'model_index.json', signal))
      : undefined;
    const selection = selectFiles(repoId, listed, index, params.complete);
    const cache = hubCacheFolder(env);
    const layout = new CacheLayout(cache, repoId, info.commit, env);
    const files = await Promise.all(
      selection.files.map(async (file) => {
        const present = (await layout.isPresent(file))
          ? file.bytes
          : await layout.partialBytes(file);
        return { path: file.path, bytes: file.bytes, presentBytes: present };
      }),
    );
    const { bavail, bsize } = await statfs(await existingAncestor(cache));
    const plan: DownloadPlan = {
      id: repoId,
      revision,
      commit: info.commit,
      files,
      freeBytes: bavail * bsize,
      totalBytes: sum(files.map(({ bytes }) => bytes)),
      presentBytes: sum(files.map(({ presentBytes }) => presentBytes)),
      licence: info.licence,
      gated: info.gated,
      variant: selection.variant,
      warnings: selection.warnings,
    };
    const pipeline = typeof index?._class_name === 'string' ? index._class_name : '';
    return { hub, layout, selection, plan, pipeline };
  } catch (thrown) {
    await hub.close();
    throw thrown;
  }
}

async function fetchAll(
  hub: HubClient,
  layout: CacheLayout,
  files: readonly HubFile[],
  plan: DownloadPlan,
  context: DownloadContext,
): Promise<Progress> {
  const { id } = plan;
  const progress = new Progress(plan.totalBytes);
  for (const { path, presentBytes } of plan.files) progress.set(path, presentBytes);
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
          hub,
          layout,
          file,
          repoId: id,
          signal: stop.signal,
          onBytes: (here) => progress.set(path, here),
          onFetched: (received) => progress.addFetched(received),
          onWaiting: (seconds, reason) =>
            context.emit({ event: 'waiting', id, path, seconds, reason }),
          ...(context.retrySeconds !== undefined && { retrySeconds: context.retrySeconds }),
        });
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
  return progress;
}

/** Small files first, which show at once whether the hub gives access; then the largest first. */
function inOrder(files: readonly HubFile[]): HubFile[] {
  const small = files.filter(({ bytes }) => bytes < SMALL_BYTES);
  const large = files.filter(({ bytes }) => bytes >= SMALL_BYTES);
  return [...small, ...large.sort((a, b) => b.bytes - a.bytes)];
}

function requireSpace(plan: DownloadPlan): void {
  const missing = plan.totalBytes - plan.presentBytes;
  if (missing <= plan.freeBytes) return;
  throw new EaselError(
    'disk-full',
    `${plan.id} needs ${describeBytes(missing)} more on the disk of the cache, and ${describeBytes(plan.freeBytes)} ` +
      'are free. Remove a model that you do not use, or set HF_HOME to a folder on a larger disk.',
    { neededBytes: missing, freeBytes: plan.freeBytes },
  );
}

function isDiskCode(thrown: unknown): boolean {
  const { code } = thrown as NodeJS.ErrnoException;
  return !(thrown instanceof EaselError) && typeof code === 'string' && /^E[A-Z]+$/.test(code);
}

function parseIndex(repoId: string, text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text);
    if (isRecord(value)) return value;
  } catch {
    // Reported below.
  }
  throw new EaselError('bad-file', `The model_index.json of ${repoId} is damaged.`, { repoId });
}

function pythonLine(plan: DownloadPlan, selection: Selection, pipeline: string): string {
  const args = [`"${plan.id}"`];
  if (plan.revision !== 'main') args.push(`revision="${plan.revision}"`);
  // transformers would keep float16, which processors do not compute with.
  if (selection.variant) args.push(`variant="${selection.variant}", torch_dtype=torch.float32`);
  args.push(...selection.skipped.map((component) => `${component}=None`), 'local_files_only=True');
  return pipeline
    ? `${pipeline}.from_pretrained(${args.join(', ')})`
    : `huggingface_hub.snapshot_download("${plan.id}", local_files_only=True)`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
