/** Milliseconds that a cancelled engine has to answer before its process is killed. */
const CANCEL_GRACE_MS = 1500;
/** Milliseconds after which this process ends, whatever it still waits for. */
const EXIT_GRACE_MS = 3000;
/** npm sends Ctrl+C on to this process, which has had it already: a second one this soon is the same. */
const SAME_PRESS_MS = 300;
const CANCELLED = 130;

/**
 * Ctrl+C, SIGTERM, and the terminal that is closed. The first cancels the work; the second ends the process at
 * once, for example where a network disk hangs.
 */
export class Interrupts {
  private readonly cancel = new AbortController();
  private pressed: number | undefined;
  private dispose: () => void = () => undefined;
  /** Works that a cancel waits for, and whether it waits for them alone. */
  private finishings = 0;
  private overdue = false;

  /** Whether the work was cancelled. */
  get happened(): boolean {
    return this.cancel.signal.aborted;
  }

  /**
   * Begins to listen.
   * @param dispose kills the processes that work, which may be in a step that cannot be cancelled
   * @returns the signal that cancels
   */
  watch(dispose: () => void): AbortSignal {
    this.dispose = dispose;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => this.interrupt());
    }
    return this.cancel.signal;
  }

  /**
   * Does what is still to be done after a cancel, such as writing what was drawn. This process does not end before;
   * a second interrupt ends it all the same.
   */
  readonly finishing = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    this.finishings += 1;
    try {
      return await work();
    } finally {
      this.finishings -= 1;
      if (this.overdue && this.finishings === 0)
        setTimeout(() => this.exit(), EXIT_GRACE_MS).unref();
    }
  };

  private interrupt(): void {
    const now = performance.now();
    if (this.pressed !== undefined) {
      if (now - this.pressed > SAME_PRESS_MS) this.exit();
      return;
    }
    this.pressed = now;
    // In case nothing is left to wait for.
    process.exitCode = CANCELLED;
    this.cancel.abort();
    setTimeout(() => this.dispose(), CANCEL_GRACE_MS).unref();
    setTimeout(() => this.exitWhenFinished(), EXIT_GRACE_MS).unref();
  }

  private exitWhenFinished(): void {
    this.overdue = true;
    if (this.finishings === 0) this.exit();
  }

  private exit(): void {
    this.dispose();
    // process.exit waits for file operations that run, and one on a disk that hangs never ends. The signal's
    // own effect does not wait, and shells report it as 130 too.
    if (process.getActiveResourcesInfo().some((resource) => resource.startsWith('FSReq'))) {
      process.removeAllListeners('SIGINT');
      process.kill(process.pid, 'SIGINT');
    }
    process.exit(CANCELLED);
  }
}
