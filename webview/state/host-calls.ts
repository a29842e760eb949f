import { toEaselError } from '../../src/core/errors';
import type { Caller } from '../../src/protocol/peer';
import type { StudioAction, StudioMethods } from '../../src/protocol/studio';
import type { Announcer } from '../controls/announcer';

/** The page's requests to the host. Their errors are told in a note; those of a drawing stand on the stage. */
export class HostCalls {
  constructor(
    readonly host: Caller<StudioMethods>,
    readonly announcer: Announcer,
  ) {}

  /** Runs something that asks the host, and says so when it fails. What was cancelled is not told. */
  async attempt(run: () => Promise<unknown>): Promise<void> {
    try {
      await run();
    } catch (thrown) {
      const error = toEaselError(thrown);
      if (error.code !== 'cancelled') this.announcer.show(error.message);
    }
  }

  act(action: StudioAction): Promise<void> {
    return this.attempt(() => this.host.call('act', { action }));
  }

  /** Ends the drawing that runs. */
  cancel(): Promise<void> {
    return this.attempt(() => this.host.call('cancel', {}));
  }

  dismiss(job: number): Promise<void> {
    return this.attempt(() => this.host.call('dismiss', { job }));
  }
}
