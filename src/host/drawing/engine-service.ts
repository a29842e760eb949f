import * as vscode from 'vscode';
import { DEVICE_NAMES, withCard } from '../../core/devices';
import { describeBytes } from '../../core/quantities';
import type { GenerationRequestInput } from '../../core/request/request';
import {
  isElsewhere,
  type EndpointSummary,
  type DeviceReport,
  type DrawingMethods,
  type GenerationEvent,
  type GenerationSummary,
  type LocalSummary,
} from '../../protocol/engine';
import type { Engine } from '../../client/engine';
import { IdleService } from '../../client/idle-service';
import { openEngine } from '../../client/open';
import { RoutedEngine } from '../../client/routed-engine';
import type { Endpoints } from '../endpoints/endpoints';
import type { CallOptions } from '../../protocol/peer';
import { JobProgress, type MemoryNeed, type Preparing } from './job-progress';
import { projectEnvironment } from './project-environment';
import { SafetyNotice } from './safety-notice';
import type { Settings } from '../settings';

const LAST_USED = 'easel.lastUsed';
/** Models stay in memory this long after the last call; the next job then loads them again. */
const IDLE_MS = 15 * 60_000;

/** A generation that runs or waits. */
export interface RunningJob {
  readonly prompt: string;
  readonly progress: JobProgress;
  cancel(): void;
}

/** What drew last on this machine. */
export type LastUsed = Pick<LocalSummary, 'device' | 'card' | 'precision'>;

export interface GenerateOptions extends CallOptions<GenerationEvent> {
  /** Called with each event, before `onEvent`; always with the same object of the job. */
  readonly onProgress?: ((progress: JobProgress) => void) | undefined;
}

/** The engine and its running jobs, for every feature of the extension. */
export class EngineService implements vscode.Disposable {
  private readonly engine: IdleService<DrawingMethods>;
  private readonly running = new Set<RunningJob>();
  private readonly safety = new SafetyNotice();
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly prepared = new vscode.EventEmitter<void>();
  private readonly configuration: vscode.Disposable;
  private report: Promise<DeviceReport> | undefined;

  /** Fires when a job starts, makes progress or ends, and when another device is chosen. */
  readonly onDidChangeJobs = this.changed.event;

  /** Fires when weights were prepared and kept. */
  readonly onDidPrepare = this.prepared.event;

  constructor(
    private readonly module: string,
    private readonly settings: Settings,
    private readonly log: vscode.LogOutputChannel,
    private readonly state: vscode.Memento,
    private readonly endpoints: Endpoints,
  ) {
    this.engine = new IdleService({
      create: () => this.createEngine(),
      idleMs: IDLE_MS,
      onEnd: () => (this.report = undefined),
    });
    this.configuration = settings.onDidChange((changed) => {
      if (changed('hfHome') || changed('nodePath')) this.engine.dispose();
      else if (changed('threads') || changed('priority')) this.engine.renew();
      else if (changed('device')) this.changed.fire();
    });
  }

  /** Jobs in the order of their requests; the first is the one that draws. */
  get jobs(): readonly RunningJob[] {
    return [...this.running];
  }

  /** What drew last on this machine; undefined before the first image. */
  get lastUsed(): LastUsed | undefined {
    const { device, ...rest } = this.state.get<Partial<LastUsed>>(LAST_USED) ?? {};
    // Another version of Easel can have written it.
    const isKnown = DEVICE_NAMES.some((name) => name === device);
    return isKnown ? ({ device, ...rest } as LastUsed) : undefined;
  }

  /**
   * Runs a request as a job of `jobs`. Fields that it leaves open take the model's defaults, not the user's
   * settings: callers put those in (`drawingRequest`).
   * @throws EaselError; `cancelled` after an abort
   */
  async generate(
    request: GenerationRequestInput,
    options: GenerateOptions = {},
  ): Promise<GenerationSummary> {
    const controller = new AbortController();
    const signals = options.signal ? [options.signal, controller.signal] : [controller.signal];
    const progress = new JobProgress(request.numImages ?? 1);
    const job: RunningJob = { prompt: request.prompt, progress, cancel: () => controller.abort() };
    this.running.add(job);
    this.changed.fire();
    try {
      const summary = await this.call(
        'generate',
        { request },
        {
          signal: AbortSignal.any(signals),
          onEvent: (event) => {
            progress.receive(event, performance.now());
            if (event.event === 'warning') this.log.warn(event.message);
            if (event.event === 'image' && event.flagged) void this.safety.show(event.flagged);
            if (event.event === 'memory') this.logMemory(event);
            if (event.event === 'preparing') this.notePreparing(event);
            this.changed.fire();
            options.onProgress?.(progress);
            options.onEvent?.(event);
          },
        },
      );
      if (isElsewhere(summary)) {
        this.logElsewhere(request.prompt, summary);
        return summary;
      }
      this.logSummary(request.prompt, summary);
      const { device, card, precision } = summary;
      await this.state.update(LAST_USED, { device, card, precision } satisfies LastUsed);
      return summary;
    } finally {
      this.running.delete(job);
      this.changed.fire();
    }
  }

  /** Tries every device, once for as long as the engine runs. */
  devices(): Promise<DeviceReport> {
    this.report ??= this.call('devices', null).catch((thrown: unknown) => {
      this.report = undefined;
      throw thrown;
    });
    return this.report;
  }

  call<K extends keyof DrawingMethods>(
    method: K,
    params: DrawingMethods[K]['params'],
    options?: CallOptions<DrawingMethods[K]['event']>,
  ): Promise<DrawingMethods[K]['result']> {
    return this.engine.call(method, params, options);
  }

  /** Starts the engine anew when no job runs, because devices were installed or removed. */
  renew(): void {
    this.engine.renew();
  }

  /** Cancels the running job and all that wait. */
  cancelAll(): void {
    for (const job of this.running) job.cancel();
  }

  dispose(): void {
    this.engine.dispose();
    this.configuration.dispose();
    this.changed.dispose();
    this.prepared.dispose();
  }

  private createEngine(): Engine {
    const { hfHome, nodePath, threads, priority } = this.settings.read();
    const local = openEngine({
      module: this.module,
      load: { threads, priority },
      ...(nodePath && { execPath: nodePath }),
      env: { ...projectEnvironment(), ...(hfHome && { EASEL_HF_HOME: hfHome }) },
      log: (line) => this.log.debug(`engine: ${line}`),
      onCrash: (error) => {
        this.report = undefined;
        this.log.error(error.message);
        const lines = error.data.log;
        if (typeof lines === 'string' && lines) this.log.error(lines);
      },
    });
    return new RoutedEngine({ local, endpoints: this.endpoints.service }, this.endpoints);
  }

  private logMemory({ bytes, availableBytes, tiled, card }: MemoryNeed): void {
    const available = describeBytes(availableBytes);
    const there = card === undefined ? `${available} are free` : `${card} has ${available}`;
    const need = `needs about ${describeBytes(bytes)} of memory, ${there}`;
    const message = tiled ? `${need}; the image is decoded in tiles` : need;
    if (bytes > availableBytes) this.log.warn(message);
    else this.log.info(message);
  }

  private notePreparing({ component, share, bytes, folder }: Preparing): void {
    if (share === 1) this.prepared.fire();
    if (share > 0) return;
    const where = folder === undefined ? 'for this job' : `kept in ${folder}`;
    this.log.info(`the weights of ${component} become ${describeBytes(bytes)}, ${where}`);
  }

  private logElsewhere(prompt: string, { model, endpoint, seconds, cost }: EndpointSummary): void {
    const costs = cost === undefined ? '' : `, cost: ${cost}`;
    this.log.info(
      `"${prompt}": ${model} at ${endpoint.host} (${endpoint.name}) in ${seconds.total.toFixed(2)} s${costs}`,
    );
  }

  private logSummary(prompt: string, summary: LocalSummary): void {
    const { model, device, card, precision, settings, seconds } = summary;
    const of = (part: number) => `${part.toFixed(2)} s`;
    this.log.info(
      `"${prompt}": ${model}, ${settings.width} × ${settings.height}, ${settings.steps} steps of ` +
        `${settings.scheduler}, guidance ${settings.guidanceScale}, seed ${settings.seed}, on ${withCard(device, card)} in ${precision} ` +
        `precision in ${of(seconds.total)} (load ${of(seconds.load)}, denoise ${of(seconds.denoise)}, ` +
        `decode ${of(seconds.decode)})`,
    );
    this.log.debug(`${summary.deviceReason}; ${precision}: ${summary.precisionReason}`);
  }
}
