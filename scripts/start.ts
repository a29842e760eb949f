// `npm start ["prompt"] [options]`: builds Easel and draws an image with the starter model.
import { build, run } from './steps';

build();
const args = process.argv.slice(2);
const request = args.length > 0 ? args : ['a red apple', '--seed', '42'];
run(process.execPath, ['dist/cli.js', 'generate', ...request]);
