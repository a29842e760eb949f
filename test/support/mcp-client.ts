import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import {
  CallToolResultSchema,
  ListRootsRequestSchema,
  type Progress,
} from '@modelcontextprotocol/sdk/types.js';
import { pathToFileURL } from 'node:url';
import { CLI } from './cli';

/** What a tool answered. */
export interface ToolAnswer {
  readonly isError: boolean;
  /** All text parts, a line each. */
  readonly text: string;
  readonly images: readonly { readonly data: Buffer; readonly mimeType: string }[];
}

export interface McpSession {
  readonly client: Client;
  call(
    name: string,
    input: Record<string, unknown>,
    options?: { signal?: AbortSignal; onprogress?: (progress: Progress) => void },
  ): Promise<ToolAnswer>;
  close(): Promise<void>;
}

/** Starts the built `easel mcp` and connects the protocol's official client to it. */
export async function openMcp(options: {
  readonly args?: readonly string[];
  readonly cwd?: string;
  /** Folders that the client works in. */
  readonly roots?: readonly string[];
  /** The program, for another Node or bundle. */
  readonly command?: string;
  readonly program?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}): Promise<McpSession> {
  const { args = [], cwd, roots, command = process.execPath, program = [CLI, 'mcp'] } = options;
  const inherited = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  const transport = new StdioClientTransport({
    command,
    args: [...program, ...args],
    env: { ...Object.fromEntries(inherited), ...options.env },
    ...(cwd !== undefined && { cwd }),
  });
  const client = new Client(
    { name: 'test', version: '1' },
    { capabilities: roots ? { roots: { listChanged: true } } : {} },
  );
  if (roots) {
    client.setRequestHandler(ListRootsRequestSchema, () => ({
      roots: roots.map((folder) => ({ uri: pathToFileURL(folder).href })),
    }));
  }
  await client.connect(transport);
  return {
    client,
    call: async (name, input, { signal, onprogress } = {}) => {
      const params = { name, arguments: input };
      const answer = CallToolResultSchema.parse(
        await client.callTool(params, CallToolResultSchema, { signal, onprogress }),
      );
      const texts = answer.content.flatMap((part) => (part.type === 'text' ? [part.text] : []));
      const images = answer.content.flatMap((part) =>
        part.type === 'image'
          ? [{ data: Buffer.from(part.data, 'base64'), mimeType: part.mimeType }]
          : [],
      );
      return { isError: answer.isError === true, text: texts.join('\n'), images };
    },
    close: () => client.close(),
  };
}
