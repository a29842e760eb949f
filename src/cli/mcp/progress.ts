import { describeBytes } from '../../core/quantities';
import type { GenerationEvent } from '../../protocol/engine';

/** The progress of a call. The protocol requires that it always grows. */
export interface Progress {
  readonly progress: number;
  readonly total?: number;
  readonly message: string;
}

/** The share of the first step that loading one component counts as. */
const LOADING = 0.1;

/** The shares of that between which weights are prepared, so that what is loaded next is more. */
const PREPARED = { least: 0.05, more: 0.9 };

/** Turns the events of one image into progress. */
export class ProgressReport {
  private reached = 0;
  private loaded = 0;

  /** @returns undefined for an event that is no progress */
  receive(event: GenerationEvent): Progress | undefined {
    switch (event.event) {
      case 'queued':
        return { progress: this.reached, message: `waiting for ${event.ahead} other images` };
      case 'loading':
        this.loaded = Math.min(this.loaded + LOADING, 1 - LOADING);
        return this.advance(this.loaded, undefined, `loading ${event.component}`);
      case 'preparing': {
        const share = LOADING * (PREPARED.least + PREPARED.more * event.share);
        const kept = event.folder === undefined ? '' : `, kept in ${event.folder}`;
        const done = `${Math.floor(event.share * 100)} % of ${describeBytes(event.bytes)}`;
        const message = `preparing weights of ${event.component} for int8: ${done}${kept}`;
        return this.advance(this.loaded + share, undefined, message);
      }
      case 'step':
        return this.advance(event.index, event.total, `step ${event.index} of ${event.total}`);
      case 'tile': {
        const message = `making the image larger: part ${event.index} of ${event.total}`;
        return { progress: this.reached, message };
      }
      default:
        return undefined;
    }
  }

  private advance(
    progress: number,
    total: number | undefined,
    message: string,
  ): Progress | undefined {
    if (progress <= this.reached) return undefined;
    this.reached = progress;
    return { progress, message, ...(total !== undefined && { total }) };
  }
}
