import { fork, type ChildProcess } from 'node:child_process';
import os from 'node:os';
import type { EnginePriority } from '../core/engine-load';
import { cancelled, EaselError } from '../core/errors';
import { describeSystemError } from '../core/system-error';
import { Caller, type CallOptions, type Methods, type WireMessage } from '../protocol/peer';
import type { Service } from './engine';

export interface ProcessClientOptions {
  /** The bundle to fork, `dist/engine.js`. */
  readonly module: string;
  /** Arguments of the bundle. */
  readonly args?: readonly string[];
  /** The Node that runs it; the one of this process if absent. */
  readonly execPath?: string;
  /** Receives what the process writes to its standard streams, a line each. */
  readonly log?: (line: string) => void;
  /** Called when the process ends without having been asked to. */
  readonly onCrash?: (error: EaselError) => void;
  /** With `low`, the system lets other programs go first. Default: `normal`. */
  readonly priority?: EnginePriority;
  readonly env?: Readonly<Record<string, string>>;
  /** The folder it works in; that of this process if absent. */
  readonly cwd?: string;
}

/** The parts of the messages about a crash. */
export interface ProcessWords {
  /** As in "The drawing engine exited". */
  readonly name: string;
  /** A sentence that says what to do. */
  readonly afterCrash: string;
}

interface Running<T extends Methods<T>> {
  readonly process: ChildProcess;
  readonly caller: Caller<T>;
}

/**
 * A service in a child process: forked on the first call. When it crashes, its open calls reject and the
 * next call forks another one. It ends with this process.
 */
export class ProcessClient<T extends Methods<T>> implements Service<T> {
  private running: Running<T> | undefined;

  constructor(
    private readonly options: ProcessClientOptions,
    private readonly words: ProcessWords,
  ) {}

  get pid(): number | undefined {
    return this.running?.process.pid;
  }

  call<K extends keyof T & string>(
    method: K,
    params: T[K]['params'],
    options: CallOptions<T[K]['event']> = {},
  ): Promise<T[K]['result']> {
    if (options.signal?.aborted) return Promise.reject(cancelled());
    try {
      this.running ??= this.start();
    } catch (thrown) {
      return Promise.reject(this.notStarted(thrown));
    }
    return this.running.caller.call(method, params, options);
  }

  /** Ends the process at once, whatever it is doing. Open calls reject as cancelled. */
  dispose(): void {
    const running = this.running;
    if (!running) return;
    this.running = undefined;
    kill(running.process);
    running.caller.rejectAll(cancelled());
  }

  private start(): Running<T> {
    const { name } = this.words;
    const { execPath, cwd } = this.options;
    const child = fork(this.options.module, this.options.args ?? [], {
      // Inside VS Code the executable is Electron; this makes it Node. An inherited host option in
      // execArgv has broken forks before (microsoft/vscode#154549).
      env: { ...process.env, ...this.options.env, ELECTRON_RUN_AS_NODE: '1' },
      ...(execPath && { execPath }),
      ...(cwd && { cwd }),
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    if (this.options.priority === 'low') this.giveWay(child);
    const caller = new Caller<T>({
      send: (message) => {
        // It did not start: its `error` event follows, and rejects the call.
        if (child.pid === undefined) return;
        child.send(message, (error) => {
          if (error) {
            end(new EaselError('engine-crashed', `${name} cannot be reached: ${error.message}`));
          }
        });
      },
      onMessage: (listener) => {
        child.on('message', (message) => listener(message as WireMessage));
      },
    });
    const running: Running<T> = { process: child, caller };
    const lastLines: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8');
      stream?.on('data', (text: string) => {
        for (const line of text.split(/\r?\n/)) {
          if (!line) continue;
          lastLines.push(line);
          if (lastLines.length > 5) lastLines.shift();
          this.options.log?.(line);
        }
      });
    }
    const end = (error: EaselError) => {
      if (this.running !== running) return;
      this.running = undefined;
      caller.rejectAll(error);
      this.options.onCrash?.(error);
    };
    child.on('error', (error) => end(this.notStarted(error)));
    child.on('exit', (code, signal) => end(this.crash(code, signal, lastLines)));
    return running;
  }

  /** At once: on Linux, only threads that start later take the priority of the process. */
  private giveWay({ pid }: ChildProcess): void {
    if (pid === undefined) return;
    try {
      // Of numbers, the larger one gives way. The process already has that of this one.
      const lower = Math.max(os.getPriority(), os.constants.priority.PRIORITY_BELOW_NORMAL);
      os.setPriority(pid, lower);
    } catch (thrown) {
      this.options.log?.(`The priority was not lowered: ${describeSystemError(thrown)}.`);
    }
  }

  private notStarted(thrown: unknown): EaselError {
    const reason = describeSystemError(thrown);
    const message = `${this.words.name} could not start: ${reason}.`;
    return new EaselError('engine-crashed', message, {}, { cause: thrown });
  }

  private crash(
    code: number | null,
    signal: string | null,
    lastLines: readonly string[],
  ): EaselError {
    const { name, afterCrash } = this.words;
    const how = signal ? `was ended by ${signal}` : `exited with code ${code ?? 'unknown'}`;
    const hint =
      signal === 'SIGKILL' || signal === 'SIGABRT' || code === 134
        ? ' Often memory ran out: close other programs, or choose a smaller size or model.'
        : '';
    return new EaselError('engine-crashed', `${name} ${how}.${hint} ${afterCrash}`, {
      code,
      signal,
      log: lastLines.join('\n'),
    });
  }
}

/** Ends a process at once. One that did not start has no id, and a signal to it would go to this process's group. */
function kill(child: ChildProcess): void {
  if (child.pid !== undefined) child.kill('SIGKILL');
}
