import { EaselError } from '../errors';

/**
 * Where a path that an agent named leads, as segments below a root folder.
 * @param path with slashes of either kind; an absolute one has to lie in the root
 * @param root the folder's absolute path with forward slashes, such as `/home/me/site` or `c:/site`
 * @returns at least one segment
 * @throws EaselError `bad-request` where it leads out of the root or names no file
 */
export function segmentsBelow(path: string, root: string): readonly string[] {
  const forward = path.replaceAll('\\', '/');
  const base = normalRoot(root);
  let rest = forward;
  if (isAbsolute(forward)) {
    const prefix = `${base}/`;
    const isBelow = isDrive(base)
      ? normalRoot(forward).toLowerCase().startsWith(prefix.toLowerCase())
      : normalRoot(forward).startsWith(prefix);
    if (!isBelow) throw outside(path, base);
    rest = normalRoot(forward).slice(prefix.length);
  }
  const segments: string[] = [];
  for (const segment of rest.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') segments.push(segment);
    else if (segments.pop() === undefined) throw outside(path, base);
  }
  if (segments.length === 0 || forward.endsWith('/')) {
    throw new EaselError('bad-request', `path: must name a file, not "${path}".`, {
      field: 'path',
    });
  }
  // Control characters and what Windows forbids or reads as a stream (`a.png:b`).
  // eslint-disable-next-line no-control-regex -- control characters are what must not come
  const wrong = segments.find((segment) => /[\u0000-\u001f<>:"|?*]|[. ]$/.test(segment));
  if (wrong !== undefined) {
    throw new EaselError('bad-request', `path: "${wrong}" cannot be a name of a file or folder.`, {
      field: 'path',
    });
  }
  return segments;
}

function outside(path: string, root: string): EaselError {
  return new EaselError('bad-request', `path: "${path}" leads out of ${root}; stay inside it.`, {
    field: 'path',
  });
}

function isAbsolute(path: string): boolean {
  return path.startsWith('/') || isDrive(path);
}

function isDrive(path: string): boolean {
  return /^\/?[a-z]:(\/|$)/i.test(path);
}

/** Without a trailing slash, and without the slash that URIs write before a drive. */
function normalRoot(path: string): string {
  const forward = path.replaceAll('\\', '/').replace(/\/+$/, '');
  return isDrive(forward) ? forward.replace(/^\//, '') : forward;
}
