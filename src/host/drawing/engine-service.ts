import * as vscode from 'vscode';
import { describeBytes } from '../../core/quantities';
import type { DeviceName, GenerationRequestInput } from '../../core/request/request';
import type {
  DeviceReport,
  EngineMethods,
  GenerationEvent,
  GenerationSummary,
  ModelEntry,
} from '../../protocol/engine';
import { EngineClient } from '../../client/engine-client';
import type { CallOptions } from '../../protocol/peer';
import { JobProgress, type MemoryNeed } from './job-progress';
import type { Settings } from '../settings';

const LAST_DEVICE = 'easel.lastDevice';
/** Models keep their memory this long after the last job; the next one then loads them again. */
const IDLE_MS = 15 * 60_000;

/** A generation that runs or waits. */
export interface Job {
  readonly prompt: string;
  readonly progress: JobProgress;
  cancel(): void;
}

export interface GenerateOptions {
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: GenerationEvent, progress: JobProgress) => void;
}

/** The engine process and its jobs, for every front of the extension. */
export class EngineService implements vscode.Disposable {
  private client: EngineClient | undefined;
  private readonly running = new Set<Job>();
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly configuration: vscode.Disposable;
  private idle: NodeJS.Timeout | undefined;
  private openCalls = 0;
  private report: Promise<DeviceReport> | undefined;

  /** Fires when a job starts, goes on or ends, and when the device that draws becomes known. */
  readonly onDidChangeJobs = this.changed.event;

  constructor(
    private readonly module: string,
    private readonly settings: Settings,
    private readonly log: vscode.LogOutputChannel,
    private readonly state: vscode.Memento,
  ) {
    this.configuration = settings.onDidChange((changed) => {
      if (changed('hfHome') || changed('nodePath')) this.restart();
      else if (changed('device')) this.changed.fire();
    });
  }

  /** Jobs in the order they were asked for; the first is the one that draws. */
  get jobs(): readonly Job[] {
    return [...this.running];
  }

  /** The device that drew last, on this machine; undefined before the first picture. */
  get lastDevice(): DeviceName | undefined {
    return this.state.get<DeviceName>(LAST_DEVICE);
  }

  /**
   * Draws. What the request leaves open is the model's choice, not the settings': callers put those in.
   * @throws EaselError; `cancelled` after an abort
   */
  async generate(
    request: GenerationRequestInput,
    options: GenerateOptions = {},
  ): Promise<GenerationSummary> {
    const controller = new AbortController();
    const cancel = () => controller.abort();
    options.signal?.addEventListener('abort', cancel);
    if (options.signal?.aborted) cancel();
    const progress = new JobProgress(request.numImages ?? 1);
    const job: Job = { prompt: request.prompt, progress, cancel };
    this.running.add(job);
    this.changed.fire();
    try {
      const summary = await this.call(
        'generate',
        { request },
        {
          signal: controller.signal,
          onEvent: (event) => {
            progress.receive(event, performance.now());
            if (event.event === 'warning') this.log.warn(event.message);
            if (event.event === 'memory') this.logMemory(event);
            this.changed.fire();
            options.onEvent?.(event, progress);
          },
        },
      );
      this.logSummary(request.prompt, summary);
      await this.state.update(LAST_DEVICE, summary.device);
      return summary;
    } finally {
      options.signal?.removeEventListener('abort', cancel);
      this.running.delete(job);
      this.changed.fire();
    }
  }

  /** Tries every device, once for as long as the engine lives. */
  devices(): Promise<DeviceReport> {
    this.report ??= this.call('devices', null).catch((thrown: unknown) => {
      this.report = undefined;
      throw thrown;
    });
    return this.report;
  }

  models(): Promise<readonly ModelEntry[]> {
    return this.call('models', null);
  }

  async call<K extends keyof EngineMethods>(
    method: K,
    params: EngineMethods[K]['params'],
    options?: CallOptions<EngineMethods[K]['event']>,
  ): Promise<EngineMethods[K]['result']> {
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

  /** Cancels what draws and what waits. */
  cancelAll(): void {
    for (const job of this.running) job.cancel();
  }

  /** Ends the engine process; the next call forks a fresh one with the settings of then. */
  restart(): void {
    clearTimeout(this.idle);
    this.client?.dispose();
    this.client = undefined;
    this.report = undefined;
  }

  dispose(): void {
    this.restart();
    this.configuration.dispose();
    this.changed.dispose();
  }

  private createClient(): EngineClient {
    const { hfHome, nodePath } = this.settings.read();
    return new EngineClient({
      module: this.module,
      ...(nodePath && { execPath: nodePath }),
      ...(hfHome && { env: { EASEL_HF_HOME: hfHome } }),
      log: (line) => this.log.debug(`engine: ${line}`),
      onCrash: (error) => {
        this.report = undefined;
        this.log.error(error.message);
        const lines = error.data.log;
        if (typeof lines === 'string' && lines) this.log.error(lines);
      },
    });
  }

  private logMemory({ bytes, availableBytes, tiled }: MemoryNeed): void {
    const need = `needs about ${describeBytes(bytes)} of memory, ${describeBytes(availableBytes)} are free`;
    const message = tiled ? `${need}; the picture is decoded in tiles` : need;
    if (bytes > availableBytes) this.log.warn(message);
    else this.log.info(message);
  }

  private logSummary(prompt: string, summary: GenerationSummary): void {
    const { model, device, settings, seconds } = summary;
    const of = (part: number) => `${part.toFixed(2)} s`;
    this.log.info(
      `"${prompt}": ${model}, ${settings.width} × ${settings.height}, ${settings.steps} steps of ` +
        `${settings.scheduler}, guidance ${settings.guidanceScale}, seed ${settings.seed}, on ${device} ` +
        `in ${of(seconds.total)} (load ${of(seconds.load)}, denoise ${of(seconds.denoise)}, ` +
        `decode ${of(seconds.decode)})`,
    );
    this.log.debug(summary.deviceReason);
  }
}
