import * as vscode from 'vscode';
import { findInCatalogue } from '../../core/catalogue/catalogue';
import type { ModelEntry } from '../../protocol/engine';
import type { Recommendation } from '../../protocol/store';
import { downloadModels } from '../models/download-model';
import {
  describeEntry,
  describeRecommendation,
  modelName,
  shownModel,
} from '../models/model-words';
import type { HostServices } from '../services';

/** What draws an edit. */
export interface EditingModel {
  /** As `easel.model` has it. */
  readonly id: string;
  /** Whether it edits by words; else it draws the image again (image to image). */
  readonly edits: boolean;
  /** Absent where it is not on this machine, or not listed. */
  readonly entry: ModelEntry | undefined;
}

interface ModelItem extends vscode.QuickPickItem {
  readonly take?: () => Promise<EditingModel | undefined>;
}

/**
 * The model that edits an image: the user's own where it edits by words. Else the user is asked: for another one of
 * this machine that does, for one to download, or whether the own model is to draw the image again.
 * @param scope whose settings hold
 * @returns undefined where the user does not choose
 */
export async function editingModel(
  services: HostServices,
  scope: vscode.Uri,
): Promise<EditingModel | undefined> {
  const { endpoints, store, settings } = services;
  const id = settings.read(scope).model;
  const entries = await store.list();
  const entry = entries.find((one) => one.id === id);
  const own = { id, edits: entry?.defaults?.edits === true, entry };
  if (own.edits) return own;
  const { t } = vscode.l10n;
  const name = shownModel(endpoints, id);
  const again: ModelItem = {
    label: `$(refresh) ${name}`,
    detail: t('Follows the words less: it draws a new image over this one'),
    take: () => Promise.resolve(own),
  };
  // What suits the machine may take a moment: the list is shown meanwhile.
  const items = editorItems(services, entries).then((editors) => [
    heading(t('change what the words say')),
    ...editors,
    heading(t('draw the image again')),
    again,
  ]);
  const picked = await vscode.window.showQuickPick(items, {
    title: t('Edit Image'),
    placeHolder: t('{0} does not edit by words. Choose a model for this image', name),
    matchOnDetail: true,
  });
  return picked?.take?.();
}

function heading(label: string): ModelItem {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}

/** The models that edit by words: those of this machine, then those to download. */
async function editorItems(
  services: HostServices,
  entries: readonly ModelEntry[],
): Promise<ModelItem[]> {
  const present = entries.filter(({ runnable, defaults }) => runnable && defaults?.edits);
  const ids = new Set(present.map(({ id }) => findInCatalogue(id)?.id));
  const recommended = await services.store.recommend();
  return [
    ...present.map(presentItem),
    ...recommended
      .filter(({ entry }) => entry.edits && !ids.has(entry.id))
      .map((one) => downloadItem(services, one)),
  ];
}

function presentItem(entry: ModelEntry): ModelItem {
  return {
    label: `$(edit) ${modelName(entry.id)}`,
    description: describeEntry(entry),
    detail: vscode.l10n.t('Keeps the image, and changes what the words say'),
    take: () => Promise.resolve({ id: entry.id, edits: true, entry }),
  };
}

function downloadItem(
  services: HostServices,
  { entry, companions, fits, reason }: Recommendation,
): ModelItem {
  const { t } = vscode.l10n;
  return {
    label: `$(cloud-download) ${t('Download {0}', entry.title)}`,
    description: describeRecommendation(entry),
    detail: fits ? t('Keeps the image, and changes what the words say') : `$(warning) ${reason}`,
    take: async () => {
      if (!(await downloadModels(services, [entry.id, ...companions]))) return undefined;
      const listed = (await services.store.list()).find(({ id }) => id === entry.id);
      return { id: entry.id, edits: true, entry: listed };
    },
  };
}
