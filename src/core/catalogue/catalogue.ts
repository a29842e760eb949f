import { splitRepositoryId } from '../repository-id';
import { CATALOGUE } from './entries';
import type { CatalogueDefaults, CatalogueEntry } from './entry';

export { CATALOGUE };
export type * from './entry';

/** Finds a model by its repository id or an alias, whatever the case; a revision after `@` is ignored. */
export function findInCatalogue(repoId: string): CatalogueEntry | undefined {
  const wanted = splitRepositoryId(repoId).repoId.toLowerCase();
  return CATALOGUE.find(
    ({ id, aliases }) =>
      id.toLowerCase() === wanted || aliases.some((alias) => alias.toLowerCase() === wanted),
  );
}

/** What a known model draws with where a request leaves it open; undefined for any other. */
export function catalogueDefaults(repoId: string): CatalogueDefaults | undefined {
  return findInCatalogue(repoId)?.defaults;
}
