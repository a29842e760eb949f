import { posix } from 'node:path';
import { parse } from 'jsonc-parser';
import type { Lookup } from './lookup';

const NAMES = ['tsconfig.json', 'jsconfig.json', 'tsconfig.base.json', 'tsconfig.app.json'];
/** Configs that one extends or refers to, in a row. */
const MAX_DEPTH = 8;

/** One alias: an address that begins with `prefix` and ends with `suffix` is at one of the targets. */
export interface PathAlias {
  /** `@/` of `@/*`; the whole name where it has no star. */
  readonly prefix: string;
  readonly suffix: string;
  readonly hasStar: boolean;
  /** Absolute paths; a star stands for what the star of the alias stands for. */
  readonly targets: readonly string[];
}

interface PathOptions {
  readonly aliases: readonly PathAlias[];
  /** The folder that addresses without `./` start from. */
  readonly baseUrl?: string | undefined;
}

/**
 * The `paths` and `baseUrl` of the TypeScript and JavaScript configs in a folder, with what they extend and
 * refer to, as TypeScript reads them: comments and trailing commas are allowed, and `paths` is replaced as a
 * whole by a config that extends another.
 */
export async function readPathOptions(folder: string, lookup: Lookup): Promise<PathOptions> {
  const found: PathOptions[] = [];
  for (const name of NAMES) {
    if (!(await lookup.has(folder, name))) continue;
    found.push(...(await readConfig(posix.join(folder, name), folder, lookup, 0)));
  }
  return {
    aliases: found
      .flatMap(({ aliases }) => aliases)
      // The longest match counts.
      .sort((a, b) => b.prefix.length - a.prefix.length),
    baseUrl: found.find(({ baseUrl }) => baseUrl !== undefined)?.baseUrl,
  };
}

/** The options of a config, followed by those of the configs that it refers to. */
async function readConfig(
  file: string,
  root: string,
  lookup: Lookup,
  depth: number,
): Promise<PathOptions[]> {
  const config = record(parse((await lookup.read(file)) ?? '', [], { allowTrailingComma: true }));
  const own = await withBases(file, config, root, lookup, depth);
  if (depth >= MAX_DEPTH) return [own];
  const references = list(config.references).map((entry) => record(entry).path);
  const others: PathOptions[] = [];
  for (const reference of references) {
    if (typeof reference !== 'string') continue;
    const path = posix.join(posix.dirname(file), reference);
    const target = path.endsWith('.json') ? path : posix.join(path, 'tsconfig.json');
    others.push(...(await readConfig(target, posix.dirname(target), lookup, MAX_DEPTH)));
  }
  return [own, ...others];
}

async function withBases(
  file: string,
  config: Record<string, unknown>,
  root: string,
  lookup: Lookup,
  depth: number,
): Promise<PathOptions> {
  let inherited: PathOptions = { aliases: [] };
  const bases = typeof config.extends === 'string' ? [config.extends] : list(config.extends);
  for (const base of depth < MAX_DEPTH ? bases : []) {
    if (typeof base !== 'string') continue;
    const path = await baseFile(file, base, lookup);
    if (path === undefined) continue;
    const text = await lookup.read(path);
    const read = record(parse(text ?? '', [], { allowTrailingComma: true }));
    const next = await withBases(path, read, root, lookup, depth + 1);
    inherited = {
      aliases: next.aliases.length > 0 ? next.aliases : inherited.aliases,
      baseUrl: next.baseUrl ?? inherited.baseUrl,
    };
  }
  const options = record(config.compilerOptions);
  const here = posix.dirname(file);
  const absolute = (path: string) =>
    posix.resolve(
      here,
      path.replace(/^\$\{configDir\}/, () => root),
    );
  const baseUrl =
    typeof options.baseUrl === 'string' ? absolute(options.baseUrl) : inherited.baseUrl;
  const paths = Object.entries(record(options.paths));
  if (paths.length === 0) return { aliases: inherited.aliases, baseUrl };
  const from = typeof options.baseUrl === 'string' || inherited.baseUrl ? (baseUrl ?? here) : here;
  const aliases = paths.map(([name, targets]) => {
    const texts = list(targets).filter((target) => typeof target === 'string');
    return pathAlias(
      name,
      texts.map((target) =>
        target.startsWith('${configDir}') ? absolute(target) : posix.resolve(from, target),
      ),
    );
  });
  return { aliases, baseUrl };
}

/** The alias for a name and its targets, of which each may have one star. */
export function pathAlias(name: string, targets: readonly string[]): PathAlias {
  const star = name.indexOf('*');
  const hasStar = star >= 0;
  return {
    prefix: hasStar ? name.slice(0, star) : name,
    suffix: hasStar ? name.slice(star + 1) : '',
    hasStar,
    targets,
  };
}

/** The paths that an alias gives an address; none where it does not fit. */
export function expandAlias(
  { prefix, suffix, hasStar, targets }: PathAlias,
  address: string,
): string[] {
  if (!hasStar) return address === prefix ? [...targets] : [];
  const fits =
    address.length >= prefix.length + suffix.length &&
    address.startsWith(prefix) &&
    address.endsWith(suffix);
  if (!fits) return [];
  const middle = address.slice(prefix.length, address.length - suffix.length);
  return targets.map((target) => posix.normalize(target.replace('*', () => middle)));
}

async function baseFile(file: string, base: string, lookup: Lookup): Promise<string | undefined> {
  const here = posix.dirname(file);
  const places = /^(?:\.{0,2}\/|\.{1,2}$)/.test(base)
    ? [posix.resolve(here, base)]
    : ancestors(here).map((folder) => posix.join(folder, 'node_modules', base));
  for (const place of places) {
    for (const path of [place, `${place}.json`, posix.join(place, 'tsconfig.json')]) {
      if (await lookup.isFile(path)) return path;
    }
  }
  return undefined;
}

function ancestors(folder: string): string[] {
  const found = [folder];
  for (let place = folder; place !== posix.dirname(place);) {
    place = posix.dirname(place);
    found.push(place);
  }
  return found;
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
