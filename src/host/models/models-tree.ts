import * as vscode from 'vscode';
import { describeBytes } from '../../core/quantities';
import type { ModelEntry } from '../../protocol/store';
import type { Settings } from '../settings';
import type { ModelStore, RunningDownload } from './model-store';
import { describeEntry, describeLastUse, shortName } from './model-words';

type Node =
  | { readonly kind: 'model'; readonly entry: ModelEntry }
  | { readonly kind: 'download'; readonly download: RunningDownload };

/** Progress comes several times a second; a tree that is rendered so often cannot be clicked. */
const REFRESH_MS = 700;

/** The tree of models: downloads with their progress, then the models, those that run first. */
export class ModelsTree implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly listening: vscode.Disposable;
  private timer: NodeJS.Timeout | undefined;
  private entries: Promise<readonly ModelEntry[]> | undefined;
  readonly onDidChangeTreeData = this.changed.event;

  constructor(
    private readonly store: ModelStore,
    private readonly settings: Settings,
  ) {
    this.listening = vscode.Disposable.from(
      store.onDidChangeModels(() => (this.entries = undefined)),
      store.onDidChange(() => {
        this.timer ??= setTimeout(() => {
          this.timer = undefined;
          this.changed.fire();
        }, REFRESH_MS);
      }),
    );
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (node) return [];
    this.entries ??= this.store.list();
    const downloads = this.store.downloads;
    const busy = new Set(downloads.map(({ id }) => id));
    const entries = (await this.entries).filter(({ id }) => !busy.has(id));
    const order = (entry: ModelEntry) => (entry.runnable ? 0 : entry.kind === 'pipeline' ? 1 : 2);
    return [
      ...downloads.map((download): Node => ({ kind: 'download', download })),
      ...[...entries]
        .sort((a, b) => order(a) - order(b))
        .map((entry): Node => ({ kind: 'model', entry })),
    ];
  }

  getTreeItem(node: Node): vscode.TreeItem {
    return node.kind === 'download' ? downloadItem(node.download) : this.modelItem(node.entry);
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.listening.dispose();
    this.changed.dispose();
  }

  private modelItem(entry: ModelEntry): vscode.TreeItem {
    const isCurrent = this.settings.read().model === entry.id;
    const item = new vscode.TreeItem(shortName(entry));
    item.id = entry.id;
    item.description = describeEntry(entry);
    item.iconPath = new vscode.ThemeIcon(iconOf(entry, isCurrent));
    item.contextValue = `model.${entry.origin}.${entry.runnable ? 'runs' : 'not'}`;
    item.tooltip = [
      entry.id,
      entry.path,
      describeLastUse(entry.lastUsedMs),
      ...(entry.reason ? [entry.reason] : []),
    ].join('\n');
    const state = isCurrent
      ? vscode.l10n.t('in use')
      : entry.runnable
        ? ''
        : vscode.l10n.t('does not run');
    item.accessibilityInformation = {
      label: [entry.id, item.description, state].filter(Boolean).join(', '),
    };
    return item;
  }
}

function iconOf(entry: ModelEntry, isCurrent: boolean): string {
  if (isCurrent) return 'check';
  if (entry.runnable) return 'package';
  return entry.kind === 'pipeline' ? 'circle-slash' : 'extensions';
}

function downloadItem({ id, bytes, totalBytes }: RunningDownload): vscode.TreeItem {
  const item = new vscode.TreeItem(shortName({ id, origin: 'cache' }));
  item.id = `download ${id}`;
  item.description = vscode.l10n.t('{0} of {1}', describeBytes(bytes), describeBytes(totalBytes));
  item.iconPath = new vscode.ThemeIcon('sync~spin');
  item.contextValue = 'download';
  item.tooltip = id;
  return item;
}

/** Reads the argument of a command of the tree's menus. */
export function entryOf(argument: unknown): ModelEntry | undefined {
  const node = argument as Node | undefined;
  return node?.kind === 'model' ? node.entry : undefined;
}

export function downloadOf(argument: unknown): RunningDownload | undefined {
  const node = argument as Node | undefined;
  return node?.kind === 'download' ? node.download : undefined;
}
