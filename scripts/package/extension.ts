// Makes a VSIX file. What goes in is copied into a clean folder first, so that nothing is packed by accident.
import { createVSIX } from '@vscode/vsce';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root, run } from '../steps';
import { extensionPage } from './page';
import { isTarget, stageNativePackages, TARGETS } from './native';
import { bundledPackages, thirdPartyNotices } from './notices';

const ASSETS = [
  'media',
  'l10n',
  'skills',
  'models/clip-vocabulary',
  'package.nls.json',
  'package.nls.zh-cn.json',
];
const TEXTS = ['CHANGELOG.md', 'LICENSE'];

/** The licences of what is packed and is not ours. */
const NOTICES = 'ThirdPartyNotices.txt';

/** The target of this machine. */
export const thisTarget = `${process.platform}-${process.arch}`;

/**
 * Makes the VSIX file of one platform; what is in it also stays in out/stage/TARGET.
 * @param target VS Code's name of the platform, such as linux-x64
 * @param output the folder of the file
 * @returns the path of the file
 * @throws where the target is not known, or a file that belongs in is missing
 */
export async function packageExtension(
  target: string,
  output = path.join(root, 'out'),
): Promise<string> {
  if (!isTarget(target)) {
    throw new Error(`There is no target ${target}; there are ${Object.keys(TARGETS).join(', ')}.`);
  }
  const stage = path.join(root, 'out', 'stage', target);
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(stage, { recursive: true });
  const inputs = path.join(root, 'out', 'stage', `${target}.inputs.json`);
  const outdir = `--outdir=${path.join(stage, 'dist')}`;
  run(process.execPath, ['esbuild.js', '--production', outdir, `--inputs=${inputs}`]);
  for (const name of ASSETS) copy(name, stage, true);
  for (const name of TEXTS) copy(name, stage, false);
  const readme = readFileSync(path.join(root, 'README.md'), 'utf8');
  writeFileSync(path.join(stage, 'README.md'), extensionPage(readme));
  const manifest = stageManifest(stage);
  stageStarter(stage);
  // Packing leaves out a top-level node_modules, so the native packages lie beside the bundles.
  const native = stageNativePackages(target, path.join(stage, 'dist', 'node_modules'));
  const bundled = bundledPackages(JSON.parse(readFileSync(inputs, 'utf8')) as string[]);
  writeFileSync(path.join(stage, NOTICES), await thirdPartyNotices([...bundled, ...native]));
  // All of the folder is meant to be packed.
  writeFileSync(path.join(stage, '.vscodeignore'), '');
  mkdirSync(output, { recursive: true });
  const file = path.join(output, `easel-${target}-${manifest.version}.vsix`);
  rmSync(file, { force: true });
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

interface Manifest extends Record<string, unknown> {
  readonly version: string;
}

/** Writes the manifest without what only development needs. */
function stageManifest(stage: string): Manifest {
  const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as Manifest;
  const left = new Set(DEVELOPMENT_FIELDS);
  const shipped = Object.fromEntries(Object.entries(manifest).filter(([name]) => !left.has(name)));
  writeFileSync(path.join(stage, 'package.json'), JSON.stringify(shipped, null, 2));
  return manifest;
}

const DEVELOPMENT_FIELDS = [
  'scripts',
  'devDependencies',
  'dependencies',
  'overrides',
  'bin',
  'private',
];

function stageStarter(stage: string): void {
  const starter = process.env.EASEL_STARTER_MODEL ?? path.join(root, 'models', 'starter');
  if (!existsSync(path.join(starter, 'model_index.json'))) {
    throw new Error(`The starter model is missing from ${starter}.`);
  }
  cpSync(starter, path.join(stage, 'models', 'starter'), { recursive: true, dereference: true });
}

function copy(name: string, stage: string, required: boolean): void {
  const from = path.join(root, name);
  if (!existsSync(from)) {
    if (required) throw new Error(`${name} is missing.`);
    return;
  }
  // The screenshots of the README are shown where the sources are.
  const filter = (source: string) => source !== path.join(root, 'media', 'screenshots');
  cpSync(from, path.join(stage, name), { recursive: true, filter });
}
