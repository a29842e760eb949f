import type { SessionTuning } from '../session';
import type { GraphDevice, GraphTarget } from './target';

/** What is known before a component's graph is written. */
export interface SessionRequest {
  readonly device: GraphDevice;
  /** How often the session will run before it is freed: the steps, or the pictures to decode. */
  readonly runs: number;
}

/** How to write a component's graph, and how ONNX Runtime is to prepare it. */
export interface SessionPlan {
  readonly target: GraphTarget;
  readonly tuning: SessionTuning;
}

/** Below this many runs, widening weights at every run costs less than widening them once while loading. */
const RUNS_WORTH_FOLDING = 8;
/** From this many runs on, the blocked layout of convolutions pays for its slower load. */
const RUNS_WORTH_LAYOUT = 24;

/** Chooses how a component is written and opened, by the device and by how often it will run. */
export function planSession({ device, runs }: SessionRequest): SessionPlan {
  const target = { device };
  if (device !== 'cpu') return { target, tuning: { graphOptimizationLevel: 'extended' } };
  const disabledOptimizers = runs < RUNS_WORTH_FOLDING ? ['ConstantFolding'] : [];
  const graphOptimizationLevel = runs < RUNS_WORTH_LAYOUT ? 'extended' : 'all';
  return { target, tuning: { graphOptimizationLevel, disabledOptimizers } };
}
