import { splitRepositoryId } from '../repository-id';
import { CATALOGUE } from './entries';
import type { CatalogueDefaults, CatalogueEntry } from './entry';

export { CATALOGUE };
export type * from './entry';

/** Finds a model by its repository id or an alias. Ignores case, and a revision after `@`. */
export function findInCatalogue(repoId: string): CatalogueEntry | undefined {
  const wanted = splitRepositoryId(repoId).repoId.toLowerCase();
  return CATALOGUE.find(
    ({ id, aliases }) =>
      id.toLowerCase() === wanted || aliases.some((alias) => alias.toLowerCase() === wanted),
  );
}

/** The defaults of a well-known model; undefined for other models. */
export function catalogueDefaults(repoId: string): CatalogueDefaults | undefined {
  return findInCatalogue(repoId)?.defaults;
}
