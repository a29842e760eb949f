import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import type { DeviceSupport } from '../../../src/core/devices';
import {
  installSupport,
  planSupport,
  removeSupport,
  supportOf,
} from '../../../src/engine/support/install';
import type { DownloadEvent } from '../../../src/protocol/store';
import { ArchiveServer } from '../../support/support-archive';
import { tempFolder } from '../../support/temp-folder';

const A = 'capi/part-a.so';
const B = 'capi/part-b.so';

describe('the support of a device', () => {
  // Half of it can be compressed.
  const files = {
    [A]: Buffer.concat([randomBytes(200_000), Buffer.alloc(200_000)]),
    [B]: randomBytes(1000),
  };
  let server: ArchiveServer;
  let cache: string;

  before(async () => (server = await ArchiveServer.start(files)));
  after(() => server.stop());
  beforeEach(() => {
    cache = tempFolder();
    server.asked.length = 0;
    server.fault = () => undefined;
  });

  const root = () => path.join(cache, 'devices');
  const folder = () => path.join(root(), 'cuda-1.30.0');
  const names = (place: string) => (existsSync(place) ? readdirSync(place).sort() : []);
  const machine = (env: NodeJS.ProcessEnv = {}) => ({
    root: cache,
    home: cache,
    env: { EASEL_CACHE: cache, NO_PROXY: '*', HF_HUB_DOWNLOAD_TIMEOUT: '1', ...env },
  });

  interface Run {
    readonly support?: DeviceSupport;
    readonly env?: NodeJS.ProcessEnv;
    readonly signal?: AbortSignal;
    readonly emit?: (event: DownloadEvent) => void;
  }

  function install({ support = server.support, env, signal, emit }: Run = {}) {
    const context = {
      signal: signal ?? new AbortController().signal,
      emit: emit ?? (() => undefined),
      retrySeconds: 0.01,
    };
    return installSupport({ device: 'cuda', support }, context, machine(env));
  }

  it('is downloaded, taken out of the archive, and leaves nothing else', async () => {
    const before = await planSupport({ device: 'cuda', support: server.support }, machine());
    assert.equal(before.isInstalled, false);
    assert.equal(before.source, new URL(server.support.archive.url).host);
    assert.equal(before.totalBytes, server.archive.length);
    assert.equal(before.installedBytes, 401_000);
    const summary = await install();
    assert.equal(summary.path, folder());
    assert.equal(summary.fetchedBytes, server.archive.length);
    assert.deepEqual(names(root()), ['cuda-1.30.0']);
    assert.deepEqual(names(folder()), ['part-a.so', 'part-b.so']);
    assert.deepEqual(readFileSync(path.join(folder(), 'part-a.so')), files[A]);
    assert.deepEqual(readFileSync(path.join(folder(), 'part-b.so')), files[B]);
    const after = await planSupport({ device: 'cuda', support: server.support }, machine());
    assert.equal(after.isInstalled, true);
  });

  it('is not downloaded again, but for a part that is missing or cut short', async () => {
    await install();
    assert.equal((await install()).fetchedBytes, 0);
    assert.deepEqual(server.asked, [0]);
    truncateSync(path.join(folder(), 'part-b.so'), 10);
    await install();
    assert.deepEqual(readFileSync(path.join(folder(), 'part-b.so')), files[B]);
  });

  it('is downloaded once where two ask for it', async () => {
    await Promise.all([install(), install()]);
    assert.deepEqual(server.asked, [0]);
    assert.deepEqual(names(folder()), ['part-a.so', 'part-b.so']);
    assert.deepEqual(names(root()), ['cuda-1.30.0']);
  });

  it('continues by itself where the connection broke', async () => {
    server.fault = () => (server.asked.length === 1 ? { cutAfter: 100_000 } : undefined);
    const events: string[] = [];
    await install({ emit: ({ event }) => events.push(event) });
    assert.equal(server.asked.length, 2);
    assert.ok(server.asked[1]! > 0);
    assert.ok(events.includes('waiting'));
  });

  it('continues where it was cancelled', async () => {
    const cancel = new AbortController();
    server.fault = () => ({ stallAfter: 100_000 });
    const emit = (event: DownloadEvent) => {
      if (event.event === 'progress' && event.bytes > 0) cancel.abort();
    };
    await assert.rejects(install({ signal: cancel.signal, emit }), { code: 'cancelled' });
    assert.deepEqual(names(root()), ['cuda-1.30.0.zip.incomplete']);
    const plan = await planSupport({ device: 'cuda', support: server.support }, machine());
    assert.ok(plan.presentBytes > 0);
    server.fault = () => undefined;
    const { fetchedBytes } = await install();
    assert.equal(fetchedBytes, server.archive.length - plan.presentBytes);
    assert.equal(server.asked.at(-1), plan.presentBytes);
  });

  it('is refused with a wrong checksum, and nothing is kept', async () => {
    server.fault = () => ({ corruptAt: 1000 });
    await assert.rejects(install(), { code: 'bad-file', message: /checksum/ });
    assert.deepEqual(names(root()), []);
  });

  it('is refused where a part is another one, is missing, or cannot be unpacked', async () => {
    const { support } = server;
    const [first, second] = support.parts;
    const broken = Buffer.from(server.archive);
    // After the local header of the first part.
    const at = broken.indexOf(A) + A.length + 50;
    broken.fill(0xff, at, at + 1000);
    const cases: readonly [Partial<DeviceSupport>, RegExp][] = [
      [{ parts: [first!, { ...second!, sha256: first!.sha256 }] }, /part-b\.so does not have/],
      [{ parts: [{ ...first!, bytes: 300_000 }] }, /part-a\.so is too large/],
      [{ parts: [{ ...first!, path: 'capi/none.so' }] }, /none\.so is not in it/],
    ];
    for (const [changed, message] of cases) {
      await assert.rejects(install({ support: { ...support, ...changed } }), {
        code: 'bad-file',
        message,
      });
      assert.ok(!names(folder()).some((name) => name !== 'part-a.so'), names(folder()).join());
      assert.deepEqual(names(root()), ['cuda-1.30.0']);
    }
    // An archive that was complete once and has changed on the disk is fetched anew by the next attempt.
    mkdirSync(root(), { recursive: true });
    await removeSupport('cuda', machine().env);
    writeFileSync(path.join(root(), 'cuda-1.30.0.zip'), broken);
    await assert.rejects(install(), { code: 'bad-file', message: /part-a\.so (cannot|does not)/ });
    assert.deepEqual(names(folder()), []);
    await install();
    assert.deepEqual(names(folder()), ['part-a.so', 'part-b.so']);
  });

  it('is refused before anything is fetched where the disk is too small', async () => {
    const { support } = server;
    const parts = [{ ...support.parts[0]!, bytes: 1e17 }];
    await assert.rejects(install({ support: { ...support, parts } }), {
      code: 'disk-full',
      message: /^CUDA support needs .* EASEL_CACHE/,
    });
    assert.deepEqual(server.asked, []);
    assert.deepEqual(names(root()), []);
  });

  it('says why the server gives nothing', async () => {
    await assert.rejects(install({ env: { HF_HUB_OFFLINE: '1' } }), { code: 'offline' });
    assert.deepEqual(names(folder()), []);
    server.fault = () => ({ status: 404 });
    await assert.rejects(install(), { code: 'hub-failed', message: /answered 404/ });
    assert.equal(server.asked.length, 1);
    const gone = await ArchiveServer.start(files);
    await gone.stop();
    await assert.rejects(install({ support: gone.support }), {
      code: 'no-network',
      message: /HTTPS_PROXY and PIP_INDEX_URL/,
    });
  });

  it('comes from a mirror of the index that is named for pip, with the same checksums', async () => {
    const { support, index } = server;
    const elsewhere = { ...support.archive, url: 'http://127.0.0.1:1/none.whl' };
    const env = { PIP_INDEX_URL: `${index}/` };
    await install({ support: { ...support, archive: elsewhere }, env });
    assert.deepEqual(names(folder()), ['part-a.so', 'part-b.so']);
    await removeSupport('cuda', machine().env);
    const other = { ...elsewhere, path: 'other.whl' };
    await assert.rejects(install({ support: { ...support, archive: other }, env }), {
      code: 'hub-failed',
      message: /has no other\.whl/,
    });
  });

  it('is removed with everything that belongs to the device, and nothing else', async () => {
    await install();
    const other = path.join(root(), 'another-1.0', 'file');
    for (const file of [other, path.join(root(), 'cuda-libraries', 'nvidia', 'file')]) {
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, 'abc');
    }
    writeFileSync(path.join(root(), 'cuda-1.29.0.zip.incomplete'), 'abcd');
    const { env } = machine();
    assert.deepEqual(await removeSupport('cuda', env), { files: 4, bytes: 401_007 });
    assert.deepEqual(names(root()), ['another-1.0']);
    assert.deepEqual(await removeSupport('cuda', env), { files: 0, bytes: 0 });
  });

  it('is not removed while it is being installed', async () => {
    const cancel = new AbortController();
    let begin: (started: undefined) => void = () => undefined;
    const begun = new Promise<undefined>((resolve) => (begin = resolve));
    server.fault = () => ({ stallAfter: 1000 });
    const running = install({ signal: cancel.signal, emit: () => begin(undefined) });
    await begun;
    await assert.rejects(removeSupport('cuda', machine().env), { code: 'write-failed' });
    cancel.abort();
    await assert.rejects(running, { code: 'cancelled' });
    await removeSupport('cuda', machine().env);
    assert.deepEqual(names(root()), []);
  });

  it('is offered where there is one', () => {
    assert.throws(() => supportOf('cpu'), {
      code: 'device-unavailable',
      message: /nothing to install for CPU/,
    });
  });
});
