// Starts and stops a VS Code server of the kind install.ts puts in the cache, each with profile folders
// of its own.
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import path from 'node:path';
import { installVsCode, type VsCode } from './install';

/** Keeps the welcome page, the chat panel and the network away. */
const QUIET_SETTINGS = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.colorTheme': 'Default Dark Modern',
  'workbench.enableExperiments': false,
  'chat.disableAIFeatures': true,
  'telemetry.telemetryLevel': 'off',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'git.enabled': false,
  'security.workspace.trust.enabled': false,
};

export interface ServerOptions {
  /** Where its profile goes. */
  readonly folder: string;
  /** An extension to install first. */
  readonly vsix?: string;
  /** User settings on top of the quiet ones. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Lets a page run an extension's tests; notifications are not shown then. */
  readonly driver?: boolean;
  /** Variables for the extension host. */
  readonly env?: Readonly<Record<string, string>>;
  /** Absent: a free one. */
  readonly port?: number;
}

export interface VsCodeServer {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** What it has written so far. */
  output(): string;
  /** The address of a folder or a .code-workspace file. It holds the token that the server asks for. */
  open(workspace: string): string;
  stop(): Promise<void>;
}

/** Starts a server on loopback; installs VS Code first where it is missing. */
export async function startServer(options: ServerOptions): Promise<VsCodeServer> {
  const data = path.join(options.folder, 'data');
  const extensions = path.join(options.folder, 'extensions');
  mkdirSync(path.join(data, 'User'), { recursive: true });
  mkdirSync(extensions, { recursive: true });
  const settings: Record<string, unknown> = { ...QUIET_SETTINGS, ...options.settings };
  writeFileSync(path.join(data, 'User', 'settings.json'), JSON.stringify(settings, null, 2));
  const folders = [
    '--server-data-dir',
    data,
    '--user-data-dir',
    data,
    '--extensions-dir',
    extensions,
  ];
  const env = { ...process.env, ...options.env, EXTENSIONS_GALLERY: '{}' };
  const vscode = installVsCode();
  if (options.vsix) installExtension(vscode, options.vsix, folders, env);
  // Without a token every program and every page of this machine could use the server. In a file, since every
  // user can read the arguments of a process.
  const token = randomBytes(24).toString('hex');
  const tokenFile = path.join(options.folder, 'connection-token');
  rmSync(tokenFile, { force: true });
  writeFileSync(tokenFile, token, { mode: 0o600 });
  const port = options.port ?? (await freePort());
  const trust = settings['security.workspace.trust.enabled'] ? [] : ['--disable-workspace-trust'];
  const child = spawn(
    vscode.node,
    [
      vscode.server,
      ...['--host', '127.0.0.1', '--port', String(port)],
      ...['--connection-token-file', tokenFile],
      ...['--accept-server-license-terms', '--telemetry-level', 'off', ...trust, ...folders],
      ...(options.driver ? ['--enable-smoke-test-driver'] : []),
    ],
    { env, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  // A server that outlives its starter would keep a port and a few hundred megabytes.
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  await new Promise<void>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes('Extension host agent listening')) resolve();
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    void ended.then((code) =>
      reject(new Error(`The VS Code server ended (${code ?? 'killed'}):\n${output}`)),
    );
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('The VS Code server has no process.');
  const url = `http://127.0.0.1:${port}/`;
  return {
    url,
    port,
    pid,
    output: () => output,
    open: (workspace) => {
      const kind = workspace.endsWith('.code-workspace') ? 'workspace' : 'folder';
      return `${url}?tkn=${token}&${kind}=${encodeURIComponent(workspace)}`;
    },
    stop: async () => {
      process.removeListener('exit', kill);
      child.kill('SIGTERM');
      const forced = setTimeout(kill, 5000);
      await ended;
      clearTimeout(forced);
    },
  };
}

function installExtension(
  { node, server }: VsCode,
  vsix: string,
  folders: readonly string[],
  env: NodeJS.ProcessEnv,
): void {
  const { status, stdout, stderr } = spawnSync(
    node,
    [server, ...folders, '--install-extension', vsix, '--force'],
    { env, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`${vsix} could not be installed:\n${stdout}${stderr}`);
}

function freePort(): Promise<number> {
  return new Promise<number>((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
