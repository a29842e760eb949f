export interface ServerOptions {
  readonly folder: string;
  readonly vsix?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly driver?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  readonly port?: number;
}

export interface VsCodeServer {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  output(): string;
  /** The address of a folder or a .code-workspace file. */
  open(workspace: string): string;
  stop(): Promise<void>;
}

export function startServer(options: ServerOptions): Promise<VsCodeServer>;
export function freePort(): Promise<number>;
