// `npm run check:clients`: draws with clients of other people, in Python, on `easel serve` (scripts/serve_clients.py).
// Needs Python 3.11; the clients are installed into .cache/clients.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { build, pythonEnvironment, root, runMain } from './steps';

const TOKEN = 'a-token-for-this-check';

async function main(): Promise<void> {
  build();
  const python = pythonEnvironment('clients', 'clients');
  const server = spawn(
    process.execPath,
    [path.join(root, 'dist', 'cli.js'), 'serve', '--port', '0'],
    {
      env: { ...process.env, EASEL_SERVE_TOKEN: TOKEN },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  try {
    const [address] = (await once(createInterface(server.stdout), 'line')) as [string];
    const { status } = spawnSync(python, ['scripts/serve_clients.py', address, TOKEN], {
      cwd: root,
      stdio: 'inherit',
    });
    if (status !== 0) throw new Error('A client could not do what it is for.');
  } finally {
    server.kill('SIGTERM');
    await once(server, 'exit');
  }
}

runMain(main);
