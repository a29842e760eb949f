// @ts-check
// `node scripts/bootstrap.js NAME [ARGUMENTS]`: runs scripts/NAME.ts, and installs the dependencies first
// when package-lock.json has changed. Plain JavaScript, because TypeScript runs only with the dependencies.
const { spawnSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const { existsSync, readFileSync, writeFileSync } = require('node:fs');
const path = require('node:path');

const root = path.resolve(__dirname, '..');

function installDependencies() {
  const lock = readFileSync(path.join(root, 'package-lock.json'));
  const digest = createHash('sha256').update(lock).digest('hex');
  const stamp = path.join(root, 'node_modules', '.easel-lock');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return;
  const { status, error } = spawnSync('npm', ['ci', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
    // npm is a .cmd file on Windows, which only a shell starts.
    shell: process.platform === 'win32',
  });
  if (error) console.error(error.message);
  if (status !== 0) process.exit(status ?? 1);
  writeFileSync(stamp, digest);
}

if (Number.parseInt(process.versions.node, 10) < 20) {
  console.error(`Easel needs Node 20 or newer; this is ${process.versions.node}.`);
  process.exit(1);
}
installDependencies();
// The script sees its own arguments only.
const [name] = process.argv.splice(2, 1);
require('tsx/cjs/api').register();
require(path.join(__dirname, `${name}.ts`));
