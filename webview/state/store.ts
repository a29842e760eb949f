/** An observable object. */
export class StateStore<T extends object> {
  private readonly listeners = new Set<(value: T, before: T) => void>();

  constructor(private current: T) {}

  get value(): T {
    return this.current;
  }

  /** Sets some fields. Listeners are called only when a value differs. */
  update(change: Partial<T>): void {
    const before = this.current;
    const differs = (Object.keys(change) as (keyof T)[]).some((key) => change[key] !== before[key]);
    if (!differs) return;
    this.current = { ...before, ...change };
    for (const listener of this.listeners) listener(this.current, before);
  }

  /** Calls the listener at once, and at every change. */
  watch(listener: (value: T, before: T) => void): void {
    this.listeners.add(listener);
    listener(this.current, this.current);
  }
}
