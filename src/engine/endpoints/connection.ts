import {
  Agent,
  EnvHttpProxyAgent,
  fetch,
  type Dispatcher,
  type FormData,
  type RequestInit,
  type Response,
} from 'undici';
import { errorOfAnswer, errorOfRefusal } from '../../core/endpoints/answer-errors';
import { hostOf, isLoopback, type Endpoint } from '../../core/endpoints/endpoint';
import { cancelled, EaselError } from '../../core/errors';
import { oneLine } from '../../core/shown-text';
import { hasProxy, readBounded } from '../store/hub/connection';
import { errorOfConnection, retryAfterSeconds } from '../store/hub/hub-errors';

/** Milliseconds to connect in. */
const CONNECT_MS = 10_000;
/** Milliseconds without an answer, or without data of it, for what is quick. */
const QUICK_MS = 15_000;
/** The same for drawing: a slow machine with a long queue is no failure. */
export const DRAWING_MS = 60 * 60_000;
/** Larger answers are refused. */
const MOST_BYTES = 256 * 2 ** 20;
/** Bytes of an error's body that are read. */
const ERROR_BYTES = 64 * 1024;

export interface AskOptions {
  readonly method?: 'GET' | 'POST' | 'PUT';
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as a form with files. */
  readonly form?: FormData;
  readonly signal: AbortSignal;
  /** The answer comes when the image is drawn. */
  readonly drawing?: true;
}

/** HTTP requests to one endpoint, with its key. No request is sent twice: the server may have drawn already. */
export class EndpointConnection {
  readonly host: string;
  readonly base: string;
  private readonly dispatcher: Dispatcher;
  private readonly told = new Map<string, Promise<unknown>>();

  /** @param key sent as a bearer token */
  constructor(
    readonly endpoint: Endpoint,
    readonly key?: string,
  ) {
    this.host = hostOf(endpoint);
    this.base = withoutSlashes(endpoint.url);
    const options = {
      connect: { timeout: CONNECT_MS },
      headersTimeout: DRAWING_MS,
      bodyTimeout: DRAWING_MS,
    };
    // A proxy does not know this machine by that name.
    this.dispatcher =
      hasProxy() && !isLoopback(endpoint) ? new EnvHttpProxyAgent(options) : new Agent(options);
  }

  /**
   * What a server tells of itself, which several parts of a job need: it is asked once.
   * @param question tells the questions of this connection apart
   */
  once<T>(question: string, ask: () => Promise<T>): Promise<T> {
    const known = this.told.get(question) as Promise<T> | undefined;
    if (known) return known;
    const asked = ask();
    this.told.set(question, asked);
    return asked;
  }

  /** The JSON of a successful answer. @throws EaselError */
  async json(path: string, options: AskOptions): Promise<unknown> {
    const response = await this.ask(path, options);
    const bytes = await this.read(response, options.signal);
    try {
      return JSON.parse(bytes.toString('utf8'));
    } catch (cause) {
      throw this.unexpected('an answer that is not JSON', cause);
    }
  }

  /** The bytes of a successful answer. @throws EaselError */
  async bytes(path: string, options: AskOptions): Promise<Uint8Array> {
    return this.read(await this.ask(path, options), options.signal);
  }

  /** An image that an answer names by its address. @throws EaselError */
  image(url: unknown, signal: AbortSignal): Promise<Uint8Array> {
    const isAddress = typeof url === 'string' && URL.canParse(url, this.base);
    const address = isAddress ? new URL(url, this.base) : undefined;
    if (address?.protocol === 'data:') {
      const [head = '', text = ''] = address.href.split(/,(.*)/s);
      return Promise.resolve(Buffer.from(text, head.endsWith(';base64') ? 'base64' : 'utf8'));
    }
    if (!address || !/^https?:$/.test(address.protocol)) {
      return Promise.reject(this.unexpected('an answer without the address of an image'));
    }
    return this.bytes(address.href, { signal });
  }

  /**
   * The successful answer to a request.
   * @param path below the endpoint's address, or a whole address, to which the key goes only on the same host
   * @throws EaselError
   */
  async ask(path: string, options: AskOptions): Promise<Response> {
    const { json, form, signal, drawing } = options;
    const url = /^https?:/.test(path) ? path : `${this.base}${path}`;
    const response = await this.fetch(url, {
      method: options.method ?? (json === undefined ? 'GET' : 'POST'),
      headers: {
        ...(json !== undefined && { 'content-type': 'application/json' }),
        ...options.headers,
      },
      ...(json !== undefined && { body: JSON.stringify(json) }),
      ...(form && { body: form }),
      signal: drawing ? signal : AbortSignal.any([signal, AbortSignal.timeout(QUICK_MS)]),
    }).catch((thrown: unknown) => {
      throw this.failed(thrown, signal);
    });
    if (response.ok) return response;
    throw await this.errorOf(response);
  }

  /** With the key, the proxy and without redirects. */
  private fetch(
    url: string,
    init: {
      readonly method: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly body?: string | FormData;
      readonly signal: AbortSignal;
    },
  ): Promise<Response> {
    const isOwn = new URL(url).host === this.host;
    return fetch(url, {
      ...init,
      headers: {
        'user-agent': 'easel',
        ...(this.key !== undefined && isOwn && { authorization: `Bearer ${this.key}` }),
        ...init.headers,
      },
      dispatcher: this.dispatcher,
      // A redirected request for an image would lose its body, and the host would be another one.
      redirect: isOwn ? 'manual' : 'follow',
    });
  }

  /**
   * The `fetch` for libraries that make requests themselves. What is sent goes to no other host: a redirect is an
   * answer that is no success.
   */
  readonly libraryFetch = ((address: string, init: RequestInit = {}) => {
    const asks = (init.method ?? 'GET').toUpperCase() === 'GET';
    const redirect = asks ? 'follow' : 'manual';
    return fetch(address, { ...init, redirect, dispatcher: this.dispatcher });
    // The libraries want the DOM's type; undici's has the same members.
  }) as unknown as typeof globalThis.fetch;

  /** For a websocket. */
  get socketOptions(): { readonly dispatcher: Dispatcher } {
    return { dispatcher: this.dispatcher };
  }

  /** The error for an answer that is no success. */
  async errorOf(response: Response): Promise<EaselError> {
    const { status, headers } = response;
    if (status >= 300 && status < 400) {
      return this.moved(oneLine(headers.get('location') ?? 'another address', 200));
    }
    const text = await readBounded(response, ERROR_BYTES, () => new Error('too long'))
      .then((bytes) => bytes.toString('utf8'))
      .catch(() => '');
    return this.errorOfStatus(status, text, retryAfterSeconds(headers));
  }

  private moved(to: string): EaselError {
    return new EaselError(
      'endpoint-failed',
      `${this.host} sends to ${to}. Remove the endpoint ${this.endpoint.name}, and add it with that address.`,
    );
  }

  errorOfStatus(status: number, text: string, wait: number | undefined): EaselError {
    if (status >= 300 && status < 400) return this.moved('another address');
    return errorOfAnswer({
      status,
      body: parsed(text),
      retryAfterSeconds: wait,
      endpoint: { name: this.endpoint.name, host: this.host },
      hasKey: this.key !== undefined,
    });
  }

  /** The error for a request that got no answer, or none that can be read. */
  failed(thrown: unknown, signal: AbortSignal): EaselError {
    if (signal.aborted) return cancelled();
    const { name, url } = this.endpoint;
    const variable = `the address of the endpoint ${name}`;
    const { code, message, data } = errorOfConnection(thrown, { endpoint: url, variable });
    return new EaselError(code, message, { ...data, endpointName: name }, { cause: thrown });
  }

  /** The error for an answer that is not of the protocol. */
  unexpected(what: string, cause?: unknown): EaselError {
    const { name, protocol } = this.endpoint;
    return new EaselError(
      'endpoint-failed',
      `${this.host} gave ${what}. Is it a server of the kind ${protocol}? See: easel endpoints test ${name}`,
      {},
      { cause },
    );
  }

  /** The error for a job that a service has not drawn, in its words. */
  refused(said: string): EaselError {
    return errorOfRefusal(said, { name: this.endpoint.name, host: this.host });
  }

  async close(): Promise<void> {
    await this.dispatcher.destroy();
  }

  private async read(response: Response, signal: AbortSignal): Promise<Buffer> {
    try {
      return await readBounded(response, MOST_BYTES, () =>
        this.unexpected(`an answer of more than ${MOST_BYTES / 2 ** 20} MiB`),
      );
    } catch (thrown) {
      throw this.failed(thrown, signal);
    }
  }
}

/** An address without what comes after the path, and without slashes at its end. */
function withoutSlashes(address: string): string {
  const { origin, pathname } = new URL(address);
  let end = pathname.length;
  while (pathname[end - 1] === '/') end -= 1;
  return `${origin}${pathname.slice(0, end)}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
