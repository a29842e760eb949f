import { EaselError } from './errors';

/** `org/name@revision` in its parts. */
export interface RepositoryId {
  /** `org/name`, or a bare name of an old repository. */
  readonly repoId: string;
  /** A branch, a tag or a commit; absent where the id names none. */
  readonly revision?: string;
}

/** Splits `org/name@revision` at the first `@`, without checking either part. */
export function splitRepositoryId(id: string): RepositoryId {
  const at = id.indexOf('@');
  return at === -1 ? { repoId: id } : { repoId: id.slice(0, at), revision: id.slice(at + 1) };
}

/** Splits and checks `org/name@revision`; the revision is `main` by default. @throws EaselError `bad-request` */
export function parseRepositoryId(id: string): Required<RepositoryId> {
  const { repoId, revision = 'main' } = splitRepositoryId(id);
  if (isRepoId(repoId) && isRevision(revision)) return { repoId, revision };
  throw new EaselError(
    'bad-request',
    `"${id}" is no repository id. It looks like org/name, or org/name@revision.`,
    { id },
  );
}

/** `org/name` as the hub allows it. Never a path: no `..`, and no `--`, which the cache's folders join by. */
export function isRepoId(text: string): boolean {
  return (
    /^[A-Za-z0-9][\w.-]*(\/[A-Za-z0-9][\w.-]*)?$/.test(text) &&
    !text.includes('..') &&
    !text.includes('--')
  );
}

/** A branch, tag, `refs/pr/1` or commit: nothing that leads out of the folder of refs. */
export function isRevision(text: string): boolean {
  return /^[\w.][\w.+/-]*$/.test(text) && !text.split('/').some((part) => /^\.*$/.test(part));
}
