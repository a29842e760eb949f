import * as vscode from 'vscode';
import { FALLBACK_DEVICE } from '../../core/devices';
import type { CallOptions } from '../../protocol/peer';
import type {
  CatalogueEntry,
  DownloadEvent,
  DownloadPlan,
  DownloadSummary,
  LeftoverReport,
  ModelEntry,
  Recommendation,
  RemovalPlan,
  StoreMethods,
  VerifyEvent,
  VerifyReport,
} from '../../protocol/store';
import { StoreClient } from '../../client/store-client';
import type { EngineService } from '../drawing/engine-service';
import type { Settings } from '../settings';
import type { HubToken } from './hub-token';

/** The store process ends this long after its last call. */
const IDLE_MS = 5 * 60_000;

/** A download that runs. */
export interface RunningDownload {
  readonly id: string;
  readonly bytes: number;
  readonly totalBytes: number;
  pause(): void;
}

/** The models of this machine, and downloads, for every front of the extension. */
export class ModelStore implements vscode.Disposable {
  private client: StoreClient | undefined;
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly configuration: vscode.Disposable;
  private readonly running = new Map<string, RunningDownload>();
  private idle: NodeJS.Timeout | undefined;
  private openCalls = 0;

  /** Fires when models come or go, and while downloads go on. */
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly module: string,
    private readonly settings: Settings,
    private readonly log: vscode.LogOutputChannel,
    private readonly engine: Pick<EngineService, 'lastDevice'>,
    private readonly token: HubToken,
  ) {
    this.configuration = settings.onDidChange((changed) => {
      if (changed('hfHome') || changed('nodePath')) this.restart();
      if (changed('hfHome') || changed('modelPaths') || changed('model')) this.changed.fire();
    });
  }

  get downloads(): readonly RunningDownload[] {
    return [...this.running.values()];
  }

  list(): Promise<readonly ModelEntry[]> {
    return this.call('list', { paths: this.settings.read().modelPaths });
  }

  catalogue(): Promise<readonly CatalogueEntry[]> {
    return this.call('catalogue', null);
  }

  /** The catalogue's models, the best for this machine first. */
  recommend(): Promise<readonly Recommendation[]> {
    return this.call('recommend', { device: this.engine.lastDevice ?? FALLBACK_DEVICE });
  }

  /** What a download would fetch. Asks the hub. */
  async plan(id: string, signal?: AbortSignal): Promise<DownloadPlan> {
    return this.call('plan', { id, ...(await this.credentials()) }, { signal });
  }

  /**
   * Fetches a model. Aborting pauses: the same call goes on from there.
   * @throws EaselError; `cancelled` after a pause
   */
  async download(
    id: string,
    options: { signal?: AbortSignal; onEvent?: (event: DownloadEvent) => void } = {},
  ): Promise<DownloadSummary> {
    const controller = new AbortController();
    const pause = () => controller.abort();
    options.signal?.addEventListener('abort', pause);
    if (options.signal?.aborted) pause();
    const show = (bytes: number, totalBytes: number) => {
      this.running.set(id, { id, bytes, totalBytes, pause });
      this.changed.fire();
    };
    show(0, 0);
    try {
      return await this.call(
        'download',
        { id, ...(await this.credentials()) },
        {
          signal: controller.signal,
          onEvent: (event) => {
            if (event.event === 'progress') show(event.bytes, event.totalBytes);
            else if (event.event === 'waiting') this.log.warn(`${id}: ${event.reason}`);
            options.onEvent?.(event);
          },
        },
      );
    } finally {
      options.signal?.removeEventListener('abort', pause);
      this.running.delete(id);
      this.changed.fire();
    }
  }

  verify(id: string, options: CallOptions<VerifyEvent> = {}): Promise<VerifyReport> {
    return this.call('verify', { id }, options);
  }

  /** Deletes the damaged files of a model, so that a download fetches them again. */
  async repair(id: string, options: CallOptions<VerifyEvent> = {}): Promise<VerifyReport> {
    return this.andChange(this.call('verify', { id, repair: true }, options));
  }

  removal(id: string): Promise<RemovalPlan> {
    return this.call('removal', { id });
  }

  remove(id: string): Promise<RemovalPlan> {
    return this.andChange(this.call('remove', { id }));
  }

  /** Deletes what an interrupted download of a model left. */
  discard(id: string): Promise<LeftoverReport> {
    return this.andChange(this.call('discard', { id }));
  }

  leftovers(): Promise<LeftoverReport> {
    return this.call('leftovers', null);
  }

  clean(): Promise<LeftoverReport> {
    return this.andChange(this.call('clean', null));
  }

  /** Lets the views ask again. */
  refresh(): void {
    this.changed.fire();
  }

  dispose(): void {
    this.restart();
    this.configuration.dispose();
    this.changed.dispose();
  }

  private async andChange<T>(doing: Promise<T>): Promise<T> {
    try {
      return await doing;
    } finally {
      this.changed.fire();
    }
  }

  private async credentials(): Promise<{ readonly token?: string }> {
    const token = await this.token.read();
    return token === undefined ? {} : { token };
  }

  private async call<K extends keyof StoreMethods>(
    method: K,
    params: StoreMethods[K]['params'],
    options?: CallOptions<StoreMethods[K]['event']>,
  ): Promise<StoreMethods[K]['result']> {
    clearTimeout(this.idle);
    this.openCalls += 1;
    try {
      this.client ??= this.createClient();
      return await this.client.call(method, params, options);
    } finally {
      this.openCalls -= 1;
      if (this.openCalls === 0) this.idle = setTimeout(() => this.restart(), IDLE_MS).unref();
    }
  }

  private restart(): void {
    clearTimeout(this.idle);
    this.client?.dispose();
    this.client = undefined;
  }

  private createClient(): StoreClient {
    const { hfHome, nodePath } = this.settings.read();
    return new StoreClient({
      module: this.module,
      ...(nodePath && { execPath: nodePath }),
      env: { ...proxyEnvironment(), ...(hfHome && { EASEL_HF_HOME: hfHome }) },
      log: (line) => this.log.debug(`store: ${line}`),
      onCrash: (error) => this.log.error(error.message),
    });
  }
}

/** The editor's own proxy settings, where the environment names none. */
function proxyEnvironment(): Record<string, string> {
  const http = vscode.workspace.getConfiguration('http');
  const proxy = http.get<string>('proxy') ?? '';
  const exceptions = http.get<readonly string[]>('noProxy') ?? [];
  const isSet = ['HTTPS_PROXY', 'https_proxy'].some((name) => process.env[name]);
  if (!proxy || isSet) return {};
  return {
    ...{ HTTPS_PROXY: proxy, HTTP_PROXY: proxy },
    ...(exceptions.length > 0 && { NO_PROXY: exceptions.join(',') }),
  };
}
