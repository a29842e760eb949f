import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import sharp from 'sharp';
import type { Endpoint } from '../../src/core/endpoints/endpoint';
import type { JsonObject } from '../../src/core/json';
import type { EndpointSummary, GenerationEvent } from '../../src/protocol/engine';
import type { GenerationRequestInput } from '../../src/core/request/request';
import { EndpointFile } from '../../src/engine/endpoints/endpoint-file';
import { EndpointService } from '../../src/engine/endpoints/service';
import { JobQueue } from '../../src/engine/queue';
import { tempFolder } from './temp-folder';

/** A request as a server got it. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  /** The body as JSON. */
  json(): JsonObject;
  /** Whether the client has hung up. */
  readonly gone: AbortSignal;
}

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Bytes as they are, anything else as JSON. */
  readonly body?: unknown;
}

type Route = (request: Received) => Answer | Promise<Answer>;
/** By method and path: `POST /sdapi/v1/txt2img`; a `*` at the end stands for the rest. */
export type Routes = Readonly<Record<string, Route>>;

/** An HTTP server on loopback with the routes of a kind of endpoint. */
export class EndpointServer {
  readonly requests: Received[] = [];

  private constructor(
    readonly server: Server,
    private readonly routes: Routes,
  ) {}

  static async start(routes: Routes): Promise<EndpointServer> {
    const server = createServer();
    const started = new EndpointServer(server, routes);
    server.on('request', (request, response) => void started.answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    // A test that fails before it closes its server must not keep the others from ending.
    server.unref();
    return started;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The requests to a route, in their order. */
  to(route: string): readonly Received[] {
    return this.requests.filter(({ method, path }) => `${method} ${path}` === route);
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', headers } = request;
    const url = new URL(request.url ?? '', 'http://localhost');
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    const body = await buffer(request);
    const received: Received = {
      ...{ method, path: url.pathname, query: url.searchParams, headers, body },
      json: () => JSON.parse(body.toString('utf8')) as JsonObject,
      gone: gone.signal,
    };
    this.requests.push(received);
    const asked = `${method} ${url.pathname}`;
    const route = Object.entries(this.routes).find(([name]) =>
      name.endsWith('*') ? asked.startsWith(name.slice(0, -1)) : name === asked,
    )?.[1];
    const answer = (await route?.(received)) ?? { status: 404, body: { detail: 'Not Found' } };
    if (response.destroyed) return;
    const isBytes = answer.body instanceof Uint8Array;
    response.writeHead(answer.status ?? 200, {
      'content-type': isBytes ? 'application/octet-stream' : 'application/json',
      ...answer.headers,
    });
    response.end(isBytes ? answer.body : JSON.stringify(answer.body ?? {}));
  }
}

/** A PNG of one colour, as a server draws it. */
export function flatPng(width: number, height: number, colour = '#c03030'): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: colour } })
    .png()
    .toBuffer();
}

export async function flatPngText(width: number, height: number, colour?: string): Promise<string> {
  return (await flatPng(width, height, colour)).toString('base64');
}

/** A job at an endpoint and what came of it. */
export interface DrawnElsewhere {
  readonly summary: EndpointSummary;
  readonly events: readonly GenerationEvent[];
  readonly images: readonly Extract<GenerationEvent, { event: 'image' }>[];
}

/** The endpoints of a test: a list in a folder of its own. */
export class TestEndpoints {
  readonly folder = tempFolder();
  readonly service = new EndpointService(
    () => new JobQueue(2),
    new EndpointFile(`${this.folder}/easel/endpoints.json`),
  );
  private readonly context = { signal: new AbortController().signal, emit: () => undefined };

  add(
    endpoint: Omit<Endpoint, 'protocol'> & { protocol: Endpoint['protocol'] | 'auto' },
    key?: string,
  ) {
    return this.service.handlers.add({ endpoint, key }, this.context);
  }

  list() {
    return this.service.handlers.list(null, this.context);
  }

  remove(name: string) {
    return this.service.handlers.remove({ name }, this.context);
  }

  agree(name: string) {
    return this.service.handlers.agree({ name }, this.context);
  }

  test(name: string, key?: string) {
    return this.service.handlers.test({ name, key }, this.context);
  }

  async draw(
    endpoint: string,
    request: GenerationRequestInput,
    { signal, key, leaveOut }: { signal?: AbortSignal; key?: string; leaveOut?: boolean } = {},
  ): Promise<DrawnElsewhere> {
    const events: GenerationEvent[] = [];
    const summary = await this.service.handlers.draw(
      { endpoint, request, key, ...(leaveOut && { leaveOut }) },
      {
        signal: signal ?? new AbortController().signal,
        emit: (event) => events.push(event),
      },
    );
    const images = events.filter((event) => event.event === 'image');
    return { summary, events, images };
  }
}
