import type { HostMessage, PageMessage, StudioMethods } from '../../src/protocol/studio';
import { Caller, type WireMessage } from '../../src/protocol/peer';

interface EditorApi {
  postMessage(message: unknown, transfer?: readonly Transferable[]): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): EditorApi;

export interface Connection {
  readonly host: Caller<StudioMethods>;
  /** What this page kept when it was last hidden, reloaded or closed. */
  readonly saved: unknown;
  save(state: unknown): void;
}

/** Opens the line to the extension. Each life of the page has a name, so late answers go nowhere. */
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
