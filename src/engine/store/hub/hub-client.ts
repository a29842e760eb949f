import { listFiles, modelInfo } from '@huggingface/hub';
import { Response } from 'undici';
import { EaselError, cancelled } from '../../../core/errors';
import { isRecord } from '../../../core/json';
import { oneLine } from '../../../core/shown-text';
import { Connection, rangeFrom, readBounded, type FileSource } from './connection';
import {
  errorOfAnswer,
  errorOfConnection,
  withPause,
  type HubSubject,
  type ServerName,
} from './hub-errors';
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

/**
 * A client for the parts of the hub that downloads need. The token is sent to the hub's own origin only, never to where it redirects or where a listing continues.
 * Answers are bounded in bytes, pages, files and time.
 */
export class HubClient {
  private readonly server: ServerName;
  private readonly connection: Connection;

  constructor(readonly settings: HubSettings) {
    this.server = { endpoint: settings.endpoint, variable: 'HF_ENDPOINT' };
    this.connection = new Connection(this.server, settings.timeoutMs);
  }

  close(): Promise<void> {
    return this.connection.close();
  }

  /** @throws EaselError as hub-errors.ts makes them */
  async info(repoId: string, revision: string, signal: AbortSignal): Promise<HubRepoInfo> {
    const info = await modelInfo({
      name: repoId,
      revision,
      additionalFields: ['sha', 'cardData'],
      hubUrl: this.settings.endpoint,
      fetch: this.fetchWithRetry(repoId, signal),
    }).catch((thrown: unknown) => {
      throw this.unread(repoId, thrown);
    });
    // The library does not check what it was sent.
    const sha: unknown = info.sha;
    if (typeof sha !== 'string' || !/^[0-9a-f]{40}$/.test(sha))
      throw this.malformed(repoId, 'no commit');
    const card: unknown = info.cardData;
    return { commit: sha, licence: licenceOf(card), gated: Boolean(info.gated) };
  }

  /** Every file of a commit, with sizes and hashes. */
  async files(repoId: string, commit: string, signal: AbortSignal): Promise<HubFile[]> {
    const files = new Map<string, HubFile>();
    let pages = 0;
    const fetchPage = this.fetchWithRetry(repoId, signal);
    const entries = listFiles({
      repo: { type: 'model', name: repoId },
      revision: commit,
      recursive: true,
      hubUrl: this.settings.endpoint,
      fetch: (...request) => {
        pages += 1;
        if (pages > MAX_PAGES) throw this.malformed(repoId, `a listing of over ${MAX_PAGES} pages`);
        return fetchPage(...request);
      },
    });
    try {
      for await (const entry of entries) {
        const file = this.checkFile(repoId, entry);
        if (file) files.set(file.path, file);
        if (files.size > MAX_FILES) throw this.malformed(repoId, `over ${MAX_FILES} files`);
      }
    } catch (thrown) {
      throw this.unread(repoId, thrown);
    }
    return [...files.values()];
  }

  /** A small file's text. */
  async text(repoId: string, commit: string, path: string, signal: AbortSignal): Promise<string> {
    const fetch = this.fetchWithRetry(repoId, signal, MAX_TEXT_BYTES);
    return (await fetch(this.fileUrl(repoId, commit, path))).text();
  }

  /** A file of a commit, to be downloaded. */
  source(repoId: string, commit: string, path: string): FileSource {
    return {
      server: this.server,
      open: (offset, signal) =>
        this.request(repoId, this.fileUrl(repoId, commit, path), rangeFrom(offset), signal),
    };
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
    const isOwn = token !== undefined && sameOrigin(url, endpoint);
    const authorization = isOwn && { authorization: `Bearer ${token}` };
    const response = await this.connection.get(url, { ...headers, ...authorization }, signal);
    if (response.ok) return response;
    await response.body?.cancel();
    const subject: HubSubject = { repoId, endpoint, hasToken: token !== undefined };
    throw withPause(errorOfAnswer(response, subject), response.headers);
  }

  /** `fetch` for the hub's library, with Easel's errors, a few attempts, and whole answers of limited size. */
  private fetchWithRetry(
    repoId: string,
    signal: AbortSignal,
    maxBytes = MAX_ANSWER_BYTES,
  ): typeof fetch {
    const fetchUrl = async (input: string | URL | Request): Promise<Response> => {
      const url = input instanceof Request ? input.url : String(input);
      const backoff = new Backoff(API_ATTEMPTS);
      for (;;) {
        try {
          return await this.readWhole(repoId, url, signal, maxBytes);
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

  /** One attempt: the answer with all of its body. */
  private async readWhole(
    repoId: string,
    url: string,
    signal: AbortSignal,
    maxBytes: number,
  ): Promise<Response> {
    const headers = { accept: 'application/json, */*' };
    const slow = AbortSignal.timeout(Math.max(LONGEST_ANSWER_MS, this.settings.timeoutMs));
    const response = await this.request(repoId, url, headers, AbortSignal.any([signal, slow]));
    let body: Buffer;
    try {
      body = await readBounded(response, maxBytes, () =>
        this.malformed(repoId, `an answer of over ${maxBytes} bytes`),
      );
    } catch (thrown) {
      if (signal.aborted) throw cancelled();
      throw errorOfConnection(thrown, this.server);
    }
    const link = response.headers.get('link');
    return new Response(body, {
      status: response.status,
      ...(link !== null && { headers: { link } }),
    });
  }

  private checkFile(repoId: string, entry: unknown): HubFile | undefined {
    if (!isRecord(entry)) throw this.malformed(repoId, 'an entry that is no object');
    const { type, path, size, oid, lfs } = entry;
    if (type !== 'file') return undefined;
    if (typeof path !== 'string' || !isSafePath(path)) {
      throw this.malformed(repoId, `a path that leads elsewhere: ${oneLine(String(path), 200)}`);
    }
    const large = isRecord(lfs) ? lfs : undefined;
    const hash: ContentHash = large
      ? { kind: 'sha256', hex: String(large.oid).replace(/^sha256:/, '') }
      : { kind: 'git-sha1', hex: String(oid) };
    const digits = hash.kind === 'sha256' ? 64 : 40;
    if (!new RegExp(`^[0-9a-f]{${digits}}$`).test(hash.hex)) {
      throw this.malformed(repoId, `no checksum for ${oneLine(path, 200)}`);
    }
    const bytes = large?.size ?? size;
    if (typeof bytes !== 'number' || !Number.isSafeInteger(bytes) || bytes < 0) {
      throw this.malformed(repoId, `no size of ${oneLine(path, 200)}`);
    }
    return { path, bytes, hash };
  }

  /** The error for an answer that the hub's library could not read. */
  private unread(repoId: string, thrown: unknown): EaselError {
    return thrown instanceof EaselError ? thrown : this.malformed(repoId, 'not as the hub does');
  }

  private malformed(repoId: string, what: string): EaselError {
    const message = `${this.settings.endpoint} describes ${repoId} in a way that is not understood: ${what}.`;
    return new EaselError('hub-failed', message, { repoId, permanent: true });
  }
}

const API_ATTEMPTS = 4;
/** A page of the hub's listing has up to 1000 files, and the largest repositories have some thousands. */
const MAX_PAGES = 500;
const MAX_FILES = 100_000;
const MAX_ANSWER_BYTES = 64 * 2 ** 20;
/** A model_index.json has a few hundred bytes. */
const MAX_TEXT_BYTES = 2 ** 20;
/** Milliseconds that one answer of the API may take, however slowly it comes. */
const LONGEST_ANSWER_MS = 120_000;

function sameOrigin(url: string, endpoint: string): boolean {
  return (
    URL.canParse(url) && URL.canParse(endpoint) && new URL(url).origin === new URL(endpoint).origin
  );
}

/** A relative path that stays below its root on every system, and that file systems take. */
function isSafePath(path: string): boolean {
  return (
    path.length <= MAX_PATH &&
    path.split('/').every(
      (part) =>
        part !== '' &&
        part !== '.' &&
        part !== '..' &&
        Buffer.byteLength(part) <= MAX_NAME_BYTES &&
        // eslint-disable-next-line no-control-regex -- control characters must be rejected
        !/[\\:\u0000-\u001f\u007f]/.test(part),
    )
  );
}

const MAX_PATH = 1000;
const MAX_NAME_BYTES = 255;

function licenceOf(card: unknown): string {
  if (!isRecord(card)) return '';
  const { license, license_name: name } = card;
  const text = license === 'other' && typeof name === 'string' ? name : license;
  return typeof text === 'string' ? oneLine(text, 100) : '';
}
