import { Agent, EnvHttpProxyAgent, fetch, type Dispatcher, type Response } from 'undici';
import { cancelled } from '../../../core/errors';
import { errorOfConnection, type ServerName } from './hub-errors';

/** Where the bytes of a file come from. */
export interface FileSource {
  readonly server: ServerName;
  /**
   * Opens the bytes from an offset, in one attempt. The answer may ignore the offset (status 200).
   * @throws EaselError; one with `permanent` in its data is not worth another attempt
   */
  open(offset: number, signal: AbortSignal): Promise<Response>;
}

const USER_AGENT = 'easel';

/** Requests to a server. Proxies are those of HTTPS_PROXY, HTTP_PROXY and NO_PROXY. */
export class Connection {
  private readonly dispatcher: Dispatcher;

  /**
   * @param timeoutMs milliseconds without an answer, or without data, after which a request is given up
   */
  constructor(
    private readonly server: ServerName,
    timeoutMs: number,
  ) {
    const options = {
      connect: { timeout: timeoutMs },
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
    };
    this.dispatcher = hasProxy() ? new EnvHttpProxyAgent(options) : new Agent(options);
  }

  /** The answer, whatever its status. @throws EaselError `no-network` or `cancelled` */
  async get(
    url: string,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<Response> {
    try {
      return await fetch(url, {
        headers: { 'user-agent': USER_AGENT, ...headers },
        dispatcher: this.dispatcher,
        signal,
      });
    } catch (thrown) {
      if (signal.aborted) throw cancelled();
      throw errorOfConnection(thrown, this.server);
    }
  }

  async close(): Promise<void> {
    await this.dispatcher.destroy();
  }
}

/**
 * The whole body of an answer, counted after it is unpacked: a small answer can hold a large one.
 * @throws what `tooLarge` makes; errors of the connection as undici has them
 */
export async function readBounded(
  { body }: Response,
  maxBytes: number,
  tooLarge: () => Error,
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    const part = chunk as Uint8Array;
    bytes += part.length;
    if (bytes > maxBytes) throw tooLarge();
    chunks.push(part);
  }
  return Buffer.concat(chunks);
}

/** The headers that ask for the bytes of a file from an offset. */
export function rangeFrom(offset: number): Readonly<Record<string, string>> {
  // Compressed responses have no ranges, and their length is not the file's.
  const whole = { 'accept-encoding': 'identity' };
  return offset > 0 ? { ...whole, range: `bytes=${offset}-` } : whole;
}

/** The agent reads the variables themselves, from the process's environment. */
export function hasProxy(): boolean {
  const names = ['HTTPS_PROXY', 'HTTP_PROXY', 'https_proxy', 'http_proxy'];
  return names.some((name) => process.env[name]);
}
