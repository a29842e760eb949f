import { toEaselError } from '../core/errors';
import { openIdleProcesses } from './idle-processes';
import { parseMcpCommand, type McpCommand } from './mcp/arguments';
import { serveStdio } from './mcp/server';
import { stderr } from './streams';

/**
 * Serves the agents' tools over standard input and output until the client hangs up. A bundle of its own:
 * the protocol's library is larger than the rest of the command line.
 */
export async function serveMcp(command: McpCommand): Promise<void> {
  const processes = openIdleProcesses(command);
  try {
    await serveStdio(command, processes);
  } finally {
    processes.dispose();
  }
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
