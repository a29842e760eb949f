// The benchmark on a machine that it was packed for. run.sh starts it.
import path from 'node:path';
import { parseArgs } from 'node:util';
import { root, runMain } from '../../steps';
import { benchGpu } from './measure';
import { readOptions, RUN_OPTIONS } from './options';

runMain(async () => {
  const { values } = parseArgs({ options: RUN_OPTIONS });
  await benchGpu({ ...readOptions(values), program: path.join(root, 'dist', 'bench-easel.js') });
});
