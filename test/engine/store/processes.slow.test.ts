import * as assert from 'node:assert/strict';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { finish, runCli, startCli } from '../../support/cli';
import { noiseModel } from '../../support/hub-models';
import { HubServer } from '../../support/hub-server';
import { tempFolder } from '../../support/temp-folder';

const ID = 'easel/noise';
const BYTES = 4_000_000;

describe('downloads in processes', () => {
  let hub: HubServer;
  let env: Record<string, string>;
  let blobs: string;

  before(async () => {
    hub = await HubServer.start(noiseModel(ID, BYTES));
  });
  beforeEach(() => {
    hub.requests.length = 0;
    hub.fault = () => undefined;
    const home = tempFolder();
    env = { HF_HOME: home, HF_ENDPOINT: hub.url, NO_PROXY: '*' };
    blobs = join(home, 'hub', 'models--easel--noise', 'blobs');
  });
  after(() => hub.stop());

  const MAY_BE_GONE = { throwIfNoEntry: false } as const;
  const partialBytes = () =>
    existsSync(blobs)
      ? readdirSync(blobs)
          .filter((name) => name.endsWith('.incomplete'))
          // A download may end between the two looks.
          .reduce((sum, name) => sum + (statSync(join(blobs, name), MAY_BE_GONE)?.size ?? 0), 0)
      : 0;
  const untilPartial = async (bytes: number) => {
    for (let i = 0; i < 400 && partialBytes() < bytes; i++) await delay(25);
    assert.ok(partialBytes() >= bytes, 'nothing came');
  };
  const verified = async () => {
    const result = await runCli(['models', 'verify', ID, '--json'], env);
    const files = result.events()[0]?.files as { state: string }[];
    return files.length === 5 && files.every(({ state }) => state === 'ok');
  };
  const slow = () => {
    hub.fault = ({ kind }) => (kind === 'storage' ? { bytesPerSecond: 3_000_000 } : undefined);
  };

  it('end well when two fetch the same model at once, and fetch nothing twice', async () => {
    slow();
    const results = await Promise.all(
      [0, 1].map(() => runCli(['models', 'download', ID, '--json'], env)),
    );
    for (const { code, stderr } of results) assert.equal(code, 0, stderr);
    const fetched = results.map((result) => Number(result.events().at(-1)?.fetchedBytes));
    const total = Number(results[0]?.events().at(-1)?.totalBytes);
    assert.equal(
      fetched.reduce((a, b) => a + b),
      total,
    );
    assert.ok(await verified());
  });

  it('go on after the whole family was killed, asking only for the rest', async () => {
    slow();
    const child = startCli(['models', 'download', ID, '--json'], env);
    const first = finish(child);
    await untilPartial(2_000_000);
    // The store ends with its parent; it may write what it has in hand.
    child.kill('SIGKILL');
    await first;
    await delay(300);
    const kept = partialBytes();
    hub.fault = () => undefined;
    const second = await runCli(['models', 'download', ID, '--json'], env);
    assert.equal(second.code, 0, second.stderr);
    const done = second.events().at(-1);
    assert.ok(kept >= 2_000_000);
    assert.ok(Number(done?.fetchedBytes) <= Number(done?.totalBytes) - kept);
    assert.ok(await verified());
  });

  it('go on at once when another process that held the lock was killed', async () => {
    slow();
    const child = startCli(['models', 'download', ID], env);
    const first = finish(child);
    await untilPartial(500_000);
    const waiting = runCli(['models', 'download', ID, '--json'], env);
    await delay(700);
    child.kill('SIGKILL');
    await first;
    const { code, stderr } = await waiting;
    assert.equal(code, 0, stderr);
    assert.ok(await verified());
  });

  it('pause on an interrupt, and say how to go on', async () => {
    slow();
    const child = startCli(['models', 'download', ID], env);
    const first = finish(child);
    await untilPartial(500_000);
    child.kill('SIGINT');
    const { code, stderr } = await first;
    assert.equal(code, 130);
    assert.match(stderr, /Paused\. The same command continues/);
    assert.ok(partialBytes() >= 500_000);
  });

  it('tell the whole story in JSON lines', async () => {
    const whole = await runCli(['models', 'download', ID, '--json'], env);
    const names = whole.events().map(({ event }) => event);
    assert.equal(names[0], 'plan');
    assert.equal(names.at(-1), 'done');
    assert.ok(names.filter((name) => name === 'file').length === 5, whole.stdout);
    const missing = await runCli(['models', 'download', 'easel/none', '--json'], env);
    assert.equal(missing.code, 1);
    assert.equal(missing.events()[0]?.code, 'model-not-found');
  });
});
