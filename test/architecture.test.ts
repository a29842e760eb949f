import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const SRC = path.join(__dirname, '..', 'src');

/** What each layer may import of the others; its own files are always allowed. */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  core: [],
  protocol: ['core'],
  client: ['core', 'protocol'],
  engine: ['core', 'protocol'],
  cli: ['core', 'protocol', 'client'],
  host: ['core', 'protocol', 'client'],
};

/** Packages that only some layers may import. */
const PACKAGE_OWNERS: Readonly<Record<string, readonly string[]>> = {
  vscode: ['host'],
  'onnxruntime-node': ['engine'],
  sharp: ['engine'],
};

/** Libraries without input or output of their own, which even the pure layer may use. */
// fflate's browser build is the one without worker threads: it runs in every runtime.
const PURE_PACKAGES = new Set(['valibot', 'fflate/browser']);

interface Import {
  readonly file: string;
  readonly layer: string;
  readonly specifier: string;
}

function sourceFiles(): string[] {
  return readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => path.join(SRC, file));
}

function importsOf(file: string): Import[] {
  const layer = path.relative(SRC, file).split(path.sep)[0] ?? '';
  const { importedFiles } = ts.preProcessFile(readFileSync(file, 'utf8'), true, true);
  return importedFiles.map(({ fileName }) => ({ file, layer, specifier: fileName }));
}

function layerOf({ file, specifier }: Import): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  const target = path.relative(SRC, path.resolve(path.dirname(file), specifier));
  // Data beside the sources, such as the examples' list, belongs to no layer.
  return target.startsWith('..') && target.endsWith('.json')
    ? undefined
    : target.split(path.sep)[0];
}

const show = ({ file, specifier }: Import) => `${path.relative(SRC, file)} imports ${specifier}`;

describe('architecture', () => {
  const imports = sourceFiles().flatMap(importsOf);

  it('has only known layers', () => {
    const found = new Set(imports.map(({ layer }) => layer));
    assert.deepEqual(
      [...found].filter((layer) => !(layer in LAYERS)),
      [],
    );
  });

  it('imports downwards only', () => {
    const wrong = imports.filter((entry) => {
      const target = layerOf(entry);
      return (
        target !== undefined && target !== entry.layer && !LAYERS[entry.layer]!.includes(target)
      );
    });
    assert.deepEqual(wrong.map(show), []);
  });

  it('keeps the editor, ONNX Runtime and sharp in their layers', () => {
    const wrong = imports.filter(({ layer, specifier }) => {
      const owners = PACKAGE_OWNERS[specifier];
      return owners !== undefined && !owners.includes(layer);
    });
    assert.deepEqual(wrong.map(show), []);
  });

  it('keeps the core pure', () => {
    const wrong = imports.filter(
      ({ layer, specifier }) =>
        layer === 'core' && !specifier.startsWith('.') && !PURE_PACKAGES.has(specifier),
    );
    assert.deepEqual(wrong.map(show), []);
  });

  it('would notice a wrong import', () => {
    const wrong = { file: path.join(SRC, 'core', 'x.ts'), layer: 'core', specifier: '../engine/y' };
    assert.equal(layerOf(wrong), 'engine');
  });
});
