import { posix } from 'node:path';
import { parseRecord } from '../../core/json';
import type { Lookup } from './lookup';
import { expandAlias, pathAlias, readPathOptions, type PathAlias } from './tsconfig';

/** A place that an alias may mean. */
export interface AliasTarget {
  readonly path: string;
  /** The folder that the alias stands for: a new file is written where that exists. */
  readonly base: string;
  /** A config of the project names the folder, which need not exist yet. */
  readonly isConfigured?: true;
}

/**
 * The places that an address with an alias means, the likeliest first: `@/`, `~/`, `$lib/`, `@site/` and names
 * of packages, by the project's configs, else by the convention of its framework.
 * @param folders the document's folder and those above it, up to the workspace's
 */
export async function aliasTargets(
  address: string,
  folders: readonly string[],
  lookup: Lookup,
): Promise<AliasTarget[]> {
  // Style sheets write `~` before what is a module's name.
  const bare = address.replace(/^~(?=[@\w$#])/, '');
  const found: AliasTarget[] = [];
  for (const folder of folders) {
    const { aliases, baseUrl } = await lookup.remember(`paths ${folder}`, () =>
      readPathOptions(folder, lookup),
    );
    const inCode = await lookup.remember(`aliases ${folder}`, () =>
      configuredAliases(folder, lookup),
    );
    const configured = [...aliases, ...inCode];
    for (const written of new Set([address, bare])) {
      found.push(...configured.flatMap((alias) => targetsOf(alias, written)));
    }
    found.push(...(await conventional(address, folder, lookup)));
    if (bare !== address) found.push(...(await conventional(bare, folder, lookup)));
    if (baseUrl !== undefined) found.push(...below([baseUrl], bare));
  }
  found.push(...(await packageTargets(bare, folders, lookup)));
  return found;
}

function targetsOf(alias: PathAlias, address: string): AliasTarget[] {
  const expanded = expandAlias(alias, address).map((path, index) => {
    const target = alias.targets[index] ?? path;
    const star = target.indexOf('*');
    const base = star < 0 ? posix.dirname(target) : folderOf(target.slice(0, star));
    return { path, base, isConfigured: true as const };
  });
  // An alias such as `packages/*/src/index.ts` is for modules.
  return expanded.filter(({ path }) => posix.extname(path) === posix.extname(address));
}

function folderOf(start: string): string {
  return start.endsWith('/') ? start.slice(0, -1) || '/' : posix.dirname(start);
}

/** The address below each of some folders. */
function below(folders: readonly string[], address: string): AliasTarget[] {
  return folders.map((base) => ({ path: posix.join(base, address), base }));
}

/** What frameworks and templates of projects call their folders. */
async function conventional(
  address: string,
  folder: string,
  lookup: Lookup,
): Promise<AliasTarget[]> {
  const [, name = '', rest = ''] = /^([^/]*)\/(.*)$/s.exec(address) ?? [];
  if (rest === '') return [];
  const within = (...names: string[]) =>
    below(
      names.map((one) => posix.join(folder, one)),
      rest,
    );
  const isRoot = await isProjectRoot(folder, lookup);
  switch (name) {
    case '@':
    case '~':
    case '~@':
    case '#':
      if (!isRoot) return [];
      // The sources' folder, else the project's own.
      return [...within('src', 'app', 'resources/js', 'resources', 'source'), ...within('.')];
    case '@@':
    case '~~':
    case '~root':
    case '@root':
      return isRoot ? within('.') : [];
    case '@site':
      return isRoot ? within('.') : [];
    case '$lib':
      return within('src/lib', 'lib');
    default: {
      const own = /^[@~$#]([\w-]+)$/.exec(name)?.[1];
      if (own === undefined) return [];
      const places = [`src/${own}`, `src/assets/${own}`, `app/${own}`, own, `resources/${own}`];
      return within(...places);
    }
  }
}

const ROOT_MARK =
  /^(?:package\.json|(?:ts|js)config\.json|composer\.json|Gemfile|deno\.jsonc?|[\w.-]+\.config\.[cm]?[jt]s)$/;

async function isProjectRoot(folder: string, lookup: Lookup): Promise<boolean> {
  return (await lookup.list(folder)).some((name) => ROOT_MARK.test(name));
}

/** Configs that define aliases in code; they are read as text, and never run. */
const CODE_CONFIGS =
  /^(?:(?:vite|vitest|webpack(?:\.[\w-]+)?|svelte|nuxt|astro|next|vue|rollup|rsbuild|rspack|babel|metro|craco|farm|electron\.vite|quasar|config-overrides)(?:\.config)?\.[cm]?[jt]s|\.babelrc|babel\.config\.json)$/;
/** Characters after `alias` that are looked at. */
const ALIAS_TEXT = 5000;

async function configuredAliases(folder: string, lookup: Lookup): Promise<PathAlias[]> {
  const found: PathAlias[] = [];
  for (const name of await lookup.list(folder)) {
    if (name !== 'package.json' && !CODE_CONFIGS.test(name)) continue;
    const text = (await lookup.read(posix.join(folder, name))) ?? '';
    const pairs = name === 'package.json' ? manifestAliases(text) : codeAliases(text);
    for (const [alias, target] of pairs) {
      const place = posix.join(folder, target.replace(/^\/+/, ''));
      found.push(...asFolderOrFile(alias, place));
    }
  }
  return found.sort((a, b) => b.prefix.length - a.prefix.length);
}

/** `@` and `@/` mean what is below as well; `$` at the end means the name alone. */
function asFolderOrFile(alias: string, target: string): PathAlias[] {
  if (alias.includes('*')) return [pathAlias(alias, [target])];
  const name = alias.replace(/[$/]+$/, '');
  if (name === '') return [];
  return [pathAlias(`${name}/*`, [posix.join(target, '*')]), pathAlias(name, [target])];
}

const PAIR =
  /(?:(["'])([@~#$]?[\w@~#$./*-]*)\1|([\w$]+))\s*:\s*([\w$. ]{1,40}\([^{}\n)]{0,200}|[^,{}\n]{1,200})/g;
const FIND = /find\s*:\s*(["'])([^"'\n]{1,80})\1\s*,\s*replacement\s*:\s*([^{}\n]{1,200})/g;

/** The aliases of bundlers' configs: `alias: { '@img': path.resolve(__dirname, 'src/img') }`. */
function codeAliases(text: string): [string, string][] {
  const found: [string, string][] = [];
  for (const { index } of text.matchAll(/\balias(?:es)?\b["']?\s*[:=(]/g)) {
    const part = text
      .slice(index, index + ALIAS_TEXT)
      .replace(/^alias(?:es)?["']?\s*[:=(]/, '')
      .replaceAll('()', '');
    for (const [, , name = '', value = ''] of part.matchAll(FIND)) add(name, value);
    for (const [, , quoted, bare, value = ''] of part.matchAll(PAIR))
      add(quoted ?? bare ?? '', value);
  }
  return found;

  function add(name: string, value: string): void {
    const strings = [...value.matchAll(/(["'`])([^"'`\n]*)\1/g)].map(([, , string = '']) => string);
    const path = strings.join('/');
    if (name && /^[\w@./*-]+$/.test(path) && !path.split('/').includes('..')) {
      found.push([name, path]);
    }
  }
}

/** The `imports` of a package (Node's own aliases), and `alias` and `_moduleAliases` of tools. */
function manifestAliases(text: string): [string, string][] {
  const manifest = parseRecord(text) ?? {};
  return [manifest.imports, manifest.alias, manifest._moduleAliases].flatMap((table) =>
    Object.entries(table ?? {}).flatMap(([name, target]): [string, string][] => {
      const path = firstText(target);
      return path === undefined || path.split('/').includes('..') ? [] : [[name, path]];
    }),
  );
}

function firstText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.values(value).find((one): one is string => typeof one === 'string');
}

/** Folders of packages that are looked at. */
const MAX_PACKAGES = 200;

/** Places in the package that the address begins with: one of the repository, else an installed one. */
async function packageTargets(
  address: string,
  folders: readonly string[],
  lookup: Lookup,
): Promise<AliasTarget[]> {
  const [, name, rest] = /^(@[\w.-]+\/[\w.-]+|[\w.-]+)\/(.+)$/s.exec(address) ?? [];
  if (name === undefined || rest === undefined) return [];
  const found: AliasTarget[] = [];
  const own = await ownPackage(name, folders, lookup);
  if (own !== undefined) found.push(...below([own, posix.join(own, 'src')], rest));
  for (const folder of folders) {
    const base = posix.join(folder, 'node_modules', name);
    if (await lookup.hasFolder(folder, 'node_modules')) found.push(...below([base], rest));
  }
  return found;
}

async function ownPackage(
  name: string,
  folders: readonly string[],
  lookup: Lookup,
): Promise<string | undefined> {
  for (const folder of folders) {
    if ((await nameOfPackage(folder, lookup)) === name) return folder;
  }
  const root = folders.at(-1);
  if (root === undefined) return undefined;
  let looked = 0;
  for (const pattern of await packageFolders(root, lookup)) {
    for (const child of await lookup.list(pattern)) {
      const folder = posix.join(pattern, child);
      if ((await nameOfPackage(folder, lookup)) === name) return folder;
      if (++looked >= MAX_PACKAGES) return undefined;
    }
  }
  return undefined;
}

async function nameOfPackage(folder: string, lookup: Lookup): Promise<string | undefined> {
  if (!(await lookup.isFile(posix.join(folder, 'package.json')))) return undefined;
  const { name } = parseRecord(await lookup.read(posix.join(folder, 'package.json'))) ?? {};
  return typeof name === 'string' ? name : undefined;
}

/** The folders that hold a repository's packages: those that its config names, and the usual ones. */
async function packageFolders(root: string, lookup: Lookup): Promise<Set<string>> {
  const { workspaces } = parseRecord(await lookup.read(posix.join(root, 'package.json'))) ?? {};
  const listed = Array.isArray(workspaces)
    ? (workspaces as unknown[])
    : ((workspaces as { packages?: unknown[] } | undefined)?.packages ?? []);
  const pnpm = (await lookup.read(posix.join(root, 'pnpm-workspace.yaml'))) ?? '';
  const patterns = [
    ...listed.filter((entry) => typeof entry === 'string'),
    ...[...pnpm.matchAll(/^\s*-\s*["']?([\w@./-]+\/\*{1,2})/gm)].map(([, entry = '']) => entry),
  ];
  const folders = patterns
    .filter((pattern) => pattern.endsWith('*') && !pattern.split('/').includes('..'))
    .map((pattern) => pattern.replace(/\/?\*+$/, ''));
  const usual = ['packages', 'apps', 'libs', 'modules', 'plugins', 'themes'];
  return new Set([...folders, ...usual].map((folder) => posix.join(root, folder)));
}
