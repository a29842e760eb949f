import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { cancelled } from '../../core/errors';

/** How often the holder touches the file, and after how long without that it counts as gone. */
const BEAT_MS = 2000;
const SILENT_MS = 30_000;
const POLL_MS = 200;

interface Holder {
  readonly token: string;
  readonly pid: number;
  readonly host: string;
}

/**
 * A lock between Easel's processes: a file created exclusively that names its holder, and that the holder
 * touches while it lives. A holder that was killed is recognised at once on the same machine by its process
 * id, on another one by its silence. A lost lock costs bandwidth, not correctness: what is written under it
 * is verified before it counts.
 *
 * It does not exclude huggingface_hub, which locks a file beside it with flock (Python's filelock); Node has
 * no flock. Partial files therefore have names of their own (CacheLayout.partial). proper-lockfile would
 * not exclude it either, and waits for silence where this one sees that the holder is gone.
 */
export class FileLock {
  private constructor(
    private readonly file: string,
    private readonly token: string,
    private readonly beat: NodeJS.Timeout,
  ) {}

  /** Waits until the lock is free. `waiting` is called meanwhile, several times a second. */
  static async acquire(
    file: string,
    signal: AbortSignal,
    waiting: () => Promise<void> | void = () => undefined,
  ): Promise<FileLock> {
    const token = randomUUID();
    await mkdir(path.dirname(file), { recursive: true });
    for (;;) {
      if (signal.aborted) throw cancelled();
      if (await create(file, token)) {
        const beat = setInterval(() => {
          const now = new Date();
          void utimes(file, now, now).catch(() => undefined);
        }, BEAT_MS);
        return new FileLock(file, token, beat.unref());
      }
      if (!(await isHeld(file))) {
        await rm(file, { force: true });
        continue;
      }
      await waiting();
      await delay(POLL_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  async release(): Promise<void> {
    clearInterval(this.beat);
    if ((await readHolder(this.file))?.token === this.token) await rm(this.file, { force: true });
  }
}

/** Removes the lock files in a folder that processes left which were killed. */
export async function removeStaleLocks(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const file = path.join(folder, name);
    if (name.endsWith('.easel.lock') && !(await isHeld(file))) await rm(file, { force: true });
  }
}

/** Whether a living process holds a lock file. */
export async function isHeld(file: string): Promise<boolean> {
  const info = await stat(file).catch(() => undefined);
  if (!info) return false;
  if (Date.now() - info.mtimeMs > SILENT_MS) return false;
  const holder = await readHolder(file);
  // Made a moment ago and not yet written.
  if (!holder) return true;
  return holder.host !== hostname() || isAlive(holder.pid);
}

async function create(file: string, token: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx');
    const holder: Holder = { token, pid: process.pid, host: hostname() };
    await handle.writeFile(JSON.stringify(holder));
    await handle.close();
    return true;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw thrown;
  }
}

async function readHolder(file: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    // A process of another user lives, and may not be signalled.
    return (thrown as NodeJS.ErrnoException).code === 'EPERM';
  }
}
