// `npm start ["prompt"] [options]`: sets everything up and draws a picture with the starter model.
import { build, installDependencies, run } from './setup.mjs';

const [major = 0] = process.versions.node.split('.').map(Number);
if (major < 20) {
  console.error(`Easel needs Node 20 or newer; this is ${process.versions.node}.`);
  process.exit(1);
}
installDependencies();
build();
const args = process.argv.slice(2);
run(process.execPath, [
  'dist/cli.js',
  'generate',
  ...(args.length > 0 ? args : ['a red apple', '--seed', '42']),
]);
