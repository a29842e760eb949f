// Writes the notices and licences of everything in the package that others made: the packages in the bundles, as
// esbuild reports them, and the native packages beside them.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { init, type ModuleInfos } from 'license-checker-rseidelsohn';
import { root } from '../steps';

/** Data that scripts/vectors.ts took out of packages, and those packages. */
const TAKEN_FROM: ReadonlyMap<string, string> = new Map([
  ['src/core/composition/vectors/signs.json', 'node_modules/@iconify-json/ph'],
  ['src/core/composition/vectors/letters.json', 'node_modules/@fontsource/fredoka'],
]);

/**
 * The folders of the packages that source files belong to, or were taken out of.
 * @param inputs paths below the repository, as esbuild reports them
 */
export function bundledPackages(inputs: readonly string[]): string[] {
  const folders = inputs.flatMap((input) => {
    const origin = TAKEN_FROM.get(input);
    if (origin !== undefined) return [path.join(root, origin)];
    const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
    return match?.[1] === undefined ? [] : [path.join(root, match[1])];
  });
  return [...new Set(folders)].sort();
}

interface PackageManifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly author?: string | { readonly name?: string };
}

/**
 * The notices of packages, each with its licence.
 * @param folders of the packages
 * @throws where a licence is not known
 */
export async function thirdPartyNotices(folders: readonly string[]): Promise<string> {
  const found = await licencesIn(folders);
  // A package can be in several folders.
  const byTitle = new Map(
    folders.map((folder) => section(folder, found)).map((one) => [one.title, one]),
  );
  const sections = [...byTitle.values()];
  const names = sections.map(({ title }) => title).sort();
  const appendix = [...new Set(sections.flatMap(({ licences }) => licences))].sort();
  return [
    'Easel contains the following software of others.',
    'Its source code is at the address of each package on https://www.npmjs.com.',
    'The starter model, and the lists of words that prompts are read with, were made from artwork and words of',
    'others (emojibase-data, WordNet and more): models/starter/README.md lists them, models/starter/LICENSES has',
    'their licences.',
    '',
    ...names.map((title) => `- ${title}`),
    ...sections.map(({ title, text }) => `${RULE}\n${title}\n\n${text.trim()}`),
    ...appendix.map((id) => `${RULE}\n${id}\n\n${spdxText(id).trim()}`),
    '',
  ].join('\n');
}

const RULE = `\n${'-'.repeat(80)}\n`;

interface Section {
  readonly title: string;
  readonly text: string;
  /** SPDX licences whose text follows once at the end. */
  readonly licences: readonly string[];
}

function section(folder: string, found: ModuleInfos): Section {
  const { name, version, license = '', author } = readManifest(folder);
  const title = `${name} ${version} (${license})`;
  // The LGPL adds to the GPL, so that both texts belong to it.
  const copyleft = license.includes('LGPL-3.0') ? ['GPL-3.0-only', 'LGPL-3.0-or-later'] : [];
  const own = ownTexts(folder);
  if (own !== '') return { title, text: own, licences: copyleft };
  const info = found[`${name}@${version}`];
  const { licenseFile, licenseText } = info ?? {};
  if (licenseText && licenseFile && !/readme/i.test(path.basename(licenseFile))) {
    return { title, text: licenseText, licences: copyleft };
  }
  if (license === '') throw new Error(`The licence of ${name} is not known.`);
  const holder = typeof author === 'string' ? author : (author?.name ?? `the authors of ${name}`);
  return {
    title,
    text: `Copyright ${holder}. Its licence is below.`,
    licences: [license.replace(/^\(|\)$/g, ''), ...copyleft],
  };
}

/** The texts of native packages, which hold the libraries of many others and list them in their README. */
function ownTexts(folder: string): string {
  const name = path.basename(folder);
  if (name === 'onnxruntime-node') return runtimeNotices();
  // The package of the icons names their authors and the licence, without its text.
  if (folder.endsWith(path.join('@iconify-json', 'ph'))) {
    return `Copyright (c) 2022 Phosphor Icons\n\n${spdxText('MIT')}`;
  }
  if (!name.startsWith('sharp-')) return '';
  return ['LICENSE', 'README.md']
    .map((file) => path.join(folder, file))
    .flatMap((file) => (existsSync(file) ? [readFileSync(file, 'utf8')] : []))
    .join('\n');
}

/** ONNX Runtime's own licence and notices, which its npm package lacks; from its package for Python. */
function runtimeNotices(): string {
  return readFileSync(path.join(__dirname, 'notices', 'onnxruntime.txt'), 'utf8');
}

/** What license-checker finds in the node_modules folders that hold the packages. */
async function licencesIn(folders: readonly string[]): Promise<ModuleInfos> {
  const starts = new Set(
    folders.map((folder) => folder.slice(0, folder.indexOf(`${path.sep}node_modules${path.sep}`))),
  );
  const all: ModuleInfos = {};
  for (const start of starts) {
    const customFormat = { licenseText: '' };
    Object.assign(all, await promisify(init)({ start, customFormat }));
  }
  return all;
}

function spdxText(id: string): string {
  const folder = path.join(root, 'node_modules', 'spdx-license-list', 'licenses');
  const file = path.join(folder, `${id}.json`);
  if (!existsSync(file)) {
    throw new Error(`There is no licence ${id} among ${readdirSync(folder).length} of SPDX.`);
  }
  return (JSON.parse(readFileSync(file, 'utf8')) as { licenseText: string }).licenseText;
}

function readManifest(folder: string): PackageManifest {
  return JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as PackageManifest;
}
