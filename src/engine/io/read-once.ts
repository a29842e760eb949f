import { keepNewest } from '../../core/keep-newest';
import { fileState } from './file-state';

/** What was read from files, for as long as nothing is written to them. */
export class ReadOnce<T> {
  private readonly kept = new Map<string, { readonly state: string; readonly value: T }>();

  /** @param most how many are kept: those that were read last */
  constructor(private readonly most: number) {}

  /**
   * @param name of what is read
   * @param files that it is read from; each may be absent
   */
  async get(name: string, files: readonly string[], read: () => Promise<T>): Promise<T> {
    const states = await Promise.all(files.map((file) => fileState(file).catch(() => '')));
    // Where the system does not say when a file was changed, nothing is kept.
    if (states.includes(undefined)) return read();
    const state = states.join('\n');
    const known = this.kept.get(name);
    if (known?.state === state) return known.value;
    const value = await read();
    keepNewest(this.kept, name, { state, value }, this.most);
    return value;
  }
}
