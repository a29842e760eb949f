import { Worker } from 'node:worker_threads';
import type { ReferenceSyntax } from '../languages';
import { mayNameImage } from './addresses';
import type { ImageReference } from './image-reference';
import type { ReadText, WorkerMessage } from './worker-messages';

/** The images that a document names, or why they are not known. */
export interface ReadReferences {
  readonly references: readonly ImageReference[];
  /** The text is too large, its parser took too long or failed, or nobody waits for it any more. */
  readonly unread?: 'too-large' | 'too-slow' | 'failed' | 'cancelled';
}

export interface ReaderLimits {
  /** UTF-16 code units of a text. */
  readonly length: number;
  /** Of one text. */
  readonly milliseconds: number;
  /** Of JavaScript's memory in the thread. */
  readonly mebibytes: number;
  /** Without work, until the thread ends. */
  readonly idleMilliseconds: number;
}

const LIMITS: ReaderLimits = {
  length: 2 ** 20,
  milliseconds: 3000,
  mebibytes: 512,
  idleMilliseconds: 60_000,
};

/** Documents that are code alone. */
const CODE: ReadonlySet<ReferenceSyntax> = new Set(['script', 'typescript']);

interface Job extends ReadText {
  readonly done: (result: ReadReferences) => void;
}

/**
 * Finds the images that texts name, in a thread of its own, one text after another. The thread is started by
 * the first text; it is ended, and the next text starts another, when a text takes too long or is cancelled.
 */
export class ReferenceReader {
  private readonly queue: Job[] = [];
  private running: Job | undefined;
  private thread: { readonly worker: Worker; isReady: boolean } | undefined;
  private timer: NodeJS.Timeout | undefined;

  /** @param module the path of the bundle of `worker.ts` */
  constructor(
    private readonly module: string,
    private readonly limits: ReaderLimits = LIMITS,
  ) {}

  read(syntax: ReferenceSyntax, text: string, signal?: AbortSignal): Promise<ReadReferences> {
    if (text.length > this.limits.length) return Promise.resolve(unread('too-large'));
    if (signal?.aborted) return Promise.resolve(unread('cancelled'));
    // Most code names no image, and needs no thread and no parser.
    if (CODE.has(syntax) && !mayNameImage(text)) return Promise.resolve({ references: [] });
    return new Promise((resolve) => {
      const cancel = () => this.cancel(job);
      const job: Job = {
        syntax,
        text,
        done: (result) => {
          signal?.removeEventListener('abort', cancel);
          resolve(result);
        },
      };
      signal?.addEventListener('abort', cancel);
      this.queue.push(job);
      this.next();
    });
  }

  /** Ends the thread. Texts that wait are read by another. */
  dispose(): void {
    this.end('cancelled');
  }

  private next(): void {
    if (this.running || (this.queue.length === 0 && !this.thread)) return;
    const { worker, isReady } = (this.thread ??= this.start());
    // The time to load the parsers is not the text's.
    if (!isReady) return;
    this.running = this.queue.shift();
    if (this.running) {
      const { syntax, text } = this.running;
      worker.postMessage({ syntax, text } satisfies ReadText);
      this.wait(this.limits.milliseconds, () => this.end('too-slow'));
    } else {
      this.wait(this.limits.idleMilliseconds, () => this.end('cancelled'));
    }
  }

  private start(): { worker: Worker; isReady: boolean } {
    const worker = new Worker(this.module, {
      resourceLimits: { maxOldGenerationSizeMb: this.limits.mebibytes },
      // What the parsers print is for nobody.
      stdout: true,
      stderr: true,
    });
    const thread = { worker, isReady: false };
    // It must not keep a process alive that has nothing else to do.
    worker.unref();
    worker.on('message', (message: WorkerMessage) => {
      if (this.thread !== thread) return;
      if (message === 'ready') {
        thread.isReady = true;
        this.next();
      } else this.finish('references' in message ? message : unread('failed'));
    });
    const fail = () => {
      if (this.thread !== thread) return;
      // A thread that cannot even load would be started again and again.
      if (!thread.isReady) this.running = this.queue.shift();
      this.end('failed');
    };
    worker.on('error', fail);
    worker.on('exit', fail);
    return thread;
  }

  private finish(result: ReadReferences): void {
    const job = this.running;
    this.running = undefined;
    clearTimeout(this.timer);
    job?.done(result);
    this.next();
  }

  private cancel(job: Job): void {
    const index = this.queue.indexOf(job);
    if (index !== -1) {
      this.queue.splice(index, 1);
      job.done(unread('cancelled'));
    } else if (this.running === job) this.end('cancelled');
  }

  /** Ends the thread with the text that it reads. */
  private end(why: NonNullable<ReadReferences['unread']>): void {
    const { thread } = this;
    this.thread = undefined;
    void thread?.worker.terminate();
    this.finish(unread(why));
  }

  private wait(milliseconds: number, then: () => void): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(then, milliseconds);
    this.timer.unref();
  }
}

function unread(why: NonNullable<ReadReferences['unread']>): ReadReferences {
  return { references: [], unread: why };
}
