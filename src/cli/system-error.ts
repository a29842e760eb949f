const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'you have no permission',
  EPERM: 'you have no permission',
  EBUSY: 'another program uses it',
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
  EROFS: 'the disk is read-only',
  ETXTBSY: 'another program uses it',
  EINVAL: 'the path is not valid',
  ERR_INVALID_ARG_VALUE: 'the path is not valid',
};

/** Why the system refused something, in words, without the paths that Node puts into its messages. */
export function describeSystemError(thrown: unknown): string {
  const { code, message } = thrown as NodeJS.ErrnoException;
  return REASONS[code ?? ''] ?? code ?? message;
}
