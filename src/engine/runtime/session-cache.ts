import { memoryAvailable, memoryLimit } from './memory';
import type { NetworkSession } from './session';

interface Entry {
  readonly session: NetworkSession;
  readonly group: string;
  lastUse: number;
  /** How many are using it now. A session in use is not freed to make room for others. */
  users: number;
}

export interface MemoryGauge {
  available(): number;
  limit(): number;
}

/** With less than this share of memory left, sessions that are not in use are freed. */
const SHORT_OF_MEMORY = 0.1;

/**
 * Keeps sessions between jobs. Sessions of one group (a model) are kept together: they are freed when a
 * session of another group is made. The least recently used ones are freed when memory is short.
 */
export class SessionCache {
  private readonly entries = new Map<string, Entry>();
  private clock = 0;

  /** @param memory the machine's memory in bytes, for tests */
  constructor(
    private readonly memory: MemoryGauge = { available: memoryAvailable, limit: memoryLimit },
  ) {}

  /**
   * Works with the session of a key, made if absent. The session stays for as long as the work takes.
   * @param expectedBytes an estimate of the memory it will take, to free others first
   */
  async use<T>(
    group: string,
    key: string,
    expectedBytes: number,
    create: () => Promise<NetworkSession>,
    work: (session: NetworkSession) => Promise<T>,
  ): Promise<T> {
    const entry = await this.entry(group, key, expectedBytes, create);
    entry.users += 1;
    try {
      return await work(entry.session);
    } finally {
      entry.users -= 1;
    }
  }

  /** Frees one session, if it is there. */
  async drop(group: string, key: string): Promise<void> {
    const id = `${group}\n${key}`;
    const entry = this.entries.get(id);
    this.entries.delete(id);
    await entry?.session.release();
  }

  /** Frees all other sessions than this one that are not in use. */
  async dropOthers(group: string, key: string): Promise<void> {
    const own = `${group}\n${key}`;
    for (const [id, entry] of this.entries) {
      if (id !== own && entry.users === 0) await this.evict(id, entry);
    }
  }

  /** Frees everything. */
  async clear(): Promise<void> {
    const entries = [...this.entries.values()];
    this.entries.clear();
    for (const { session } of entries) await session.release();
  }

  private async entry(
    group: string,
    key: string,
    expectedBytes: number,
    create: () => Promise<NetworkSession>,
  ): Promise<Entry> {
    const id = `${group}\n${key}`;
    const known = this.entries.get(id);
    if (known) {
      known.lastUse = ++this.clock;
      return known;
    }
    await this.makeRoom(group, expectedBytes);
    const entry = { session: await create(), group, lastUse: ++this.clock, users: 0 };
    this.entries.set(id, entry);
    return entry;
  }

  private async makeRoom(group: string, bytes: number): Promise<void> {
    for (const [id, entry] of this.entries) {
      if (entry.group !== group) await this.evict(id, entry);
    }
    const byAge = [...this.entries].sort(([, a], [, b]) => a.lastUse - b.lastUse);
    for (const [id, entry] of byAge) {
      if (this.memory.available() - bytes > this.memory.limit() * SHORT_OF_MEMORY) return;
      if (entry.users === 0) await this.evict(id, entry);
    }
  }

  private async evict(id: string, entry: Entry): Promise<void> {
    this.entries.delete(id);
    await entry.session.release();
  }
}
