import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { ROOT } from './support/paths';

/** What each layer may import of the others; its own files are always allowed. */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  'src/core': [],
  'src/protocol': ['src/core'],
  'src/client': ['src/core', 'src/protocol'],
  'src/engine': ['src/core', 'src/protocol'],
  'src/server': ['src/core', 'src/protocol', 'src/client'],
  'src/cli': ['src/core', 'src/protocol', 'src/client', 'src/server'],
  'src/host': ['src/core', 'src/protocol', 'src/client', 'src/server'],
  webview: ['src/core', 'src/protocol'],
};

/** The folders inside the engine, from the lowest to the highest, and what each may import. */
const ENGINE: Readonly<Record<string, readonly string[]>> = {
  images: [],
  store: ['io'],
  io: [],
  weights: ['io'],
  onnx: ['io'],
  endpoints: ['images', 'store'],
  support: ['io', 'store', 'weights'],
  runtime: ['support'],
  graph: ['onnx', 'runtime', 'weights'],
  probe: ['graph', 'onnx', 'runtime', 'support'],
  bytes: ['graph', 'io', 'runtime', 'store', 'weights'],
  lora: ['graph', 'io', 'onnx', 'weights'],
  embedding: ['graph', 'onnx', 'weights'],
  model: ['bytes', 'embedding', 'graph', 'io', 'lora', 'onnx', 'runtime', 'store', 'weights'],
  models: ['bytes', 'lora', 'model', 'runtime', 'store', 'support', 'weights'],
  composition: ['images', 'model'],
  pipeline: ['bytes', 'composition', 'images', 'model', 'runtime'],
  knowledge: ['io', 'model', 'pipeline', 'weights'],
};

/** Packages that only some layers may import. */
const PACKAGE_OWNERS: Readonly<Record<string, readonly string[]>> = {
  vscode: ['src/host'],
  'onnxruntime-node': ['src/engine'],
  sharp: ['src/engine'],
  koffi: ['src/engine'],
  '@napi-rs/keyring': ['src/cli'],
};

/** Libraries without input or output of their own, which even the pure layer may use. */
// fflate's browser build is the one without worker threads: it runs in every runtime.
const PURE_PACKAGES = new Set([
  'valibot',
  'fflate/browser',
  '@dicebear/avataaars',
  '@dicebear/core',
  'culori/fn',
  'fastest-levenshtein',
  'simplex-noise',
  'simplify-js',
]);

/** The type packages and libraries that each runtime's files see. */
const RUNTIMES: Readonly<
  Record<string, { readonly types: readonly string[]; readonly dom: boolean }>
> = {
  'src/core': { types: [], dom: false },
  'src/protocol': { types: [], dom: false },
  src: { types: ['node'], dom: false },
  'src/host': { types: ['node', 'vscode'], dom: false },
  webview: { types: [], dom: true },
};

/** An import of a file; paths are relative to the repository, with `/`. */
interface Import {
  readonly from: string;
  readonly specifier: string;
  /** The file that is imported; absent for packages. */
  readonly to: string | undefined;
}

function sourceFiles(folder: string): string[] {
  const whole = path.join(ROOT, folder);
  return readdirSync(whole, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => path.posix.join(folder, file.split(path.sep).join('/')));
}

/** Imports of a file, types and dynamic ones included. */
function importsOf(from: string): Import[] {
  const { importedFiles } = ts.preProcessFile(
    readFileSync(path.join(ROOT, from), 'utf8'),
    true,
    true,
  );
  return importedFiles.map(({ fileName: specifier }) => ({
    from,
    specifier,
    to: resolve(from, specifier),
  }));
}

function resolve(from: string, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  const target = path.posix.join(path.posix.dirname(from), specifier);
  const candidates = [`${target}.ts`, `${target}/index.ts`, target];
  return candidates.find((file) => existsSync(path.join(ROOT, file))) ?? target;
}

const layerOf = (file: string) => Object.keys(LAYERS).find((layer) => file.startsWith(`${layer}/`));

function engineFolderOf(file: string): string | undefined {
  const parts = file.split('/');
  return file.startsWith('src/engine/') && parts.length > 3 ? parts[2] : undefined;
}

const show = ({ from, specifier }: Import) => `${from} imports ${specifier}`;

/** Groups of files that import one another in a circle (Tarjan's strongly connected components). */
function circles(edges: ReadonlyMap<string, readonly string[]>): string[][] {
  const found: string[][] = [];
  const stack: string[] = [];
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const visit = (file: string): void => {
    order.set(file, order.size);
    low.set(file, order.get(file)!);
    stack.push(file);
    for (const next of edges.get(file) ?? []) {
      if (!order.has(next)) visit(next);
      if (stack.includes(next)) low.set(file, Math.min(low.get(file)!, low.get(next)!));
    }
    if (low.get(file) !== order.get(file)) return;
    const group = stack.splice(stack.indexOf(file));
    if (group.length > 1 || edges.get(file)?.includes(file)) found.push(group.sort());
  };
  for (const file of edges.keys()) if (!order.has(file)) visit(file);
  return found;
}

/** Pairs of folders beside each other that import each other, at any depth. */
function mutualFolders(imports: readonly Import[]): string[] {
  const pairs = new Set<string>();
  for (const { from, to } of imports) {
    if (to === undefined) continue;
    const [a, b] = [from.split('/'), to.split('/')];
    const depth = a.findIndex((part, i) => part !== b[i]);
    // A file beside a folder may import from it, and the other way round.
    if (depth === -1 || depth >= a.length - 1 || depth >= b.length - 1) continue;
    pairs.add(`${a.slice(0, depth + 1).join('/')} ${b.slice(0, depth + 1).join('/')}`);
  }
  return [...pairs].filter((pair) => pairs.has(pair.split(' ').reverse().join(' ')));
}

describe('architecture', () => {
  const files = ['src', 'webview', 'scripts'].flatMap(sourceFiles);
  const imports = files.flatMap(importsOf);
  const edges = new Map(files.map((file) => [file, [] as string[]]));
  for (const { from, to } of imports)
    if (to !== undefined && edges.has(to)) edges.get(from)!.push(to);

  it('has only known layers', () => {
    const inLayers = files.filter((file) => !file.startsWith('scripts/'));
    assert.deepEqual(
      inLayers.filter((file) => layerOf(file) === undefined),
      [],
    );
  });

  it('imports downwards only', () => {
    const wrong = imports.filter(({ from, to }) => {
      const [layer, target] = [layerOf(from), to && layerOf(to)];
      if (layer === undefined || target === undefined || layer === target) return false;
      return !LAYERS[layer]!.includes(target);
    });
    assert.deepEqual(wrong.map(show), []);
  });

  it('imports downwards only inside the engine', () => {
    const folders = new Set(files.flatMap((file) => engineFolderOf(file) ?? []));
    assert.deepEqual([...folders].sort(), Object.keys(ENGINE).sort());
    const wrong = imports.filter(({ from, to }) => {
      const folder = engineFolderOf(from);
      if (folder === undefined || !to?.startsWith('src/engine/')) return false;
      const target = engineFolderOf(to);
      return target !== folder && (target === undefined || !ENGINE[folder]!.includes(target));
    });
    assert.deepEqual(wrong.map(show), []);
  });

  it('has no files that import each other in a circle', () => {
    assert.deepEqual(circles(edges), []);
  });

  it('has no folders that import each other', () => {
    assert.deepEqual(mutualFolders(imports), []);
  });

  it('keeps the editor, ONNX Runtime and sharp in their layers', () => {
    const wrong = imports.filter(({ from, specifier }) => {
      const name = Object.keys(PACKAGE_OWNERS).find((one) => `${specifier}/`.startsWith(`${one}/`));
      const layer = layerOf(from);
      return name !== undefined && layer !== undefined && !PACKAGE_OWNERS[name]!.includes(layer);
    });
    assert.deepEqual(wrong.map(show), []);
  });

  it('keeps the core pure', () => {
    const wrong = imports.filter(
      ({ from, specifier, to }) =>
        layerOf(from) === 'src/core' && to === undefined && !PURE_PACKAGES.has(specifier),
    );
    assert.deepEqual(wrong.map(show), []);
  });

  it('shows each layer the types of its own runtime alone', () => {
    for (const [folder, { types, dom }] of Object.entries(RUNTIMES)) {
      const file = path.join(ROOT, folder, 'tsconfig.json');
      const read = ts.readConfigFile(file, (name) => ts.sys.readFile(name));
      const { options } = ts.parseJsonConfigFileContent(read.config, ts.sys, path.dirname(file));
      assert.deepEqual(options.types, types, folder);
      assert.equal(options.lib?.some((name) => name.includes('dom')) ?? false, dom, folder);
    }
  });

  it('would notice a circle, and folders that import each other', () => {
    const loop = new Map([
      ['a', ['b']],
      ['b', ['c']],
      ['c', ['a']],
      ['d', ['a']],
    ]);
    assert.deepEqual(circles(loop), [['a', 'b', 'c']]);
    const edge = (from: string, to: string): Import => ({ from, to, specifier: to });
    const both = [edge('x/a/1.ts', 'x/b/2.ts'), edge('x/b/3.ts', 'x/a/4.ts')];
    assert.deepEqual(mutualFolders(both), ['x/a x/b', 'x/b x/a']);
    assert.deepEqual(mutualFolders([edge('x/a/1.ts', 'x/b.ts'), edge('x/b.ts', 'x/a/1.ts')]), []);
  });
});
