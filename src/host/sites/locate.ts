import { posix } from 'node:path';
import { isInside } from '../files/paths';
import type { ImageReference } from '../references/image-reference';
import { aliasTargets, type AliasTarget } from './aliases';
import { readProject, servedBelow, type Project } from './frameworks';
import type { Lookup } from './lookup';

/** A document, with paths as URIs write them. */
export interface DocumentPlace {
  readonly path: string;
  /** The workspace folder that it is in. */
  readonly workspace: string | undefined;
  readonly languageId: string;
  /** Where its text says that addresses start; see `addressBase`. */
  readonly base?: string | undefined;
}

/** The file that an address means: one that exists, or the place where the site would look for it. */
export interface Located {
  readonly path: string;
  readonly exists: boolean;
}

export type Address = Pick<ImageReference, 'url' | 'path' | 'kind' | 'computed' | 'alias'>;

/** Languages of pages, whose plain addresses start from the page that shows them, not from the file. */
const COMPONENTS = new Set([
  ...['javascript', 'typescript', 'javascriptreact', 'typescriptreact'],
  ...['vue', 'svelte', 'astro', 'php', 'blade', 'handlebars', 'razor', 'erb'],
]);
/** Of these, the ones whose compilers take an address with a leading `./` from beside the file. */
const COMPILED = new Set(['vue', 'astro']);
/** Languages of whole pages, which can say where their addresses start. */
const WITH_BASE = new Set(['html', 'php', 'blade', 'handlebars', 'razor', 'erb']);
/** Style sheets of parts, whose addresses start from the sheet that includes them. */
const PARTIAL_STYLES = new Set(['scss', 'sass', 'less', 'stylus']);

/** Folders in which nothing is drawn: what is in them is made by tools. */
const NOT_WRITTEN =
  /\/(?:node_modules|bower_components|\.git|\.hg|\.svn|\.svelte-kit|\.next|\.nuxt)\//;

/**
 * Finds the file that an address in a document means. One that exists in any place that sites of known
 * frameworks serve, or that an alias of the project leads to, is that file. Else the path is where the site
 * would look for it.
 * @returns undefined where that cannot be known: computed addresses, unknown aliases, places outside of the
 *   workspace (or of the document's folder, without one)
 */
export async function locateImage(
  address: Address,
  document: DocumentPlace,
  lookup: Lookup,
): Promise<Located | undefined> {
  if (address.computed || address.path === '') return undefined;
  const isModule = address.kind === 'import';
  const path = based(
    isModule ? address.path : address.path.replaceAll('\\', '/'),
    address,
    document,
  );
  if (path === undefined) return undefined;
  const beside = posix.dirname(document.path);
  const root = document.workspace ?? beside;
  const search = new Search(beside, root, document, lookup);
  const places = path.startsWith('/')
    ? await search.fromRoot(path)
    : address.alias || isBareModule(path, isModule)
      ? await search.fromAlias(path)
      : await search.fromDocument(path, isModule);
  // Some name files as they write them in addresses, with their escapes.
  const written = posix.join(beside, address.url.replace(/[?#].*$/s, ''));
  for (const place of [...places.existing, written]) {
    if (isInside(place, root) && (await lookup.isFile(place))) return { path: place, exists: true };
  }
  const { wanted } = places;
  if (wanted === undefined || !isInside(wanted, root) || NOT_WRITTEN.test(`${wanted}/`)) {
    return undefined;
  }
  return (await namesAlias(wanted, root, lookup)) ? undefined : { path: wanted, exists: false };
}

/** Whether folders would have to be made that are named like an alias: then it is one that nobody knows. */
async function namesAlias(path: string, root: string, lookup: Lookup): Promise<boolean> {
  for (let folder = posix.dirname(path); folder !== root; folder = posix.dirname(folder)) {
    const isAlias = /^(?:[@#$]|~(?!\d))/.test(posix.basename(folder));
    if (isAlias && !(await lookup.isFolder(folder))) return true;
    if (folder === posix.dirname(folder)) break;
  }
  return false;
}

/**
 * The address from the site's root of an image that the site serves, for a document that the site makes pages
 * of: a link from the document's own folder would not lead there.
 * @returns undefined where such a link does
 */
export async function servedFrom(
  image: string,
  { path, workspace, languageId }: DocumentPlace,
  lookup: Lookup,
): Promise<string | undefined> {
  if (workspace === undefined) return undefined;
  for (const folder of foldersUpTo(posix.dirname(path), workspace)) {
    const { served, isKnown } = await readProject(folder, lookup);
    if (served === undefined) continue;
    const isPage = COMPONENTS.has(languageId) || isKnown;
    if (!isPage || !isInside(image, served) || isInside(path, served)) return undefined;
    return `/${posix.relative(served, image)}`;
  }
  return undefined;
}

/** Where a file may be, the likeliest place first, and where a new one would be looked for. */
interface Places {
  readonly existing: readonly string[];
  readonly wanted: string | undefined;
}

class Search {
  private readonly folders: readonly string[];

  constructor(
    private readonly beside: string,
    private readonly root: string,
    private readonly document: DocumentPlace,
    private readonly lookup: Lookup,
  ) {
    this.folders = foldersUpTo(beside, root);
  }

  /** `/img/a.png`: from the folder that the site is served from. */
  async fromRoot(path: string): Promise<Places> {
    // Without a workspace nobody knows where the site begins.
    if (this.document.workspace === undefined) return { existing: [], wanted: undefined };
    const projects = await this.projects();
    const prefixes = projects.flatMap((project) => project.prefixes);
    const ways = [path, ...prefixes.map((prefix) => without(path, prefix))].filter(isText);
    const { root, lookup } = this;
    const below = await lookup.remember(`below ${root}`, () => servedBelow(root, lookup));
    const existing = [
      ...projects.flatMap((project) =>
        ways.flatMap((way) => [
          ...project.existing.map((folder) => posix.join(folder, way)),
          ...renamed(project.folder, way),
        ]),
      ),
      ...below.flatMap((folder) => ways.map((way) => posix.join(folder, way))),
    ];
    return { existing, wanted: await this.served(path, projects, below) };
  }

  /** `@/img/a.png`, `pkg/a.png`: from where the project's configs or conventions say. */
  async fromAlias(path: string): Promise<Places> {
    const targets = await aliasTargets(path, this.folders, this.lookup);
    const literal = posix.join(this.beside, path);
    return {
      existing: [...targets.map((target) => target.path), literal],
      wanted: await this.firstWithFolder(targets),
    };
  }

  /** `img/a.png`, `../a.png`: from the document's folder; in a component from the page's. */
  async fromDocument(path: string, isModule: boolean): Promise<Places> {
    const literal = posix.join(this.beside, path);
    const { languageId } = this.document;
    if (isModule) return { existing: [literal], wanted: literal };
    const existing = [literal, ...postFolders(this.document.path, path)];
    const inner = path.replace(/^(?:\.{1,2}\/)+/, '');
    if (PARTIAL_STYLES.has(languageId)) {
      existing.push(...this.folders.map((folder) => posix.join(folder, inner)));
    }
    const images = await this.antoraImages(path);
    if (images !== undefined) return { existing: [images, ...existing], wanted: images };
    const isPage = COMPONENTS.has(languageId) || (await this.isAngular());
    if (!isPage && languageId !== 'html') return { existing, wanted: literal };
    const served = await this.fromRoot(`/${inner}`);
    const isOfPage = isPage && !(COMPILED.has(languageId) && path.startsWith('.'));
    const isHere = await this.lookup.isFolder(posix.dirname(literal));
    const hasSite = (await this.projects()).some((project) => project.served !== undefined);
    const isPlain =
      path.startsWith('../') || !isOfPage || !hasSite || (isHere && path.includes('/'));
    return {
      existing: [...existing, ...served.existing],
      wanted: isPlain ? literal : (served.wanted ?? literal),
    };
  }

  private projects(): Promise<readonly Project[]> {
    const { lookup } = this;
    return Promise.all(
      this.folders.map((folder) =>
        lookup.remember(`project ${folder}`, () => readProject(folder, lookup)),
      ),
    );
  }

  /** The place of a new file for an address from the site's root. */
  private async served(
    path: string,
    projects: readonly Project[],
    below: readonly string[],
  ): Promise<string> {
    const project = projects.find(({ served }) => served !== undefined);
    if (project?.served !== undefined) return this.inProject(path, project, project.served);
    if (below[0] !== undefined) return posix.join(below[0], path);
    // A plain site: its root is the highest folder with a start page.
    const start = await Promise.all(
      this.folders.map((folder) => this.lookup.has(folder, 'index.html')),
    );
    return posix.join(this.folders[start.lastIndexOf(true)] ?? this.root, path);
  }

  private async inProject(path: string, project: Project, served: string): Promise<string> {
    const { folder, prefixes } = project;
    const [, first = ''] = path.split('/');
    if (await this.lookup.hasFolder(served, first)) return posix.join(served, path);
    const shorter = prefixes.map((prefix) => without(path, prefix)).find(isText);
    if (shorter !== undefined) return this.inProject(shorter, { ...project, prefixes: [] }, served);
    // `/static/a.png` and `/src/assets/a.png` name folders of the project itself.
    const isOwn = first === posix.basename(served) || first === 'src' || first === 'node_modules';
    const base = isOwn && (await this.lookup.hasFolder(folder, first)) ? folder : served;
    return posix.join(base, path);
  }

  private async firstWithFolder(targets: readonly AliasTarget[]): Promise<string | undefined> {
    for (const { path, base } of targets) {
      if (base.includes('/node_modules')) continue;
      if (isInside(base, this.root) && (await this.lookup.isFolder(base))) return path;
    }
    for (const { path, base, isConfigured } of targets) {
      const above = posix.dirname(base);
      if (!isConfigured || base.includes('/node_modules') || !isInside(above, this.root)) continue;
      if (await this.lookup.isFolder(above)) return path;
    }
    return undefined;
  }

  /** Angular serves the addresses in its templates from the folder of its start page. */
  private async isAngular(): Promise<boolean> {
    if (
      this.document.languageId !== 'html' ||
      posix.basename(this.document.path) === 'index.html'
    ) {
      return false;
    }
    const found = await Promise.all(
      this.folders.map((folder) => this.lookup.has(folder, 'angular.json')),
    );
    return found.includes(true);
  }

  /** Antora keeps the images of `modules/NAME/pages` in `modules/NAME/images`. */
  private async antoraImages(path: string): Promise<string | undefined> {
    const { languageId, path: document } = this.document;
    const module = /^(.*\/modules\/[^/]+)\/(?:pages|partials)\//.exec(document)?.[1];
    if (languageId !== 'asciidoc' || module === undefined || path.startsWith('.')) return undefined;
    return (await this.lookup.isFolder(module)) ? posix.join(module, 'images', path) : undefined;
  }
}

/** Where the bundle of a post keeps its images: a folder of the post's name (Hexo, Hugo). */
function postFolders(document: string, path: string): string[] {
  const { dir, name } = posix.parse(document);
  return path.startsWith('.') ? [] : [posix.join(dir, name, path)];
}

/** Folders that frameworks serve under another name than they have. */
function renamed(folder: string, path: string): string[] {
  const [, first = '', rest = ''] = /^\/([^/]+)\/(.+)$/s.exec(path) ?? [];
  const places: Readonly<Record<string, readonly string[]>> = {
    assets: ['app/assets/images', 'app/assets', 'src/assets', 'priv/static/assets'],
    storage: ['storage/app/public'],
    static: ['static', 'assets', 'app/static'],
    images: ['app/assets/images', 'assets/static/images', 'assets/images'],
  };
  const own = Object.hasOwn(places, first) ? (places[first] ?? []) : [];
  return own.map((place) => posix.join(folder, place, rest));
}

/**
 * The path as the document's own base makes it.
 * @returns undefined where that is computed
 */
function based(path: string, address: Address, { base }: DocumentPlace): string | undefined {
  const isRelative = !path.startsWith('/') && !address.alias && address.kind !== 'import';
  if (base === undefined || base === '' || !isRelative) return path;
  if (/[{<]/.test(base)) return undefined;
  const folder = base.endsWith('/') ? base : `${posix.dirname(base)}/`;
  const joined = posix.join(folder, path);
  return folder.startsWith('/') ? joined : joined.replace(/^(?![./])/, './');
}

/**
 * Where the text of a document says that its addresses start: `<base href>` of HTML, `:imagesdir:` of
 * AsciiDoc. Of an address with a host the path counts: the site's own.
 */
export function addressBase(text: string, languageId: string): string | undefined {
  if (languageId === 'asciidoc') {
    const folder = /^:imagesdir:[^\S\n]+(\S[^\n]*?)\s*$/m.exec(text)?.[1];
    return folder && `${folder.replace(/\/+$/, '')}/`;
  }
  if (!WITH_BASE.has(languageId)) return undefined;
  const tag = /<base\b[^>]*\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))/i.exec(
    text.slice(0, 100_000),
  );
  const href = (tag?.[1] ?? tag?.[2] ?? tag?.[3])?.trim();
  return href?.replace(/^(?:[a-z][a-z0-9+.-]*:)?\/\/[^/]*/i, '');
}

function isBareModule(path: string, isModule: boolean): boolean {
  return isModule && !/^\.{0,2}\//.test(path);
}

/** The path without a prefix of whole folders; undefined where it has not got it. */
function without(path: string, prefix: string): string | undefined {
  return path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : undefined;
}

function isText(text: string | undefined): text is string {
  return text !== undefined;
}

/** A folder and those above it, up to a root that it is in. */
function foldersUpTo(folder: string, root: string): string[] {
  const found = [folder];
  for (let place = folder; isInside(place, root) && place !== root;) {
    place = posix.dirname(place);
    found.push(place);
  }
  return found;
}
