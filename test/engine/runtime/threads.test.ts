import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Graph } from '../../../src/engine/graph/graph';
import { Session } from '../../../src/engine/runtime/session';
import {
  limitThreads,
  quotaOfCores,
  sessionThreads,
  threadCount,
} from '../../../src/engine/runtime/threads';
import { tempFolder } from '../../support/temp-folder';

describe('threads', () => {
  afterEach(() => limitThreads(undefined));

  /** A root with these files. */
  const rootWith = (files: Readonly<Record<string, string>>): string => {
    const root = tempFolder();
    for (const [name, text] of Object.entries(files)) {
      const file = path.join(root, name);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
    return root;
  };
  const cgroup = 'proc/self/cgroup';
  const fs = 'sys/fs/cgroup';

  it('have no quota where the system has no control groups, or these no limit', () => {
    assert.equal(quotaOfCores(rootWith({})), Infinity);
    const max = { [cgroup]: '0::/\n', [`${fs}/cpu.max`]: 'max 100000\n' };
    assert.equal(quotaOfCores(rootWith(max)), Infinity);
    const none = {
      [cgroup]: '4:cpu,cpuacct:/\n',
      [`${fs}/cpu,cpuacct/cpu.cfs_quota_us`]: '-1\n',
      [`${fs}/cpu,cpuacct/cpu.cfs_period_us`]: '100000\n',
    };
    assert.equal(quotaOfCores(rootWith(none)), Infinity);
    assert.equal(quotaOfCores(rootWith({ ...max, [`${fs}/cpu.max`]: 'nonsense' })), Infinity);
  });

  it('have the smallest quota of nested groups', () => {
    const files = {
      [cgroup]: '0::/user.slice/app.scope\n',
      [`${fs}/user.slice/app.scope/cpu.max`]: '400000 100000\n',
      [`${fs}/user.slice/cpu.max`]: '150000 100000\n',
    };
    assert.equal(quotaOfCores(rootWith(files)), 1.5);
  });

  it('have the quota of a container, which does not see the path of its group', () => {
    const second = { [cgroup]: '0::/../../host/docker\n', [`${fs}/cpu.max`]: '50000 100000' };
    assert.equal(quotaOfCores(rootWith(second)), 0.5);
    const first = {
      [cgroup]: '5:memory:/docker/1\n4:cpuacct,cpu:/docker/1\n0::/docker/1\n',
      [`${fs}/cpu/cpu.cfs_quota_us`]: '300000\n',
      [`${fs}/cpu/cpu.cfs_period_us`]: '100000\n',
    };
    assert.equal(quotaOfCores(rootWith(first)), 3);
  });

  it('are as many as were asked for, and no more than this process may use', () => {
    limitThreads(1);
    assert.deepEqual([threadCount(), sessionThreads()], [1, 1]);
    limitThreads(1024);
    assert.ok(threadCount() <= os.availableParallelism());
    assert.equal(sessionThreads(), threadCount());
    limitThreads(undefined);
    assert.ok(threadCount() >= 1 && threadCount() <= os.availableParallelism());
  });

  it('are started by a session, beside the one that calls it', async function () {
    if (process.platform !== 'linux') this.skip();
    const graph = new Graph();
    const x = graph.input('x', 'float32', [2, 2]);
    graph.output('y', graph.node('Add', [x, x], x));
    const { model } = graph.finish('double');
    // The first session starts what all share.
    await (await Session.create({ model }, 'cpu')).release();
    for (const threads of [1, 1024]) {
      limitThreads(threads);
      const before = readdirSync('/proc/self/task').length;
      const session = await Session.create({ model }, 'cpu');
      const started = readdirSync('/proc/self/task').length - before;
      assert.equal(started, threadCount() - 1);
      await session.release();
    }
  });
});
