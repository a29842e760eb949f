import {
  describeFinding,
  deviceProfile,
  devicesFor,
  FALLBACK_DEVICE,
  type DeviceChoice,
  type DeviceName,
} from '../../core/devices';
import { EaselError } from '../../core/errors';
import type { HalfTrial } from '../../core/request/precision';
import type { DeviceProbe, DeviceReport, DeviceTrial } from '../../protocol/engine';
import { whyAbsent } from './absent';
import { failedHalf, failedTrial } from './failed-trial';
import { probeInProcess, tryHalfInProcess } from './probe-process';

/** A device, and what its trial found out about it. */
export interface DeviceDecision extends Pick<DeviceTrial, 'device' | 'card' | 'attention'> {
  readonly reason: string;
}

/** Chooses the device of each job. A device is tried once in the engine's life. */
export class DeviceSelector {
  private readonly trials = new Map<DeviceName, Promise<DeviceTrial>>();
  private readonly halves = new Map<DeviceName, Promise<HalfTrial>>();

  /**
   * @param module the engine's bundle, which is started once more for each trial
   * @param candidates the devices that can exist here, in the order they are tried
   */
  constructor(
    private readonly module: string,
    private readonly candidates: readonly DeviceName[] = devicesFor(process.platform, process.arch),
  ) {}

  /**
   * Decides where a job runs. `auto` takes the fastest device that works; a named one must work.
   * @throws EaselError `device-unavailable`, saying what is there
   */
  async decide(choice: DeviceChoice): Promise<DeviceDecision> {
    if (choice === 'auto') return this.decideAuto();
    // The device that works everywhere needs no trial.
    if (deviceProfile(choice).isFallback) return { device: choice, reason: 'asked for' };
    const probe = this.candidates.includes(choice) ? await this.probe(choice) : undefined;
    if (probe?.works) return decided(probe, 'asked for');
    const working = (await this.probeAll()).filter((p) => p.works).map((p) => p.device);
    const why = probe ? probe.detail : `it does not exist for ${process.platform}-${process.arch}`;
    const todo = probe?.advice === undefined ? '' : ` To use ${choice}: ${probe.advice}`;
    throw new EaselError(
      'device-unavailable',
      `The device ${choice} cannot be used here: ${why}. Available: ${working.join(', ')}.${todo}`,
      { device: choice, available: working },
    );
  }

  /** Where nothing else works, the fallback is taken without measuring it: the first image comes sooner. */
  private async decideAuto(): Promise<DeviceDecision> {
    const accelerators = await this.probeAccelerators();
    if (accelerators.some(isFasterKind)) return fastest(await this.probeAll());
    return { device: FALLBACK_DEVICE, reason: accelerators.map(describe).join('; ') };
  }

  /** Records that a device failed during a job, so that `auto` no longer chooses it. */
  markFailed(device: DeviceName, detail: string): void {
    this.trials.set(device, Promise.resolve(failedTrial(device, detail)));
  }

  /** Tries every device that has not been tried yet. */
  async report(): Promise<Omit<DeviceReport, 'integers'>> {
    const trials = await this.probeAll();
    const { device: chosen, reason } = fastest(trials);
    const devices: DeviceProbe[] = [];
    // One after the other: trials at the same time would slow each other down.
    for (const trial of trials) devices.push({ ...trial, ...(await this.tryHalf(trial.device)) });
    return { devices, chosen, reason };
  }

  /** What float16 is worth on a device. It is tried once, and only where somebody wants to know. */
  async tryHalf(device: DeviceName): Promise<HalfTrial> {
    if (!deviceProfile(device).precisions.includes('half'))
      return failedHalf('it is not used there');
    const { works, detail } = await this.probe(device);
    if (!works) return failedHalf(detail);
    let half = this.halves.get(device);
    if (!half) this.halves.set(device, (half = tryHalfInProcess(device, this.module)));
    return half;
  }

  private async probeAll(): Promise<DeviceTrial[]> {
    const accelerators = await this.probeAccelerators();
    // After the others: trials at the same time would slow each other down.
    return [...accelerators, await this.probe(FALLBACK_DEVICE)];
  }

  private probeAccelerators(): Promise<DeviceTrial[]> {
    const names = this.candidates.filter((device) => !deviceProfile(device).isFallback);
    return Promise.all(names.map((device) => this.probe(device)));
  }

  private probe(device: DeviceName): Promise<DeviceTrial> {
    let probe = this.trials.get(device);
    if (!probe) {
      const absence = whyAbsent(device);
      probe =
        absence === undefined
          ? probeInProcess(device, this.module)
          : Promise.resolve({ ...failedTrial(device, absence.detail), ...absence });
      this.trials.set(device, probe);
    }
    return probe;
  }
}

function fastest(probes: readonly DeviceTrial[]): DeviceDecision {
  const best = probes
    .filter((probe) => isFasterKind(probe) || isFallback(probe))
    .reduce<DeviceTrial | undefined>((a, b) => (a && a.gflops >= b.gflops ? a : b), undefined);
  if (!best) {
    const details = probes.map(describe).join('; ');
    throw new EaselError('device-unavailable', `No device works here (${details}).`);
  }
  const others = probes.filter((probe) => probe !== best).map(describe);
  const reason = [`fastest here, ${best.detail}`, ...others].join('; ');
  return decided(best, reason);
}

function decided({ device, card, attention }: DeviceTrial, reason: string): DeviceDecision {
  return { device, reason, ...(card && { card }), ...(attention && { attention }) };
}

/** A driver in software computes on the processor, where the processor's own way is faster. */
function isFasterKind({ device, works, card }: DeviceTrial): boolean {
  return works && !isFallback({ device }) && card?.kind !== 'software';
}

function isFallback({ device }: Pick<DeviceTrial, 'device'>): boolean {
  return deviceProfile(device).isFallback;
}

function describe(trial: DeviceTrial): string {
  return `${trial.device}: ${describeFinding(trial)}`;
}
