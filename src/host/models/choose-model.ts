import * as vscode from 'vscode';
import { describeBytes } from '../../core/quantities';
import { findInCatalogue } from '../../core/catalogue/catalogue';
import type { ModelEntry, Recommendation } from '../../protocol/store';
import { isRepoId, isRevision, splitRepositoryId } from '../../core/repository-id';
import type { HostServices } from '../services';
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
      { label: t('Download from Hugging Face'), kind: vscode.QuickPickItemKind.Separator },
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
    placeHolder: t('Choose the model to draw with'),
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
    prompt: t(
      'A repository on huggingface.co, such as stabilityai/sd-turbo. Add @revision for another revision than main',
    ),
    validateInput: (value) =>
      value === '' || isRepository(value.trim())
        ? undefined
        : t('Enter an id of the form org/name.'),
  });
  if (id?.trim()) await fetchAndUse(services, id.trim(), []);
}

function isRepository(id: string): boolean {
  const { repoId, revision = 'main' } = splitRepositoryId(id);
  return repoId.includes('/') && isRepoId(repoId) && isRevision(revision);
}

/** Downloads a model and draws with it from then on. */
async function fetchAndUse(
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

/**
 * Asks for a model folder or a model in a single file, and keeps it in `easel.modelPaths`.
 * @returns its path
 */
export async function addModelPath({ settings }: HostServices): Promise<string | undefined> {
  const { t } = vscode.l10n;
  const folder = t('A folder');
  const kind = await vscode.window.showQuickPick([
    { label: folder, detail: t('A diffusers model, or a folder of models') },
    { label: t('A file'), detail: t('A model in one file (.safetensors or .ckpt)') },
  ]);
  if (!kind) return undefined;
  const isFolder = kind.label === folder;
  const picked = await vscode.window.showOpenDialog({
    canSelectFiles: !isFolder,
    canSelectFolders: isFolder,
    openLabel: t('Use this model'),
    ...(!isFolder && { filters: { [t('Models')]: ['safetensors', 'ckpt'] } }),
  });
  const path = picked?.[0]?.fsPath;
  if (path === undefined) return undefined;
  const { modelPaths } = settings.read();
  if (!modelPaths.includes(path)) await settings.update('modelPaths', [...modelPaths, path]);
  return path;
}
