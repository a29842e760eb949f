import { listFiles, modelInfo, type ListFileEntry } from '@huggingface/hub';
import {
  Agent,
  EnvHttpProxyAgent,
  fetch as undiciFetch,
  type Dispatcher,
  type Response,
} from 'undici';
import { EaselError, cancelled } from '../../../core/errors';
import { isRecord } from '../../../core/json';
import { errorOfAnswer, errorOfConnection, retryAfterSeconds, type HubSubject } from './hub-errors';
import type { HubSettings } from './hub-settings';
import { Backoff, MAX_WAIT_SECONDS } from './retry';

/** A file as the hub lists it. */
export interface HubFile {
  readonly path: string;
  readonly bytes: number;
  /** What names its content: the SHA-256 of a large file, else git's SHA-1 of the blob. */
  readonly hash: ContentHash;
}

export interface ContentHash {
  readonly kind: 'sha256' | 'git-sha1';
  readonly hex: string;
}

export interface HubRepoInfo {
  readonly commit: string;
  readonly licence: string;
  readonly gated: boolean;
}

const USER_AGENT = 'easel';

/**
 * A client for the parts of the hub that downloads need. Proxies are those of HTTPS_PROXY, HTTP_PROXY and NO_PROXY.
 * The token is sent to the hub only, never to where it redirects.
 */
export class HubClient {
  private readonly dispatcher: Dispatcher;

  constructor(readonly settings: HubSettings) {
    const { timeoutMs } = settings;
    const options = {
      connect: { timeout: timeoutMs },
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
    };
    this.dispatcher = hasProxy() ? new EnvHttpProxyAgent(options) : new Agent(options);
  }

  async close(): Promise<void> {
    await this.dispatcher.destroy();
  }

  /** @throws EaselError as hub-errors.ts makes them */
  async info(repoId: string, revision: string, signal: AbortSignal): Promise<HubRepoInfo> {
    const info = await modelInfo({
      name: repoId,
      revision,
      additionalFields: ['sha', 'cardData'],
      hubUrl: this.settings.endpoint,
      fetch: this.fetchWithRetry(repoId, signal),
    });
    if (!/^[0-9a-f]{40}$/.test(info.sha)) throw this.malformed(repoId, 'no commit');
    const card: unknown = info.cardData;
    return { commit: info.sha, licence: licenceOf(card), gated: Boolean(info.gated) };
  }

  /** Every file of a commit, with sizes and hashes. */
  async files(repoId: string, commit: string, signal: AbortSignal): Promise<HubFile[]> {
    const files: HubFile[] = [];
    const entries = listFiles({
      repo: { type: 'model', name: repoId },
      revision: commit,
      recursive: true,
      hubUrl: this.settings.endpoint,
      fetch: this.fetchWithRetry(repoId, signal),
    });
    for await (const entry of entries) {
      if (entry.type === 'file') files.push(this.checkFile(repoId, entry));
    }
    return files;
  }

  /** A small file's text. */
  async text(repoId: string, commit: string, path: string, signal: AbortSignal): Promise<string> {
    const fetch = this.fetchWithRetry(repoId, signal);
    return (await fetch(this.fileUrl(repoId, commit, path))).text();
  }

  /** Opens a file's bytes from an offset, in one attempt. The answer may ignore the offset (status 200). */
  async open(
    file: { readonly repoId: string; readonly commit: string; readonly path: string },
    offset: number,
    signal: AbortSignal,
  ): Promise<Response> {
    const url = this.fileUrl(file.repoId, file.commit, file.path);
    // Compressed responses have no ranges, and their length is not the file's.
    const whole = { 'accept-encoding': 'identity' };
    const headers = offset > 0 ? { ...whole, range: `bytes=${offset}-` } : whole;
    return this.request(file.repoId, url, headers, signal);
  }

  private fileUrl(repoId: string, commit: string, path: string): string {
    const encoded = path.split('/').map(encodeURIComponent).join('/');
    return `${this.settings.endpoint}/${repoId}/resolve/${commit}/${encoded}`;
  }

  private async request(
    repoId: string,
    url: string,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<Response> {
    const { endpoint, token, offline } = this.settings;
    if (offline) {
      const message = `HF_HUB_OFFLINE forbids the network, so nothing of ${repoId} can be fetched.`;
      throw new EaselError('offline', message, { repoId });
    }
    let response: Response;
    try {
      const authorization = token && { authorization: `Bearer ${token}` };
      response = await undiciFetch(url, {
        headers: { 'user-agent': USER_AGENT, ...headers, ...authorization },
        dispatcher: this.dispatcher,
        signal,
      });
    } catch (thrown) {
      if (signal.aborted) throw cancelled();
      throw errorOfConnection(thrown, endpoint);
    }
    if (response.ok) return response;
    await response.body?.cancel();
    const subject: HubSubject = { repoId, endpoint, hasToken: token !== undefined };
    const error = errorOfAnswer(response, subject);
    const wait = retryAfterSeconds(response.headers);
    const data = { ...error.data, ...(wait !== undefined && { retryAfterSeconds: wait }) };
    throw new EaselError(error.code, error.message, data);
  }

  /** `fetch` for the hub's library, with Easel's errors and a few attempts. */
  private fetchWithRetry(repoId: string, signal: AbortSignal): typeof fetch {
    const fetchUrl = async (input: string | URL | Request): Promise<Response> => {
      const url = input instanceof Request ? input.url : String(input);
      const backoff = new Backoff(API_ATTEMPTS);
      for (;;) {
        try {
          return await this.request(repoId, url, { accept: 'application/json, */*' }, signal);
        } catch (thrown) {
          const wait = backoff.next(thrown);
          if (wait === undefined || wait > MAX_WAIT_SECONDS) throw thrown;
          await backoff.sleep(wait, signal);
        }
      }
    };
    // The library wants the DOM's type; undici's response has the same members.
    return fetchUrl;
  }

  private checkFile(repoId: string, { path, size, oid, lfs }: ListFileEntry): HubFile {
    const hash: ContentHash = lfs
      ? { kind: 'sha256', hex: lfs.oid.replace(/^sha256:/, '') }
      : { kind: 'git-sha1', hex: oid ?? '' };
    const digits = hash.kind === 'sha256' ? 64 : 40;
    if (!new RegExp(`^[0-9a-f]{${digits}}$`).test(hash.hex)) {
      throw this.malformed(repoId, `no checksum for ${path}`);
    }
    const bytes = lfs?.size ?? size;
    if (!Number.isSafeInteger(bytes) || bytes < 0)
      throw this.malformed(repoId, `no size of ${path}`);
    if (!isSafePath(path)) throw this.malformed(repoId, `a path that leads elsewhere: ${path}`);
    return { path, bytes, hash };
  }

  private malformed(repoId: string, what: string): EaselError {
    const message = `${this.settings.endpoint} describes ${repoId} in a way that is not understood: ${what}.`;
    return new EaselError('hub-failed', message, { repoId });
  }
}

const API_ATTEMPTS = 4;

/** The agent reads the variables themselves, from the process's environment. */
function hasProxy(): boolean {
  const names = ['HTTPS_PROXY', 'HTTP_PROXY', 'https_proxy', 'http_proxy'];
  return names.some((name) => process.env[name]);
}

/** A relative path that stays below its root on every system. */
function isSafePath(path: string): boolean {
  return path
    .split('/')
    .every((part) => part !== '' && part !== '.' && part !== '..' && !/[\\:\0]/.test(part));
}

function licenceOf(card: unknown): string {
  if (!isRecord(card)) return '';
  const { license, license_name: name } = card;
  if (license === 'other' && typeof name === 'string') return name;
  return typeof license === 'string' ? license : '';
}
