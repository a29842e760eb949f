import { EaselError, cancelled, ERROR_CODES, toEaselError, type ErrorCode } from '../core/errors';
import { isRecord, type JsonObject } from '../core/json';
import { oneLine } from '../core/shown-text';

/** One method: its parameters, its result, and the events that it sends before it ends. */
export interface Method {
  readonly params: unknown;
  readonly result: unknown;
  readonly event: unknown;
}
export type Methods<T> = { readonly [K in keyof T]: Method };

/** An error as it is sent to another process. */
export interface WireError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

export type WireMessage =
  | {
      readonly type: 'request';
      readonly id: number;
      readonly method: string;
      readonly params: unknown;
    }
  | { readonly type: 'event'; readonly id: number; readonly event: unknown }
  | { readonly type: 'result'; readonly id: number; readonly result: unknown }
  | { readonly type: 'error'; readonly id: number; readonly error: WireError }
  | { readonly type: 'cancel'; readonly id: number };

/** A two-way channel of structured values: a child process, a webview, or a pair in one process. */
export interface Transport {
  send(message: WireMessage): void;
  onMessage(listener: (message: WireMessage) => void): void;
}

export interface CallOptions<E> {
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ((event: E) => void) | undefined;
}

export interface CallContext<E> {
  readonly signal: AbortSignal;
  readonly emit: (event: E) => void;
}

export type Handlers<T extends Methods<T>> = {
  readonly [K in keyof T]: (
    params: T[K]['params'],
    context: CallContext<T[K]['event']>,
  ) => Promise<T[K]['result']>;
};

export function toWireError(thrown: unknown): WireError {
  const { code, message, data } = toEaselError(thrown);
  return { code, message, data };
}

/** An error from the other side, whatever it is: the other side may be of another version, or broken. */
function fromWireError(error: unknown): EaselError {
  const { code, message, data } = isRecord(error) ? error : {};
  return new EaselError(
    ERROR_CODES.find((known) => known === code) ?? 'internal',
    typeof message === 'string'
      ? message
      : 'The other process reported an error without a message.',
    isRecord(data) ? data : {},
  );
}

/** The parts of a message, unchecked; undefined for what is no message. */
function readMessage(
  message: unknown,
): { type: unknown; id: number; rest: JsonObject } | undefined {
  if (!isRecord(message) || typeof message.id !== 'number') return undefined;
  return { type: message.type, id: message.id, rest: message };
}

interface Pending {
  resolve(result: unknown): void;
  reject(error: EaselError): void;
  onEvent(event: unknown): void;
}

/** The calling side: every call resolves, or rejects with an EaselError; aborting sends a cancel. */
export class Caller<T extends Methods<T>> {
  private readonly pending = new Map<number, Pending>();
  private nextId = 1;

  constructor(private readonly transport: Transport) {
    transport.onMessage((message) => this.receive(message));
  }

  call<K extends keyof T & string>(
    method: K,
    params: T[K]['params'],
    options: CallOptions<T[K]['event']> = {},
  ): Promise<T[K]['result']> {
    const { signal, onEvent } = options;
    if (signal?.aborted) return Promise.reject(cancelled());
    const id = this.nextId++;
    return new Promise<T[K]['result']>((resolve, reject) => {
      const abort = () => this.send({ type: 'cancel', id });
      const settle = () => {
        this.pending.delete(id);
        signal?.removeEventListener('abort', abort);
      };
      this.pending.set(id, {
        resolve: (result) => {
          settle();
          resolve(result);
        },
        reject: (error) => {
          settle();
          reject(error);
        },
        onEvent: (event) => onEvent?.(event),
      });
      signal?.addEventListener('abort', abort);
      this.send({ type: 'request', id, method, params });
    });
  }

  /** Rejects every open call, because the other side has ended. */
  rejectAll(error: EaselError): void {
    for (const call of [...this.pending.values()]) call.reject(error);
  }

  private send(message: WireMessage): void {
    try {
      this.transport.send(message);
    } catch (thrown) {
      if ('id' in message) this.pending.get(message.id)?.reject(toEaselError(thrown));
    }
  }

  private receive(message: unknown): void {
    const read = readMessage(message);
    const call = read && this.pending.get(read.id);
    if (!call) return;
    if (read.type === 'event') call.onEvent(read.rest.event);
    else if (read.type === 'result') call.resolve(read.rest.result);
    else if (read.type === 'error') call.reject(fromWireError(read.rest.error));
  }
}

/**
 * The serving side: answers each request exactly once; an error of a handler is its answer. What is no message is
 * ignored.
 */
export function serve<T extends Methods<T>>(transport: Transport, handlers: Handlers<T>): void {
  const running = new Map<number, AbortController>();
  transport.onMessage((message) => {
    const read = readMessage(message);
    if (read?.type === 'cancel') running.get(read.id)?.abort();
    else if (read?.type === 'request') void answer(read.id, read.rest.method, read.rest.params);
  });

  async function answer(id: number, method: unknown, params: unknown): Promise<void> {
    const controller = new AbortController();
    running.set(id, controller);
    try {
      if (typeof method !== 'string' || !Object.hasOwn(handlers, method)) {
        throw new EaselError('internal', `There is no method "${oneLine(String(method), 100)}".`);
      }
      const result = await handlers[method as keyof T](params, {
        signal: controller.signal,
        emit: (event) => transport.send({ type: 'event', id, event }),
      });
      transport.send({ type: 'result', id, result });
    } catch (thrown) {
      transport.send({ type: 'error', id, error: toWireError(thrown) });
    } finally {
      if (running.get(id) === controller) running.delete(id);
    }
  }
}
