import { WebSocket } from 'undici';
import { isRecord, parseRecord } from '../../core/json';
import { readNumber } from './answers';
import type { EndpointConnection } from './connection';
import type { RemoteStep } from './protocol';

/** Kinds of binary messages (protocol.py in ComfyUI). */
const PREVIEW = 1;
const PREVIEW_WITH_METADATA = 4;

type Listener = (step: Omit<RemoteStep, 'image'>) => void;

/**
 * The progress of graphs, over ComfyUI's websocket. The image does not depend on it: where the socket cannot be
 * opened or breaks, the steps are not told.
 */
export class ComfyProgress {
  private readonly socket: WebSocket | undefined;
  private graph = '';
  private wantsPreviews = false;
  private listener: Listener = () => undefined;
  private last = { index: 0, total: 0 };

  /** @param client the id with which the graphs are sent */
  constructor({ base, socketOptions, key }: EndpointConnection, client: string) {
    const address = `${base.replace(/^http/, 'ws')}/ws?clientId=${client}`;
    this.socket = new WebSocket(address, {
      ...socketOptions,
      ...(key !== undefined && { headers: { authorization: `Bearer ${key}` } }),
    });
    this.socket.binaryType = 'arraybuffer';
    this.socket.addEventListener('message', ({ data }) => this.receive(data as unknown));
    this.socket.addEventListener('error', () => undefined);
  }

  /** From now on tells the steps of this graph. */
  follow(graph: string, wantsPreviews: boolean, listener: Listener): void {
    this.graph = graph;
    this.wantsPreviews = wantsPreviews;
    this.listener = listener;
    this.last = { index: 0, total: 0 };
  }

  close(): void {
    this.listener = () => undefined;
    this.socket?.close();
  }

  private receive(message: unknown): void {
    if (typeof message === 'string') {
      const { type, data } = parseRecord(message) ?? {};
      if (type === 'progress' && isRecord(data)) this.progress(data);
    } else if (message instanceof ArrayBuffer) this.preview(Buffer.from(message));
  }

  private progress(data: Readonly<Record<string, unknown>>): void {
    const { prompt_id: graph } = data;
    const [index, total] = [readNumber(data.value), readNumber(data.max)];
    // Older versions do not say which graph it is; only this client's are told to it.
    if ((graph !== undefined && graph !== this.graph) || !index || !total) return;
    this.last = { index, total };
    this.listener(this.last);
  }

  private preview(bytes: Buffer): void {
    if (!this.wantsPreviews || this.last.index === 0 || bytes.length < 8) return;
    const kind = bytes.readUInt32BE(0);
    const start =
      kind === PREVIEW ? 8 : kind === PREVIEW_WITH_METADATA ? 8 + bytes.readUInt32BE(4) : 0;
    if (start === 0 || start >= bytes.length) return;
    this.listener({ ...this.last, preview: bytes.subarray(start) });
  }
}
