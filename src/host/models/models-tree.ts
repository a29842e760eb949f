import * as vscode from 'vscode';
import { describeBytes } from '../../core/quantities';
import type {
  ModelEntry,
  PreparedList,
  PreparedWeights,
  Recommendation,
} from '../../protocol/store';
import type { CommandId } from '../command-ids';
import type { HostServices } from '../services';
import type { RunningDownload } from './model-store';
import {
  describeEntry,
  describeLastUse,
  describePrepared,
  describeRecommendation,
  loraLines,
  modelName,
  preparedName,
  reasonOf,
} from './model-words';

type Node =
  | { readonly kind: 'model'; readonly entry: ModelEntry }
  | { readonly kind: 'prepared'; readonly weights: PreparedWeights }
  | { readonly kind: 'all-prepared'; readonly list: PreparedList }
  | { readonly kind: 'download'; readonly download: RunningDownload }
  | { readonly kind: 'recommendations'; readonly isOnlyStarter: boolean }
  | { readonly kind: 'recommendation'; readonly recommendation: Recommendation };

/** Progress comes several times a second; a tree that is rendered so often cannot be clicked. */
const REFRESH_MS = 700;
/** Models in the list of those to download. */
const MAX_RECOMMENDATIONS = 5;

/**
 * The Models view: downloads with their progress, then the models, those that run first, then the weights that
 * were prepared of them, then what could be downloaded, the best for this computer first.
 */
export class ModelsTree implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly listening: vscode.Disposable;
  private timer: NodeJS.Timeout | undefined;
  private entries: Promise<readonly ModelEntry[]> | undefined;
  private prepared: Promise<PreparedList> | undefined;
  private recommended: Promise<readonly Recommendation[]> | undefined;
  /** While the view is in sight. */
  private watching: vscode.Disposable | undefined;
  readonly onDidChangeTreeData = this.changed.event;

  constructor(
    private readonly services: Pick<HostServices, 'engine' | 'store' | 'settings' | 'watch'>,
  ) {
    const { engine, store } = services;
    const view = vscode.window.createTreeView('easel.models', { treeDataProvider: this });
    this.listening = vscode.Disposable.from(
      view,
      view.onDidChangeVisibility(({ visible }) => this.watch(visible)),
      store.onDidChangeModels(() => {
        this.entries = undefined;
        this.prepared = undefined;
        this.recommended = undefined;
      }),
      store.onDidChange(() => this.refresh()),
      engine.onDidPrepare(() => {
        this.prepared = undefined;
        this.refresh();
      }),
    );
    if (view.visible) this.watch(true);
  }

  async getChildren(node?: Node): Promise<Node[]> {
    const { store } = this.services;
    this.entries ??= store.list();
    const entries = await this.entries;
    if (node?.kind === 'recommendations') return this.recommendations(entries);
    if (node?.kind === 'all-prepared') {
      return node.list.weights.map((weights) => ({ kind: 'prepared', weights }));
    }
    if (node) return [];
    this.prepared ??= store.prepared();
    const list = await this.prepared;
    const downloads = store.downloads;
    const busy = new Set(downloads.map(({ id }) => id));
    const order = (entry: ModelEntry) => (entry.runnable ? 0 : entry.kind === 'pipeline' ? 1 : 2);
    const isOnlyStarter = entries.filter(({ runnable }) => runnable).length <= 1;
    return [
      ...downloads.map((download): Node => ({ kind: 'download', download })),
      ...entries
        .filter(({ id }) => !busy.has(id))
        .sort((a, b) => order(a) - order(b))
        .map((entry): Node => ({ kind: 'model', entry })),
      ...(list.weights.length > 0 ? [{ kind: 'all-prepared', list } as const] : []),
      { kind: 'recommendations', isOnlyStarter },
    ];
  }

  getTreeItem(node: Node): vscode.TreeItem {
    switch (node.kind) {
      case 'download':
        return downloadItem(node.download);
      case 'model':
        return this.modelItem(node.entry);
      case 'all-prepared':
        return allPreparedItem(node.list);
      case 'prepared':
        return preparedItem(node.weights);
      case 'recommendations':
        return recommendationsItem(node.isOnlyStarter);
      case 'recommendation':
        return recommendationItem(node);
    }
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.watch(false);
    this.listening.dispose();
    this.changed.dispose();
  }

  private refresh(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.changed.fire();
    }, REFRESH_MS);
  }

  /** Models that other programs fetch appear by themselves, as long as someone looks. */
  private watch(isSeen: boolean): void {
    if (isSeen) {
      this.watching ??= this.services.watch.start();
      return;
    }
    this.watching?.dispose();
    this.watching = undefined;
  }

  private async recommendations(entries: readonly ModelEntry[]): Promise<Node[]> {
    const { store } = this.services;
    this.recommended ??= store.recommend();
    const present = new Set(entries.map(({ id }) => id));
    const busy = new Set(store.downloads.map(({ id }) => id));
    return (await this.recommended)
      .filter(({ entry: { id, aliases } }) => ![id, ...aliases].some((one) => present.has(one)))
      .filter(({ entry, fits }) => fits && !busy.has(entry.id))
      .slice(0, MAX_RECOMMENDATIONS)
      .map((recommendation) => ({ kind: 'recommendation', recommendation }));
  }

  private modelItem(entry: ModelEntry): vscode.TreeItem {
    const { t } = vscode.l10n;
    const isCurrent = this.services.settings.read().model === entry.id;
    const item = new vscode.TreeItem(modelName(entry.id));
    const reason = reasonOf(entry);
    item.id = entry.id;
    item.description = entry.unfinished
      ? t('{0} · download not finished', describeEntry(entry))
      : describeEntry(entry);
    item.iconPath = new vscode.ThemeIcon(iconOf(entry, isCurrent));
    const state = entry.runnable ? 'runs' : entry.unfinished ? 'unfinished' : 'not';
    item.contextValue = `model.${entry.origin}.${state}`;
    item.tooltip = [
      entry.id,
      entry.path,
      describeLastUse(entry.lastUsedMs),
      ...(reason ? [reason] : []),
      ...loraLines(entry),
    ].join('\n');
    if (entry.unfinished) {
      item.command = command('easel.resumeDownload', t('Resume Download'), {
        kind: 'model',
        entry,
      });
    }
    const said = isCurrent ? t('in use') : entry.runnable ? '' : t('does not run');
    item.accessibilityInformation = {
      label: [entry.id, item.description, said].filter(Boolean).join(', '),
    };
    return item;
  }
}

function iconOf(entry: ModelEntry, isCurrent: boolean): string {
  if (isCurrent) return 'check';
  if (entry.runnable) return 'package';
  if (entry.unfinished) return 'cloud-download';
  return entry.kind === 'pipeline' ? 'circle-slash' : 'extensions';
}

function downloadItem({ id, bytes, totalBytes }: RunningDownload): vscode.TreeItem {
  const item = new vscode.TreeItem(modelName(id));
  item.id = `download ${id}`;
  item.description = vscode.l10n.t('{0} of {1}', describeBytes(bytes), describeBytes(totalBytes));
  item.iconPath = new vscode.ThemeIcon('sync~spin');
  item.contextValue = 'download';
  item.tooltip = id;
  return item;
}

function allPreparedItem({ folder, weights }: PreparedList): vscode.TreeItem {
  const { t } = vscode.l10n;
  const item = new vscode.TreeItem(
    t('Prepared weights'),
    vscode.TreeItemCollapsibleState.Collapsed,
  );
  item.id = 'prepared';
  item.description = describeBytes(weights.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));
  item.tooltip = t('Weights of large models, made 8-bit for int8. They are in {0}.', folder);
  item.contextValue = 'all-prepared';
  return item;
}

function preparedItem(weights: PreparedWeights): vscode.TreeItem {
  const item = new vscode.TreeItem(preparedName(weights));
  item.id = `prepared ${weights.model}`;
  item.description = describePrepared(weights);
  item.iconPath = new vscode.ThemeIcon(weights.isOutdated ? 'warning' : 'file-binary');
  item.contextValue = 'prepared';
  item.tooltip = [weights.model, describeLastUse(weights.lastUsedMs)].filter(Boolean).join('\n');
  return item;
}

function recommendationsItem(isOnlyStarter: boolean): vscode.TreeItem {
  const { Expanded, Collapsed } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(
    vscode.l10n.t('Recommended for this computer'),
    isOnlyStarter ? Expanded : Collapsed,
  );
  item.id = 'recommendations';
  item.contextValue = 'recommendations';
  return item;
}

function recommendationItem(
  node: Extract<Node, { readonly kind: 'recommendation' }>,
): vscode.TreeItem {
  const { entry } = node.recommendation;
  const item = new vscode.TreeItem(entry.title);
  item.id = `recommended ${entry.id}`;
  item.description = describeRecommendation(entry);
  item.iconPath = new vscode.ThemeIcon('cloud-download');
  item.contextValue = 'recommended';
  item.tooltip = [entry.id, entry.summary].join('\n');
  item.command = command('easel.downloadModel', vscode.l10n.t('Download Model'), node);
  return item;
}

function command(id: CommandId, title: string, node: Node): vscode.Command {
  return { command: id, title, arguments: [node] };
}

/** Reads the argument of a command of the tree's menus. */
export function entryOf(argument: unknown): ModelEntry | undefined {
  const node = argument as Node | undefined;
  return node?.kind === 'model' ? node.entry : undefined;
}

export function preparedOf(argument: unknown): PreparedWeights | undefined {
  const node = argument as Node | undefined;
  return node?.kind === 'prepared' ? node.weights : undefined;
}

export function downloadOf(argument: unknown): RunningDownload | undefined {
  const node = argument as Node | undefined;
  return node?.kind === 'download' ? node.download : undefined;
}

export function recommendationOf(argument: unknown): Recommendation | undefined {
  const node = argument as Node | undefined;
  return node?.kind === 'recommendation' ? node.recommendation : undefined;
}
