// `npm run vscode [FOLDER]`: opens the packaged extension in a real VS Code on loopback, to try it out. The
// address that it prints has the token that the server asks for.
// EASEL_PORT sets the port (default 8100). Ctrl+C ends it.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { installVsCode } from '../test/vscode/driver/install';
import { startServer } from '../test/vscode/driver/server';
import { packageExtension, thisTarget } from './package/extension';
import { root, runMain } from './steps';

async function main(): Promise<void> {
  installVsCode();
  const vsix = await packageExtension(thisTarget);
  const folder = path.resolve(process.argv[2] ?? path.join(root, 'out', 'workspace'));
  mkdirSync(folder, { recursive: true });
  const server = await startServer({
    folder: path.join(root, '.cache', 'vscode', 'profile'),
    vsix,
    port: Number(process.env.EASEL_PORT ?? 8100),
    // As in VS Code: a folder is asked about before its settings count.
    settings: { 'security.workspace.trust.enabled': true },
  });
  console.log(`\nOpen ${server.open(folder)}\nCtrl+C ends it.`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void server.stop().then(() => process.exit(0)));
  }
}

runMain(main);
