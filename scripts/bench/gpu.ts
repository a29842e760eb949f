// `npm run bench:gpu [-- OPTIONS]`: Easel on a graphics card beside PyTorch in float16, on the same random weights,
// in at most eight minutes. With `--pack FOLDER` it packs what that needs for a Linux machine without a network.
// bench/README.md says what is measured and has the options.
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build, runMain } from '../steps';
import { bundleEasel } from './bundle';
import { benchGpu } from './gpu/measure';
import { packBench } from './gpu/pack';
import { readOptions, RUN_OPTIONS } from './gpu/options';

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { ...RUN_OPTIONS, pack: { type: 'string' } } });
  if (values.pack !== undefined) {
    await packBench(path.resolve(values.pack));
    return;
  }
  build();
  await benchGpu({ ...readOptions(values), program: await bundleEasel() });
}

runMain(main);
