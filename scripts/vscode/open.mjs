// `npm run vscode [FOLDER]`: opens the packaged extension in a real VS Code on loopback, for trying.
// EASEL_PORT names the port (else 8100). Ctrl+C ends it.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { packageExtension, thisTarget } from '../package.mjs';
import { installDependencies, root } from '../setup.mjs';
import { installVsCode } from './install.mjs';
import { startServer } from './server.mjs';

installDependencies();
installVsCode();
const vsix = await packageExtension(thisTarget);
const folder = path.resolve(process.argv[2] ?? path.join(root, 'out', 'workspace'));
mkdirSync(folder, { recursive: true });
const server = await startServer({
  folder: path.join(root, '.cache', 'vscode', 'profile'),
  vsix,
  port: Number(process.env.EASEL_PORT ?? 8100),
});
console.log(`\nOpen ${server.open(folder)}\nCtrl+C ends it.`);
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => void server.stop().then(() => process.exit(0)));
}
