import path from 'node:path';
import { EaselError, toEaselError } from '../../core/errors';
import type { Store } from '../../client/engine';
import type { RemovalPlan } from '../../protocol/store';
import { printCatalogue, printModels } from '../lists';
import type { ModelsCommand } from './arguments';
import { printJson, stderr, stdout } from '../streams';
import { confirm } from '../confirm';
import { DownloadOutput } from '../download-output';
import { VerifyOutput } from './verify-output';
import { describeBytes } from '../../core/quantities';
import { oneLine } from '../../core/shown-text';

type CommandOf<A extends ModelsCommand['action']> = Extract<ModelsCommand, { action: A }>;

/**
 * Runs a command of `easel models`.
 * @throws EaselError with any code of the store; `cancelled`
 */
export async function models(
  store: Store,
  command: ModelsCommand,
  signal: AbortSignal,
): Promise<void> {
  switch (command.action) {
    case 'list':
      printModels(
        await store.call('list', { paths: command.paths }),
        await store.call('prepared', null),
        command.json,
      );
      return;
    case 'catalogue':
      printCatalogue(
        await store.call('recommend', { device: command.device }),
        await store.call('catalogue', null),
        command.json,
      );
      return;
    case 'download':
      await download(store, command.ids, command, signal);
      return;
    case 'verify':
      await verify(store, command, signal);
      return;
    case 'remove':
      await remove(store, command);
      return;
    case 'clean':
      await clean(store, command);
  }
}

async function download(
  store: Store,
  ids: readonly string[],
  { json, complete }: { readonly json: boolean; readonly complete: boolean },
  signal: AbortSignal,
): Promise<void> {
  for (const id of ids) {
    const output = new DownloadOutput(json);
    try {
      const onEvent = output.event.bind(output);
      const summary = await store.call('download', { id, complete }, { signal, onEvent });
      output.end();
      if (json) printJson({ event: 'done', ...summary });
      else {
        stdout.write(
          `${id} is complete: ${describeBytes(summary.fetchedBytes)} downloaded, ` +
            `${describeBytes(summary.totalBytes)} in total.\n  Draw: easel generate "…" --model ${id}\n` +
            `  Python: ${oneLine(summary.python)}\n`,
        );
      }
    } catch (thrown) {
      output.end();
      if (toEaselError(thrown).code === 'cancelled') {
        stderr.write('Paused. The same command continues the download.\n');
      }
      throw thrown;
    }
  }
}

async function verify(
  store: Store,
  { ids, repair, json }: CommandOf<'verify'>,
  signal: AbortSignal,
): Promise<void> {
  const output = new VerifyOutput(json);
  const all = ids.length > 0 ? ids : await cachedIds(store);
  const bad: string[] = [];
  for (const id of all) {
    const onEvent = output.progress.bind(output);
    const check = (repairing: boolean) =>
      store.call('verify', { id, repair: repairing }, { signal, onEvent });
    let report = await check(repair);
    output.report(report);
    if (!report.ok && repair) {
      await download(store, [id], { json, complete: false }, signal);
      report = await check(false);
      output.report(report);
    }
    if (!report.ok) bad.push(id);
  }
  if (bad.length === 0) return;
  const fix = repair ? 'Download it again.' : 'Try: easel models verify --repair';
  throw new EaselError('model-incomplete', `Incomplete or damaged: ${bad.join(', ')}. ${fix}`, {
    models: bad,
  });
}

async function cachedIds(store: Store): Promise<string[]> {
  const entries = await store.call('list', {});
  return entries.filter(({ origin }) => origin === 'cache').map(({ id }) => id);
}

async function remove(
  store: Store,
  { ids, prepared, yes, json }: CommandOf<'remove'>,
): Promise<void> {
  for (const id of ids) {
    if (prepared) {
      await removePrepared(store, id, { yes, json });
      continue;
    }
    const plan = await store.call('removal', { id });
    if (!yes) await confirm(describeRemoval(plan));
    const removed = await store.call('remove', { id });
    if (json) printJson({ event: 'removed', ...removed });
    else stdout.write(`${id} was removed. This freed ${describeBytes(removed.freedBytes)}.\n`);
  }
}

/** @throws EaselError `model-not-found` where nothing was prepared of the model */
async function removePrepared(
  store: Store,
  id: string,
  { yes, json }: { readonly yes: boolean; readonly json: boolean },
): Promise<void> {
  const { weights } = await store.call('prepared', null);
  const of = (name: string) => weights.find(({ model }) => model === name);
  // A path may be given as the shell completes it.
  const found = of(id) ?? of(path.resolve(id));
  if (found && !yes) {
    const freed = describeBytes(found.sizeBytes);
    await confirm(`Delete the prepared weights of ${id}? This frees ${freed}.`);
  }
  const model = found?.model ?? id;
  const { bytes } = await store.call('removePrepared', { model });
  if (json) printJson({ event: 'removed', id: model, freedBytes: bytes, preparedBytes: bytes });
  else {
    const freed = describeBytes(bytes);
    stdout.write(`The prepared weights of ${oneLine(id)} were removed. This freed ${freed}.\n`);
  }
}

function describeRemoval(plan: RemovalPlan): string {
  const { id, commits, freedBytes, preparedBytes, keptBytes } = plan;
  const prepared =
    preparedBytes > 0 ? `, of which ${describeBytes(preparedBytes)} were prepared for int8` : '';
  const kept =
    keptBytes > 0 ? ` (other revisions need ${describeBytes(keptBytes)}, which are kept)` : '';
  const revisions = commits.length === 1 ? '1 revision' : `${commits.length} revisions`;
  return `Remove ${id} with ${revisions}? This frees ${describeBytes(freedBytes)}${prepared}${kept}.`;
}

async function clean(store: Store, { yes, json }: CommandOf<'clean'>): Promise<void> {
  const found = await store.call('leftovers', null);
  if (found.files > 0 && !yes) {
    await confirm(
      `Delete ${found.files} leftover files? This frees ${describeBytes(found.bytes)}.`,
    );
  }
  const removed = found.files > 0 ? await store.call('clean', null) : found;
  if (json) printJson({ event: 'cleaned', ...removed });
  else stdout.write(`${removed.files} files deleted, ${describeBytes(removed.bytes)}.\n`);
}
