import type { CallOptions, Methods } from '../protocol/peer';
import type { Service } from './engine';

export interface IdleServiceOptions<T extends Methods<T>> {
  /** Makes the service; called for the first call, and for the first one after it was ended. */
  readonly create: () => Service<T>;
  /** Milliseconds without a call after which the service is ended. */
  readonly idleMs: number;
  /** Called whenever the service is ended. */
  readonly onEnd?: () => void;
}

/** A service that is made when it is first called, and ended when it has not been called for a while. */
export class IdleService<T extends Methods<T>> implements Service<T> {
  private service: Service<T> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private openCalls = 0;
  private isOutdated = false;

  constructor(private readonly options: IdleServiceOptions<T>) {}

  async call<K extends keyof T & string>(
    method: K,
    params: T[K]['params'],
    options?: CallOptions<T[K]['event']>,
  ): Promise<T[K]['result']> {
    clearTimeout(this.timer);
    this.openCalls += 1;
    try {
      this.service ??= this.options.create();
      return await this.service.call(method, params, options);
    } finally {
      this.openCalls -= 1;
      if (this.openCalls === 0 && this.isOutdated) this.dispose();
      else if (this.openCalls === 0) {
        this.timer = setTimeout(() => this.dispose(), this.options.idleMs).unref();
      }
    }
  }

  /** Ends the service when no call is open. */
  renew(): void {
    if (this.openCalls === 0) this.dispose();
    else this.isOutdated = true;
  }

  /** Ends the service. The next call makes another one. */
  dispose(): void {
    clearTimeout(this.timer);
    this.isOutdated = false;
    this.service?.dispose();
    this.service = undefined;
    this.options.onEnd?.();
  }
}
