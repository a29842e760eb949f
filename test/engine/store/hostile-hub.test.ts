import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { hostname } from 'node:os';
import path from 'node:path';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { CacheLayout } from '../../../src/engine/store/download/cache-layout';
import { downloadFile } from '../../../src/engine/store/download/file-download';
import { HubClient, type HubFile } from '../../../src/engine/store/hub/hub-client';
import { retryAfterSeconds } from '../../../src/engine/store/hub/hub-errors';
import { Backoff } from '../../../src/engine/store/hub/retry';
import { EaselError } from '../../../src/core/errors';
import { noiseModel } from '../../support/hub-models';
import { HubServer } from '../../support/hub-server';
import { tempFolder } from '../../support/temp-folder';
import { run, storeEnvironment } from './store-case';

const COMMIT = 'c'.repeat(40);
const SHA256 = 'a'.repeat(64);

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A server that answers as a test wants, for one repository `a/b`. */
class HostileHub {
  readonly seen: { url: string; authorization: string | undefined }[] = [];
  tree: Answer = (_request, response) => json(response, []);
  file: Answer = (_request, response) => response.writeHead(404).end();
  private readonly server: Server = createServer((request, response) => {
    const { url = '' } = request;
    this.seen.push({ url, authorization: request.headers.authorization });
    if (url.includes('/tree/')) this.tree(request, response);
    else if (url.includes('/resolve/')) this.file(request, response);
    else json(response, { id: 'a/b', sha: COMMIT, gated: false, cardData: { license: 'mit' } });
  });

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get env(): NodeJS.ProcessEnv {
    return {
      ...{ HF_HOME: tempFolder(), HF_ENDPOINT: this.url, HF_TOKEN: 'hf_secret', NO_PROXY: '*' },
      HF_HUB_DOWNLOAD_TIMEOUT: '2',
    };
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

function json(
  response: ServerResponse,
  value: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(200, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(value));
}

const entry = (name: string, size: number) => ({
  ...{ type: 'file', path: name, size, oid: 'b'.repeat(40) },
  lfs: { oid: SHA256, size, pointerSize: 100 },
});

describe('a hub that cannot be trusted', () => {
  let hub: HostileHub;
  beforeEach(async () => {
    hub = await new HostileHub().start();
  });
  afterEach(() => hub.stop());

  it('is not given the token for a page on another host', async () => {
    const other = await new HostileHub().start();
    other.tree = (_request, response) => json(response, [entry('model.safetensors', 10)]);
    hub.tree = (_request, response) =>
      json(response, [], { link: `<${other.url}/api/models/a/b/tree/x>; rel="next"` });
    await assert.rejects(run(hub.env, { id: 'a/b' }), EaselError);
    await other.stop();
    assert.ok(other.seen.length > 0);
    assert.ok(hub.seen.every(({ authorization }) => authorization === 'Bearer hf_secret'));
    assert.ok(other.seen.every(({ authorization }) => authorization === undefined));
  });

  it('cannot list for ever', async () => {
    hub.tree = (request, response) => {
      const next = `<${hub.url}${request.url?.split('?')[0] ?? ''}?cursor=${hub.seen.length}>; rel="next"`;
      json(response, [entry(`f${hub.seen.length}.bin`, 1)], { link: next });
    };
    await assert.rejects(run(hub.env, { id: 'a/b' }), {
      code: 'hub-failed',
      message: /a listing of over 500 pages/,
    });
    assert.ok(hub.seen.length < 520);
  });

  it('cannot fill the memory with a small packed answer', async () => {
    const packed = gzipSync(Buffer.alloc(200 * 2 ** 20, 0x20), { level: 1 });
    const send: Answer = (_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed);
    hub.tree = send;
    await assert.rejects(run(hub.env, { id: 'a/b' }), {
      message: /an answer of over 67108864 bytes/,
    });
    hub.tree = (_request, response) => json(response, [entry('model_index.json', 10)]);
    hub.file = send;
    await assert.rejects(run(hub.env, { id: 'a/b' }), {
      message: /an answer of over 1048576 bytes/,
    });
  });

  it('that lists or sends nonsense gets a coded error', async () => {
    const path1000 = Array<string>(300).fill('aaaaa').join('/');
    const answers: unknown[] = [
      ...[null, {}, 'x', 5, [null], [[]], [{ type: 'file' }], [{ type: 'file', path: 7, size: 1 }]],
      ...['../x', 'a/../../x', '/etc/x', 'a//b', 'a\\b', 'c:x', 'a\0b', 'a\nb', path1000, ''].map(
        (name) => [entry(name, 1)],
      ),
      ...[-1, 0.5, 1e300, '9', null].map((size) => [entry('a.safetensors', size as number)]),
      [{ ...entry('a.safetensors', 1), lfs: { oid: 'zz', size: 1 } }],
      [{ ...entry('a.safetensors', 1), lfs: undefined, oid: null }],
    ];
    for (const answer of answers) {
      hub.tree = (_request, response) => json(response, answer);
      await assert.rejects(run(hub.env, { id: 'a/b' }), (thrown) => {
        assert.ok(thrown instanceof EaselError);
        assert.notEqual(thrown.code, 'internal', JSON.stringify(answer));
        assert.ok(thrown.message.length < 500);
        return true;
      });
    }
    hub.tree = (_request, response) => response.writeHead(200).end('<html>Sign in</html>');
    await assert.rejects(run(hub.env, { id: 'a/b' }), { code: 'hub-failed' });
    hub.tree = (_request, response) => json(response, [], { 'x-large': 'x'.repeat(100_000) });
    await assert.rejects(run(hub.env, { id: 'a/b' }), { code: 'no-network' });
  });

  it('cannot make a download repeat for ever', async () => {
    const size = 100_000;
    const body = Buffer.alloc(size, 7);
    hub.tree = (_request, response) => json(response, [entry('model.safetensors', size)]);
    const cases: [string, Answer, RegExp][] = [
      [
        'it cuts every answer and ignores ranges',
        (_request, response) => {
          response.writeHead(200, { 'content-length': String(size) });
          response.write(body.subarray(0, 5000), () => setImmediate(() => response.destroy()));
        },
        /The connection|cannot be reached/,
      ],
      [
        'the listing names more than the file has',
        (_request, response) =>
          response.writeHead(200, { 'content-length': '50' }).end(Buffer.alloc(50)),
        /model\.safetensors should have 100000 bytes, and \S+ sends 50/,
      ],
      [
        'the same, without a length',
        (request, response) => {
          if (request.headers.range) response.writeHead(416).end();
          else response.writeHead(200).end(Buffer.alloc(50));
        },
        /ended before model\.safetensors was complete|answered 416/,
      ],
      [
        'every part is refused',
        (_request, response) => response.writeHead(416).end(),
        /answered 416/,
      ],
      [
        'it sends empty answers',
        (_request, response) => response.writeHead(200).end(),
        /ended before model\.safetensors was complete/,
      ],
    ];
    for (const [what, answer, wanted] of cases) {
      hub.file = answer;
      hub.seen.length = 0;
      await assert.rejects(run(hub.env, { id: 'a/b' }), { message: wanted }, what);
      assert.ok(hub.seen.length < 40, `${what}: ${hub.seen.length} requests`);
    }
  });
});

describe('a hub that comes a little further each time, from the beginning', () => {
  it('is given up after some restarts', async () => {
    const file: HubFile = {
      ...{ path: 'model.safetensors', bytes: 100_000 },
      hash: { kind: 'sha256', hex: SHA256 },
    };
    const hub = await new HostileHub().start();
    let open: ServerResponse | undefined;
    hub.file = (_request, response) => {
      open = response.writeHead(200, { 'content-length': String(file.bytes) });
      response.write(Buffer.alloc(100 * hub.seen.length));
    };
    const client = new HubClient({
      ...{ endpoint: hub.url, token: undefined, offline: false, timeoutMs: 10_000 },
    });
    const layout = new CacheLayout(tempFolder(), 'a/b', COMMIT);
    await layout.prepare();
    const ignore = () => undefined;
    try {
      const download = downloadFile({
        ...{ source: client.source('a/b', COMMIT, file.path), place: layout, file },
        signal: new AbortController().signal,
        ...{ retrySeconds: 1e-6, onBytes: ignore, onWaiting: ignore },
        // Only then: a client may discard bytes that it has not read when the connection breaks.
        onFetched: () => open?.destroy(),
      });
      await assert.rejects(download, { message: /starts from its beginning each time/ });
      assert.equal(hub.seen.length, 22); // the first, and one more than the restarts that are allowed
    } finally {
      await client.close();
      await hub.stop();
    }
  });
});

describe('pauses that a hub asks for', () => {
  const asked = (value: string, name = 'retry-after') =>
    retryAfterSeconds(new Headers({ [name]: value }));

  it('are bounded, and nonsense is none', () => {
    for (const wrong of [
      '-5',
      '-1e9',
      'soon',
      '1e3',
      '12abc',
      '0x10',
      '1.5',
      'NaN',
      'Infinity',
      'Mon',
    ]) {
      assert.equal(asked(wrong), undefined, wrong);
    }
    assert.equal(asked('Wed, 21 Oct 2015 07:28:00 GMT'), undefined);
    assert.equal(asked('7'), 7);
    assert.equal(asked('9'.repeat(400)), 604_800);
    assert.equal(asked('Fri, 31 Dec 9999 23:59:59 GMT'), 604_800);
    assert.equal(asked(`"api";r=0;t=${'9'.repeat(400)}`, 'ratelimit'), 604_800);
  });

  it('are never shorter than our own', () => {
    const busy = new EaselError('rate-limited', 'Busy.', { retryAfterSeconds: 0 });
    assert.ok((new Backoff(4, 1).next(busy) ?? 0) >= 0.75);
  });
});

describe('what a killed download left', () => {
  it('goes: a part that does not fit the file, and its lock', async () => {
    const hub = await HubServer.start(noiseModel('easel/noise', 1000));
    const env = storeEnvironment(hub);
    const cache = path.join(String(env.HF_HOME), 'hub');
    const locks = path.join(cache, '.locks', 'models--easel--noise');
    mkdirSync(locks, { recursive: true });
    const dead = { token: 'x', pid: 2 ** 22 + 1, host: hostname() };
    writeFileSync(path.join(locks, `${SHA256}.easel.lock`), JSON.stringify(dead));
    let refused = 0;
    // A part of the largest file is here, and the storage refuses to continue it once.
    hub.fault = ({ kind, from }) => {
      if (kind !== 'storage') return undefined;
      if (from > 0 && refused++ === 0) return { status: 416 };
      return refused === 0 ? { cutAfter: 500 } : undefined;
    };
    await run(env, { id: 'easel/noise' });
    await hub.stop();
    assert.equal(refused > 0, true);
    assert.deepEqual(readdirSync(locks), []);
  });
});
