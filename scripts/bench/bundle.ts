import path from 'node:path';
import { build } from 'esbuild';
import { root } from '../steps';
import { cache } from './tools';

/** Bundles Easel's side of the benchmarks, bench/easel.ts. @returns its path */
export async function bundleEasel(outfile = path.join(cache, 'easel.cjs')): Promise<string> {
  await bundleForNode(path.join('bench', 'easel.ts'), outfile);
  return outfile;
}

/** Bundles a program that finds ONNX Runtime beside it. @param entry within the repository */
export async function bundleForNode(entry: string, outfile: string): Promise<void> {
  await build({
    entryPoints: [path.join(root, entry)],
    bundle: true,
    platform: 'node',
    external: ['onnxruntime-node', 'koffi'],
    outfile,
  });
}
