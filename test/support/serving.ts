import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import OpenAI from 'openai';
import { generatorOf } from '../../src/client/engine';
import { openEngine, openStore } from '../../src/client/open';
import type { ProcessClient } from '../../src/client/process-client';
import { DEFAULT_STYLES } from '../../src/core/request/styles';
import { DEFAULT_LIMITS, type ServeLimits } from '../../src/core/serve/limits';
import type { EngineMethods } from '../../src/protocol/engine';
import type { StoreMethods } from '../../src/protocol/store';
import { startServer, type ServerOptions } from '../../src/server';
import { ENGINE } from './cli';

/** A server of this test, with the engine and the store of the built bundle. */
export interface TestServer {
  readonly address: string;
  readonly engine: ProcessClient<EngineMethods>;
  readonly store: ProcessClient<StoreMethods>;
  /** Its log, a line each. */
  readonly log: readonly Record<string, unknown>[];
  /** OpenAI's own client, which sends nothing again by itself. */
  readonly openai: OpenAI;
  /** Sends JSON, or nothing. */
  readonly call: (
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ) => Promise<Answer>;
  /** The value of a metric, with its labels as they are written. */
  readonly metric: (name: string) => Promise<number>;
  readonly stop: () => Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // Tests look into answers of many shapes; what is not there fails the test.
  readonly body: Json;
}

/** An answer's JSON, whose parts a test reads and compares. */
export interface Json {
  readonly [name: string]: Json;
  readonly [index: number]: Json;
}

export type TestServerOptions = Partial<Omit<ServerOptions, 'limits' | 'engine'>> & {
  readonly limits?: Partial<ServeLimits>;
  /** Model folders and files beside the starter. */
  readonly paths?: readonly string[];
  readonly model?: string;
};

export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const { limits, paths = [], model = 'starter', ...rest } = options;
  const engine = openEngine({ module: ENGINE });
  const store = openStore({ module: ENGINE });
  const log: Record<string, unknown>[] = [];
  const server = await startServer({
    engine: { ...generatorOf(engine), call: (...args) => engine.call(...args) },
    listModels: () => store.call('list', { paths }),
    listUpscalers: () => store.call('upscalers', { paths }),
    defaults: () => ({ model, request: { device: 'cpu' }, styles: DEFAULT_STYLES }),
    host: '127.0.0.1',
    port: 0,
    log: (line) => log.push(JSON.parse(line) as Record<string, unknown>),
    ...rest,
    limits: { ...DEFAULT_LIMITS, ...limits },
  });
  const { address } = server;
  const authorization: Record<string, string> =
    rest.token === undefined ? {} : { authorization: `Bearer ${rest.token}` };
  const call: TestServer['call'] = async (path, body, headers = authorization) => {
    const isJson = body !== undefined;
    const answer = await fetch(`${address}${path}`, {
      method: isJson ? 'POST' : 'GET',
      headers: { ...(isJson && { 'content-type': 'application/json' }), ...headers },
      ...(isJson && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const isAnswerJson = answer.headers.get('content-type')?.includes('json') === true;
    const read = (isAnswerJson ? JSON.parse(text) : text) as Json;
    return { status: answer.status, headers: answer.headers, body: read };
  };
  return {
    address,
    engine,
    store,
    log,
    call,
    openai: new OpenAI({
      baseURL: `${address}/v1`,
      apiKey: rest.token ?? 'any',
      maxRetries: 0,
    }),
    metric: async (name) => {
      const { body } = await call('/metrics');
      const line = textOf(body)
        .split('\n')
        .find((one) => one.startsWith(`${name} `));
      return Number(line?.slice(name.length + 1) ?? 0);
    },
    stop: async () => {
      await server.stop();
      engine.dispose();
      store.dispose();
    },
  };
}

/** A part of an answer as text. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The bytes of an image in base64. */
export function fromBase64(text: unknown): Uint8Array {
  return new Uint8Array(Buffer.from(textOf(text), 'base64'));
}

/** Sends what a library would not: any headers and any bytes. */
export function sendRaw(
  address: string,
  path: string,
  { method = 'GET', headers = {}, body = '' }: RawRequest = {},
): Promise<{ status: number; headers: IncomingHttpHeaders; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(`${address}${path}`, { method, headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => (text += part));
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }),
      );
      answer.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

interface RawRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}
