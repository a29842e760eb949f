import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { randomUUID } from 'node:crypto';
import { EaselError } from '../../core/errors';
import { findEndpoint, parseEndpoint, type Endpoint } from '../../core/endpoints/endpoint';
import { isRecord, parseRecord } from '../../core/json';
import { describeSystemError, systemErrorCode } from '../../core/system-error';
import { firstSet } from '../store/hub-cache';

/** More are a mistake. */
const MOST_ENDPOINTS = 200;

/**
 * The endpoints of the user, in one file for the editor and the command line. It is outside of every project, so
 * no project can bring an endpoint, and it holds no keys.
 */
export class EndpointFile {
  constructor(private readonly file = endpointFile()) {}

  /** @throws EaselError `bad-file` for a file that cannot be read */
  async list(): Promise<readonly Endpoint[]> {
    const text = await readFile(this.file, 'utf8').catch((thrown: unknown) => {
      if (systemErrorCode(thrown) === 'ENOENT') return undefined;
      throw this.unreadable(describeSystemError(thrown));
    });
    if (text === undefined) return [];
    const { endpoints } = parseRecord(text) ?? {};
    if (!Array.isArray(endpoints)) throw this.unreadable('it is not JSON with a list of endpoints');
    return endpoints.map((one, at) => {
      try {
        return parseEndpoint(one);
      } catch (thrown) {
        const name = isRecord(one) && typeof one.name === 'string' ? one.name : `number ${at + 1}`;
        throw this.unreadable(`of the endpoint ${name}, ${(thrown as Error).message}`);
      }
    });
  }

  /** @throws EaselError `endpoint-not-found` */
  async get(name: string): Promise<Endpoint> {
    return findEndpoint(await this.list(), name);
  }

  /** @throws EaselError `bad-request` where there is one of that name */
  async add(endpoint: Endpoint): Promise<void> {
    const others = await this.list();
    if (others.some(({ name }) => name === endpoint.name)) {
      throw new EaselError(
        'bad-request',
        `There is an endpoint "${endpoint.name}" already. Remove it first: easel endpoints remove ${endpoint.name}`,
      );
    }
    if (others.length >= MOST_ENDPOINTS) {
      throw new EaselError('bad-request', `There are ${MOST_ENDPOINTS} endpoints. Remove some.`);
    }
    await this.write([...others, endpoint]);
  }

  /** @throws EaselError `endpoint-not-found` */
  async change(name: string, change: (endpoint: Endpoint) => Endpoint | undefined): Promise<void> {
    await this.get(name);
    const endpoints = await this.list();
    await this.write(endpoints.flatMap((one) => (one.name === name ? (change(one) ?? []) : one)));
  }

  private async write(endpoints: readonly Endpoint[]): Promise<void> {
    const temporary = `${this.file}.${randomUUID()}.tmp`;
    try {
      await mkdir(path.dirname(this.file), { recursive: true });
      // A template's headers may hold what is secret to its owner.
      await writeFile(temporary, `${JSON.stringify({ endpoints }, null, 2)}\n`, { mode: 0o600 });
      await rename(temporary, this.file);
    } catch (thrown) {
      await rm(temporary, { force: true });
      throw new EaselError(
        'write-failed',
        `${this.file} cannot be written: ${describeSystemError(thrown)}.`,
        {},
        { cause: thrown },
      );
    }
  }

  private unreadable(why: string): EaselError {
    return new EaselError(
      'bad-file',
      `The list of endpoints cannot be read: ${why}. Correct or delete ${this.file}`,
    );
  }
}

/** EASEL_CONFIG, else a folder in the system's folder for settings. */
function endpointFile(env: NodeJS.ProcessEnv = process.env): string {
  return path.join(
    firstSet(env.EASEL_CONFIG) ?? path.join(systemConfig(env), 'easel'),
    'endpoints.json',
  );
}

function systemConfig(env: NodeJS.ProcessEnv): string {
  const home = homedir();
  switch (process.platform) {
    case 'win32':
      return firstSet(env.APPDATA) ?? path.join(home, 'AppData', 'Roaming');
    case 'darwin':
      return path.join(home, 'Library', 'Application Support');
    default:
      return firstSet(env.XDG_CONFIG_HOME) ?? path.join(home, '.config');
  }
}
