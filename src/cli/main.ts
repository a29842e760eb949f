import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { cancelled, EaselError, toEaselError } from '../core/errors';
import { describeSystemError } from '../core/system-error';
import { openEndpoints, openEngine, openStore } from '../client/open';
import { RoutedEngine } from '../client/routed-engine';
import { parseCommand, type Command } from './arguments';
import { terminalAccess } from './endpoints/access';
import { endpoints } from './endpoints/endpoints';
import { generate } from './generate/generate';
import { drawGrid } from './generate/grid/draw-grid';
import { makeIcons } from './icon';
import { Interrupts } from './interrupts';
import { devices } from './devices/devices';
import { models } from './models/models';
import { JsonOutput, TextOutput, type Output } from './output';
import { optionPart } from './parse-options';
import { printRecipe } from './recipe';
import { serve } from './serve';
import { stderr, stdout } from './streams';
import { upscale } from './upscale';

const EXIT = { ok: 0, failed: 1, badArguments: 2, cancelled: 130 } as const;

/** Errors in what the user typed. */
const ARGUMENT_ERRORS = new Set([
  'bad-request',
  'prompt-too-long',
  'bad-size',
  'unknown-scheduler',
]);

/** Milliseconds until this process has had a signal that its group was sent, and the engine has died of. */
const SIGNAL_MS = 200;

async function main(args: readonly string[]): Promise<number> {
  const output: Output = optionPart(args).includes('--json') ? new JsonOutput() : new TextOutput();
  const interrupts = new Interrupts();
  try {
    requireWorkingFolder();
    await run(parseCommand(args), output, interrupts);
    return EXIT.ok;
  } catch (thrown) {
    const error = await explain(thrown, interrupts);
    output.error(error);
    return exitCode(error);
  }
}

async function run(command: Command, output: Output, interrupts: Interrupts): Promise<void> {
  if (command.verb === 'print') {
    stdout.write(command.text);
    return;
  }
  if (command.verb === 'mcp') {
    const { serveMcp } = await import('./mcp');
    await serveMcp(command);
    return;
  }
  if (command.verb === 'serve') {
    await serve(command);
    return;
  }
  const module = path.join(__dirname, 'engine.js');
  const engine = openEngine({
    module,
    ...('load' in command && { load: command.load }),
  });
  const store = openStore({ module });
  const elsewhere = openEndpoints({ module });
  // Starts with its first call. An interrupt does not end it: it draws the sheet of what is there.
  const images = openEngine({ module });
  const dispose = () => {
    engine.dispose();
    elsewhere.dispose();
    store.dispose();
  };
  const signal = interrupts.watch(dispose);
  try {
    switch (command.verb) {
      case 'models':
        await models(store, command, signal);
        return;
      case 'devices':
        await devices({ engine, store }, command, signal);
        return;
      case 'recipe':
        await printRecipe(command);
        return;
      case 'icon':
        await makeIcons(engine, command, signal);
        return;
      case 'upscale':
        await upscale(engine, command, output, signal);
        return;
      case 'endpoints':
        await endpoints(elsewhere, command, signal);
        return;
      case 'generate': {
        const places = { local: engine, endpoints: elsewhere };
        const routed = new RoutedEngine(places, terminalAccess);
        const { grid } = command;
        const { finishing } = interrupts;
        if (!grid) await generate(routed, command, output, signal);
        else
          await drawGrid(
            { engine: routed, store, images, finishing },
            command,
            grid,
            output,
            signal,
          );
      }
    }
  } finally {
    dispose();
    images.dispose();
  }
}

/** Every relative path needs it; Node's own message is `ENOENT: uv_cwd`. */
function requireWorkingFolder(): void {
  try {
    process.cwd();
  } catch (thrown) {
    throw new EaselError(
      'bad-request',
      'The folder that this command works in was deleted. Change to another folder and try again.',
      {},
      { cause: thrown },
    );
  }
}

/** The error to report. What follows from a cancel, or from a signal to the whole group, is a cancel. */
async function explain(thrown: unknown, interrupts: Interrupts): Promise<EaselError> {
  const error = toEaselError(thrown);
  const { signal } = error.data;
  if (error.code === 'engine-crashed' && typeof signal === 'string' && signal !== 'SIGKILL') {
    await delay(SIGNAL_MS);
  }
  return interrupts.happened ? cancelled() : error;
}

function exitCode(error: EaselError): number {
  if (error.code === 'cancelled') return EXIT.cancelled;
  return ARGUMENT_ERRORS.has(error.code) ? EXIT.badArguments : EXIT.failed;
}

void main(process.argv.slice(2)).then(async (code) => {
  await stdout.flush();
  const { failure } = stdout;
  if (failure && code === EXIT.ok) {
    stderr.write(`easel: Standard output could not be written: ${describeSystemError(failure)}.\n`);
  }
  // Not process.exit, which would lose output that is still being written to a pipe.
  process.exitCode = failure && code === EXIT.ok ? EXIT.failed : code;
});
