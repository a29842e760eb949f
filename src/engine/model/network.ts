import {
  FALLBACK_DEVICE,
  type AttentionKind,
  type ComputeType,
  type DeviceName,
} from '../../core/devices';
import type { SeamlessAxes } from '../../core/request/seamless';
import type { NetworkBytes, OpenBytes } from '../bytes/byte-store';
import { LateBytes, type ByteMatrices } from '../graph/byte-matrices';
import type { BuiltGraph } from '../graph/graph';
import { laysOutBytes, planSession, type GraphTarget } from '../graph/target';
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
  /** The weights that become bytes where the network computes with them; absent where it cannot. */
  readonly bytesWanted?: () => NetworkBytes;
  /**
   * Loads the network.
   * @throws EaselError `unsupported-model`, `model-incomplete`, `bad-file`; ONNX Runtime's own error if the
   *   device fails
   */
  open(options: OpenNetwork): Promise<NetworkSession>;
}

export interface OpenNetwork {
  readonly device: DeviceName;
  /** How often the network will run; decides whether it is worth preparing the weights. */
  readonly runs: number;
  /** Whether the session stays for later jobs. Default: no. */
  readonly isKept?: boolean;
  /** What the network computes in, unless it needs float32. Default: float32. */
  readonly computeType?: ComputeType | undefined;
  /** The attention that is right on the device. Absent: what its profile says. */
  readonly attention?: AttentionKind | undefined;
  /** Gives large layers their weights as bytes, where the network can compute with them. Absent: float32. */
  readonly bytes?: GiveBytes | undefined;
  /** Chooses the layers that get bytes, of every component. Absent: large layers where it pays. */
  readonly chooseBytes?: ChooseBytes | undefined;
}

/** Whether a layer may compute in bytes: the module of a component, such as `mid_block.resnets.0.conv1` of `unet`. */
export type ChooseBytes = (component: string, module: string) => boolean;

export type GiveBytes = (wanted: NetworkBytes) => Promise<OpenBytes>;

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

/** What the key of a network says of the axes along which its edges meet. */
export function keyOfSeamless(axes: SeamlessAxes | undefined): readonly string[] {
  return axes === undefined ? [] : [`seamless ${axes}`];
}

/** A network whose graph Easel writes from a config. */
export function graphNetwork(
  {
    component,
    key,
    weights,
    changes,
    beside = [],
    takesBytes = false,
    needsFloat32,
  }: GraphNetworkOptions,
  build: BuildGraph,
): Network {
  return {
    component,
    key,
    weightBytes: [{ weights }, ...beside].reduce((sum, part) => sum + part.weights.totalBytes, 0),
    ...(takesBytes && { bytesWanted }),
    open: async (options) => {
      const { device, runs, isKept = false, computeType: asked, attention } = options;
      const { bytes, chooseBytes } = options;
      const computeType = needsFloat32 ? 'float32' : asked;
      const { target: plain, tuning } = planSession({ device, runs, computeType });
      const mayUseBytes = chooseBytes && ((module: string) => chooseBytes(component, module));
      const target = { ...plain, mayUseBytes, attention };
      const inFloats = () => Session.create(build(target, []), device, tuning);
      if (!bytes || !(takesBytes || chooseBytes)) return inFloats();
      // The file of weights that LoRAs change is removed once the session is made, which has to copy them.
      const late = () => new LateBytes(isKept || changes !== undefined || laysOutBytes(runs));
      const own = late();
      const others = beside.map(late);
      const graph = build({ ...target, byteMatrices: own }, others);
      if ([own, ...others].every(({ layers }) => layers.length === 0)) return inFloats();
      const opened: OpenBytes[] = [];
      try {
        for (const [index, part] of [own, ...others].entries()) {
          // All layers of an IP-Adapter with few tokens stay in floating point.
          if (part.layers.length === 0) continue;
          const given = await bytes(wantedOf(part, index));
          opened.push(given);
          part.give((name) => given.tensor(name));
        }
        return await Session.create(graph, device, tuning);
      } finally {
        // ONNX Runtime has mapped or copied the weights.
        for (const given of opened) await given.release();
      }
    },
  };

  function bytesWanted(): NetworkBytes {
    const late = new LateBytes();
    build({ device: FALLBACK_DEVICE, byteMatrices: late }, []);
    return wantedOf(late, 0);
  }

  /** @param index 0 for the network itself, then those beside it */
  function wantedOf({ layers }: LateBytes, index: number): NetworkBytes {
    const part = beside[index - 1];
    return part ? { ...part, layers } : { component, layers, weights, changes };
  }
}

/** @param others receive the layers in bytes of the networks beside; empty where they compute in floats */
type BuildGraph = (target: GraphTarget, others: readonly ByteMatrices[]) => BuiltGraph;

export interface GraphNetworkOptions extends Pick<Network, 'component' | 'key'> {
  readonly weights: WeightSource;
  /** How LoRAs change the weights. The graph that `build` writes has the changes too. */
  readonly changes?: NetworkBytes['changes'];
  /** Networks in the same graph, with weights of their own, such as ControlNets. Default: none. */
  readonly beside?: readonly Pick<NetworkBytes, 'component' | 'weights'>[];
  /** Whether its large layers can multiply bytes by bytes. Default: no. */
  readonly takesBytes?: boolean;
  /** Whether its values are too large for float16. Default: no. */
  readonly needsFloat32?: boolean;
}
