import path from 'node:path';
import { toEaselError, type EaselError } from '../core/errors';
import { openEngine, openStore } from '../client/open';
import { parseCommand, USAGE, type Command } from './arguments';
import { generate } from './generate/generate';
import { makeIcons } from './icon';
import { printDevices } from './lists';
import { models } from './models/models';
import { printRecipe } from './recipe';
import { JsonOutput, TextOutput, type Output } from './output';

const EXIT = { ok: 0, failed: 1, badArguments: 2, cancelled: 130 } as const;

/** Errors in what the user typed. */
const ARGUMENT_ERRORS = new Set([
  'bad-request',
  'prompt-too-long',
  'bad-size',
  'unknown-scheduler',
]);

/** Milliseconds that a cancelled engine has to answer before its process is killed. */
const CANCEL_GRACE_MS = 1500;
/** npm sends Ctrl+C on to this process, which has had it already: a second one this soon is the same. */
const SAME_PRESS_MS = 300;

async function main(args: readonly string[]): Promise<number> {
  const wantsJson = args.includes('--json');
  const output: Output = wantsJson ? new JsonOutput() : new TextOutput();
  let command: Command;
  try {
    command = parseCommand(args);
  } catch (thrown) {
    const error = toEaselError(thrown);
    output.error(error);
    return exitCode(error);
  }
  if (command.verb === 'help') {
    process.stdout.write(USAGE);
    return EXIT.ok;
  }
  if (command.verb === 'mcp') {
    const { serveMcp } = await import('./mcp');
    await serveMcp(command);
    return EXIT.ok;
  }
  const module = path.join(__dirname, 'engine.js');
  const engine = openEngine({ module });
  const store = openStore({ module });
  const cancel = new AbortController();
  let pressed: number | undefined;
  const interrupt = () => {
    const now = performance.now();
    if (pressed !== undefined) {
      // The second Ctrl+C: exit without waiting, for example for a network disk that hangs.
      if (now - pressed > SAME_PRESS_MS) process.exit(EXIT.cancelled);
      return;
    }
    pressed = now;
    cancel.abort();
    // A running step cannot be cancelled, only its process be killed.
    setTimeout(() => {
      engine.dispose();
      store.dispose();
    }, CANCEL_GRACE_MS).unref();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  try {
    if (command.verb === 'models') {
      await models(store, command, cancel.signal);
    } else if (command.verb === 'devices') {
      printDevices(await engine.call('devices', null), command.json);
    } else if (command.verb === 'recipe') {
      await printRecipe(command);
    } else if (command.verb === 'icon') {
      await makeIcons(engine, command);
    } else {
      await generate(engine, command, output, cancel.signal);
    }
    return EXIT.ok;
  } catch (thrown) {
    const error = toEaselError(thrown);
    output.error(error);
    return exitCode(error);
  } finally {
    engine.dispose();
    store.dispose();
  }
}

function exitCode(error: EaselError): number {
  if (error.code === 'cancelled') return EXIT.cancelled;
  return ARGUMENT_ERRORS.has(error.code) ? EXIT.badArguments : EXIT.failed;
}

void main(process.argv.slice(2)).then((code) => {
  // Not process.exit, which would lose output that is still being written to a pipe.
  process.exitCode = code;
});
