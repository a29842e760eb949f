import path from 'node:path';
import { toEaselError } from '../core/errors';
import { IdleService } from '../client/idle-service';
import { openEndpoints, openEngine, openStore } from '../client/open';
import { RoutedEngine } from '../client/routed-engine';
import { terminalAccess } from './endpoints/access';
import { parseMcpCommand, type McpCommand } from './mcp/arguments';
import { serveStdio } from './mcp/server';
import { stderr } from './streams';

/**
 * Serves the agents' tools over standard input and output until the client hangs up. A bundle of its own:
 * the protocol's library is larger than the rest of the command line.
 */
export async function serveMcp(command: McpCommand): Promise<void> {
  // Not in the client's folder: a name of a model would else also mean a folder of the client's project.
  const options = {
    module: path.join(__dirname, 'engine.js'),
    cwd: __dirname,
    env: absolutePaths(),
  };
  const { idleMs, load } = command;
  const local = new IdleService({ create: () => openEngine({ ...options, load }), idleMs });
  const endpoints = new IdleService({ create: () => openEndpoints(options), idleMs });
  const access = { ...terminalAccess, leaveOut: true };
  const engine = new RoutedEngine({ local, endpoints }, access);
  const store = new IdleService({ create: () => openStore(options), idleMs });
  try {
    await serveStdio(command, { engine, store });
  } finally {
    engine.dispose();
    endpoints.dispose();
    store.dispose();
  }
}

/** Variables that hold a path which may be relative to the working folder. */
const PATH_VARIABLES = [
  'EASEL_CACHE',
  'EASEL_HF_HOME',
  'EASEL_STARTER_MODEL',
  'HF_HOME',
  'HF_HUB_CACHE',
  'HUGGINGFACE_HUB_CACHE',
  'XDG_CACHE_HOME',
];

function absolutePaths(): Record<string, string> {
  const relative = PATH_VARIABLES.flatMap((name) => {
    const value = process.env[name];
    return value && /^[^~$%]/.test(value) ? [[name, path.resolve(value)] as const] : [];
  });
  return Object.fromEntries(relative);
}

async function main(): Promise<void> {
  try {
    await serveMcp(parseMcpCommand(process.argv.slice(2)));
  } catch (thrown) {
    stderr.write(`easel mcp: ${toEaselError(thrown).message}\n`);
    process.exitCode = 1;
  }
}

// Editors start the bundle itself; `easel mcp` loads it.
if (require.main === module) void main();
