import * as vscode from 'vscode';
import { isRepoId, isRevision, splitRepositoryId } from '../../core/repository-id';
import type { CatalogueEntry, Recommendation } from '../../protocol/store';
import type { HostServices } from '../services';
import { showBox } from '../show-box';
import { fetchAndUse } from './download-model';
import { describeRecommendation } from './model-words';

interface DownloadItem extends vscode.QuickPickItem {
  /** Absent for a heading, and for the hint on what can be typed. */
  readonly id?: string;
  readonly companions?: readonly string[];
}

/**
 * *Easel: Download Model*: the well-known models, the best for this computer first, filtered while one types;
 * any other repository by its id.
 * @param chosen what the Models view recommends and the user clicked
 */
export async function downloadModel(
  services: HostServices,
  chosen?: Recommendation,
): Promise<void> {
  const item = chosen ? itemOf(chosen) : await askModel(services);
  if (item?.id !== undefined) await fetchAndUse(services, item.id, item.companions ?? []);
}

function askModel({ store, log }: HostServices): Promise<DownloadItem | undefined> {
  const { t } = vscode.l10n;
  const box = vscode.window.createQuickPick<DownloadItem>();
  box.title = t('Download Model');
  box.placeholder = t('Search, or type the id of a repository on huggingface.co (org/name)');
  box.matchOnDescription = true;
  box.matchOnDetail = true;
  box.busy = true;
  let known: readonly DownloadItem[] = [];
  /** The typed text for which the list has been updated. */
  let settled: string | undefined;
  const show = (value: string) => {
    const typed = typedItem(value);
    box.items = typed ? [typed, ...known] : known;
    if (typed?.id !== undefined) box.activeItems = [typed];
  };
  return new Promise((resolve) => {
    box.onDidChangeValue(show);
    box.onDidChangeActive(([active]) => {
      if (active?.id === repositoryOf(box.value)) settled = box.value;
    });
    box.onDidAccept(() => {
      const repository = repositoryOf(box.value);
      // While the list is behind quick typing, its active item is not the user's choice.
      const isBehind = repository !== undefined && settled !== box.value;
      const picked = isBehind ? typedItem(box.value) : box.activeItems[0];
      if (picked?.id === undefined) return;
      resolve(picked);
      box.hide();
    });
    showBox(box, () => {
      resolve(undefined);
      box.dispose();
    });
    const listing = Promise.all([store.recommend(), store.catalogue(), store.list()]);
    void listing
      .then(
        ([recommended, catalogue, entries]) => {
          const present = new Set(
            entries
              .filter(({ runnable, kind }) => runnable || kind !== 'pipeline')
              .map(({ id }) => id),
          );
          const isPresent = ({ id, aliases }: CatalogueEntry) =>
            [id, ...aliases].some((one) => present.has(one));
          const parts = catalogue.filter((entry) => entry.kind !== 'pipeline' && !isPresent(entry));
          known = [
            ...recommended.filter(({ entry }) => !isPresent(entry)).map(itemOf),
            ...(parts.length > 0
              ? [{ label: t('parts and LoRAs'), kind: vscode.QuickPickItemKind.Separator }]
              : []),
            ...parts.map((entry) => itemOf({ entry, companions: [], fits: true, reason: '' })),
          ];
          show(box.value);
        },
        (thrown: unknown) => log.warn(`The models could not be listed: ${String(thrown)}`),
      )
      .then(() => (box.busy = false));
  });
}

function itemOf({ entry, companions, fits, reason }: Recommendation): DownloadItem {
  return {
    id: entry.id,
    companions,
    label: `$(cloud-download) ${entry.title}`,
    description: `${describeRecommendation(entry)} · ${entry.id}`,
    detail: fits ? entry.summary : `$(warning) ${reason}`,
  };
}

/** The item of the typed text: its repository, or a hint. Undefined while that is a search. */
function typedItem(value: string): DownloadItem | undefined {
  const { t } = vscode.l10n;
  const id = repositoryOf(value);
  if (id !== undefined) {
    return { id, label: `$(cloud-download) ${t('Download {0}', id)}`, alwaysShow: true };
  }
  if (!value.includes('/')) return undefined;
  return { label: `$(info) ${t('Enter an id of the form org/name.')}`, alwaysShow: true };
}

/** The repository that a text names by its id or by the address of its page; undefined for anything else. */
function repositoryOf(value: string): string | undefined {
  const page =
    /^(?:https?:\/\/)?(?:www\.)?(?:huggingface\.co|hf\.co)\/([^/?#\s]+\/[^/?#\s]+)(?:\/tree\/([^/?#\s]+))?/;
  const [, repo, branch] = page.exec(value.trim()) ?? [];
  const id = repo === undefined ? value.trim() : branch ? `${repo}@${branch}` : repo;
  const { repoId, revision = 'main' } = splitRepositoryId(id);
  return repoId.includes('/') && isRepoId(repoId) && isRevision(revision) ? id : undefined;
}
