import { readdir, statfs } from 'node:fs/promises';
import { EaselError } from '../../../core/errors';
import { isRecord, type JsonObject } from '../../../core/json';
import { parseRepositoryId, splitRepositoryFile } from '../../../core/repository-id';
import type { DownloadParams, DownloadPlan, DownloadSummary } from '../../../protocol/store';
import { removeStaleLocks } from '../file-lock';
import { hubCacheFolder } from '../hub-cache';
import { HubClient } from '../hub/hub-client';
import { readHubSettings } from '../hub/hub-settings';
import { CacheLayout, existingAncestor } from './cache-layout';
import { fetchFiles, type DownloadContext } from './fetch-files';
import { selectFile, selectFiles, withFiles, type Selection } from './file-selection';
import { diskError } from './partial-file';
import { requireSpace } from './space';

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
    const { id, commit } = plan;
    requireSpace({
      what: id,
      neededBytes: plan.totalBytes - plan.presentBytes,
      freeBytes: plan.freeBytes,
      place: 'the disk of the cache',
      advice: 'Remove a model that you do not use, or set HF_HOME to a folder on a larger disk.',
    });
    try {
      await layout.prepare();
    } catch (thrown) {
      throw diskError(thrown);
    }
    const fetchedBytes = await fetchFiles(
      {
        id,
        files: selection.files,
        place: layout,
        presentBytes: new Map(plan.files.map((file) => [file.path, file.presentBytes])),
        sourceOf: ({ path }) => hub.source(id, commit, path),
        onComplete: (file) => layout.linkIntoSnapshot(file),
      },
      context,
    );
    await layout.writeRef(plan.revision);
    await removeStaleLocks(layout.locks);
    return {
      id,
      commit,
      path: layout.snapshot,
      fetchedBytes,
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
  const { repository, file } = splitRepositoryFile(params.id) ?? { repository: params.id };
  const { repoId, revision } = parseRepositoryId(repository);
  const hub = new HubClient(await readHubSettings(env, params.token));
  try {
    const info = await hub.info(repoId, revision, signal);
    const listed = await hub.files(repoId, info.commit, signal);
    const hasIndex = file === undefined && listed.some(({ path }) => path === 'model_index.json');
    const index = hasIndex
      ? parseIndex(repoId, await hub.text(repoId, info.commit, 'model_index.json', signal))
      : undefined;
    const cache = hubCacheFolder(env);
    const layout = new CacheLayout(cache, repoId, info.commit, env);
    // What is there in part, because a repair has deleted a damaged file, is not left so.
    const present = await readdir(layout.snapshot).catch((): string[] => []);
    const has = (component: string) => present.includes(component);
    const again = await layout.incomplete(listed);
    const selection =
      file === undefined
        ? selectFiles(repoId, listed, index, { complete: params.complete, has, again })
        : withFiles(selectFile(repoId, listed, file), again);
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
