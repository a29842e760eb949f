import { FALLBACK_DEVICE, deviceLabel, deviceProfile } from '../core/devices';
import { EaselError, toEaselError } from '../core/errors';
import { parseRequest, type GenerationRequest } from '../core/request/request';
import { styledPrompts } from '../core/request/styles';
import type { EngineMethods, GenerationEvent, GenerationSummary } from '../protocol/engine';
import type { CallContext, Handlers } from '../protocol/peer';
import type { DeviceDecision, DeviceSelector } from './probe/device-selector';
import { convertImage } from './images/convert';
import { iconSet } from './images/icon-set';
import { encodePicture } from './images/picture-file';
import { encodePng } from './images/codec';
import { memoryAvailable, requireMemory } from './runtime/memory';
import { withAdapters } from './model/adapters';
import { JobClock } from './pipeline/job-clock';
import { planMemory, type MemoryPlan } from './pipeline/job-memory';
import { openModel, type Model } from './model/model';
import { Networks } from './pipeline/networks';
import { makeScheduler } from './model/scheduler-config';
import { Previewer } from './pipeline/previewer';
import { resolveSettings, type Settings } from './pipeline/settings';
import { draw } from './pipeline/draw';
import { hiresSettings } from './pipeline/hires';
import { readSource, type SourceImage } from './pipeline/source-image';
import { withTinyVae } from './model/tiny-vae';
import { JobQueue } from './queue';
import { SessionCache } from './runtime/session-cache';
import { listModels } from './models/list';
import { resolveModel } from './store/resolve';

type Context = CallContext<GenerationEvent>;

/** The engine: one job at a time, on models and devices it keeps ready. */
export class Engine {
  private readonly queue = new JobQueue();
  private readonly sessions = new SessionCache();

  constructor(private readonly devices: DeviceSelector) {}

  readonly handlers: Handlers<EngineMethods> = {
    generate: ({ request, keepLoaded = true }, context) => {
      const parsed = parseRequest(request);
      return this.queue.run(
        () => this.generate(parsed, keepLoaded, context),
        context.signal,
        (ahead) => context.emit({ event: 'queued', ahead }),
      );
    },
    devices: () => this.devices.report(),
    models: () => listModels(),
    convert: (params) => convertImage(params),
    icons: ({ file }) => iconSet(file),
    release: async (_params, { signal }) => {
      await this.queue.run(() => this.sessions.clear(), signal);
      return null;
    },
  };

  private async generate(
    asked: GenerationRequest,
    keepLoaded: boolean,
    context: Context,
  ): Promise<GenerationSummary> {
    const clock = new JobClock();
    const request = { ...asked, ...styledPrompts(asked) };
    const deciding = this.devices.decide(request.device);
    // Awaited below; a model that is not found must not leave the decision's error unhandled.
    deciding.catch(() => undefined);
    const own = await openModel(await resolveModel(request.model));
    const drawn = request.vae === 'tiny' ? await withTinyVae(own) : own;
    const { model, warnings } = await withAdapters(drawn, request);
    for (const message of warnings) context.emit({ event: 'warning', message });
    const source = await readSource(request);
    const { spatialFactor: factor } = model.vae.config;
    const { sampleSize } = model.unet.config;
    const settings = resolveSettings(request, model.defaults, {
      ...{ factor, sampleSize, source: source?.picture },
    });
    const largest = hiresSettings(request, settings, factor) ?? settings;
    const memory = planMemory(model, largest, request);
    requireMemory(memory.bytes, `${model.id} at ${largest.width} × ${largest.height}`);
    const decision = await deciding;
    const job = { clock, model, settings, source, memory, asked, request, keepLoaded, context };
    try {
      return await this.runOn(decision, job);
    } catch (thrown) {
      return await this.fallBack(decision, thrown, job);
    }
  }

  /** A device that fails at real work is given up under `auto`, and named where it was asked for. */
  private async fallBack(
    decision: DeviceDecision,
    thrown: unknown,
    job: Job,
  ): Promise<GenerationSummary> {
    const { device } = decision;
    if (thrown instanceof EaselError || deviceProfile(device).isFallback) throw thrown;
    const detail = toEaselError(thrown).message.split('\n')[0] ?? '';
    await this.sessions.clear();
    if (job.request.device !== 'auto') {
      throw new EaselError(
        'device-failed',
        `The device ${device} failed: ${detail}. Draw with --device ${FALLBACK_DEVICE}, or choose a smaller size.`,
        { device },
        { cause: thrown },
      );
    }
    this.devices.markFailed(device, detail);
    job.context.emit({
      event: 'warning',
      message: `${device} failed (${detail}); drawing on the ${deviceLabel(FALLBACK_DEVICE)} instead.`,
    });
    return this.runOn({ device: FALLBACK_DEVICE, reason: `${device} failed: ${detail}` }, job);
  }

  private async runOn(decision: DeviceDecision, job: Job): Promise<GenerationSummary> {
    const { model, settings, request, context } = job;
    const { emit, signal } = context;
    const { device } = decision;
    if (deviceProfile(device).hasMemoryEstimate) emit(memoryEvent(job));
    const networks = new Networks({
      model,
      device,
      sessions: this.sessions,
      clock: job.clock,
      onLoading: (component) => emit({ event: 'loading', component, device }),
      onWarning: (message) => emit({ event: 'warning', message }),
      vaeTiling: job.memory.vaeTiling,
    });
    const previewer = request.preview ? new Previewer(networks) : undefined;
    await draw({
      networks,
      request,
      settings,
      source: job.source,
      keepLoaded: job.keepLoaded,
      clock: job.clock,
      signal,
      listener: {
        warning: (message) => emit({ event: 'warning', message }),
        step: async (image, step, scheduler, size) => {
          const { index, total, seconds } = step;
          const preview = await previewer?.draw(step, scheduler, size);
          const shown = preview && { preview: await encodePng(preview) };
          emit({ event: 'step', index, total, seconds, image, ...shown });
        },
        image: async (image, seed, picture) => {
          const { name: scheduler } = makeScheduler(model, request.scheduler);
          const drawing = { request: job.asked, settings, scheduler, seed, model: model.id };
          emit({ event: 'image', image, seed, ...(await encodePicture(picture, drawing)) });
        },
      },
    });
    return {
      model: model.id,
      device,
      deviceReason: decision.reason,
      seconds: job.clock.timings(),
      peakRssBytes: process.resourceUsage().maxRSS * 1024,
      settings: {
        ...settings,
        scheduler: makeScheduler(model, request.scheduler).name,
      },
    };
  }
}

/** What a job will need of memory, and what this process could have: what it has already is its own. */
function memoryEvent({ memory, request }: Job): GenerationEvent {
  const availableBytes = memoryAvailable() + process.memoryUsage.rss();
  const tiled = memory.vaeTiling && request.vaeTiling === undefined;
  return { event: 'memory', bytes: memory.bytes, availableBytes, tiled };
}

interface Job {
  readonly clock: JobClock;
  readonly model: Model;
  readonly settings: Settings;
  readonly source: SourceImage | undefined;
  readonly memory: MemoryPlan;
  /** As it came, for the picture's recipe. */
  readonly asked: GenerationRequest;
  /** With the prompts in the words of its style. */
  readonly request: GenerationRequest;
  readonly keepLoaded: boolean;
  readonly context: Context;
}
