import { stat } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Settings } from '../settings';
import type { ModelStore } from './model-store';

/** Other programs write many files, one after the other; the models are listed again at most this often. */
const REFRESH_MS = 2000;
/** What downloads write on their way: it makes no model, and would have the models listed all the time. */
const UNFINISHED = /\.(?:incomplete|lock|tmp|part)$|[\\/]blobs[\\/]/;

/**
 * Notices models that other programs put into the cache or into the folders of `easel.modelPaths`, as long as
 * someone looks at a list of models. Nothing is watched otherwise.
 */
export class ModelWatch implements vscode.Disposable {
  private users = 0;
  private watchers: readonly vscode.Disposable[] = [];
  /** Counts the starts, so that one that was ended meanwhile adds no watchers. */
  private turn = 0;
  private timer: NodeJS.Timeout | undefined;
  private readonly configuration: vscode.Disposable;

  constructor(
    private readonly store: ModelStore,
    private readonly settings: Settings,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.configuration = settings.onDidChange((changed) => {
      const isElsewhere = changed('hfHome') || changed('modelPaths') || changed('loraPaths');
      if (this.users > 0 && isElsewhere) void this.begin();
    });
  }

  /** Watches until what is returned is disposed. */
  start(): vscode.Disposable {
    this.users += 1;
    if (this.users === 1) void this.begin();
    let isOver = false;
    return new vscode.Disposable(() => {
      if (isOver) return;
      isOver = true;
      this.users -= 1;
      if (this.users === 0) this.end();
    });
  }

  dispose(): void {
    this.end();
    this.configuration.dispose();
  }

  private async begin(): Promise<void> {
    this.end();
    const turn = this.turn;
    try {
      const cache = await this.store.cacheFolder();
      const { modelPaths, loraPaths } = this.settings.read();
      const places = [cache, ...modelPaths, ...loraPaths];
      const patterns = await Promise.all(places.map(patternOf));
      if (turn === this.turn) this.watchers = patterns.map((pattern) => this.watch(pattern));
    } catch (thrown) {
      // The list can still be asked for again by hand.
      this.log.warn(`New models are not noticed: ${String(thrown)}`);
    }
  }

  private watch(pattern: vscode.RelativePattern): vscode.Disposable {
    const watcher = vscode.workspace.createFileSystemWatcher(pattern);
    const changed = ({ path: changedPath }: vscode.Uri) => {
      if (UNFINISHED.test(changedPath)) return;
      this.timer ??= setTimeout(() => {
        this.timer = undefined;
        // Easel's own downloads tell themselves when they are done.
        if (this.store.downloads.length === 0) this.store.refresh();
      }, REFRESH_MS);
    };
    watcher.onDidCreate(changed);
    watcher.onDidChange(changed);
    watcher.onDidDelete(changed);
    return watcher;
  }

  private end(): void {
    this.turn += 1;
    clearTimeout(this.timer);
    this.timer = undefined;
    for (const watcher of this.watchers) watcher.dispose();
    this.watchers = [];
  }
}

/** A folder with all below it, or one file. */
async function patternOf(place: string): Promise<vscode.RelativePattern> {
  const isFile = await stat(place).then(
    (found) => found.isFile(),
    () => false,
  );
  return isFile
    ? new vscode.RelativePattern(vscode.Uri.file(path.dirname(place)), path.basename(place))
    : // Of a folder that is moved here only the folder itself is told, not its files.
      new vscode.RelativePattern(vscode.Uri.file(place), '**');
}
