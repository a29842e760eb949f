import * as vscode from 'vscode';
import { describeBytes } from '../../core/quantities';
import type { ModelEntry, PreparedWeights } from '../../protocol/store';
import { abortSignalOf } from '../cancellation';
import type { HostServices } from '../services';
import { downloadModels } from './download-model';
import {
  describeEntry,
  describeLastUse,
  describePrepared,
  preparedName,
  reasonOf,
} from './model-words';

/** Draws with a model from now on. */
export async function useModel(services: HostServices, entry: ModelEntry): Promise<void> {
  if (entry.runnable) await services.settings.update('model', entry.id);
  else void vscode.window.showInformationMessage(reasonOf(entry));
}

/** *Easel: Verify Model*: reads every byte, and offers to fetch again what is damaged. */
export async function verifyModel(services: HostServices, given?: ModelEntry): Promise<void> {
  const { t } = vscode.l10n;
  const entry = given ?? (await pickModel(services, t('Verify Model')));
  if (!entry) return;
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: t('Verifying {0}', entry.id),
    cancellable: true,
  };
  const report = await vscode.window.withProgress(options, (progress, token) =>
    services.store.verify(entry.id, {
      signal: abortSignalOf(token),
      onEvent: ({ bytes, totalBytes }) =>
        progress.report({
          message: t('{0} of {1}', describeBytes(bytes), describeBytes(totalBytes)),
        }),
    }),
  );
  if (report.ok) {
    void vscode.window.showInformationMessage(t('{0} is complete and undamaged.', entry.id));
    return;
  }
  const bad = report.files.filter(({ state }) => state === 'damaged' || state === 'missing');
  const names = bad.map(({ path }) => path).join(', ');
  const fetchAgain = t('Download Again');
  const answer = await vscode.window.showWarningMessage(
    names ? t('{0} is damaged: {1}', entry.id, names) : report.reason,
    ...(entry.origin === 'cache' ? [fetchAgain] : []),
  );
  if (answer !== fetchAgain) return;
  await services.store.repair(entry.id);
  await downloadModels(services, [entry.id]);
}

/** *Remove*: says the size, asks, and deletes. */
export async function removeModel(services: HostServices, given?: ModelEntry): Promise<void> {
  const { t } = vscode.l10n;
  const entry = given ?? (await pickModel(services, t('Remove Model')));
  if (!entry) return;
  if (entry.origin === 'path') {
    // The user added it: it is taken off the setting, and nothing is deleted.
    const { modelPaths } = services.settings.read();
    const kept = modelPaths.filter((path) => path !== entry.id);
    await services.settings.update('modelPaths', kept);
    return;
  }
  const plan = await services.store.removal(entry.id);
  const remove = t('Remove');
  const detail = t(
    'This frees {0}. Python programs can no longer use it either.',
    describeBytes(plan.freedBytes),
  );
  const answer = await vscode.window.showWarningMessage(
    t('Remove {0}?', entry.id),
    { modal: true, detail },
    remove,
  );
  if (answer !== remove) return;
  await services.store.remove(entry.id);
  if (services.settings.read().model === entry.id)
    await services.settings.update('model', undefined);
}

/** *Remove Prepared Weights*: says the size, asks, and deletes. */
export async function removePrepared(
  services: HostServices,
  given?: PreparedWeights,
): Promise<void> {
  const { t } = vscode.l10n;
  const weights = given ?? (await pickPrepared(services));
  if (!weights) return;
  const remove = t('Remove');
  const detail = t(
    'This frees {0}. The model stays; the weights are prepared again when they are needed.',
    describeBytes(weights.sizeBytes),
  );
  const answer = await vscode.window.showWarningMessage(
    t('Remove the prepared weights of {0}?', preparedName(weights)),
    { modal: true, detail },
    remove,
  );
  if (answer === remove) await services.store.removePrepared(weights.model);
}

async function pickPrepared(services: HostServices): Promise<PreparedWeights | undefined> {
  const { t } = vscode.l10n;
  const { weights } = await services.store.prepared();
  if (weights.length === 0) {
    void vscode.window.showInformationMessage(t('No weights are prepared.'));
    return undefined;
  }
  const items = weights.map((one) => ({
    ...{ weights: one, label: preparedName(one), description: describePrepared(one) },
  }));
  return (await vscode.window.showQuickPick(items, { title: t('Remove Prepared Weights') }))
    ?.weights;
}

interface SpaceItem extends vscode.QuickPickItem {
  readonly entry?: ModelEntry;
  readonly prepared?: PreparedWeights;
}

/**
 * *Easel: Free Disk Space*: what no model needs, weights that can be prepared again, and models by how long they
 * were not used.
 */
export async function freeDiskSpace(services: HostServices): Promise<void> {
  const { t } = vscode.l10n;
  const { store } = services;
  const items = Promise.all([store.list(), store.leftovers(), store.prepared()]).then(
    ([entries, leftovers, { weights }]): SpaceItem[] => [
      ...(leftovers.files > 0
        ? [
            {
              label: t('Files that no model needs'),
              description: describeBytes(leftovers.bytes),
              picked: true,
            },
          ]
        : []),
      ...weights
        // The others are among the files that no model needs.
        .filter(({ isOutdated }) => !isOutdated)
        .map((prepared) => ({
          prepared,
          label: t('Prepared weights of {0}', preparedName(prepared)),
          description: describePrepared(prepared),
          detail: describeLastUse(prepared.lastUsedMs),
        })),
      ...entries
        .filter(({ origin }) => origin === 'cache')
        .sort((a, b) => a.lastUsedMs - b.lastUsedMs)
        .map((entry) => ({
          entry,
          label: entry.id,
          description: describeEntry(entry),
          detail: describeLastUse(entry.lastUsedMs),
        })),
    ],
  );
  if ((await items).length === 0) {
    void vscode.window.showInformationMessage(t('The cache holds no image models.'));
    return;
  }
  const picked = await vscode.window.showQuickPick(items, {
    title: t('Free Disk Space'),
    placeHolder: t('Choose what to delete'),
    canPickMany: true,
  });
  if (!picked || picked.length === 0) return;
  const going = picked.flatMap(({ entry }) => entry ?? []);
  const plans = await Promise.all(going.map(({ id }) => store.removal(id)));
  const cleans = picked.some(({ entry, prepared }) => !entry && !prepared);
  const left = cleans ? (await store.leftovers()).bytes : 0;
  // What goes with a model is in its own number.
  const alone = picked
    .flatMap(({ prepared }) => prepared ?? [])
    .filter(({ model }) => !going.some(({ id }) => id === model));
  const bytes = [
    left,
    ...alone.map(({ sizeBytes }) => sizeBytes),
    ...plans.map(({ freedBytes }) => freedBytes),
  ].reduce((sum, one) => sum + one, 0);
  const remove = t('Delete');
  const answer = await vscode.window.showWarningMessage(
    t('Delete {0}?', describeBytes(bytes)),
    { modal: true, detail: picked.map(({ label }) => label).join('\n') },
    remove,
  );
  if (answer !== remove) return;
  for (const { model } of alone) await store.removePrepared(model);
  for (const { id } of going) await store.remove(id);
  if (cleans) await store.clean();
  const { model } = services.settings.read();
  if (going.some(({ id }) => id === model)) await services.settings.update('model', undefined);
}

async function pickModel(services: HostServices, title: string): Promise<ModelEntry | undefined> {
  const items = services.store
    .list()
    .then((entries) =>
      entries
        .filter(({ origin }) => origin === 'cache')
        .map((entry) => ({ entry, label: entry.id, description: describeEntry(entry) })),
    );
  return (await vscode.window.showQuickPick(items, { title }))?.entry;
}
