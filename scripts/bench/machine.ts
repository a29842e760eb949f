// What a benchmark ran on: the processor, what it can multiply fast, and the versions of the libraries.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { processorFlags } from '../../src/engine/runtime/processor-flags';

/** The names of instructions for products of bytes and of bfloat16, by their flags in Linux. */
const FEATURES: Readonly<Record<string, string>> = {
  avx512f: 'AVX-512',
  avx512_vnni: 'AVX-512 VNNI',
  avx512_bf16: 'AVX512-BF16',
  avx_vnni: 'AVX-VNNI',
  amx_int8: 'AMX int8',
  amx_bf16: 'AMX bfloat16',
  asimddp: 'dot product',
  i8mm: 'int8 matrix product',
  bf16: 'bfloat16',
};

/**
 * Lines of text about this machine and the libraries.
 * @param python whose packages are named, too
 */
export async function describeMachine(python?: string): Promise<readonly string[]> {
  const [first] = os.cpus();
  const memory = `${(os.totalmem() / 2 ** 30).toFixed(0)} GiB`;
  const cores = os.availableParallelism();
  return [
    `${first?.model.trim() ?? 'Unknown processor'}, ${cores} cores, ${memory}, ${os.type()}`,
    await processorFeatures(),
    versions(python),
  ];
}

async function processorFeatures(): Promise<string> {
  const flags = await processorFlags();
  if (!flags) return 'The system does not say what the processor has.';
  const isX86 = process.arch === 'x64';
  const known = Object.entries(FEATURES).filter(([flag]) => isX86 === /^a[vm]x/.test(flag));
  const has = known.filter(([flag]) => flags.has(flag)).map(([, name]) => name);
  const lacks = known.filter(([flag]) => !flags.has(flag)).map(([, name]) => name);
  return `It has ${has.join(', ') || 'none of the features below'}; it lacks ${lacks.join(', ') || 'nothing'}.`;
}

/** Packages of Python, each named with its version where it is installed. */
const PACKAGES = ['torch', 'diffusers', 'openvino'];

function versions(python: string | undefined): string {
  const file = path.join(path.dirname(require.resolve('onnxruntime-node')), '..', 'package.json');
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string };
  const own = `Node ${process.versions.node}, ONNX Runtime ${version}`;
  if (python === undefined) return own;
  const code = `import importlib.metadata as m
for name in ${JSON.stringify(PACKAGES)}:
    try: print(name, m.version(name))
    except m.PackageNotFoundError: pass`;
  const packages = execFileSync(python, ['-c', code], { encoding: 'utf8' }).trim().split('\n');
  return `${own}, ${packages.join(', ')}`;
}
