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

/** Endings of files of weights. */
export const WEIGHTS = /\.(?:safetensors|gguf|bin|pt|pth|ckpt)$/i;

/** A repository, and one of its files where it is named. */
export interface RepositoryFile {
  /** `org/name`, or `org/name@revision`. */
  readonly repository: string;
  /** Its path in the repository. */
  readonly file: string | undefined;
}

/**
 * `org/name`, `org/name@revision` or `org/name/file`, where the file is one of weights; undefined for what can only be a
 * path.
 */
export function splitRepositoryFile(spec: string): RepositoryFile | undefined {
  const [owner = '', name, ...inside] = spec.split('/');
  if (name === undefined) return undefined;
  const repository = `${owner}/${name}`;
  if (!isRepoId(splitRepositoryId(repository).repoId)) return undefined;
  if (inside.length === 0) {
    return WEIGHTS.test(name) ? undefined : { repository, file: undefined };
  }
  const isPlain = inside.every((part) => part !== '' && !/^\.+$/.test(part));
  return isPlain && WEIGHTS.test(spec) && !spec.includes('\\')
    ? { repository, file: inside.join('/') }
    : undefined;
}

/** The last part of an id or a path: a repository's name without its owner, or a file's without its folders. */
export function lastName(id: string): string {
  return id.split(/[\\/]/).findLast((part) => part !== '') ?? id;
}
