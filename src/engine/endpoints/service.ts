import { hostOf, parseEndpoint, type Endpoint } from '../../core/endpoints/endpoint';
import { EaselError } from '../../core/errors';
import type { EndpointInput, EndpointMethods, EndpointReport } from '../../protocol/endpoints';
import type { Handlers } from '../../protocol/peer';
import { EndpointConnection } from './connection';
import { discover, speaks } from './discover';
import { drawElsewhere } from './draw-elsewhere';
import { EndpointFile } from './endpoint-file';
import { ASKED_PROTOCOLS, protocolOf } from './protocols';

/** Lets a few jobs of an endpoint run at a time. */
interface Queue {
  run<T>(job: () => Promise<T>, signal: AbortSignal, onQueued: (ahead: number) => void): Promise<T>;
}

/** Keeps the list of endpoints and draws at them. */
export class EndpointService {
  private readonly queues = new Map<string, Queue>();

  /** @param newQueue makes the queue of an endpoint */
  constructor(
    private readonly newQueue: () => Queue,
    private readonly file = new EndpointFile(),
  ) {}

  readonly handlers: Handlers<EndpointMethods> = {
    list: () => this.file.list(),
    add: async ({ endpoint, key }, { signal }) => {
      const added = await this.complete(endpoint, key, signal);
      await this.file.add(added);
      return added;
    },
    agree: async ({ name }) => {
      await this.file.change(name, (endpoint) => ({ ...endpoint, agreedHost: hostOf(endpoint) }));
      return null;
    },
    noteKey: async ({ name, isKept }) => {
      await this.file.change(name, (endpoint) => ({ ...endpoint, hasKeptKey: isKept }));
      return null;
    },
    remove: async ({ name }) => {
      await this.file.change(name, () => undefined);
      return null;
    },
    discover: (_params, { signal }) => discover(signal),
    look: async ({ endpoint: asked, key }, { signal }) => {
      const endpoint = await this.complete(asked, key, signal);
      return { endpoint, report: await this.report(endpoint, { key, signal }) };
    },
    test: async ({ name, model, key }, { signal }) =>
      this.report(await this.file.get(name), { model, key, signal }),
    draw: async ({ endpoint: name, key, ...params }, context) => {
      const endpoint = await this.file.get(name);
      return this.queueOf(name).run(
        () =>
          using(new EndpointConnection(endpoint, key), (connection) => {
            context.emit({ event: 'sent', host: connection.host });
            return drawElsewhere(
              { connection, protocol: protocolOf(endpoint.protocol) },
              params,
              context,
            );
          }),
        context.signal,
        (ahead) => context.emit({ event: 'queued', ahead }),
      );
    },
  };

  private report(
    endpoint: Endpoint,
    { model, key, signal }: { model?: string; key: string | undefined; signal: AbortSignal },
  ): Promise<EndpointReport> {
    return using(new EndpointConnection(endpoint, key), (connection) =>
      protocolOf(endpoint.protocol).report(connection, signal, model),
    );
  }

  private queueOf(name: string): Queue {
    const queue = this.queues.get(name) ?? this.newQueue();
    this.queues.set(name, queue);
    return queue;
  }

  /** The endpoint with the protocol that its server speaks. */
  private async complete(
    { protocol, ...endpoint }: EndpointInput,
    key: string | undefined,
    signal: AbortSignal,
  ): Promise<Endpoint> {
    if (protocol !== 'auto') return parseEndpoint({ ...endpoint, protocol });
    // Whatever is wrong with the rest is told before the server is asked.
    const asked = parseEndpoint({ ...endpoint, protocol: 'openai' });
    return using(new EndpointConnection(asked, key), async (connection) => {
      let refused: EaselError | undefined;
      for (const one of ASKED_PROTOCOLS) {
        const answer = await speaks(connection, one, signal);
        if (answer === true) return parseEndpoint({ ...endpoint, protocol: one.name });
        if (answer !== false) refused ??= answer;
      }
      // It wants a key before it says anything.
      if (refused) throw refused;
      throw new EaselError(
        'endpoint-failed',
        `${connection.host} speaks none of ${ASKED_PROTOCOLS.map(({ name }) => name).join(', ')}. ` +
          'Is the address right? Other servers need --protocol, such as --protocol template.',
      );
    });
  }
}

async function using<T>(
  connection: EndpointConnection,
  use: (connection: EndpointConnection) => Promise<T>,
): Promise<T> {
  try {
    return await use(connection);
  } finally {
    await connection.close();
  }
}
