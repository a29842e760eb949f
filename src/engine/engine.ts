import { describeDoubt, doubts } from '../core/composition/knowledge';
import {
  FALLBACK_DEVICE,
  deviceProfile,
  type AttentionKind,
  type DeviceName,
  type GraphicsCard,
  type Precision,
} from '../core/devices';
import { unaskedPrecision, type PrecisionDecision } from '../core/request/precision';
import { addedWork } from '../core/estimate';
import { requestedControls } from '../core/request/controls';
import { requestedIpAdapters } from '../core/request/ip-adapters';
import { pickFields } from '../core/request/fields';
import { parseRequest, type GenerationRequest } from '../core/request/request';
import { describeFlagged, type Flagged } from '../core/request/safety';
import { applySpeed } from '../core/request/speed';
import { requestForModel, styleRequest, type StyledRequest } from '../core/request/styles';
import { parseUpscale } from '../core/upscale';
import type { EngineMethods, GenerationEvent, LocalSummary } from '../protocol/engine';
import type { Handlers } from '../protocol/peer';
import { describeComposed } from './composition/describe';
import { subjectWords } from './composition/plan-composition';
import { planComposed, planDrawn } from './pipeline/plan-composed';
import { contactSheet } from './images/contact-sheet';
import { iconSet } from './images/icon-set';
import { convertImage, encodePreview, imageSize } from './images/image-file';
import { controlMap } from './images/control-map';
import { convertMask } from './images/mask';
import { KnowledgeListener } from './knowledge/knowledge-listener';
import { ByteStore } from './bytes/byte-store';
import type { EngineJob } from './job';
import type { ChooseBytes, GiveBytes } from './model/network';
import { Assembler } from './pipeline/assembler';
import { draw } from './pipeline/draw';
import { finishImage } from './pipeline/finish-image';
import { JobClock } from './pipeline/job-clock';
import { JobNetworks } from './pipeline/networks';
import { recordedPrecision } from './pipeline/precision';
import { onDevice, type JobPlan } from './pipeline/plan';
import { openPreviewer } from './pipeline/previewer';
import { tileReporter } from './pipeline/upscaling/tile-reporter';
import { countTiles, upscaleImage } from './pipeline/upscaling/upscale-image';
import type { DeviceDecision, DeviceSelector } from './probe/device-selector';
import { JobPrecision } from './job-precision';
import { JobQueue } from './queue';
import { Recovery } from './recovery';
import { requestNotes } from './request-notes';
import { RequestedModels, type OpenedModel } from './requested-models';
import { memoryAvailable, requireMemory } from './runtime/memory';
import { SessionCache } from './runtime/session-cache';
import { recordedSpares } from './spare-memory';
import { upscaleFile } from './upscale-file';

type Context = EngineJob['context'];

/** See `EngineMethods.generate`. */
interface JobOptions {
  readonly keepLoaded: boolean;
  readonly relativePaths: boolean;
}

interface PlannedRequest {
  readonly plan: JobPlan;
  /** With what its speed stands for. */
  readonly asked: GenerationRequest;
  readonly styled: StyledRequest;
  readonly opened: OpenedModel;
}

/** Runs jobs one at a time. Sessions and the choice of device are kept for the next job. */
export class DrawingEngine {
  private readonly queue = new JobQueue();
  private readonly models = new RequestedModels();
  private readonly recovery: Recovery;
  private readonly precision: JobPrecision;

  /**
   * @param sessions, bytes for tests; chooseBytes to measure what layers in bytes cost; precisions what every device
   *   has, to test float16 on the processor
   */
  constructor(
    private readonly devices: Pick<DeviceSelector, 'decide' | 'markFailed' | 'report' | 'tryHalf'>,
    private readonly sessions = new SessionCache(),
    private readonly bytes = new ByteStore(),
    private readonly chooseBytes?: ChooseBytes,
    private readonly precisions?: readonly Precision[],
  ) {
    this.recovery = new Recovery(devices, sessions, (decision, job) => this.run(decision, job));
    this.precision = new JobPrecision(devices, bytes, precisions);
  }

  readonly handlers: Handlers<EngineMethods> = {
    generate: ({ request, keepLoaded = true, relativePaths = false }, context) => {
      const parsed = readRequest(request);
      return this.queue.run(
        () => this.generate(parsed, { keepLoaded, relativePaths }, context),
        context.signal,
        (ahead) => context.emit({ event: 'queued', ahead }),
      );
    },
    check: ({ request, relativePaths = false }, { signal }) => {
      // The safety checker refuses no request, and what is said of it is said when it is used.
      const parsed = { ...readRequest(request), safetyChecker: 'off' } as const;
      return this.queue.run(async () => {
        const planned = await this.plan(parsed, relativePaths, { signal, emit: () => undefined });
        await this.checkPlace(planned);
        return null;
      }, signal);
    },
    upscale: (params, context) => {
      const request = parseUpscale(params);
      const { devices, sessions, precisions } = this;
      return this.queue.run(
        () => upscaleFile(request, { devices, sessions, precisions }, context),
        context.signal,
        (ahead) => context.emit({ event: 'queued', ahead }),
      );
    },
    devices: async () => ({
      ...(await this.devices.report()),
      integers: await this.precision.tryIntegers(),
    }),
    convert: (params) => convertImage(params),
    size: ({ file }) => imageSize(file),
    mask: (params) => convertMask(params),
    controlMap: (params) => controlMap(params),
    sheet: (params) => contactSheet(params),
    icons: ({ file }) => iconSet(file),
    release: async (_params, { signal }) => {
      await this.queue.run(() => this.sessions.clear(), signal);
      return null;
    },
  };

  private async generate(
    request: GenerationRequest,
    { keepLoaded, relativePaths }: JobOptions,
    context: Context,
  ): Promise<LocalSummary> {
    const clock = new JobClock();
    const deciding = this.devices.decide(request.device);
    // Awaited below. If opening the model fails first, this error must not stay unhandled.
    deciding.catch(() => undefined);
    const planned = await this.plan(request, relativePaths, context);
    const { plan, asked } = planned;
    const { modelId, things } = planned.opened;
    for (const message of requestNotes(planned, request))
      context.emit({ event: 'warning', message });
    const job: EngineJob = {
      ...{ plan, wholePlan: plan, asked, keepLoaded, clock, context },
      ...{ modelId, things, drawn: 0, exactly: undefined, spared: [], failedIn: undefined },
    };
    // What is composed of grounds and vectors alone needs no network, and so no device.
    if (plan.images.length === 0) {
      return this.run({ device: FALLBACK_DEVICE, reason: 'no network was needed' }, job);
    }
    return this.recovery.draw(await deciding, job);
  }

  /**
   * Opens the model of a request and plans its job; nothing is loaded.
   * @throws EaselError of opening and planning
   */
  private async plan(
    request: GenerationRequest,
    relativePaths: boolean,
    context: Context,
  ): Promise<PlannedRequest> {
    const opened = await this.models.open(request, relativePaths, context.emit);
    const { model } = opened;
    const asked = applySpeed(requestForModel(request, model.defaults.composes), model.weightCount);
    const styled = styleRequest(asked);
    const followsImages = request.controlnets.length > 0 || request.ipAdapters.length > 0;
    const composes = model.defaults.composes && !followsImages;
    const plan = composes
      ? await planComposed(styled, asked, model)
      : await planDrawn(styled, asked, opened);
    return { plan, asked, styled, opened };
  }

  /**
   * That the device and the precision that a request names are there; what is left open is chosen when it is drawn.
   * @throws EaselError `device-unavailable` or `unsupported-precision`
   */
  private async checkPlace({ plan, asked }: PlannedRequest): Promise<void> {
    if (plan.images.length === 0) return;
    if (asked.device === 'auto' && asked.precision === 'auto') return;
    const { device } = await this.devices.decide(asked.device);
    if (asked.precision === 'auto') return;
    await this.decidePrecision(device, { plan, asked, exactly: undefined });
  }

  private async run(decision: DeviceDecision, job: EngineJob): Promise<LocalSummary> {
    const { device, reason, card } = decision;
    const { asked, clock, context, things } = job;
    const { model, settings, composed, second, refining } = job.plan;
    const decided = await this.decidePrecision(device, job);
    const { precision } = decided;
    const attention = await this.attentionOf(decision, precision);
    const plan = onDevice(job.plan, { precision, card, attention });
    const networks = this.networksOf({ device, card, precision, attention }, { ...job, plan });
    const { signal } = context;
    const listener = new KnowledgeListener(things && { plan, networks, signal, things });
    const recorded = {
      ...asked,
      precision: recordedPrecision(decided, model),
      ...recordedSpares(job.spared),
    };
    const unasked = unaskedPrecision(decided);
    const flags = new Map<number, Flagged>();
    const assembler = new Assembler(plan, job.drawn, async (image, drawings) => {
      const flagged = flags.get(image);
      const knowledge = await listener.take(composed?.images[image]?.leftOut);
      const doubt = doubts(knowledge)
        .map((one) => describeDoubt(one))
        .join(' ');
      const said = { doubt, flagged };
      const file = await finishImage(image, drawings, said, { plan, asked: recorded });
      const known = knowledge.length > 0 && { knowledge };
      const nearly = unasked && { unasked };
      if (flagged) {
        const message = describeFlagged(flagged, image, asked.numImages);
        context.emit({ event: 'warning', message });
      }
      context.emit({
        event: 'image',
        image,
        ...file,
        ...known,
        ...nearly,
        ...(flagged && { flagged }),
      });
      job.drawn = image + 1;
    });
    await assembler.begin();
    if (plan.images.length > 0) {
      const { width, height } = plan.second ?? plan.first;
      if (!card) requireMemory(plan.memory.bytes, `${model.id} at ${width} × ${height}`);
      if (card || deviceProfile(device).isFallback) context.emit(memoryEvent(plan, card));
      try {
        await this.drawAll(networks, { assembler, knowledge: listener, flags }, { ...job, plan });
      } catch (thrown) {
        job.failedIn = networks.failedIn;
        return await this.recovery.redrawExactly(decision, { precision, thrown }, job);
      }
    }
    if (!job.keepLoaded && things) await this.sessions.clear();
    return {
      model: model.id,
      device,
      ...(card && { card }),
      deviceReason: reason,
      precision,
      precisionReason: decided.reason,
      savings: pickFields(asked, ['forecast', 'guidanceInterval', 'tokenDownsampling']),
      added: addedWork(
        { ...asked, hires: second && asked.hires },
        { model: model.gigaflops, refiner: refining?.model.gigaflops },
      ),
      ...(model.controlNets > 0 && { controlNets: model.controlNets }),
      seconds: clock.timings(),
      peakRssBytes: process.resourceUsage().maxRSS * 1024,
      settings,
      ...(composed && describeComposed(composed)),
    };
  }

  /** @returns undefined where the device's profile says it */
  private async attentionOf(
    { device, attention }: DeviceDecision,
    precision: Precision,
  ): Promise<AttentionKind | undefined> {
    if (precision !== 'half') return attention;
    return (await this.devices.tryHalf(device)).halfAttention;
  }

  private decidePrecision(
    device: DeviceName,
    job: Pick<EngineJob, 'plan' | 'asked' | 'exactly'>,
  ): Promise<PrecisionDecision> {
    return this.precision.decide(device, job, this.recovery.breaksInHalf(device, job.plan));
  }

  /** The bytes of networks, prepared where they are not there. */
  private giveBytes(model: string, { emit, signal }: Context): GiveBytes {
    return (wanted) => {
      const { component } = wanted;
      return this.bytes.open(
        { model, ...wanted },
        {
          signal,
          onProgress: (progress) => emit({ event: 'preparing', component, ...progress }),
        },
      );
    };
  }

  private networksOf(
    { device, card, precision, attention }: NetworkPlace,
    { plan, modelId, keepLoaded, clock, context, things, spared }: EngineJob,
  ): JobNetworks {
    const { emit, signal } = context;
    const fits = !card || plan.memory.bytesTogether <= card.memoryBytes * USABLE_MEMORY;
    return new JobNetworks({
      device,
      precision,
      attention,
      oneAtATime: !fits || spared.includes('kept networks'),
      giveBytes: this.giveBytes(modelId, context),
      chooseBytes: this.chooseBytes,
      // The model may have to draw again, to say whether it knows what it drew.
      keepLoaded: keepLoaded || things !== undefined,
      clock,
      signal,
      sessions: this.sessions,
      sessionKey: plan.model.sessionKey,
      onLoading: (component) => emit({ event: 'loading', component, device }),
      onWarning: (message) => emit({ event: 'warning', message }),
    });
  }

  private async drawAll(
    networks: JobNetworks,
    { assembler, knowledge, flags }: ImageReceivers,
    { plan, asked, clock, context: { emit, signal } }: EngineJob,
  ): Promise<void> {
    const tiles = (drawing: number, total: number) =>
      tileReporter(total, assembler.placeOf(drawing).image, { emit, signal });
    const previewer = asked.preview ? await openPreviewer(asked, plan.model, networks) : undefined;
    await draw({
      plan,
      networks,
      clock,
      signal,
      drawnBefore: assembler.drawnBefore,
      listener: {
        step: async (drawing, step, scheduler, size) => {
          const { image, nth, count } = assembler.placeOf(drawing);
          const { index, total, seconds } = step;
          const preview = await previewer?.draw(step, scheduler, size);
          const shown = preview && { preview: await encodePreview(preview) };
          const counted = { index: nth * total + index, total: count * total };
          emit({ event: 'step', ...counted, seconds, image, ...shown });
        },
        tiles,
        image: async (drawing, _seed, drawn, flagged) => {
          if (flagged) flags.set(assembler.placeOf(drawing).image, flagged);
          const words = wordsOf(drawing, plan, asked);
          await knowledge.hear(words, asked.prompt, plan.images[drawing]!, drawn);
          const { upscaling } = plan;
          if (!upscaling) return assembler.add(drawn);
          const onTile = tiles(drawing, countTiles(upscaling, drawn.opacity !== undefined));
          const options = upscaling.upscaler && { networks, onTile };
          await assembler.add(
            await clock.measure('decode', () => upscaleImage(drawn, upscaling, options)),
          );
        },
      },
    });
  }
}

/** A request, and that its lists belong together: before it waits for others. @throws EaselError `bad-request` */
function readRequest(request: unknown): GenerationRequest {
  const parsed = parseRequest(request);
  requestedControls(parsed);
  requestedIpAdapters(parsed);
  return parsed;
}

/** What receives each image that the model has drawn. */
interface ImageReceivers {
  readonly assembler: Assembler;
  readonly knowledge: KnowledgeListener;
  /** What was done to the images of the job that the model's safety checker flagged. */
  readonly flags: Map<number, Flagged>;
}

/** Where the networks of a job are computed, and how. */
interface NetworkPlace extends Pick<DeviceDecision, 'device' | 'card' | 'attention'> {
  readonly precision: Precision;
}

/** The share of a card's memory that networks may take. The desktop is on it, too. */
const USABLE_MEMORY = 0.85;

/** The words of what a drawing of a job shows, without those of a style. */
function wordsOf(drawing: number, { composed }: JobPlan, asked: GenerationRequest): string {
  const draws = composed?.images.flatMap((image) => image.draws) ?? [];
  return draws[drawing]?.words ?? subjectWords(asked, false);
}

/** The memory that a job needs, and that this process can have: of the card, or the free memory plus its own. */
function memoryEvent(
  { memory, request }: JobPlan,
  card: GraphicsCard | undefined,
): GenerationEvent {
  const availableBytes = card
    ? (card.freeBytes ?? card.memoryBytes)
    : memoryAvailable() + process.memoryUsage.rss();
  const tiled = memory.vaeTiling && request.vaeTiling === undefined;
  const place = card && { card: card.name };
  return { event: 'memory', bytes: memory.bytes, availableBytes, tiled, ...place };
}
