import * as vscode from 'vscode';
import { describeBytes } from '../../core/quantities';
import { findInCatalogue } from '../../core/catalogue/catalogue';
import type { ModelEntry, Recommendation } from '../../protocol/store';
import type { HostServices } from '../services';
import { addModelPath } from './add-model-path';
import { downloadModels } from './download-model';
import { describeEntry } from './model-words';

interface ModelItem extends vscode.QuickPickItem {
  readonly choose?: () => Promise<void>;
}

/**
 * *Easel: Choose Model*: what is on this computer, what could be fetched, the best for this machine first,
 * any other repository, or a folder or file.
 */
export async function chooseModel(services: HostServices): Promise<void> {
  const { t } = vscode.l10n;
  const items = Promise.all([services.store.list(), services.store.recommend()]).then(
    ([entries, recommended]): ModelItem[] => [
      ...presentItems(services, entries),
      { label: t('Fetch from Hugging Face'), kind: vscode.QuickPickItemKind.Separator },
      ...catalogueItems(services, entries, recommended),
      { label: '', kind: vscode.QuickPickItemKind.Separator },
      {
        label: `$(cloud-download) ${t('Another repository…')}`,
        detail: t('Any Stable Diffusion model of huggingface.co, as org/name'),
        alwaysShow: true,
        choose: () => askRepository(services),
      },
      {
        label: `$(folder-opened) ${t('Choose a folder or file…')}`,
        detail: t('A diffusers folder with model_index.json, or a model in one file'),
        alwaysShow: true,
        choose: async () => {
          const path = await addModelPath(services);
          if (path !== undefined) await services.settings.update('model', path);
        },
      },
    ],
  );
  const picked = await vscode.window.showQuickPick<ModelItem>(items, {
    title: t('Choose Model'),
    placeHolder: t('What should Easel draw with?'),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  await picked?.choose?.();
}

function presentItems(services: HostServices, entries: readonly ModelEntry[]): ModelItem[] {
  const current = services.settings.read().model;
  return entries
    .filter(({ kind }) => kind === 'pipeline')
    .sort((a, b) => Number(b.runnable) - Number(a.runnable))
    .map((entry) => ({
      label: `${entry.id === current ? '$(check) ' : ''}${entry.id}`,
      description: describeEntry(entry),
      detail: entry.runnable ? undefined : `$(circle-slash) ${entry.reason}`,
      choose: async () => {
        if (entry.runnable) await services.settings.update('model', entry.id);
        else void vscode.window.showInformationMessage(entry.reason);
      },
    }));
}

function catalogueItems(
  services: HostServices,
  entries: readonly ModelEntry[],
  recommended: readonly Recommendation[],
): ModelItem[] {
  const { t } = vscode.l10n;
  const present = new Set(
    entries.filter(({ runnable }) => runnable).map(({ id }) => findInCatalogue(id)?.id),
  );
  return recommended
    .filter(({ entry }) => !present.has(entry.id))
    .map(({ entry, companions, fits, reason }, i) => ({
      label: `$(cloud-download) ${entry.title}`,
      description: [
        describeBytes(entry.downloadBytes),
        entry.family,
        i === 0 && fits ? t('recommended for this computer') : '',
      ]
        .filter(Boolean)
        .join(', '),
      detail: fits ? entry.summary : `$(warning) ${reason}`,
      choose: () => fetchAndUse(services, entry.id, companions),
    }));
}

async function askRepository(services: HostServices): Promise<void> {
  const { t } = vscode.l10n;
  const id = await vscode.window.showInputBox({
    title: t('Download Model'),
    prompt: t('A repository of huggingface.co, such as stabilityai/sd-turbo; add @revision for another than main'),
    validateInput: (value) =>
      value === '' || /^[\w.-]+\/[\w.-]+(@\S+)?$/.test(value.trim())
        ? undefined
        : t('It looks like org/name.'),
  });
  if (id?.trim()) await fetchAndUse(services, id.trim(), []);
}

/** Downloads a model and draws with it from then on. */
export async function fetchAndUse(
  services: HostServices,
  id: string,
  companions: readonly string[],
): Promise<void> {
  const { t } = vscode.l10n;
  if (!(await downloadModels(services, [id, ...companions]))) return;
  const entries = await services.store.list();
  const entry = entries.find((candidate) => candidate.id === id);
  if (entry && !entry.runnable) {
    void vscode.window.showWarningMessage(entry.reason);
    return;
  }
  await services.settings.update('model', id);
  void vscode.window.showInformationMessage(t('Easel draws with {0} now.', id));
}

/** *Easel: Download Model*, with the repository asked for. */
export function downloadModel(services: HostServices): Promise<void> {
  return askRepository(services);
}
