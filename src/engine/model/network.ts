import type { DeviceName } from '../../core/request/request';
import type { BuiltGraph } from '../graph/graph';
import { planSession } from '../graph/session-plan';
import type { GraphTarget } from '../graph/target';
import { Session, type NetworkSession } from '../runtime/session';
import type { WeightSource } from '../weights/source';

/** A network of a model, for one shape of its inputs. Nothing is loaded until it is opened. */
export interface Network {
  /** Shown to users while it is loaded, such as `unet`. */
  readonly component: string;
  /** Different for each network and shape of one model. */
  readonly key: string;
  /** Bytes of its weights in their files. */
  readonly weightBytes: number;
  /**
   * Loads it.
   * @param runs how often it will run; decides how much preparation of weights pays
   */
  open(device: DeviceName, runs: number): Promise<NetworkSession>;
}

/** What becomes of a session after its use. */
export type AfterUse =
  /** This job uses it again soon. */
  | 'keep'
  /** This job is done with it: kept for the next job, or freed where sessions are not kept. */
  | 'done'
  /** Freed always: another shape of the same network follows. */
  | 'free';

export interface NetworkUse {
  /** How often the network will run in this job. */
  readonly runs: number;
  /** Default: `done`. */
  readonly after?: AfterUse;
}

/** Gives a model the sessions of its networks on the device of a job, and decides when each is freed. */
export interface Networks {
  /**
   * Opens a network, or takes the session that is open, for the time of `work`.
   * @throws EaselError `cancelled`; ONNX Runtime's own error where the device or the graph fails
   */
  use<T>(
    network: Network,
    use: NetworkUse,
    work: (session: NetworkSession) => Promise<T>,
  ): Promise<T>;
  /** Tells the user something. The same message is told once in a job. */
  warn(message: string): void;
}

/** A network whose graph is written from a config. */
export function graphNetwork(
  {
    component,
    key,
    weights,
  }: Pick<Network, 'component' | 'key'> & { readonly weights: WeightSource },
  build: (target: GraphTarget) => BuiltGraph,
): Network {
  return {
    component,
    key,
    weightBytes: weights.totalBytes,
    open: (device, runs) => {
      const { target, tuning } = planSession({ device, runs });
      return Session.create(build(target), device, tuning);
    },
  };
}
