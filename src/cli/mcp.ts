import path from 'node:path';
import { toEaselError } from '../core/errors';
import { openEngine, openStore } from '../client/open';
import { parseMcpCommand, type McpCommand } from './mcp/arguments';
import { serveStdio } from './mcp/server';

/**
 * Serves the agents' tools over standard input and output until the client hangs up. A bundle of its own:
 * the protocol's library is larger than the rest of the command line.
 */
export async function serveMcp(command: McpCommand): Promise<void> {
  const module = path.join(__dirname, 'engine.js');
  const engine = openEngine({ module });
  const store = openStore({ module });
  try {
    await serveStdio(command, { engine, store });
  } finally {
    engine.dispose();
    store.dispose();
  }
}

async function main(): Promise<void> {
  try {
    await serveMcp(parseMcpCommand(process.argv.slice(2)));
  } catch (thrown) {
    process.stderr.write(`easel mcp: ${toEaselError(thrown).message}\n`);
    process.exitCode = 1;
  }
}

// Editors start the bundle itself; `easel mcp` loads it.
if (require.main === module) void main();
