import { EaselError } from '../../core/errors';
import { isRepoId, isRevision } from './hub-cache';

/** Splits `org/name@revision`. @throws EaselError `bad-request` */
export function parseModelId(id: string): { readonly repoId: string; readonly revision: string } {
  const at = id.indexOf('@');
  const repoId = at === -1 ? id : id.slice(0, at);
  const revision = at === -1 ? 'main' : id.slice(at + 1);
  if (isRepoId(repoId) && isRevision(revision)) return { repoId, revision };
  throw new EaselError(
    'bad-request',
    `"${id}" is no repository id. It looks like org/name, or org/name@revision.`,
    { id },
  );
}

/** A model that was named but is not in the cache. */
export function notCached(id: string): EaselError {
  return new EaselError('model-not-found', `${id} is not in the Hugging Face cache.`, {
    model: id,
  });
}
