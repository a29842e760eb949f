// `npm run package -- [--target linux-x64]... [--all] [--output FOLDER]`: makes VSIX files, each with one
// platform's binaries and the starter model. What goes in is copied into a clean folder first, so that
// nothing is packed by accident.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { stageNativePackages, TARGETS } from './package/native.mjs';
import { installDependencies, root, run } from './setup.mjs';

const SIZE_LIMITS_MB = { 'linux-x64': 110 };
const ASSETS = [
  ...['media', 'l10n', 'skills', 'models/clip-vocabulary'],
  ...['package.nls.json', 'package.nls.zh-cn.json'],
];
const TEXTS = ['README.md', 'CHANGELOG.md', 'LICENSE'];

/**
 * Makes one VSIX.
 * @returns its path
 */
export async function packageExtension(target, output = path.join(root, 'out')) {
  if (!Object.hasOwn(TARGETS, target)) {
    throw new Error(`There is no target ${target}; there are ${Object.keys(TARGETS).join(', ')}.`);
  }
  const stage = path.join(root, 'out', 'stage', target);
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(stage, { recursive: true });
  run(process.execPath, ['esbuild.js', '--production', `--outdir=${path.join(stage, 'dist')}`]);
  for (const name of ASSETS) copy(name, stage, true);
  for (const name of TEXTS) copy(name, stage, false);
  stageManifest(stage);
  stageStarter(stage);
  // Packing leaves out a top-level node_modules, so the native packages lie beside the bundles.
  stageNativePackages(target, path.join(stage, 'dist', 'node_modules'));
  // All of the folder is meant to be packed.
  writeFileSync(path.join(stage, '.vscodeignore'), '');
  mkdirSync(output, { recursive: true });
  const { version } = manifest();
  const file = path.join(output, `easel-${target}-${version}.vsix`);
  rmSync(file, { force: true });
  const { createVSIX } = await import('@vscode/vsce');
  await createVSIX({
    cwd: stage,
    target,
    packagePath: file,
    dependencies: false,
    allowMissingRepository: true,
    skipLicense: true,
  });
  return file;
}

/** The target of this machine. */
export const thisTarget = `${process.platform}-${process.arch}`;

function manifest() {
  return JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
}

/** The manifest without what only development needs. */
function stageManifest(stage) {
  const shipped = manifest();
  for (const name of ['scripts', 'devDependencies', 'dependencies', 'bin', 'private']) {
    delete shipped[name];
  }
  writeFileSync(path.join(stage, 'package.json'), JSON.stringify(shipped, null, 2));
}

function stageStarter(stage) {
  const starter = process.env.EASEL_STARTER_MODEL ?? path.join(root, 'models', 'starter');
  if (!existsSync(path.join(starter, 'model_index.json'))) {
    throw new Error(`The starter model is missing from ${starter}.`);
  }
  cpSync(starter, path.join(stage, 'models', 'starter'), { recursive: true, dereference: true });
}

function copy(name, stage, required) {
  const from = path.join(root, name);
  if (!existsSync(from)) {
    if (required) throw new Error(`${name} is missing.`);
    return;
  }
  // The README's pictures are looked at where the sources are.
  const filter = (source) => source !== path.join(root, 'media', 'screenshots');
  cpSync(from, path.join(stage, name), { recursive: true, filter });
}

async function main() {
  const { values } = parseArgs({
    options: {
      target: { type: 'string', multiple: true },
      all: { type: 'boolean' },
      output: { type: 'string' },
    },
  });
  installDependencies();
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

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  main().catch((error) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  });
}
