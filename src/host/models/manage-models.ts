import * as vscode from 'vscode';
import { describeBytes } from '../../core/quantities';
import type { ModelEntry } from '../../protocol/store';
import { abortSignalOf } from '../cancellation';
import type { HostServices } from '../services';
import { downloadModels } from './download-model';
import { describeEntry, describeLastUse, reasonOf } from './model-words';

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

interface SpaceItem extends vscode.QuickPickItem {
  readonly entry?: ModelEntry;
}

/** *Easel: Free Disk Space*: models by how long they were not used, and what interrupted downloads left. */
export async function freeDiskSpace(services: HostServices): Promise<void> {
  const { t } = vscode.l10n;
  const items = Promise.all([services.store.list(), services.store.leftovers()]).then(
    ([entries, leftovers]): SpaceItem[] => [
      ...(leftovers.files > 0
        ? [
            {
              label: t('Interrupted downloads'),
              description: describeBytes(leftovers.bytes),
              picked: true,
            },
          ]
        : []),
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
  const plans = await Promise.all(going.map(({ id }) => services.store.removal(id)));
  const cleans = picked.some(({ entry }) => !entry);
  const left = cleans ? (await services.store.leftovers()).bytes : 0;
  const bytes = plans.reduce((sum, plan) => sum + plan.freedBytes, left);
  const remove = t('Delete');
  const answer = await vscode.window.showWarningMessage(
    t('Delete {0}?', describeBytes(bytes)),
    { modal: true, detail: picked.map(({ label }) => label).join('\n') },
    remove,
  );
  if (answer !== remove) return;
  for (const { id } of going) await services.store.remove(id);
  if (cleans) await services.store.clean();
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
