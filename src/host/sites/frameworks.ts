import { posix } from 'node:path';
import { parseRecord } from '../../core/json';
import type { Lookup } from './lookup';

/**
 * How web projects are told apart, and where each one serves files from: the folder whose `img/a.png` a page
 * addresses as `/img/a.png`. `.` is the project's own folder.
 */
interface Framework {
  /** Files or folders, of which one is in the project's folder. */
  readonly marks?: readonly RegExp[];
  /** Packages, of which one is in `package.json`. */
  readonly packages?: readonly string[];
  readonly serves: string;
  /** Whether other folders of the usual names are served too: then one that exists is taken first. */
  readonly isLoose?: true;
}

const config = (name: string) => new RegExp(`^${name}\\.config\\.[cm]?[jt]s$`);

/** The first that fits counts: those built on others come before them. */
const FRAMEWORKS: readonly Framework[] = [
  { marks: [config('docusaurus')], packages: ['@docusaurus/core'], serves: 'static' },
  { packages: ['@sveltejs/kit'], serves: 'static' },
  { marks: [/^gatsby-config\.[cm]?[jt]s$/], packages: ['gatsby'], serves: 'static' },
  { marks: [/^hugo\.(?:toml|ya?ml|json)$/], serves: 'static' },
  { marks: [/^\.vitepress$/], serves: 'public' },
  { marks: [/^\.vuepress$/], serves: '.vuepress/public' },
  { marks: [config('astro')], packages: ['astro'], serves: 'public' },
  { marks: [config('next')], packages: ['next'], serves: 'public' },
  { marks: [config('nuxt')], packages: ['nuxt'], serves: 'public', isLoose: true },
  { marks: [/^_config\.hexo\.ya?ml$/], packages: ['hexo'], serves: 'source' },
  { marks: [/^angular\.json$/], serves: 'public', isLoose: true },
  { marks: [/^artisan$/], serves: 'public' },
  { marks: [/^mix\.exs$/], serves: 'priv/static' },
  { marks: [/\.csproj$/], serves: 'wwwroot' },
  { marks: [/^config\.ru$/], serves: 'public' },
  {
    marks: [/^pom\.xml$/, /^build\.gradle(?:\.kts)?$/],
    serves: 'src/main/resources/static',
    isLoose: true,
  },
  { marks: [/^mkdocs\.ya?ml$/, /^zensical\.toml$/], serves: 'docs' },
  { marks: [/^book\.toml$/], serves: 'src' },
  { marks: [/^_config\.ya?ml$/, /^conf\.py$/, /^_quarto\.yml$/], serves: '.' },
  {
    marks: [config('eleventy'), /^\.eleventy\.[cm]?js$/],
    packages: ['@11ty/eleventy'],
    serves: '.',
    isLoose: true,
  },
  {
    marks: [
      ...[config('vite'), config('remix'), config('react-router'), config('rsbuild')],
      ...[config('vue'), config('app'), config('quasar'), /^ember-cli-build\.js$/],
    ],
    packages: [
      ...['vite', 'react-scripts', '@remix-run/react', '@react-router/dev', '@rsbuild/core'],
      ...['@vue/cli-service', 'preact-cli', '@solidjs/start', '@builder.io/qwik-city', 'ember-cli'],
    ],
    serves: 'public',
  },
  { marks: [/^manage\.py$/, /^(?:app|wsgi)\.py$/], serves: 'static' },
];

/** Folders that sites are served from, of whatever framework. */
const SERVED: readonly string[] = [
  ...['public', 'static', 'docs/public', 'docs/static', 'docs/.vitepress/public'],
  ...['.vuepress/public', 'docs/.vuepress/public', 'src/public', 'src/static', 'app/public'],
  ...['wwwroot', 'www', 'public_html', 'htdocs', 'priv/static', 'src/main/resources/static'],
  ...['src/main/webapp', 'web/public', 'webroot'],
];
const SERVED_NAMES = new Set(['public', 'static', 'wwwroot', 'www', 'public_html', 'htdocs']);

/** Folders that a site may take images from as well: an image there is not missing. */
const TAKEN: readonly string[] = [
  ...[
    'source',
    'assets',
    'src/assets',
    'app/assets',
    'app/assets/images',
    'content',
    'src/content',
  ],
  ...['src', 'app', 'docs', 'site', 'web', 'website', 'themes', '_static', 'docs/_static'],
  ...['storage/app/public', 'resources', 'resources/images', 'resources/img', 'assets/static'],
  ...['assets/images', 'src/images', 'src/img', 'images', 'media', 'src/main/resources/public'],
  ...['src/main/resources/META-INF/resources', 'dist', '_site', 'theme/static'],
];

/** Where the projects of a repository with several are. */
const PROJECTS: readonly string[] = [
  ...['apps', 'packages', 'sites', 'projects', 'examples', 'themes'],
  ...['web', 'website', 'site', 'docs', 'frontend', 'client', 'www', 'app', 'doc'],
];
/** Projects below one folder that are looked at. */
const MAX_PROJECTS = 50;

/** What a project's folder says about where files are served from. */
export interface Project {
  readonly folder: string;
  /** Where a new file goes; undefined where the folder says nothing. */
  readonly served: string | undefined;
  /** Whether the project is of a framework that is known, or says itself what it serves. */
  readonly isKnown: boolean;
  /** Folders that exist, the likeliest first. */
  readonly existing: readonly string[];
  /** Paths that the site is below on its server, such as `/blog`. */
  readonly prefixes: readonly string[];
}

/** Looks at one folder, an ancestor of a document. */
export async function readProject(folder: string, lookup: Lookup): Promise<Project> {
  const names = await lookup.list(folder);
  const configs = await readConfigs(folder, names, lookup);
  const own = SERVED_NAMES.has(posix.basename(folder));
  const served = await existingOf(folder, [...publicFolders(configs), ...SERVED], lookup);
  const taken = await existingOf(folder, TAKEN, lookup);
  const framework = await frameworkOf(folder, names, lookup);
  const [configured] = publicFolders(configs);
  return {
    folder,
    served: own ? folder : await servedBy(folder, configured, framework, served, lookup),
    isKnown: configured !== undefined || framework !== undefined,
    existing: [...(own ? [folder] : []), ...served, ...taken, folder],
    prefixes: prefixesOf(configs),
  };
}

/**
 * The served folders of projects below a folder, for documents that belong to none of them.
 */
export async function servedBelow(folder: string, lookup: Lookup): Promise<readonly string[]> {
  const found: string[] = [];
  for (const name of PROJECTS) {
    const place = posix.join(folder, name);
    if (!(await lookup.hasFolder(folder, name))) continue;
    const below = (await lookup.list(place)).slice(0, MAX_PROJECTS);
    const projects = [place, ...below.map((project) => posix.join(place, project))];
    for (const project of projects) {
      for (const served of ['public', 'static']) {
        if (await lookup.hasFolder(project, served)) found.push(posix.join(project, served));
      }
    }
  }
  return found;
}

async function servedBy(
  folder: string,
  configured: string | undefined,
  framework: Framework | undefined,
  existing: readonly string[],
  lookup: Lookup,
): Promise<string | undefined> {
  if (configured !== undefined) return posix.join(folder, configured);
  if (framework) {
    const place = posix.join(folder, framework.serves);
    if (!framework.isLoose || (framework.serves !== '.' && (await lookup.isFolder(place)))) {
      return place;
    }
    return existing[0] ?? place;
  }
  return existing[0];
}

async function frameworkOf(
  folder: string,
  names: readonly string[],
  lookup: Lookup,
): Promise<Framework | undefined> {
  // Hexo and Jekyll name their config alike; Hexo's posts are in `source`.
  if (await lookup.hasFolder(folder, 'source/_posts')) return { serves: 'source' };
  // Hugo and Zola before they had names of their own.
  if (names.includes('config.toml') && names.includes('content')) return { serves: 'static' };
  if (names.includes('config') && names.includes('Gemfile')) return { serves: 'public' };
  const packages = names.includes('package.json')
    ? packagesOf(await lookup.read(posix.join(folder, 'package.json')))
    : new Set<string>();
  return FRAMEWORKS.find(
    ({ marks = [], packages: own = [] }) =>
      marks.some((mark) => names.some((name) => mark.test(name))) ||
      own.some((name) => packages.has(name)),
  );
}

function packagesOf(manifest: string | undefined): Set<string> {
  const { dependencies, devDependencies } = parseRecord(manifest) ?? {};
  return new Set([dependencies, devDependencies].flatMap((table) => Object.keys(table ?? {})));
}

/** Configs that say where files are and below which path the site is. */
const CONFIGS =
  /^(?:(?:docusaurus|vite|vue|next|nuxt|astro|svelte|eleventy|remix|rsbuild|app|quasar)\.config\.[cm]?[jt]s|gatsby-config\.[cm]?[jt]s|\.eleventy\.[cm]?js|_config\.ya?ml|(?:hugo|config)\.(?:toml|ya?ml|json)|book\.toml|mkdocs\.ya?ml|package\.json)$/;
const NESTED_CONFIGS = /^config\.[cm]?[jt]s$/;

async function readConfigs(
  folder: string,
  names: readonly string[],
  lookup: Lookup,
): Promise<readonly string[]> {
  const paths = names.filter((name) => CONFIGS.test(name));
  for (const nested of ['.vitepress', '.vuepress']) {
    if (!names.includes(nested)) continue;
    const inside = await lookup.list(posix.join(folder, nested));
    paths.push(...inside.filter((name) => NESTED_CONFIGS.test(name)).map((n) => `${nested}/${n}`));
  }
  const texts = await Promise.all(paths.map((path) => lookup.read(posix.join(folder, path))));
  return texts.filter((text) => text !== undefined);
}

const PUBLIC_FOLDER =
  /(?:^|[\s{,])["']?(?:publicDir|staticDir|staticDirectories|staticdir|source_dir|docs_dir)["']?\s*[:=]\s*\[?\s*(?:["']([^"'\n]+)["']|([\w./-]+))/gim;

function publicFolders(configs: readonly string[]): string[] {
  return configs
    .flatMap((text) => [...text.matchAll(PUBLIC_FOLDER)].map(([, quoted, bare]) => quoted ?? bare))
    .filter((path) => path !== undefined)
    .filter((path) => !/^(?:false|true|null|\/)/.test(path) && !path.split('/').includes('..'))
    .map((path) => posix.normalize(path).replace(/\/$/, ''));
}

/** `base: '/app/'`, `baseurl: /blog`, `basePath`, `pathPrefix`, and the path of `homepage` or `baseURL`. */
const PREFIX =
  /(?:^|[\s{,])["']?(?:base|baseurl|basePath|pathPrefix|assetPrefix|publicPath|homepage|root)["']?\s*[:=]\s*["']?(?:https?:\/\/[^/\s"']+)?(\/[\w.~@/-]+)/gim;

function prefixesOf(configs: readonly string[]): string[] {
  return configs
    .flatMap((text) => [...text.matchAll(PREFIX)].map(([, path = '']) => path))
    .map((path) => path.replace(/\/+$/, ''))
    .filter((path) => path !== '');
}

async function existingOf(
  folder: string,
  paths: readonly string[],
  lookup: Lookup,
): Promise<string[]> {
  const found: string[] = [];
  for (const path of new Set(paths)) {
    if (await lookup.hasFolder(folder, path)) found.push(posix.join(folder, path));
  }
  return found;
}
