import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { rangeStart, sendBytes, type Fault } from './faulty-answer';
import type { ServedCommit, ServedFile, ServedRepo } from './hub-repository';

export type { Fault };

export interface SeenRequest {
  readonly kind: 'api' | 'file' | 'storage';
  readonly method: string;
  readonly url: string;
  /** First byte asked for. */
  readonly from: number;
  readonly authorization: string | undefined;
}

/**
 * The Hugging Face hub on loopback, as far as downloads speak to it: model info, paged trees, `resolve` with
 * its headers (ETag, X-Linked-ETag, X-Linked-Size, X-Repo-Commit, X-Error-Code), relative redirects for small
 * files, and a storage host of its own for large ones that takes ranges and, like S3, refuses a token.
 */
export class HubServer {
  readonly requests: SeenRequest[] = [];
  /** Asked for every request; what it returns goes wrong. */
  fault: (request: SeenRequest) => Fault | undefined = () => undefined;
  /** Files a page of a tree has. */
  pageSize = 7;

  private readonly repos = new Map<string, ServedRepo>();

  private constructor(
    private readonly hub: Server,
    private readonly storage: Server,
  ) {}

  static async start(...repos: ServedRepo[]): Promise<HubServer> {
    const hub = createServer();
    const storage = createServer();
    const server = new HubServer(hub, storage);
    for (const repo of repos) server.put(repo);
    hub.on('request', (request, response) => void server.answer(request, response));
    storage.on('request', (request, response) => void server.answerStorage(request, response));
    await Promise.all([listen(hub), listen(storage)]);
    return server;
  }

  get url(): string {
    return addressOf(this.hub);
  }

  put(repo: ServedRepo): void {
    this.repos.set(repo.id, repo);
  }

  /** Bytes of files that were asked for, by the path or hash at the end of the address. */
  filesAsked(): SeenRequest[] {
    return this.requests.filter(({ kind }) => kind !== 'api');
  }

  async stop(): Promise<void> {
    for (const server of [this.hub, this.storage]) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url);
    const api = /^\/api\/models\/([^/]+\/[^/]+)(?:\/(revision|tree)\/([^/]+))?$/.exec(url.pathname);
    const file =
      /^\/([^/]+\/[^/]+)\/resolve\/([^/]+)\/(.+)$/.exec(url.pathname) ??
      /^\/api\/resolve-cache\/models\/([^/]+\/[^/]+)\/([^/]+)\/(.+)$/.exec(url.pathname);
    const seen = this.note(api ? 'api' : 'file', request);
    const fault = this.fault(seen);
    if (fault && 'status' in fault) {
      response.writeHead(fault.status, { ...fault.headers }).end();
      return;
    }
    const repo = this.repos.get((api ?? file)?.[1] ?? '');
    const refused = refusal(repo, request, file !== null);
    if (refused || !repo) {
      response.writeHead(refused?.status ?? 404, refused?.headers).end();
      return;
    }
    const wanted = decodeURIComponent((api ? api[3] : file?.[2]) ?? 'main');
    const commit = findCommit(repo, wanted);
    if (!commit) {
      response.writeHead(404, { 'x-error-code': 'RevisionNotFound' }).end();
    } else if (api) {
      this.answerApi(repo, commit, api[2] === 'tree', url, response);
    } else {
      const path = decodeURIComponent(file?.[3] ?? '');
      await this.answerFile({ repo, commit, path, url, request, response, fault });
    }
  }

  private answerApi(
    repo: ServedRepo,
    commit: ServedCommit,
    wantsTree: boolean,
    url: URL,
    response: ServerResponse,
  ): void {
    if (!wantsTree) {
      const siblings = [...commit.files.keys()].map((rfilename) => ({ rfilename }));
      sendJson(response, {
        ...{ _id: 'x', id: repo.id, sha: commit.id, private: false, siblings, tags: [] },
        ...{ gated: repo.gatedBy ? 'auto' : false, downloads: 1, likes: 1 },
        ...{ lastModified: '2026-01-01T00:00:00.000Z', cardData: { license: repo.licence } },
      });
      return;
    }
    const folders = new Set([...commit.files.keys()].flatMap(parents));
    const entries = [
      ...[...folders].map((path) => ({ type: 'directory', oid: '0'.repeat(40), size: 0, path })),
      ...[...commit.files.values()].map(treeEntry),
    ];
    const start = Number(url.searchParams.get('cursor') ?? 0);
    const next = new URL(url);
    next.searchParams.set('cursor', String(start + this.pageSize));
    const more = start + this.pageSize < entries.length;
    const headers: Record<string, string> = more ? { link: `<${next.href}>; rel="next"` } : {};
    sendJson(response, entries.slice(start, start + this.pageSize), headers);
  }

  private async answerFile(asked: AskedFile): Promise<void> {
    const { repo, commit, path, url, request, response, fault } = asked;
    const file = commit.files.get(path);
    const common = { 'x-repo-commit': commit.id, 'accept-ranges': 'bytes' };
    if (!file) {
      response.writeHead(404, { ...common, 'x-error-code': 'EntryNotFound' }).end();
    } else if (file.sha256 !== undefined) {
      response.writeHead(302, {
        ...common,
        ...{ 'x-linked-etag': `"${file.sha256}"`, 'x-linked-size': String(file.bytes.length) },
        ...{ etag: `"${file.oid}"`, 'content-length': '0' },
        location: `${addressOf(this.storage)}/${file.sha256}?signature=of-today`,
      });
      response.end();
    } else if (!url.pathname.startsWith('/api/resolve-cache')) {
      const location = `/api/resolve-cache/models/${repo.id}/${commit.id}/${encodeURI(path)}`;
      response.writeHead(307, {
        ...common,
        location,
        etag: `"${file.oid}"`,
        'content-length': '0',
      });
      response.end();
    } else {
      await sendBytes(request, response, file.bytes, { ...common, etag: `"${file.oid}"` }, fault);
    }
  }

  private async answerStorage(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const seen = this.note('storage', request);
    const sha256 = new URL(request.url ?? '/', this.url).pathname.slice(1);
    const fault = this.fault(seen);
    if (fault && 'status' in fault) {
      response.writeHead(fault.status, { ...fault.headers }).end();
      return;
    }
    const bytes = this.findLarge(sha256)?.bytes;
    if (!bytes || request.headers.authorization !== undefined) {
      response.writeHead(bytes ? 400 : 404).end();
      return;
    }
    const headers = { etag: `"${sha256}"`, 'accept-ranges': 'bytes' };
    await sendBytes(request, response, bytes, headers, fault);
  }

  private findLarge(sha256: string): ServedFile | undefined {
    for (const { refs } of this.repos.values()) {
      for (const { files } of refs.values()) {
        for (const file of files.values()) if (file.sha256 === sha256) return file;
      }
    }
    return undefined;
  }

  private note(kind: SeenRequest['kind'], request: IncomingMessage): SeenRequest {
    const from = rangeStart(request) ?? 0;
    const { authorization } = request.headers;
    const seen = {
      kind,
      method: request.method ?? '',
      url: request.url ?? '',
      from,
      authorization,
    };
    this.requests.push(seen);
    return seen;
  }
}

interface AskedFile {
  readonly repo: ServedRepo;
  readonly commit: ServedCommit;
  readonly path: string;
  readonly url: URL;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly fault: Fault | undefined;
}

function refusal(
  repo: ServedRepo | undefined,
  request: IncomingMessage,
  isFile: boolean,
): { status: number; headers: Record<string, string> } | undefined {
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
  if (!repo || (repo.privateTo !== undefined && repo.privateTo !== token)) {
    // Without a token the hub does not even say that there is nothing.
    return { status: token ? 404 : 401, headers: { 'x-error-code': 'RepoNotFound' } };
  }
  if (token === 'hf_expired') {
    return { status: 401, headers: { 'x-error-message': 'Invalid credentials' } };
  }
  if (isFile && repo.gatedBy !== undefined && repo.gatedBy !== token) {
    return { status: token ? 403 : 401, headers: { 'x-error-code': 'GatedRepo' } };
  }
  return undefined;
}

function findCommit(repo: ServedRepo, revision: string): ServedCommit | undefined {
  const named = repo.refs.get(revision === 'HEAD' ? 'main' : revision);
  return named ?? [...repo.refs.values()].find(({ id }) => id === revision);
}

function treeEntry({ path, bytes, oid, sha256 }: ServedFile): Record<string, unknown> {
  const size = bytes.length;
  const lfs = sha256 === undefined ? {} : { lfs: { oid: sha256, size, pointerSize: 134 } };
  return { type: 'file', oid, size, path, ...lfs };
}

function parents(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, i) => parts.slice(0, i + 1).join('/'));
}

function sendJson(
  response: ServerResponse,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(200, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(value));
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
}

function addressOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
