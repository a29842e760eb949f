// `npm run package -- [--target linux-x64]... [--all] [--output FOLDER]`: makes VSIX files, each with the
// binaries of one platform and the starter model.
import { statSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { packageExtension, thisTarget } from './package/extension';
import { TARGETS } from './package/native';
import { root, runMain } from './steps';

const SIZE_LIMITS_MB: Readonly<Record<string, number>> = { 'linux-x64': 110 };

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      target: { type: 'string', multiple: true },
      all: { type: 'boolean' },
      output: { type: 'string' },
    },
  });
  const targets = values.all ? Object.keys(TARGETS) : (values.target ?? [thisTarget]);
  let tooLarge = false;
  for (const target of targets) {
    const file = await packageExtension(target, values.output && path.resolve(values.output));
    const megabytes = statSync(file).size / 1e6;
    const limit = SIZE_LIMITS_MB[target];
    console.log(`${path.relative(root, file)}: ${megabytes.toFixed(1)} MB`);
    if (limit && megabytes > limit) {
      console.error(`${target} may have ${limit} MB at most.`);
      tooLarge = true;
    }
  }
  if (tooLarge) process.exit(1);
}

runMain(main);
