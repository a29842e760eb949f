import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

let asked: number | undefined;

/** Limits the threads of the sessions that are made from now on. */
export function limitThreads(threads: number | undefined): void {
  asked = threads;
}

/** Threads for work on every core: as many as were asked for, and no more than this process may use. */
export function threadCount(): number {
  return Math.min(asked ?? Infinity, allowedCores());
}

/**
 * Threads for a session of ONNX Runtime; undefined for its own choice, one for each physical core. That choice
 * knows no limits: in a container it starts a thread for each core of the machine, and all share a few.
 */
export function sessionThreads(): number | undefined {
  if (asked === undefined && allowedCores() >= os.cpus().length) return undefined;
  return threadCount();
}

let allowed: number | undefined;

/** The cores that this process may use: those it is bound to, or the share of them that its container has. */
function allowedCores(): number {
  allowed ??= Math.max(1, Math.min(os.availableParallelism(), Math.ceil(quotaOfCores())));
  return allowed;
}

/**
 * The cores that the control groups of this process may use at the same time, of both versions of cgroups; of
 * nested groups, the smallest number. Infinite where there is no limit, and on other systems than Linux.
 * (docs.kernel.org: admin-guide/cgroup-v2, `cpu.max`; scheduler/sched-bwc.)
 * @param root of the file system, for tests
 */
export function quotaOfCores(root = '/'): number {
  const groups = readText(path.join(root, 'proc', 'self', 'cgroup')) ?? '';
  let least = Infinity;
  for (const line of groups.split('\n')) {
    const [, controllers, group] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    if (controllers === undefined || group === undefined) continue;
    const isSecond = controllers === '';
    if (!isSecond && !controllers.split(',').includes('cpu')) continue;
    const mounts = isSecond ? ['', 'unified'] : [controllers, 'cpu'];
    for (const mount of mounts) {
      const base = path.join(root, 'sys', 'fs', 'cgroup', mount);
      for (const folder of upwards(group)) {
        const read = isSecond ? secondQuota : firstQuota;
        least = Math.min(least, read(path.join(base, folder)));
      }
    }
  }
  return least;
}

/** `/a/b`, `/a` and `/`. In a container the group's own path is often that of the host, and only `/` is there. */
function upwards(group: string): readonly string[] {
  const parts = group.split('/').filter((part) => part !== '' && part !== '..');
  return Array.from({ length: parts.length + 1 }, (_, left) =>
    parts.slice(0, parts.length - left).join('/'),
  );
}

/** `max 100000` or `150000 100000`. */
function secondQuota(folder: string): number {
  const [quota, period] = readText(path.join(folder, 'cpu.max'))?.split(/\s+/) ?? [];
  return share(quota, period);
}

function firstQuota(folder: string): number {
  const quota = readText(path.join(folder, 'cpu.cfs_quota_us'));
  return share(quota, readText(path.join(folder, 'cpu.cfs_period_us')));
}

/** Infinite for `max`, for -1 and for what is no number. */
function share(quota: string | undefined, period: string | undefined): number {
  const cores = Number(quota) / Number(period);
  return cores > 0 ? cores : Infinity;
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}
