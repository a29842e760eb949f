import { EaselError } from '../../core/errors';
import { describeSystemError } from '../../core/system-error';
import type { LeftoverReport, PreparedList, RemovalPlan } from '../../protocol/store';
import {
  byteFolder,
  isCurrent,
  isMadeFrom,
  readEntries,
  removeEntries,
  resolved,
  unfinishedEntries,
  type ByteEntry,
} from '../bytes/byte-entries';
import {
  cleanLeftovers,
  filesOfRemoval,
  findLeftovers,
  planRemoval,
  removeModel,
} from '../store/remove';

type Files = readonly Pick<ByteEntry, 'file' | 'bytes'>[];

/** The weights that were prepared on this machine, by model. */
export async function listPrepared(env = process.env): Promise<PreparedList> {
  const folder = byteFolder(env);
  const byModel = new Map<string, ByteEntry[]>();
  for (const entry of await readEntries(folder)) {
    const model = entry.note?.model ?? '';
    byModel.set(model, [...(byModel.get(model) ?? []), entry]);
  }
  const weights = [...byModel].map(async ([model, entries]) => ({
    model,
    components: [...new Set(entries.flatMap(({ note }) => note?.component ?? []))].sort(),
    sizeBytes: sizeOf(entries),
    lastUsedMs: Math.max(...entries.map(({ lastUsedMs }) => lastUsedMs)),
    isOutdated: !(await Promise.all(entries.map(isCurrent))).includes(true),
  }));
  const listed = await Promise.all(weights);
  return { folder, weights: listed.sort((a, b) => b.sizeBytes - a.sizeBytes) };
}

/**
 * Deletes the prepared weights of a model, whose own files stay.
 * @throws EaselError `model-not-found` where nothing was prepared of it
 */
export async function removePrepared(model: string, env = process.env): Promise<LeftoverReport> {
  const entries = await readEntries(byteFolder(env));
  const going = entries.filter(({ note }) => (note?.model ?? '') === model);
  if (going.length === 0) {
    throw new EaselError('model-not-found', `No weights of ${model} are prepared.`, { model });
  }
  return remove(going, env);
}

/** As `planRemoval`, with the prepared weights that go with the model. */
export async function planWholeRemoval(id: string, env = process.env): Promise<RemovalPlan> {
  const plan = await planRemoval(id, env);
  return withPrepared(plan, sizeOf(await preparedFrom(await filesOfRemoval(id, env), env)));
}

/** As `removeModel`, with its prepared weights. */
export async function removeWholeModel(id: string, env = process.env): Promise<RemovalPlan> {
  // Once the files are gone, their links can no longer be resolved.
  const going = await preparedFrom(await filesOfRemoval(id, env), env);
  const plan = await removeModel(id, env);
  return withPrepared(plan, (await remove(going, env)).bytes);
}

/** As `findLeftovers`, with prepared weights that are not used again. */
export async function findAllLeftovers(env = process.env): Promise<LeftoverReport> {
  const unused = await unusedFiles(env);
  return add(await findLeftovers(env), { files: unused.length, bytes: sizeOf(unused) });
}

/** Deletes what `findAllLeftovers` finds. */
export async function cleanAllLeftovers(env = process.env): Promise<LeftoverReport> {
  const cleaned = await cleanLeftovers(env);
  return add(cleaned, await remove(await unusedFiles(env), env));
}

/** Entries that are made from one of these files. */
async function preparedFrom(
  files: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<readonly ByteEntry[]> {
  const going = await resolved(files);
  return (await readEntries(byteFolder(env))).filter((entry) => isMadeFrom(entry, going));
}

/** Entries of models that are gone or have changed, damaged ones, and what an ended program left. */
async function unusedFiles(env: NodeJS.ProcessEnv): Promise<Files> {
  const folder = byteFolder(env);
  const entries = await readEntries(folder);
  const current = await Promise.all(entries.map(isCurrent));
  return [...entries.filter((_, i) => !current[i]), ...(await unfinishedEntries(folder))];
}

async function remove(files: Files, env: NodeJS.ProcessEnv): Promise<LeftoverReport> {
  try {
    await removeEntries(byteFolder(env), files);
  } catch (thrown) {
    throw new EaselError(
      'write-failed',
      `Prepared weights could not be deleted: ${describeSystemError(thrown)}. Close what draws with them, and try again.`,
      {},
      { cause: thrown },
    );
  }
  return { files: files.length, bytes: sizeOf(files) };
}

function withPrepared(plan: RemovalPlan, preparedBytes: number): RemovalPlan {
  return { ...plan, freedBytes: plan.freedBytes + preparedBytes, preparedBytes };
}

function add(a: LeftoverReport, b: LeftoverReport): LeftoverReport {
  return { files: a.files + b.files, bytes: a.bytes + b.bytes };
}

function sizeOf(files: Files): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}
