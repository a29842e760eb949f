import type { DeviceName, Precision } from '../core/devices';
import type { IntegerTrial, PrecisionDecision } from '../core/request/precision';
import type { ByteStore } from './bytes/byte-store';
import { tryIntegers } from './bytes/integer-trial';
import type { EngineJob } from './job';
import type { JobPlan } from './pipeline/plan';
import { choosePrecision } from './pipeline/precision';
import type { DeviceSelector } from './probe/device-selector';

/** Decides how the networks of each job are computed, and remembers what was tried. */
export class JobPrecision {
  /** Models that drew in one step without prepared weights: the session keys. */
  private readonly unprepared = new Set<string>();
  private integers: Promise<IntegerTrial> | undefined;

  /** @param precisions what every device has, for tests; absent: what its profile says */
  constructor(
    private readonly devices: Pick<DeviceSelector, 'tryHalf'>,
    private readonly bytes: ByteStore,
    private readonly precisions?: readonly Precision[],
  ) {}

  /**
   * @param breaksInHalf whether the model was seen not to work in float16 on this device
   * @throws EaselError `unsupported-precision`
   */
  async decide(
    device: DeviceName,
    { plan, asked, exactly }: Pick<EngineJob, 'plan' | 'asked' | 'exactly'>,
    breaksInHalf: boolean,
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
    const breaks = decided.precision === 'half' && breaksInHalf;
    if (!breaks || asked.precision !== 'auto') return decided;
    return { precision: 'full', reason: 'float16 did not work with this model before' };
  }

  /** Whether this processor multiplies bytes exactly, and fast: tried once in the engine's life. */
  tryIntegers(): Promise<IntegerTrial> {
    this.integers ??= tryIntegers();
    return this.integers;
  }

  /** Also where a model draws again: who does that goes on, and then preparing its weights pays. */
  private async hasBytes({ model, first, guided }: JobPlan): Promise<boolean> {
    if (this.unprepared.has(model.sessionKey)) return true;
    const wanted = model.denoiserOf(first.size, guided).bytesWanted?.();
    if (wanted && (await this.bytes.has(wanted))) return true;
    this.unprepared.add(model.sessionKey);
    return false;
  }
}
