import { oneLine } from './shown-text';

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'you have no permission',
  EPERM: 'you have no permission',
  EBUSY: 'another program uses it',
  EAGAIN: 'too many processes run (ulimit -u)',
  EDQUOT: 'your share of the disk is used up',
  EFBIG: 'a limit on the size of files is reached (ulimit -f)',
  EIO: 'the disk reported an error',
  EISDIR: 'it is a folder',
  ELOOP: 'its links lead in a circle',
  EMFILE: 'too many files are open (ulimit -n)',
  ENAMETOOLONG: 'the path is too long',
  ENFILE: 'too many files are open on this machine',
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'a part of the path is a file, not a folder',
  ENXIO: 'it is a pipe or a device, not a file',
  ENOMEM: 'there is not enough memory',
  ENOSPC: 'the disk is full',
  EROFS: 'the disk is read-only',
  ETXTBSY: 'another program uses it',
  EINVAL: 'the path is not valid',
  ERR_INVALID_ARG_VALUE: 'the path is not valid',
};

/** The code of an error of the operating system, such as `ENOENT`. */
export function systemErrorCode(thrown: unknown): string | undefined {
  const { code } = (thrown ?? {}) as { readonly code?: unknown };
  return typeof code === 'string' ? code : undefined;
}

/** Why the system refused something, in words, without the paths that Node puts into its messages. */
export function describeSystemError(thrown: unknown): string {
  const code = systemErrorCode(thrown);
  if (code !== undefined) return REASONS[code] ?? code;
  return oneLine(thrown instanceof Error ? thrown.message : String(thrown));
}
