import {
  computeTypeOf,
  type AttentionKind,
  type DeviceName,
  type Precision,
} from '../../core/devices';
import type { ChooseBytes, GiveBytes, Network, Networks, NetworkUse } from '../model/network';
import type { NetworkSession } from '../runtime/session';
import type { SessionCache } from '../runtime/session-cache';
import type { JobClock } from './job-clock';
import { yieldToEventLoop } from '../runtime/event-loop';

export interface JobNetworksOptions {
  /** Identifies the model: sessions of different models have different keys. */
  readonly sessionKey: string;
  readonly device: DeviceName;
  readonly precision: Precision;
  /** The attention that is right there. Absent: what the device's profile says. */
  readonly attention?: AttentionKind | undefined;
  /** Frees every other network before one is loaded: a card's memory has no room for two. Default: no. */
  readonly oneAtATime?: boolean;
  /** Gives networks their weights as bytes, in the precision int8. */
  readonly giveBytes?: GiveBytes | undefined;
  /** See `OpenNetwork`. */
  readonly chooseBytes?: ChooseBytes | undefined;
  readonly sessions: SessionCache;
  /** Whether to keep sessions for the next job. If not, each is freed when this job no longer needs it. */
  readonly keepLoaded: boolean;
  readonly clock: JobClock;
  readonly signal: AbortSignal;
  readonly onLoading: (component: string) => void;
  readonly onWarning: (message: string) => void;
}

/** The sessions of one job. Only this class decides when a session is freed. */
export class JobNetworks implements Networks {
  private readonly warned = new Set<string>();
  private failed: string | undefined;

  constructor(private readonly options: JobNetworksOptions) {}

  /** The component whose network failed first, while it was loaded or while it ran. */
  get failedIn(): string | undefined {
    return this.failed;
  }

  warn(message: string): void {
    if (this.warned.has(message)) return;
    this.warned.add(message);
    this.options.onWarning(message);
  }

  async use<T>(
    network: Network,
    { runs, after = 'done' }: NetworkUse,
    work: (session: NetworkSession) => Promise<T>,
  ): Promise<T> {
    const {
      sessions,
      sessionKey,
      device,
      precision,
      attention,
      oneAtATime = false,
      giveBytes,
      chooseBytes,
      clock,
      signal,
      keepLoaded,
      onLoading,
    } = this.options;
    const group = `${device} ${precision} ${sessionKey}`;
    const bytes = precision === 'int8' ? giveBytes : undefined;
    const computeType = computeTypeOf(precision);
    const open = () => {
      onLoading(network.component);
      return clock.measure('load', () =>
        network.open({
          ...{ device, runs, computeType, attention, bytes, chooseBytes },
          isKept: keepLoaded && !oneAtATime,
        }),
      );
    };
    if (oneAtATime) await sessions.dropOthers(group, network.key);
    try {
      const result = await sessions.use(
        group,
        network.key,
        network.weightBytes,
        open,
        async (session) => {
          await yieldToEventLoop(signal);
          return work(session);
        },
      );
      if (after === 'free' || (after === 'done' && !keepLoaded)) {
        await sessions.drop(group, network.key);
      }
      return result;
    } catch (thrown) {
      this.failed ??= network.component;
      throw thrown;
    }
  }
}
