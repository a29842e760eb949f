import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import {
  CallToolRequestSchema,
  ListToolsRequestSchema,
  RootsListChangedNotificationSchema,
  type Tool,
} from '@modelcontextprotocol/sdk/types.js';
import { AGENT_TOOLS, type AgentTool } from '../../core/agent/tools';
import { VERSION } from '../../core/version';
import type { McpCommand } from './arguments';
import { ProgressReport } from './progress';
import { chooseRoot, makeTemporaryRoot, type Root } from './roots';
import { inputSchema } from './tool-schema';
import { callTool, type Processes, type ToolContext } from './tools';

const INSTRUCTIONS =
  'Easel draws placeholder art, icons and illustrations on this machine. Save images beside the document that shows them, give alternative text, and look at the returned image before using it.';

/** Serves the tools over standard input and output, until either ends. */
export async function serveStdio(command: McpCommand, processes: Processes): Promise<void> {
  const { server } = createServer(command, processes);
  const transport = new StdioServerTransport();
  const ended = new Promise<void>((resolve) => {
    server.onclose = () => resolve();
    // The transport has no event for a client that disconnects.
    process.stdin.once('end', resolve).once('close', resolve);
    process.stdout.once('error', resolve);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.once(signal, () => resolve());
  });
  await server.connect(transport);
  await ended;
  await server.close();
}

/** The tools have valibot schemas, which the library's own registry does not take. */
function createServer(command: McpCommand, processes: Processes): McpServer {
  const mcp = new McpServer(
    { name: 'easel', title: 'Easel', version: VERSION },
    { capabilities: { tools: {} }, instructions: INSTRUCTIONS },
  );
  const { server } = mcp;
  const root = rememberRoot(server, command);
  const temporaryRoot = rememberTemporaryRoot();
  server.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: AGENT_TOOLS.map(describeTool),
  }));
  server.setRequestHandler(CallToolRequestSchema, ({ params }, { signal, sendNotification }) => {
    const progressToken = params._meta?.progressToken;
    const report = new ProgressReport();
    return callTool(params.name, params.arguments ?? {}, {
      ...processes,
      command,
      root,
      temporaryRoot,
      signal,
      onEvent: (event) => {
        const progress = report.receive(event);
        if (progressToken === undefined || !progress || signal.aborted) return;
        const message = {
          method: 'notifications/progress',
          params: { progressToken, ...progress },
        } as const;
        // A client that receives no progress still gets the image.
        sendNotification(message).catch(() => undefined);
      },
    });
  });
  return mcp;
}

/** The root is asked for once, and again after the client says that its folders have changed. */
function rememberRoot(server: McpServer['server'], { output }: McpCommand): () => Promise<Root> {
  let known: Promise<Root> | undefined;
  server.setNotificationHandler(RootsListChangedNotificationSchema, () => {
    known = undefined;
  });
  const find = async () => {
    const asks = output === undefined && server.getClientCapabilities()?.roots !== undefined;
    const { roots } = asks ? await server.listRoots() : { roots: [] };
    return chooseRoot(
      output,
      roots.map(({ uri }) => uri),
    );
  };
  return () => {
    known ??= find().catch((thrown: unknown) => {
      known = undefined;
      throw thrown;
    });
    return known;
  };
}

/** One folder for the life of the server. */
function rememberTemporaryRoot(): ToolContext['temporaryRoot'] {
  let making: Promise<Root> | undefined;
  let made: Root | undefined;
  return {
    get made() {
      return made;
    },
    make: async () => {
      making ??= makeTemporaryRoot();
      try {
        made = await making;
        return made;
      } catch (thrown) {
        making = undefined;
        throw thrown;
      }
    },
  };
}

function describeTool({ name, title, description, input, readOnly }: AgentTool): Tool {
  return {
    name,
    title,
    description,
    inputSchema: inputSchema(input) as Tool['inputSchema'],
    annotations: { title, readOnlyHint: readOnly, destructiveHint: false, openWorldHint: false },
  };
}
