import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { toEaselError } from '../../core/errors';
import type { ModelEntry } from '../../protocol/engine';
import type { Model } from '../model/model';
import { openModel } from '../model/open';
import { sizeMultiple } from '../model/size-multiple';
import { uniqueBytes, type CachedRevision } from '../store/cached-repo';
import { ipAdaptersOf } from './ip-adapters';
import { fileTraits, folderTraits, LORA_WEIGHTS, partOfFolder, partTraits } from './traits';
import { isClassName, readOptionalJsonObject } from '../store/model-folder';
import type { ModelLocation } from '../store/resolve';
import { weightFormat } from '../weights/file-kind';

/**
 * Describes a model, and judges whether it runs by opening it as the drawing engine does: what the engine
 * learns to read, this calls runnable.
 */
export async function describeModel(
  location: ModelLocation,
  origin: ModelEntry['origin'],
  revision?: CachedRevision,
): Promise<ModelEntry> {
  const { id, folder, file } = location;
  const disk = revision ? cachedUse(revision) : await diskUse(file ?? folder);
  const common = {
    id,
    origin,
    path: file ?? folder,
    ...disk,
    ...(revision && { commit: revision.commit, refs: revision.refs }),
  };
  const part = file ? undefined : await partOfFolder(folder);
  if (part) {
    const traits =
      part === 'lora'
        ? await fileTraits(path.join(folder, LORA_WEIGHTS))
        : await partTraits(folder);
    const ipAdapters = part === 'ip-adapter' ? await ipAdaptersOf(location, origin) : undefined;
    return {
      ...{ ...common, pipeline: '', ...traits, kind: part, runnable: false, reason: PARTS[part] },
      ...(ipAdapters && { ipAdapters }),
    };
  }
  if (file) {
    const traits = await fileTraits(file);
    if (traits.kind !== 'pipeline') {
      return { ...common, pipeline: '', ...traits, runnable: false, reason: PARTS[traits.kind] };
    }
    return { ...common, pipeline: '', ...traits, ...(await judgeFile(location, file)) };
  }
  const index = await readOptionalJsonObject(path.join(folder, 'model_index.json')).catch(
    () => undefined,
  );
  const pipeline = isClassName(index?._class_name) ? index._class_name : '';
  const traits = await folderTraits(folder, pipeline);
  return { ...common, kind: 'pipeline', pipeline, ...traits, ...(await judge(location)) };
}

const PARTS = {
  autoencoder: 'An autoencoder: it decodes the images of a model. It cannot draw by itself.',
  controlnet:
    'A ControlNet or T2I-Adapter: it holds the images of a model to another image. Give it with --controlnet. It cannot draw by itself.',
  'ip-adapter':
    'An IP-Adapter: it prompts a model with images. Give it with --ip-adapter. It cannot draw by itself.',
  upscaler:
    'An upscaler: it makes images larger. Give it with --upscale. It cannot draw by itself.',
  lora: 'A LoRA: it changes how a model draws. It cannot draw by itself.',
} as const;

/**
 * Of a PyTorch checkpoint only the first bytes are read: what is in it is judged when it is drawn with, so that no
 * file can harm the list.
 */
async function judgeFile(location: ModelLocation, file: string): Promise<Judgement> {
  try {
    if ((await weightFormat(file)) === 'torch') return { runnable: true, reason: '' };
  } catch (thrown) {
    return { runnable: false, reason: toEaselError(thrown).message };
  }
  return judge(location);
}

type Judgement = Pick<ModelEntry, 'runnable' | 'reason' | 'defaults'>;

async function judge(location: ModelLocation): Promise<Judgement> {
  try {
    return describeRunnable(await openModel(location, { skipPickles: true }));
  } catch (thrown) {
    return { runnable: false, reason: toEaselError(thrown).message };
  }
}

function describeRunnable(model: Model): Judgement {
  const { steps, guidanceScale, sketchStrength, composes } = model.defaults;
  const { scheduler, reason } = describeScheduler(model);
  const defaults = {
    steps,
    guidanceScale,
    sketchStrength,
    ...model.nativeSize,
    multiple: sizeMultiple(model),
    gigaflops: model.gigaflops,
    weightCount: model.weightCount,
    scheduler,
    ...(composes && { composes }),
    ...(model.takesImage && { edits: true as const }),
    ...(model.upscaling && { upscales: model.upscaling.factor }),
    ...(model.refines && { refines: true as const }),
    ...(model.isXl && !model.refines && { xl: true as const }),
    ...(model.takesMask && { inpaints: true as const }),
  };
  return { runnable: true, reason, defaults };
}

/** A model whose own scheduler Easel does not have draws with another one: the reason says so. */
function describeScheduler(model: Model): { readonly scheduler: string; readonly reason: string } {
  try {
    return { scheduler: model.createScheduler().name, reason: '' };
  } catch (thrown) {
    const { code, message, data } = toEaselError(thrown);
    if (code !== 'unsupported-scheduler') throw thrown;
    return {
      scheduler: typeof data.scheduler === 'string' ? data.scheduler : '',
      reason: message,
    };
  }
}

type DiskUse = Pick<ModelEntry, 'sizeBytes' | 'lastUsedMs'>;

function cachedUse({ files }: CachedRevision): DiskUse {
  const lastUsedMs = Math.max(0, ...files.map(({ accessedMs }) => accessedMs));
  return { sizeBytes: uniqueBytes(files), lastUsedMs };
}

async function diskUse(place: string): Promise<DiskUse> {
  const info = await stat(place).catch(() => undefined);
  if (info?.isFile()) return { sizeBytes: info.size, lastUsedMs: info.atimeMs };
  let sizeBytes = 0;
  let lastUsedMs = 0;
  const entries = await readdir(place, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const file = await stat(path.join(entry.parentPath, entry.name)).catch(() => undefined);
    if (!file?.isFile()) continue;
    sizeBytes += file.size;
    lastUsedMs = Math.max(lastUsedMs, file.atimeMs);
  }
  return { sizeBytes, lastUsedMs };
}
