import * as vscode from 'vscode';
import { describeBytes } from '../../core/quantities';
import { findInCatalogue } from '../../core/catalogue/catalogue';
import type { ModelEntry, Recommendation } from '../../protocol/store';
import { toEaselError } from '../../core/errors';
import { addEndpoint } from '../endpoints/add-endpoint';
import type { HostServices } from '../services';
import { showBox } from '../show-box';
import { downloadModel } from './ask-model';
import { endpointItems, type ModelItem } from './endpoint-items';
import { fetchAndUse, goOnWithDownload } from './download-model';
import { describeEntry, describeRecommendation, modelName, reasonOf, STARTER } from './model-words';

/**
 * *Easel: Choose Model*: what is on this computer, the models of the endpoints, what could be fetched, the best for
 * this machine first, any other repository, or a folder or file. Endpoints are asked while the list is open, and
 * what is here does not wait for them.
 */
export async function chooseModel(services: HostServices): Promise<void> {
  const picked = await pickModel(services);
  await picked?.choose?.();
}

function pickModel(services: HostServices): Promise<ModelItem | undefined> {
  const { t } = vscode.l10n;
  const { store, endpointModels } = services;
  const box = vscode.window.createQuickPick<ModelItem>();
  box.title = t('Choose Model');
  box.placeholder = t('Choose the model to draw with');
  box.matchOnDescription = true;
  box.matchOnDetail = true;
  box.keepScrollPosition = true;
  box.busy = true;
  let here: readonly ModelItem[] = [];
  let fetchable: readonly ModelItem[] = [];
  let isListed = false;
  const show = () => {
    if (!isListed) return;
    const [active] = box.activeItems;
    const isMoved = active !== undefined && active.label !== box.items[0]?.label;
    box.items = [...here, ...endpointItems(services), ...fetchable, ...otherItems(services)];
    // What comes later does not take away what the user has moved to.
    const same = isMoved && box.items.find((item) => isSame(item, active));
    if (same) box.activeItems = [same];
  };
  const answers = endpointModels.onDidChange(show);
  return new Promise((resolve, reject) => {
    box.onDidAccept(() => {
      resolve(box.activeItems[0]);
      box.hide();
    });
    showBox(box, () => {
      resolve(undefined);
      answers.dispose();
      box.dispose();
    });
    const asked = endpointModels.refresh();
    const listed = Promise.all([store.list(), store.recommend()]).then(([entries, recommended]) => {
      here = presentItems(services, entries);
      fetchable = [
        { label: t('Download from Hugging Face'), kind: vscode.QuickPickItemKind.Separator },
        ...catalogueItems(services, entries, recommended),
      ];
      isListed = true;
      show();
    });
    listed
      .then(() => asked)
      .then(() => (box.busy = false))
      .catch((thrown: unknown) => {
        reject(toEaselError(thrown));
        box.hide();
      });
  });
}

function isSame(item: ModelItem, { label, description }: ModelItem): boolean {
  return item.label === label && item.description === description;
}

function otherItems(services: HostServices): ModelItem[] {
  const { t } = vscode.l10n;
  return [
    { label: '', kind: vscode.QuickPickItemKind.Separator },
    {
      label: `$(cloud-download) ${t('Another repository…')}`,
      detail: t('Any Stable Diffusion model of huggingface.co, as org/name'),
      alwaysShow: true,
      choose: () => downloadModel(services),
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
    {
      label: `$(server) ${t('Another machine or service…')}`,
      detail: t('Add an endpoint: a server that draws for you'),
      alwaysShow: true,
      choose: () => addEndpoint(services),
    },
  ];
}

function presentItems(services: HostServices, entries: readonly ModelEntry[]): ModelItem[] {
  const current = services.settings.read().model;
  const order = (entry: ModelEntry) => (entry.runnable ? 0 : entry.unfinished ? 1 : 2);
  return entries
    .filter(({ kind }) => kind === 'pipeline')
    .sort((a, b) => order(a) - order(b))
    .map((entry) => presentItem(services, entry, entry.id === current));
}

function presentItem(services: HostServices, entry: ModelEntry, isCurrent: boolean): ModelItem {
  const { t } = vscode.l10n;
  const name = modelName(entry.id);
  const described = describeEntry(entry);
  // The id can be searched for.
  const description = entry.id.endsWith(name) ? described : `${described} · ${entry.id}`;
  if (entry.unfinished) {
    return {
      label: `$(cloud-download) ${name}`,
      description,
      detail: t('Resume the download: {0} downloaded', describeBytes(entry.sizeBytes)),
      choose: () => goOnWithDownload(services, entry.id),
    };
  }
  const reason = reasonOf(entry);
  return {
    label: `${isCurrent ? '$(check) ' : ''}${name}`,
    description: entry.origin === 'starter' ? described : description,
    detail: entry.runnable ? summaryOf(entry) : `$(circle-slash) ${reason}`,
    choose: async () => {
      if (entry.runnable) await services.settings.update('model', entry.id);
      else void vscode.window.showInformationMessage(reason);
    },
  };
}

function summaryOf({ id }: ModelEntry): string | undefined {
  if (id === STARTER) {
    return vscode.l10n.t('Icons and simple illustrations of about 700 things, in about a second');
  }
  return findInCatalogue(id)?.summary;
}

function catalogueItems(
  services: HostServices,
  entries: readonly ModelEntry[],
  recommended: readonly Recommendation[],
): ModelItem[] {
  const { t } = vscode.l10n;
  const present = new Set(
    entries
      .filter(({ runnable, unfinished }) => runnable || unfinished)
      .map(({ id }) => findInCatalogue(id)?.id),
  );
  return recommended
    .filter(({ entry }) => !present.has(entry.id))
    .map(({ entry, companions, fits, reason }, i) => ({
      label: `$(cloud-download) ${entry.title}`,
      description: [
        describeRecommendation(entry),
        i === 0 && fits ? t('recommended for this computer') : '',
      ]
        .filter(Boolean)
        .join(' · '),
      detail: fits ? entry.summary : `$(warning) ${reason}`,
      choose: () => fetchAndUse(services, entry.id, companions),
    }));
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
    { label: t('A file'), detail: t('A model in one file (.safetensors, .gguf or .ckpt)') },
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
