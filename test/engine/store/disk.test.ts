import * as assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { noiseModel } from '../../support/hub-models';
import { HubServer } from '../../support/hub-server';
import { tempFolder } from '../../support/temp-folder';
import { run, storeEnvironment } from './store-case';

const ID = 'easel/noise';

describe('a download to a disk that is too small', () => {
  let hub: HubServer;
  let disk: string | undefined;

  before(async function () {
    hub = await HubServer.start(noiseModel(ID, 2_000_000));
    const folder = tempFolder();
    const size = 'size=4m';
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', size, 'tmpfs', folder]).status === 0;
    // A small disk can be made only by root on Linux.
    if (mounted) disk = folder;
    else this.skip();
  });
  after(async () => {
    if (disk) spawnSync('umount', ['-l', disk]);
    await hub.stop();
  });

  it('is refused before anything is fetched', async () => {
    const env = storeEnvironment(hub, { HF_HOME: String(disk) });
    const ballast = join(String(disk), 'ballast');
    writeFileSync(ballast, Buffer.alloc(2_500_000));
    hub.requests.length = 0;
    await assert.rejects(run(env, { id: ID }), {
      code: 'disk-full',
      message: /needs 2\.7 MB more .* 1\.\d MB are free/,
    });
    assert.ok(!hub.requests.some(({ kind }) => kind === 'storage'));
    rmSync(ballast);
  });

  it('keeps what it has when the disk fills meanwhile, and goes on when there is space again', async () => {
    const env = storeEnvironment(hub, { HF_HOME: String(disk) });
    const ballast = join(String(disk), 'ballast');
    hub.fault = ({ kind }) => (kind === 'storage' ? { bytesPerSecond: 4_000_000 } : undefined);
    const filling = run(env, { id: ID }, undefined, (event) => {
      if (event.event === 'plan') writeFileSync(ballast, Buffer.alloc(2_600_000));
    });
    await assert.rejects(filling, { code: 'disk-full', message: /kept/ });
    const blobs = join(String(disk), 'hub', 'models--easel--noise', 'blobs');
    assert.ok(readdirSync(blobs).some((name) => name.endsWith('.incomplete')));
    rmSync(ballast);
    const { summary } = await run(env, { id: ID });
    assert.ok(summary.fetchedBytes < summary.totalBytes);
  });
});
