import { generatorOf } from '../client/engine';
import { DEFAULT_STYLES } from '../core/request/styles';
import path from 'node:path';
import { openIdleProcesses } from './idle-processes';
import type { ServeCommand } from './serve/arguments';
import { stderr, stdout } from './streams';

/**
 * Serves images over HTTP until a signal or the end of standard input ends it. The log goes to standard error, the address to standard output.
 * @throws EaselError `bad-request` where it cannot serve there
 */
export async function serve(command: ServeCommand): Promise<void> {
  const { model, device, safetyChecker, host, port, token, allowOrigins, limits, logPrompts } =
    command;
  const { startServer } = await import('../server');
  const log = (line: string) => stderr.write(line);
  const note = (msg: string) => log(`${JSON.stringify({ level: 20, process: 'engine', msg })}\n`);
  const { engine, store, dispose } = openIdleProcesses(command, note);
  try {
    const server = await startServer({
      engine: { ...generatorOf(engine), call: (...args) => engine.call(...args) },
      listModels: () => store.call('list', path.isAbsolute(model) ? { paths: [model] } : {}),
      listUpscalers: () => store.call('upscalers', {}),
      defaults: () => ({ model, request: { device, safetyChecker }, styles: DEFAULT_STYLES }),
      ...{ host, port, token, allowOrigins, limits, log, logPrompts },
    });
    stdout.write(`${server.address}\n`);
    await untilEnd(command);
    await server.stop();
  } finally {
    dispose();
  }
}

function untilEnd({ endWithInput }: ServeCommand): Promise<void> {
  return new Promise((resolve) => {
    // The system closes the pipe also where the program at its other side was killed.
    if (endWithInput) process.stdin.once('close', () => resolve()).resume();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.once(signal, () => resolve());
    }
  });
}
