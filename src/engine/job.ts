import type { GenerationRequest } from '../core/request/request';
import type { GenerationEvent } from '../protocol/engine';
import type { CallContext } from '../protocol/peer';
import type { ThingFeatures } from './knowledge/thing-features';
import type { JobClock } from './pipeline/job-clock';
import type { JobPlan } from './pipeline/plan';
import type { Spare } from './spare-memory';

/** A request that is being drawn. */
export interface EngineJob {
  /** As lists of models have it. */
  readonly modelId: string;
  /** What the model was taught; absent where it does not say. */
  readonly things: ThingFeatures | undefined;
  /** With what `spared` names left out. */
  plan: JobPlan;
  readonly wholePlan: JobPlan;
  /** The request without its style applied, for the image's recipe. */
  readonly asked: GenerationRequest;
  readonly keepLoaded: boolean;
  readonly clock: JobClock;
  readonly context: CallContext<GenerationEvent>;
  /** How many images the front has. Another device goes on from there. */
  drawn: number;
  /** Why the job is drawn in full precision, whatever it asks for. */
  exactly: string | undefined;
  /** What it does without, because a card's memory was full. */
  spared: readonly Spare[];
  /** The component whose network failed last. */
  failedIn: string | undefined;
}
