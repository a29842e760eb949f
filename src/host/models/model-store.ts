import * as vscode from 'vscode';
import { FALLBACK_DEVICE, type DeviceName } from '../../core/devices';
import type { CallOptions } from '../../protocol/peer';
import type {
  CatalogueEntry,
  DownloadEvent,
  DownloadPlan,
  DownloadSummary,
  LeftoverReport,
  ModelEntry,
  PreparedList,
  Recommendation,
  RemovalPlan,
  StoreMethods,
  SupportPlan,
  SupportSummary,
  VerifyEvent,
  VerifyReport,
  UpscalerEntry,
} from '../../protocol/store';
import type { Store } from '../../client/engine';
import { IdleService } from '../../client/idle-service';
import { openStore } from '../../client/open';
import type { EngineService } from '../drawing/engine-service';
import { projectEnvironment } from '../drawing/project-environment';
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

/** The models of this machine, and downloads, for every feature of the extension. */
export class ModelStore implements vscode.Disposable {
  private readonly store: IdleService<StoreMethods>;
  private readonly modelsChanged = new vscode.EventEmitter<void>();
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly configuration: vscode.Disposable;
  private readonly running = new Map<string, RunningDownload>();

  /** Fires when `list` can have another answer. */
  readonly onDidChangeModels = this.modelsChanged.event;
  /** Fires when models come or go, when another one is chosen, and while downloads run. */
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly module: string,
    private readonly settings: Settings,
    private readonly log: vscode.LogOutputChannel,
    private readonly engine: Pick<EngineService, 'lastUsed'>,
    private readonly token: HubToken,
  ) {
    this.store = new IdleService({ create: () => this.createStore(), idleMs: IDLE_MS });
    this.configuration = settings.onDidChange((changed) => {
      if (changed('hfHome') || changed('nodePath')) this.store.dispose();
      if (changed('hfHome') || changed('modelPaths') || changed('loraPaths')) this.refresh();
      else if (changed('model')) this.changed.fire();
    });
  }

  get downloads(): readonly RunningDownload[] {
    return [...this.running.values()];
  }

  /** The models of this machine: the starter, the cache's, those of `easel.modelPaths`, and the LoRAs of `easel.loraPaths`. */
  list(): Promise<readonly ModelEntry[]> {
    const { modelPaths, loraPaths } = this.settings.read();
    return this.call('list', { paths: modelPaths, loraPaths });
  }

  /** The upscalers of this machine, those at `easel.modelPaths` too. */
  upscalers(): Promise<readonly UpscalerEntry[]> {
    return this.call('upscalers', { paths: this.settings.read().modelPaths });
  }

  /** The folder of the shared Hugging Face cache, which may not exist yet. */
  cacheFolder(): Promise<string> {
    return this.call('cacheFolder', null);
  }

  catalogue(): Promise<readonly CatalogueEntry[]> {
    return this.call('catalogue', null);
  }

  /** The catalogue's models, the best for this machine first. */
  recommend(): Promise<readonly Recommendation[]> {
    const { device = FALLBACK_DEVICE, card } = this.engine.lastUsed ?? {};
    return this.call('recommend', { device, card });
  }

  /** What a download would fetch, as the hub says. */
  async plan(id: string, signal?: AbortSignal): Promise<DownloadPlan> {
    return this.call('plan', { id, ...(await this.credentials()) }, { signal });
  }

  /**
   * Downloads a model. Aborting pauses it: the same call continues from there.
   * @throws EaselError; `cancelled` after a pause
   */
  async download(
    id: string,
    options: { signal?: AbortSignal; onEvent?: (event: DownloadEvent) => void } = {},
  ): Promise<DownloadSummary> {
    const controller = new AbortController();
    const signals = options.signal ? [options.signal, controller.signal] : [controller.signal];
    const pause = () => controller.abort();
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
          signal: AbortSignal.any(signals),
          onEvent: (event) => {
            if (event.event === 'progress') show(event.bytes, event.totalBytes);
            else if (event.event === 'waiting') this.log.warn(`${id}: ${event.reason}`);
            options.onEvent?.(event);
          },
        },
      );
    } finally {
      this.running.delete(id);
      this.refresh();
    }
  }

  verify(id: string, options: CallOptions<VerifyEvent> = {}): Promise<VerifyReport> {
    return this.call('verify', { id }, options);
  }

  /** Deletes the damaged files of a model, so that a download fetches them again. */
  async repair(id: string, options: CallOptions<VerifyEvent> = {}): Promise<VerifyReport> {
    return this.thenRefresh(this.call('verify', { id, repair: true }, options));
  }

  removal(id: string): Promise<RemovalPlan> {
    return this.call('removal', { id });
  }

  remove(id: string): Promise<RemovalPlan> {
    return this.thenRefresh(this.call('remove', { id }));
  }

  /** The weights that were prepared for int8. */
  prepared(): Promise<PreparedList> {
    return this.call('prepared', null);
  }

  /** Deletes the prepared weights of a model. */
  removePrepared(model: string): Promise<LeftoverReport> {
    return this.thenRefresh(this.call('removePrepared', { model }));
  }

  /** Deletes what an interrupted download of a model left. */
  discard(id: string): Promise<LeftoverReport> {
    return this.thenRefresh(this.call('discard', { id }));
  }

  leftovers(): Promise<LeftoverReport> {
    return this.call('leftovers', null);
  }

  clean(): Promise<LeftoverReport> {
    return this.thenRefresh(this.call('clean', null));
  }

  supportPlan(device: DeviceName): Promise<SupportPlan> {
    return this.call('supportPlan', { device });
  }

  /** Installs what a device needs. Aborting pauses it. @throws EaselError; `cancelled` after a pause */
  installSupport(device: DeviceName, options: CallOptions<DownloadEvent>): Promise<SupportSummary> {
    return this.call('installSupport', { device }, options);
  }

  removeSupport(device: DeviceName): Promise<LeftoverReport> {
    return this.call('removeSupport', { device });
  }

  /** Tells the views to list the models again. */
  refresh(): void {
    this.modelsChanged.fire();
    this.changed.fire();
  }

  dispose(): void {
    this.store.dispose();
    this.configuration.dispose();
    this.modelsChanged.dispose();
    this.changed.dispose();
  }

  private async thenRefresh<T>(doing: Promise<T>): Promise<T> {
    try {
      return await doing;
    } finally {
      this.refresh();
    }
  }

  private async credentials(): Promise<{ readonly token?: string }> {
    const token = await this.token.read();
    return token === undefined ? {} : { token };
  }

  private call<K extends keyof StoreMethods>(
    method: K,
    params: StoreMethods[K]['params'],
    options?: CallOptions<StoreMethods[K]['event']>,
  ): Promise<StoreMethods[K]['result']> {
    return this.store.call(method, params, options);
  }

  private createStore(): Store {
    const { hfHome, nodePath } = this.settings.read();
    return openStore({
      module: this.module,
      ...(nodePath && { execPath: nodePath }),
      env: {
        ...projectEnvironment(),
        ...proxyEnvironment(),
        ...(hfHome && { EASEL_HF_HOME: hfHome }),
      },
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
    HTTPS_PROXY: proxy,
    HTTP_PROXY: proxy,
    ...(exceptions.length > 0 && { NO_PROXY: exceptions.join(',') }),
  };
}
