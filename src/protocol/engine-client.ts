import { fork, type ChildProcess } from 'node:child_process';
import { EaselError } from '../core/errors';
import type { EngineMethods } from './engine';
import { Caller, type CallOptions, type WireMessage } from './peer';

export interface EngineClientOptions {
  /** The engine bundle, `dist/engine.js`. */
  readonly module: string;
  /** Receives what the engine writes to its standard streams, a line each. */
  readonly log?: (line: string) => void;
  /** Called when the engine ends without having been asked to. */
  readonly onCrash?: (error: EaselError) => void;
  readonly env?: Readonly<Record<string, string>>;
}

interface Running {
  readonly process: ChildProcess;
  readonly caller: Caller<EngineMethods>;
}

/**
 * Owns the engine process: forks it on the first call, ends its calls when it crashes, and forks a
 * fresh one for the next. It never outlives this process.
 */
export class EngineClient {
  private running: Running | undefined;

  constructor(private readonly options: EngineClientOptions) {}

  get pid(): number | undefined {
    return this.running?.process.pid;
  }

  call<K extends keyof EngineMethods>(
    method: K,
    params: EngineMethods[K]['params'],
    options: CallOptions<EngineMethods[K]['event']> = {},
  ): Promise<EngineMethods[K]['result']> {
    if (options.signal?.aborted) return Promise.reject(new EaselError('cancelled', 'Cancelled.'));
    this.running ??= this.start();
    return this.running.caller.call(method, params, options);
  }

  /** Ends the engine at once, whatever it is doing. Open calls reject as cancelled. */
  dispose(): void {
    const running = this.running;
    if (!running) return;
    this.running = undefined;
    running.process.kill('SIGKILL');
    running.caller.rejectAll(new EaselError('cancelled', 'Cancelled.'));
  }

  private start(): Running {
    const child = fork(this.options.module, [], {
      // Inside VS Code the executable is Electron; this makes it Node. An inherited host option in
      // execArgv has broken forks before (microsoft/vscode#154549).
      env: { ...process.env, ...this.options.env, ELECTRON_RUN_AS_NODE: '1' },
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const caller = new Caller<EngineMethods>({
      send: (message) => {
        child.send(message, (error) => {
          if (error)
            end(
              new EaselError(
                'engine-crashed',
                `The drawing engine cannot be reached: ${error.message}`,
              ),
            );
        });
      },
      onMessage: (listener) => {
        child.on('message', (message) => listener(message as WireMessage));
      },
    });
    const running: Running = { process: child, caller };
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
    child.on('error', (error) => {
      end(new EaselError('engine-crashed', `The drawing engine could not start: ${error.message}`));
    });
    child.on('exit', (code, signal) => end(crash(code, signal, lastLines)));
    return running;
  }
}

function crash(
  code: number | null,
  signal: string | null,
  lastLines: readonly string[],
): EaselError {
  const how = signal ? `was ended by ${signal}` : `exited with code ${code ?? 'unknown'}`;
  const hint =
    signal === 'SIGKILL' || signal === 'SIGABRT' || code === 134
      ? ' Often memory ran out: close other programs, or choose a smaller size or model.'
      : '';
  return new EaselError(
    'engine-crashed',
    `The drawing engine ${how}.${hint} The next picture starts it afresh.`,
    { code, signal, log: lastLines.join('\n') },
  );
}
