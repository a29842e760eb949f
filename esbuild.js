// @ts-check
// Builds the bundles of each runtime into dist/. Native packages stay outside: they are loaded from
// node_modules, because their shared libraries have to lie beside them.
const esbuild = require('esbuild');
const fs = require('node:fs');
const sharp = require('sharp');

const watch = process.argv.includes('--watch');
const production = process.argv.includes('--production');
const outdir = process.argv.find((arg) => arg.startsWith('--outdir='))?.slice(9) ?? 'dist';
/** Receives the names of the source files that are in the bundles, a JSON list. */
const inputs = process.argv.find((arg) => arg.startsWith('--inputs='))?.slice(9);

const external = ['vscode', 'onnxruntime-node', 'sharp', 'koffi', '@napi-rs/keyring'];

/** @type {import('esbuild').BuildOptions} */
const node = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  external,
  sourcemap: production ? false : 'linked',
  minify: production,
  logLevel: 'warning',
};

/**
 * For a bundle that finds others beside it, and loads them with `require`: Node's other loader starts later.
 * @type {import('esbuild').BuildOptions}
 */
const besides = { supported: { 'dynamic-import': false } };

/**
 * The HTTP server is a bundle of its own, for the command line and for the extension: they load it from beside
 * them when it is wanted.
 * @type {import('esbuild').Plugin}
 */
const server = {
  name: 'server',
  setup: (context) => {
    context.onResolve({ filter: /^(\.\.\/)+server$/ }, () => ({
      path: './serve.js',
      external: true,
    }));
  },
};

/** @type {import('esbuild').BuildOptions[]} */
const bundles = [
  {
    ...node,
    ...besides,
    plugins: [server],
    entryPoints: ['src/host/extension.ts'],
    outfile: `${outdir}/extension.js`,
    // Its other form loads its parts by names that a bundle does not have.
    alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
  },
  // Parsers of whole languages, in a thread of their own that the extension starts when it needs them.
  {
    ...node,
    entryPoints: ['src/host/references/worker.ts'],
    outfile: `${outdir}/references.js`,
    alias: {
      // Without the compiler's half, which has a second JavaScript parser.
      '@vue/compiler-core': '@vue/compiler-core/dist/compiler-core.esm-bundler.js',
      // Its main file requires its parts in a way that bundles cannot follow.
      'jsonc-parser': 'jsonc-parser/lib/esm/main.js',
    },
    define: { 'process.env.NODE_ENV': '"production"' },
  },
  {
    ...node,
    entryPoints: ['src/engine/main.ts'],
    outfile: `${outdir}/engine.js`,
    external: [
      ...external,
      './drawing-process',
      './store-process',
      './endpoints-process',
      './trial-process',
    ],
    ...besides,
  },
  // The process that draws needs no network code, and that of the models no networks.
  {
    ...node,
    entryPoints: [
      'src/engine/drawing-process.ts',
      'src/engine/store-process.ts',
      'src/engine/endpoints-process.ts',
      'src/engine/trial-process.ts',
    ],
    outdir,
    ...besides,
  },
  {
    ...node,
    entryPoints: ['src/cli/main.ts'],
    outfile: `${outdir}/cli.js`,
    banner: { js: '#!/usr/bin/env node' },
    external: [...external, './mcp'],
    plugins: [server],
    ...besides,
  },
  // The protocol's library is several times as large as the command line.
  { ...node, entryPoints: ['src/cli/mcp.ts'], outfile: `${outdir}/mcp.js` },
  // So is the HTTP framework.
  { ...node, entryPoints: ['src/server/index.ts'], outfile: `${outdir}/serve.js` },
  {
    // The studio's page: webview.js, style.css, the icon font and the small images of things beside them.
    bundle: true,
    platform: 'browser',
    target: 'es2022',
    format: 'iife',
    entryPoints: { webview: 'webview/main.ts', style: 'webview/style/main.css' },
    outdir: `${outdir}/webview`,
    loader: { '.ttf': 'file', '.webp': 'file' },
    assetNames: '[name]',
    sourcemap: production ? false : 'linked',
    minify: production,
    logLevel: 'warning',
  },
];

/** One small image of each thing that the starter knows, in the order of its list. */
const SHEET = 'models/starter/things.webp';
/** Pixels of a side of each. */
const CELL = 40;

/** Writes things.json for the palette, which cannot show a part of an image: a list of WebP files in base64. */
async function writeThumbnails() {
  const { data, info } = await sharp(SHEET).raw().toBuffer({ resolveWithObject: true });
  const columns = info.width / CELL;
  const cells = Array.from({ length: columns * (info.height / CELL) }, (_, at) => {
    const left = (at % columns) * CELL;
    const top = Math.floor(at / columns) * CELL;
    const cell = sharp(data, { raw: info }).extract({ left, top, width: CELL, height: CELL });
    return cell.webp({ quality: 75, effort: 6 }).toBuffer();
  });
  const files = (await Promise.all(cells)).map((file) => file.toString('base64'));
  fs.writeFileSync(`${outdir}/things.json`, JSON.stringify(files));
}

async function build() {
  fs.mkdirSync(outdir, { recursive: true });
  await writeThumbnails();
  if (watch) {
    const contexts = await Promise.all(bundles.map((options) => esbuild.context(options)));
    await Promise.all(contexts.map((context) => context.watch()));
    return;
  }
  const built = await Promise.all(
    bundles.map((options) => esbuild.build({ ...options, metafile: true })),
  );
  if (inputs) {
    const names = built
      .flatMap(({ metafile }) => Object.values(metafile.outputs))
      .flatMap((output) => Object.entries(output.inputs))
      .flatMap(([name, { bytesInOutput }]) => (bytesInOutput > 0 ? [name] : []));
    fs.writeFileSync(inputs, JSON.stringify([...new Set(names)].sort()));
  }
  fs.chmodSync(`${outdir}/cli.js`, 0o755);
}

build().catch((/** @type {unknown} */ error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
