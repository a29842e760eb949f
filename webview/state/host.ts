import { toEaselError } from '../../src/core/errors';
import { Caller, type WireMessage } from '../../src/protocol/peer';
import type {
  HostMessage,
  PageMessage,
  StudioAction,
  StudioMethods,
} from '../../src/protocol/studio';
import type { Announcer } from '../controls/announcer';
import { t } from '../l10n';

/** The API that VS Code gives to the page of a webview. */
interface WebviewApi {
  postMessage(message: unknown, transfer?: readonly Transferable[]): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): WebviewApi;

export interface Connection {
  readonly host: Caller<StudioMethods>;
  /** The last state that was saved, before the page was hidden, reloaded or closed. */
  readonly saved: unknown;
  save(state: unknown): void;
}

/** Connects to the extension host. Every load of the page has an id, so that late answers are ignored. */
export function connect(): Connection {
  const api = acquireVsCodeApi();
  const page = crypto.randomUUID();
  const host = new Caller<StudioMethods>({
    send: (message) => api.postMessage({ page, message: message as PageMessage['message'] }),
    onMessage: (listener) => {
      window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
        if (isHostMessage(data) && data.page === page) listener(data.message);
      });
    },
  });
  return { host, saved: api.getState(), save: (state) => api.setState(state) };
}

function isHostMessage(data: unknown): data is HostMessage {
  if (typeof data !== 'object' || data === null || !('message' in data)) return false;
  const { message } = data;
  return typeof message === 'object' && message !== null && 'id' in (message as WireMessage);
}

/** Calls to the host whose errors are shown as notes. (Errors of a job are shown on the stage.) */
export class HostCalls {
  constructor(
    readonly host: Caller<StudioMethods>,
    readonly announcer: Announcer,
  ) {}

  /** Runs a function and shows its error. Cancellations are silent. */
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

  /** Cancels the running job, or the first that waits. */
  cancel(): Promise<void> {
    return this.attempt(() => this.host.call('cancel', {}));
  }

  /** Cancels the running job and all that wait, and says how many they were. */
  cancelAll(): Promise<void> {
    return this.attempt(async () => {
      const { cancelled } = await this.host.call('cancel', { all: true });
      this.announcer.show(t('cancelledAll', cancelled));
    });
  }

  /** Saves the image that follows the sketch, and says so. */
  keepLive(): Promise<void> {
    return this.attempt(async () => {
      const { image } = await this.host.call('keepLive', null);
      if (image !== null) this.announcer.show(t('liveKept'));
    });
  }

  dismiss(job: number): Promise<void> {
    return this.attempt(() => this.host.call('dismiss', { job }));
  }
}
