import { EaselError } from '../../core/errors';
import type { DeviceChoice, DeviceName } from '../../core/request/request';
import type { DeviceProbe, DeviceReport } from '../../protocol/engine';
import { candidateDevices } from '../devices/candidates';
import { probeInProcess } from './probe-process';

export interface DeviceDecision {
  readonly device: DeviceName;
  readonly reason: string;
}

/** Knows which devices work here; each is tried once in the engine's life. */
export class DeviceRegistry {
  private readonly probes = new Map<DeviceName, Promise<DeviceProbe>>();

  constructor(
    private readonly module: string,
    private readonly candidates: readonly DeviceName[] = candidateDevices(),
  ) {}

  /**
   * Decides where a job runs. `auto` takes the fastest device that works; a named one must work.
   * @throws EaselError `device-unavailable`, saying what is there
   */
  async decide(choice: DeviceChoice): Promise<DeviceDecision> {
    if (choice === 'auto') return this.decideAuto();
    // The CPU needs no trial: it is where everything else falls back to.
    if (choice === 'cpu') return { device: 'cpu', reason: 'asked for' };
    const probe = this.candidates.includes(choice) ? await this.probe(choice) : undefined;
    if (probe?.works) return { device: choice, reason: 'asked for' };
    const working = (await this.probeAll()).filter((p) => p.works).map((p) => p.device);
    const why = probe ? probe.detail : `it does not exist for ${process.platform}-${process.arch}`;
    throw new EaselError(
      'device-unavailable',
      `The device ${choice} cannot be used here: ${why}. Available: ${working.join(', ')}.`,
      { device: choice, available: working },
    );
  }

  /** Where nothing else works, the CPU is taken without measuring it: the first picture comes sooner. */
  private async decideAuto(): Promise<DeviceDecision> {
    const accelerators = await this.probeAccelerators();
    if (accelerators.some((probe) => probe.works)) return fastest(await this.probeAll());
    return { device: 'cpu', reason: accelerators.map(describe).join('; ') };
  }

  /** Remembers that a device failed at real work, so that `auto` leaves it alone from now on. */
  markFailed(device: DeviceName, detail: string): void {
    this.probes.set(device, Promise.resolve({ device, works: false, gflops: 0, detail }));
  }

  async report(): Promise<DeviceReport> {
    const devices = await this.probeAll();
    const { device, reason } = fastest(devices);
    return { devices, chosen: device, reason };
  }

  private async probeAll(): Promise<DeviceProbe[]> {
    const accelerators = await this.probeAccelerators();
    // After the others: trials that share the processor would measure each other.
    return [...accelerators, await this.probe('cpu')];
  }

  private probeAccelerators(): Promise<DeviceProbe[]> {
    const names = this.candidates.filter((device) => device !== 'cpu');
    return Promise.all(names.map((device) => this.probe(device)));
  }

  private probe(device: DeviceName): Promise<DeviceProbe> {
    let probe = this.probes.get(device);
    if (!probe) {
      probe = probeInProcess(device, this.module);
      this.probes.set(device, probe);
    }
    return probe;
  }
}

function fastest(probes: readonly DeviceProbe[]): DeviceDecision {
  const best = probes
    .filter((probe) => probe.works)
    .reduce<DeviceProbe | undefined>((a, b) => (a && a.gflops >= b.gflops ? a : b), undefined);
  if (!best) {
    const details = probes.map(describe).join('; ');
    throw new EaselError('device-unavailable', `No device works here (${details}).`);
  }
  const others = probes.filter((probe) => probe !== best).map(describe);
  const reason = [`fastest here, ${best.detail}`, ...others].join('; ');
  return { device: best.device, reason };
}

function describe(probe: DeviceProbe): string {
  return `${probe.device}: ${probe.detail}`;
}
