import { describeDoubt, doubts } from '../core/composition/knowledge';
import {
  FALLBACK_DEVICE,
  deviceLabel,
  deviceProfile,
  type AttentionKind,
  type DeviceName,
  type GraphicsCard,
  type Precision,
} from '../core/devices';
import { EaselError, toEaselError } from '../core/errors';
import {
  unaskedPrecision,
  type IntegerTrial,
  type PrecisionDecision,
} from '../core/request/precision';
import { foreignSyntaxNotes } from '../core/prompt/foreign-syntax';
import { pickFields } from '../core/request/fields';
import { parseRequest, type GenerationRequest } from '../core/request/request';
import { applySpeed } from '../core/request/speed';
import { requestForModel, styleRequest, type StyledRequest } from '../core/request/styles';
import type { EngineMethods, GenerationEvent, GenerationSummary } from '../protocol/engine';
import type { CallContext, Handlers } from '../protocol/peer';
import { describeComposed } from './composition/describe';
import { subjectWords } from './composition/plan-composition';
import { planComposed, planDrawn } from './pipeline/plan-composed';
import { iconSet } from './images/icon-set';
import { convertImage, encodePreview, imageSize } from './images/image-file';
import { KnowledgeListener } from './knowledge/knowledge-listener';
import { ThingFeatures } from './knowledge/thing-features';
import { ByteStore, isNotKept } from './bytes/byte-store';
import { tryIntegers } from './bytes/integer-trial';
import { openModel } from './model/open';
import type { ChooseBytes, GiveBytes } from './model/network';
import type { Model } from './model/model';
import { Assembler } from './pipeline/assembler';
import { explainNotFinite, isNotFinite } from './pipeline/broken';
import { draw } from './pipeline/draw';
import { finishImage } from './pipeline/finish-image';
import { JobClock } from './pipeline/job-clock';
import { JobNetworks } from './pipeline/networks';
import { choosePrecision, recordedPrecision } from './pipeline/precision';
import { onDevice, type JobPlan } from './pipeline/plan';
import { openPreviewer } from './pipeline/previewer';
import type { DeviceDecision, DeviceSelector } from './probe/device-selector';
import { JobQueue } from './queue';
import { memoryAvailable, requireMemory } from './runtime/memory';
import { SessionCache } from './runtime/session-cache';
import { isOutOfMemory, nextSpare, type Spare } from './spare-memory';
import { resolveModel, wholeId } from './store/resolve';

type Context = CallContext<GenerationEvent>;

/** See `EngineMethods.generate`. */
interface JobOptions {
  readonly keepLoaded: boolean;
  readonly relativePaths: boolean;
}

interface OpenedModel {
  readonly model: Model;
  /** As lists of models have it. */
  readonly modelId: string;
  /** What the model was taught; absent where it does not say. */
  readonly things: ThingFeatures | undefined;
}

interface EngineJob extends Pick<OpenedModel, 'modelId' | 'things'> {
  /** With what `spared` names left out. */
  plan: JobPlan;
  readonly wholePlan: JobPlan;
  /** The request without its style applied, for the image's recipe. */
  readonly asked: GenerationRequest;
  readonly keepLoaded: boolean;
  readonly clock: JobClock;
  readonly context: Context;
  /** How many images the front has. Another device goes on from there. */
  drawn: number;
  /** Why the job is drawn in full precision, whatever it asks for. */
  exactly: string | undefined;
  /** What it does without, because a card's memory was full. */
  spared: readonly Spare[];
  /** The component whose network failed last. */
  failedIn: string | undefined;
}

/** Runs jobs one at a time. Sessions and the choice of device are kept for the next job. */
export class DrawingEngine {
  private readonly queue = new JobQueue();
  /** Models whose values broke on a device and not on the processor: by device, with their session keys. */
  private readonly broken = new Set<string>();
  /** Those that did not work in float16, and did in float32. */
  private readonly brokenInHalf = new Set<string>();
  /** Models that drew in one step without prepared weights: the session keys. */
  private readonly unprepared = new Set<string>();
  /** Tried once in the engine's life. */
  private integers: Promise<IntegerTrial> | undefined;

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
  ) {}

  readonly handlers: Handlers<EngineMethods> = {
    generate: ({ request, keepLoaded = true, relativePaths = false }, context) => {
      const parsed = parseRequest(request);
      return this.queue.run(
        () => this.generate(parsed, { keepLoaded, relativePaths }, context),
        context.signal,
        (ahead) => context.emit({ event: 'queued', ahead }),
      );
    },
    devices: async () => ({
      ...(await this.devices.report()),
      integers: await this.tryIntegers(),
    }),
    convert: (params) => convertImage(params),
    size: ({ file }) => imageSize(file),
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
  ): Promise<GenerationSummary> {
    const clock = new JobClock();
    const deciding = this.devices.decide(request.device);
    // Awaited below. If opening the model fails first, this error must not stay unhandled.
    deciding.catch(() => undefined);
    const { model, modelId, things } = await this.openModel(request, relativePaths, context);
    const asked = applySpeed(requestForModel(request, model.defaults.composes), model.weightCount);
    const styled = styleRequest(asked);
    const plan = model.defaults.composes
      ? await planComposed(styled, asked, model)
      : await planDrawn(styled, asked, model);
    const warnings = [
      plan.model.schedulerWarning(request.scheduler) ?? [],
      attentionNotes(asked, plan.model),
      promptNotes(styled),
      plan.source?.notes ?? [],
    ].flat();
    for (const message of warnings) context.emit({ event: 'warning', message });
    const job: EngineJob = {
      ...{ plan, wholePlan: plan, asked, keepLoaded, clock, context },
      ...{ modelId, things, drawn: 0, exactly: undefined, spared: [], failedIn: undefined },
    };
    // What is composed of grounds and vectors alone needs no network, and so no device.
    if (plan.images.length === 0) {
      return this.run({ device: FALLBACK_DEVICE, reason: 'no network was needed' }, job);
    }
    return this.attempt(this.avoidBroken(await deciding, job), job);
  }

  private async attempt(decision: DeviceDecision, job: EngineJob): Promise<GenerationSummary> {
    try {
      return await this.run(decision, job);
    } catch (thrown) {
      return await this.recover(decision, thrown, job);
    }
  }

  private async openModel(
    request: GenerationRequest,
    relativePaths: boolean,
    { emit }: Context,
  ): Promise<OpenedModel> {
    const location = await resolveModel(request.model, process.env, { relativePaths });
    if (location.warning !== undefined) emit({ event: 'warning', message: location.warning });
    const own = await openModel(location);
    const chosen = request.vae === 'tiny' ? await own.withTinyAutoencoder() : own;
    const { model, warnings } = await chosen.withAdapters(request);
    for (const message of warnings) emit({ event: 'warning', message });
    // With adapters the model knows other words.
    const isOwn = model.defaults.composes && model === own;
    const things = isOwn ? await ThingFeatures.read(location.folder) : undefined;
    return { model, modelId: wholeId(location), things };
  }

  /** The processor, where `auto` chose a device on which this model's values broke before. */
  private avoidBroken(decision: DeviceDecision, { plan, asked }: EngineJob): DeviceDecision {
    const { device } = decision;
    const isBroken = this.broken.has(placeOf(device, plan));
    if (!isBroken || asked.device !== 'auto') return decision;
    return { device: FALLBACK_DEVICE, reason: `this model's values are not finite on ${device}` };
  }

  /**
   * Handles a job that fails while it runs: with a device that is not the processor, and values that are not
   * finite, the job is repeated on the processor once.
   */
  private async recover(
    decision: DeviceDecision,
    thrown: unknown,
    job: EngineJob,
  ): Promise<GenerationSummary> {
    const { device } = decision;
    if (isOutOfMemory(device, thrown)) return this.spareMemory(decision, thrown, job);
    if (!isNotFinite(thrown)) return this.fallBack(decision, thrown, job);
    if (deviceProfile(device).isFallback) throw explainNotFinite(thrown, job.plan);
    await this.sessions.clear();
    job.context.emit({
      event: 'warning',
      message: `On ${deviceLabel(device)}: ${thrown.message} Easel draws on the ${deviceLabel(FALLBACK_DEVICE)} instead.`,
    });
    const reason = `the values on ${device} were not finite`;
    try {
      const summary = await this.runOnFallback(reason, job);
      this.broken.add(placeOf(device, job.plan));
      return summary;
    } catch (again) {
      throw isNotFinite(again) ? explainNotFinite(again, job.plan) : again;
    }
  }

  /** Handles a card whose memory is full: the job is repeated with less, and in the end as one that fails. */
  private async spareMemory(
    decision: DeviceDecision,
    thrown: unknown,
    job: EngineJob,
  ): Promise<GenerationSummary> {
    const next = await nextSpare(job);
    if (!next) return this.fallBack(decision, thrown, job);
    await this.sessions.clear();
    const { card, device } = decision;
    const full = `The memory of ${card?.name ?? `the device ${device}`} is full.`;
    job.context.emit({ event: 'warning', message: `${full} ${next.message}` });
    job.plan = next.plan;
    job.spared = [...job.spared, next.spare];
    return this.attempt(decision, job);
  }

  /**
   * Handles a device that fails while it runs: with `auto`, the job is repeated on the CPU.
   * @throws EaselError `device-failed` if the user chose the device
   */
  private async fallBack(
    { device, card }: DeviceDecision,
    thrown: unknown,
    job: EngineJob,
  ): Promise<GenerationSummary> {
    if (thrown instanceof EaselError || deviceProfile(device).isFallback) throw thrown;
    const isFull = isOutOfMemory(device, thrown);
    const detail = isFull ? `the memory of ${card?.name ?? 'its card'} is full` : firstLine(thrown);
    await this.sessions.clear();
    if (job.asked.device !== 'auto') {
      throw new EaselError(
        'device-failed',
        `The device ${device} failed: ${detail}. Draw with --device ${FALLBACK_DEVICE}, or choose a smaller size.`,
        { device },
        { cause: thrown },
      );
    }
    // What is too large for its memory says nothing of other jobs.
    if (!isFull) this.devices.markFailed(device, detail);
    job.context.emit({
      event: 'warning',
      message: `The device ${device} failed (${detail}). Easel draws on the ${deviceLabel(FALLBACK_DEVICE)} instead.`,
    });
    return this.runOnFallback(`${device} failed: ${detail}`, job);
  }

  /** In the precision that suits this device, whatever failed on the other. */
  private runOnFallback(reason: string, job: EngineJob): Promise<GenerationSummary> {
    const { precision } = job.asked;
    const { precisions, label } = deviceProfile(FALLBACK_DEVICE);
    const isThere = precision === 'auto' || precisions.some((one) => one === precision);
    job.exactly = isThere ? undefined : `the ${label} does not have ${precision}`;
    job.plan = job.wholePlan;
    job.spared = [];
    return this.run({ device: FALLBACK_DEVICE, reason }, job);
  }

  private async run(decision: DeviceDecision, job: EngineJob): Promise<GenerationSummary> {
    const { device, reason, card } = decision;
    const { asked, clock, context, things } = job;
    const { model, settings, composed } = job.plan;
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
    const assembler = new Assembler(plan, job.drawn, async (image, drawings) => {
      const knowledge = await listener.take(composed?.images[image]?.leftOut);
      const doubt = doubts(knowledge)
        .map((one) => describeDoubt(one))
        .join(' ');
      const file = await finishImage(image, drawings, doubt, { plan, asked: recorded });
      const known = knowledge.length > 0 && { knowledge };
      const nearly = unasked && { unasked };
      context.emit({ event: 'image', image, ...file, ...known, ...nearly });
      job.drawn = image + 1;
    });
    await assembler.begin();
    if (plan.images.length > 0) {
      const { width, height } = plan.second ?? plan.first;
      if (!card) requireMemory(plan.memory.bytes, `${model.id} at ${width} × ${height}`);
      if (card || deviceProfile(device).isFallback) context.emit(memoryEvent(plan, card));
      try {
        await this.drawAll(networks, assembler, listener, { ...job, plan });
      } catch (thrown) {
        job.failedIn = networks.failedIn;
        const fault = isOutOfMemory(device, thrown)
          ? undefined
          : faultOfPrecision(precision, thrown);
        if (!fault) throw thrown;
        const message = `${fault.message} Easel draws in full precision instead.`;
        context.emit({ event: 'warning', message });
        job.exactly = fault.reason;
        await this.sessions.clear();
        const summary = await this.run(decision, job);
        if (precision === 'half') this.brokenInHalf.add(placeOf(device, job.plan));
        return summary;
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

  private async decidePrecision(
    device: DeviceName,
    { plan, asked, exactly }: EngineJob,
  ): Promise<PrecisionDecision> {
    if (exactly !== undefined) return { precision: 'full', reason: exactly };
    const decided = await choosePrecision({
      asked: asked.precision,
      device,
      weightCount: plan.model.weightCount,
      precisions: this.precisions,
      tryIntegers: () => this.tryIntegers(),
      tryHalf: () => this.devices.tryHalf(device),
      runs: plan.images.length * (plan.first.runs + (plan.second?.runs ?? 0)),
      hasBytes: () => this.hasBytes(plan),
    });
    const breaks = decided.precision === 'half' && this.brokenInHalf.has(placeOf(device, plan));
    if (!breaks || asked.precision !== 'auto') return decided;
    return { precision: 'full', reason: 'float16 did not work with this model before' };
  }

  private tryIntegers(): Promise<IntegerTrial> {
    this.integers ??= tryIntegers();
    return this.integers;
  }

  /** Also where a model draws again: who does that goes on, and then preparing its weights pays. */
  private async hasBytes({ model, first, guided }: JobPlan): Promise<boolean> {
    if (this.unprepared.has(model.sessionKey)) return true;
    const wanted = model.denoiserOf(first.size, guided ? 2 : 1).bytesWanted?.();
    if (wanted && (await this.bytes.has(wanted))) return true;
    this.unprepared.add(model.sessionKey);
    return false;
  }

  /** The bytes of networks, prepared where they are not there. */
  private giveBytes(model: string, { emit, signal }: Context): GiveBytes {
    return (wanted) => {
      const { component } = wanted;
      return this.bytes.open(
        { ...wanted, model },
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
    assembler: Assembler,
    knowledge: KnowledgeListener,
    { plan, asked, clock, context: { emit, signal } }: EngineJob,
  ): Promise<void> {
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
        image: async (drawing, _seed, drawn) => {
          const words = wordsOf(drawing, plan, asked);
          await knowledge.hear(words, asked.prompt, plan.images[drawing]!, drawn);
          await assembler.add(drawn);
        },
      },
    });
  }
}

/** Where the networks of a job are computed, and how. */
interface NetworkPlace extends Pick<DeviceDecision, 'device' | 'card' | 'attention'> {
  readonly precision: Precision;
}

/** The share of a card's memory that networks may take. The desktop is on it, too. */
const USABLE_MEMORY = 0.85;

/** What the recipe says, so that the image can be drawn again. */
function recordedSpares(spared: readonly Spare[]): Partial<GenerationRequest> {
  if (spared.includes('whole image')) return { vaeTiling: true };
  return spared.includes('large autoencoder') ? { vae: 'tiny' } : {};
}

function firstLine(thrown: unknown): string {
  return toEaselError(thrown).message.split('\n')[0] ?? '';
}

/** A model on a device, as a key. */
function placeOf(device: DeviceName, { model }: JobPlan): string {
  return `${device} ${model.sessionKey}`;
}

/** What keeps a job from being drawn in its precision, where it can be drawn in full precision instead. */
function faultOfPrecision(
  precision: Precision,
  thrown: unknown,
): { readonly message: string; readonly reason: string } | undefined {
  if (isNotKept(thrown)) {
    return { message: thrown.message, reason: 'the weights could not be kept as bytes' };
  }
  if (precision !== 'half') return undefined;
  if (isNotFinite(thrown)) {
    return {
      message: `In half precision: ${thrown.message}`,
      reason: 'the values in float16 were not finite',
    };
  }
  if (thrown instanceof EaselError) return undefined;
  const detail = firstLine(thrown);
  return {
    message: `In half precision, the device failed (${detail}).`,
    reason: `the device failed in float16: ${detail}`,
  };
}

/** The words of what a drawing of a job shows, without those of a style. */
function wordsOf(drawing: number, { composed }: JobPlan, asked: GenerationRequest): string {
  const draws = composed?.images.flatMap((image) => image.draws) ?? [];
  return draws[drawing]?.words ?? subjectWords(asked, false);
}

/** What cannot be had of a model's attention. */
function attentionNotes({ tokenDownsampling }: GenerationRequest, model: Model): string[] {
  if (tokenDownsampling === 1 || model.weightCount !== undefined) return [];
  return [
    'This model consists of exported ONNX graphs, which are fixed: tokens are not downsampled.',
  ];
}

/** What the prompts have from other tools' syntaxes. The engine reads it as plain words. */
function promptNotes(request: StyledRequest): string[] {
  const { modelPrompt, modelNegativePrompt, promptSyntax, wildcards } = request;
  const reading = { weighted: promptSyntax === 'weighted', wildcards };
  const notes = [modelPrompt, modelNegativePrompt].flatMap((text) =>
    foreignSyntaxNotes(text, reading),
  );
  return [...new Set(notes)];
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
