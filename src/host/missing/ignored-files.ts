import { posix } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import type { Lookup } from '../sites/lookup';

/** Folders of packages, version control and builds, where documents are not the user's. */
export const NOT_SEARCHED: readonly string[] = [
  ...['node_modules', 'bower_components', 'jspm_packages', 'vendor', 'site-packages'],
  ...['.git', '.hg', '.svn', 'dist', 'out', 'build', 'target', '_site', 'coverage'],
  ...['.next', '.nuxt', '.output', '.svelte-kit', '.astro', '.docusaurus', '.cache', '.turbo'],
  ...['.venv', 'venv', '__pycache__', '.tox', '.vercel', '.netlify', '.parcel-cache'],
];
const NOT_SEARCHED_NAMES = new Set(NOT_SEARCHED);

/** Tells which files below a folder are not searched: by their folder's name, or by `.gitignore`. */
export class IgnoredFiles {
  private readonly rules = new Map<string, Promise<Ignore | undefined>>();

  /**
   * @param root the folder from which `.gitignore` files count, such as the workspace folder
   * @param target the folder that is searched: that one is meant, whatever it is called
   */
  constructor(
    private readonly root: string,
    private readonly target: string,
    private readonly lookup: Lookup,
  ) {}

  async has(path: string): Promise<boolean> {
    const folders = posix.dirname(posix.relative(this.target, path)).split('/');
    if (folders.some((name) => NOT_SEARCHED_NAMES.has(name))) return true;
    let isIgnored = false;
    const segments = posix.relative(this.root, path).split('/');
    for (let depth = 0; depth < segments.length; depth++) {
      const folder = posix.join(this.root, ...segments.slice(0, depth));
      const rules = await this.rulesOf(folder);
      if (!rules) continue;
      // The folder that is searched counts as not ignored; what is in it can be.
      const isTargetIgnored = rules.ignores(this.targetFrom(folder));
      const relative = posix.relative(isTargetIgnored ? this.target : folder, path);
      // What is deeper decides.
      const { ignored, unignored } = rules.test(relative);
      if (ignored) isIgnored = true;
      if (unignored) isIgnored = false;
    }
    return isIgnored;
  }

  /** The searched folder as a folder of rules names it. */
  private targetFrom(folder: string): string {
    const relative = posix.relative(folder, this.target);
    return relative === '' || relative.startsWith('..') ? 'no-folder' : `${relative}/`;
  }

  private rulesOf(folder: string): Promise<Ignore | undefined> {
    const known = this.rules.get(folder) ?? this.readRules(folder);
    this.rules.set(folder, known);
    return known;
  }

  private async readRules(folder: string): Promise<Ignore | undefined> {
    const text = await this.lookup.read(posix.join(folder, '.gitignore'));
    return text === undefined ? undefined : ignore().add(text);
  }
}
