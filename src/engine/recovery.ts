import {
  FALLBACK_DEVICE,
  deviceLabel,
  deviceProfile,
  type DeviceName,
  type Precision,
} from '../core/devices';
import { EaselError, toEaselError } from '../core/errors';
import type { LocalSummary } from '../protocol/engine';
import { isNotKept } from './bytes/byte-store';
import type { EngineJob } from './job';
import { explainNotFinite, isNotFinite } from './pipeline/broken';
import type { JobPlan } from './pipeline/plan';
import type { DeviceDecision, DeviceSelector } from './probe/device-selector';
import type { SessionCache } from './runtime/session-cache';
import { isOutOfMemory, nextSpare } from './spare-memory';

/** Draws jobs again in another way where a device fails, and remembers what did not work. */
export class Recovery {
  /** Models whose values broke on a device and not on the processor: by device, with their session keys. */
  private readonly broken = new Set<string>();
  /** Those that did not work in float16, and did in float32. */
  private readonly brokenInHalf = new Set<string>();

  /** @param run draws a job on a device once, from its first image that is not drawn */
  constructor(
    private readonly devices: Pick<DeviceSelector, 'markFailed'>,
    private readonly sessions: SessionCache,
    private readonly run: (decision: DeviceDecision, job: EngineJob) => Promise<LocalSummary>,
  ) {}

  /**
   * Draws a job on the device that was decided on, and where that fails in another way.
   * @throws EaselError of the job, where no way is left
   */
  async draw(decided: DeviceDecision, job: EngineJob): Promise<LocalSummary> {
    return this.attempt(this.avoidBroken(decided, job), job);
  }

  private async attempt(decision: DeviceDecision, job: EngineJob): Promise<LocalSummary> {
    try {
      return await this.run(decision, job);
    } catch (thrown) {
      return await this.recover(decision, thrown, job);
    }
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
  ): Promise<LocalSummary> {
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
  ): Promise<LocalSummary> {
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
  ): Promise<LocalSummary> {
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
  private runOnFallback(reason: string, job: EngineJob): Promise<LocalSummary> {
    const { precision } = job.asked;
    const { precisions, label } = deviceProfile(FALLBACK_DEVICE);
    const isThere = precision === 'auto' || precisions.some((one) => one === precision);
    job.exactly = isThere ? undefined : `the ${label} does not have ${precision}`;
    job.plan = job.wholePlan;
    job.spared = [];
    return this.run({ device: FALLBACK_DEVICE, reason }, job);
  }

  /** Whether a model did not work in float16 on a device, and did in float32. */
  breaksInHalf(device: DeviceName, plan: JobPlan): boolean {
    return this.brokenInHalf.has(placeOf(device, plan));
  }

  /**
   * Draws a job in full precision that failed in another one.
   * @throws what was thrown, where the precision is not the reason
   */
  async redrawExactly(
    decision: DeviceDecision,
    { precision, thrown }: { readonly precision: Precision; readonly thrown: unknown },
    job: EngineJob,
  ): Promise<LocalSummary> {
    const { device } = decision;
    const fault = isOutOfMemory(device, thrown) ? undefined : faultOfPrecision(precision, thrown);
    if (!fault) throw thrown;
    const message = `${fault.message} Easel draws in full precision instead.`;
    job.context.emit({ event: 'warning', message });
    job.exactly = fault.reason;
    await this.sessions.clear();
    const summary = await this.run(decision, job);
    if (precision === 'half') this.brokenInHalf.add(placeOf(device, job.plan));
    return summary;
  }
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
