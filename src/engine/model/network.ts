import type { DeviceName } from '../../core/devices';
import type { BuiltGraph } from '../graph/graph';
import { planSession, type GraphTarget } from '../graph/target';
import { Session, type NetworkSession } from '../runtime/session';
import type { WeightSource } from '../weights/source';

/** A network of a model, for one shape of its inputs. It is loaded by `open`. */
export interface Network {
  /** The component's name, such as `unet`. Shown to the user while it is loaded. */
  readonly component: string;
  /** Unique among the networks and shapes of one model. */
  readonly key: string;
  /** Bytes of its weights as stored. */
  readonly weightBytes: number;
  /**
   * Loads the network.
   * @param runs how often it will run; decides whether it is worth preparing the weights
   * @throws EaselError `unsupported-model`, `model-incomplete`, `bad-file`; ONNX Runtime's own error if the
   *   device fails
   */
  open(device: DeviceName, runs: number): Promise<NetworkSession>;
}

/** What to do with a session after its use. */
export type AfterUse =
  /** Keep it: this job uses it again soon. */
  | 'keep'
  /** This job no longer needs it. Keep it for the next job, or free it if sessions are not kept. */
  | 'done'
  /** Free it: another shape of the same network follows. */
  | 'free';

export interface NetworkUse {
  /** How often the network will run in this job. */
  readonly runs: number;
  /** Default: `done`. */
  readonly after?: AfterUse;
}

/** Opens the networks of a model on the job's device, and decides when each session is freed. */
export interface Networks {
  /**
   * Runs `work` with a session of the network: the open one, or a new one.
   * @throws EaselError `cancelled`; the errors of `Network.open` and of `work`
   */
  use<T>(
    network: Network,
    use: NetworkUse,
    work: (session: NetworkSession) => Promise<T>,
  ): Promise<T>;
  /** Shows a warning to the user. A message is shown only once in a job. */
  warn(message: string): void;
}

/** A network whose graph Easel writes from a config. */
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
