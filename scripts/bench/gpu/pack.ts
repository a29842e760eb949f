// Packs the benchmark for a Linux machine (x64) with a card, with Python and PyTorch, and without a network.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { supportRoot } from '../../../src/engine/support/support-folder';
import { packageExtension } from '../../package/extension';
import { root, run } from '../../steps';
import { bundleEasel, bundleForNode } from '../bundle';
import { cache, preparePython } from '../tools';

const TARGET = 'linux-x64';
/** What a transfer may carry. */
const PART_MIB = 60;
const ARCHIVE = 'bench-gpu.tar.xz';
const PART = `${ARCHIVE}.part-`;

/** What the benchmark reads, within the repository. */
const SOURCES = [
  ...['bench/measurement.py', 'bench/networks.py', 'bench/pytorch.py', 'bench/pytorch_turbo.py'],
  ...['scripts/reference/fullsize.py', 'scripts/reference/cases/fullsize_configs.py'],
  'test/fixtures/tokenizers',
];

/** Packages of Python that machines with PyTorch often lack. Their versions are those of the group `bench`. */
const WHEELS = ['diffusers', 'importlib_metadata', 'zipp'];

/** The loader of Vulkan, which machines with a driver can lack (package libvulkan1). */
const VULKAN_LOADER = '/usr/lib/x86_64-linux-gnu/libvulkan.so.1';

/** Where drivers of NVIDIA are described to the loader outside the places that it knows (containers). */
const VULKAN_DRIVERS = '/usr/local/nvidia/share/vulkan/icd.d/nvidia_icd.json';

const RUN = `#!/usr/bin/env bash
# Joins the parts beside this file, and runs the benchmark in a temporary folder. Options: bench/README.md.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
folder="\${BENCH_GPU_FOLDER:-$(mktemp -d)}"
cat "$here"/${PART}* | tar -xJ -C "$folder"
python="\${EASEL_BENCH_PYTHON:-$(command -v python3)}"
export EASEL_BENCH_PYTHON="$python" PYTHONDONTWRITEBYTECODE=1 EASEL_CACHE="$folder/cache"
"$python" -c 'import diffusers' 2>/dev/null || export PYTHONPATH="$folder/wheels"
ldconfig -p 2>/dev/null | grep -q libvulkan.so.1 || export LD_LIBRARY_PATH="$folder/lib\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
if [ -e ${VULKAN_DRIVERS} ]; then export VK_DRIVER_FILES="\${VK_DRIVER_FILES:-${VULKAN_DRIVERS}}"; fi
exec "$folder/node" "$folder/dist/bench-gpu.js" "$@"
`;

/**
 * Writes the parts of an archive of at most 60 MiB each, and run.sh, which runs the benchmark beside them.
 * @param output a folder; only the parts of an earlier archive are removed from it
 * @throws Error on another system than Linux on x64
 */
export async function packBench(output: string): Promise<void> {
  if (`${process.platform}-${process.arch}` !== TARGET) throw new Error(`Pack on ${TARGET}.`);
  const stage = path.join(cache, 'bench-gpu');
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(stage, { recursive: true });
  await packageExtension(TARGET);
  cpSync(path.join(root, 'out', 'stage', TARGET, 'dist'), path.join(stage, 'dist'), {
    recursive: true,
  });
  await bundleForNode('scripts/bench/gpu/packed.ts', path.join(stage, 'dist', 'bench-gpu.js'));
  await bundleEasel(path.join(stage, 'dist', 'bench-easel.js'));
  for (const name of SOURCES)
    cpSync(path.join(root, name), path.join(stage, name), { recursive: true });
  cpSync(process.execPath, path.join(stage, 'node'), { dereference: true });
  run('strip', [path.join(stage, 'node')]);
  if (existsSync(VULKAN_LOADER)) {
    cpSync(VULKAN_LOADER, path.join(stage, 'lib', 'libvulkan.so.1'), { dereference: true });
  }
  // What `easel devices install` has fetched.
  const support = supportRoot();
  if (existsSync(support))
    cpSync(support, path.join(stage, 'cache', 'devices'), { recursive: true });
  const pip = ['-m', 'pip', 'install', '--quiet', '--no-deps', '--no-compile', '--upgrade'];
  run(preparePython(), [...pip, '--target', path.join(stage, 'wheels'), ...pinnedWheels()]);
  mkdirSync(output, { recursive: true });
  // Parts of an earlier archive would be joined to this one.
  for (const name of readdirSync(output)) {
    if (name.startsWith(PART)) rmSync(path.join(output, name));
  }
  const archive = path.join(output, ARCHIVE);
  execFileSync('tar', ['-C', stage, '-cJf', archive, '.'], {
    env: { ...process.env, XZ_OPT: '-T0 -6' },
  });
  run('split', ['-b', `${PART_MIB}M`, '-d', archive, path.join(output, PART)]);
  rmSync(archive);
  const script = path.join(output, 'run.sh');
  writeFileSync(script, RUN);
  chmodSync(script, 0o755);
  for (const name of readdirSync(output)) {
    const mebibytes = statSync(path.join(output, name)).size / 2 ** 20;
    console.log(`${path.join(output, name)}: ${mebibytes.toFixed(1)} MiB`);
  }
}

/** The packages as pip takes them: with the version that pyproject.toml pins, if it does. */
function pinnedWheels(): readonly string[] {
  const project = readFileSync(path.join(root, 'pyproject.toml'), 'utf8');
  return WHEELS.map((name) => new RegExp(`"(${name}==[^"]+)"`).exec(project)?.[1] ?? name);
}
