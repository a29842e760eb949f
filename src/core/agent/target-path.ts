import { EaselError } from '../errors';

/**
 * Resolves a path from an agent to segments below a root folder.
 * @param path with `/` or `\`; an absolute path must be inside the root
 * @param root the folder's absolute path with forward slashes, such as `/home/me/site` or `c:/site`
 * @returns at least one segment
 * @throws EaselError `bad-request` if the path is outside the root or is not a file name
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
  // Control characters, and characters that Windows forbids or uses for streams (`a.png:b`).
  // eslint-disable-next-line no-control-regex -- control characters must be rejected
  const wrong = segments.find((segment) => /[\u0000-\u001f<>:"|?*]|[. ]$/.test(segment));
  if (wrong !== undefined) {
    throw new EaselError('bad-request', `path: "${wrong}" is not a valid file or folder name.`, {
      field: 'path',
    });
  }
  return segments;
}

function outside(path: string, root: string): EaselError {
  return new EaselError(
    'bad-request',
    `path: "${path}" is outside ${root}. Choose a path inside it.`,
    {
      field: 'path',
    },
  );
}

function isAbsolute(path: string): boolean {
  return path.startsWith('/') || isDrive(path);
}

function isDrive(path: string): boolean {
  return /^\/?[a-z]:(\/|$)/i.test(path);
}

/** The path without a trailing slash, and without the slash before a drive letter in URIs. */
function normalRoot(path: string): string {
  const forward = path.replaceAll('\\', '/').replace(/\/+$/, '');
  return isDrive(forward) ? forward.replace(/^\//, '') : forward;
}
