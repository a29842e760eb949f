import { EaselError } from '../errors';
import { isPortableName } from '../file-name';
import { oneLine } from '../shown-text';

/**
 * Resolves a path from an agent to segments below a root folder.
 * @param path with `/` or `\`; an absolute path must be inside the root
 * @param root the folder's absolute path with forward slashes, such as `/home/me/site` or `c:/site`
 * @returns at least one segment
 * @throws EaselError `bad-request` if the path is outside the root, hidden, or is not a file name
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
  const wrong = segments.find((segment) => !isPortableName(segment));
  if (wrong !== undefined) {
    throw new EaselError(
      'bad-request',
      `path: "${oneLine(wrong, 100)}" is not a valid file or folder name.`,
      { field: 'path' },
    );
  }
  refuseHidden(segments);
  return segments;
}

/** Folders of tools and packages, in which no images of a project are. Hidden names begin with a dot. */
const TOOL_FOLDERS = new Set(['node_modules', 'bower_components', '__pycache__', '$recycle.bin']);
/** Windows' short names, which could stand for a hidden folder: `.git` is also `GIT~1`. */
const SHORT_NAME = /^[^.]{1,6}~\d+(\..{0,3})?$/;

/**
 * Refuses what agents have no reason to write: hidden files, files in hidden folders, such as .git and .vscode,
 * and files in folders of packages.
 * @param segments of a path below the workspace's folder; the last one is the file
 * @throws EaselError `bad-request` that names the part
 */
export function refuseHidden(segments: readonly string[]): void {
  const hidden = segments.find(
    (segment, i) =>
      segment.startsWith('.') ||
      (i < segments.length - 1 &&
        (TOOL_FOLDERS.has(segment.toLowerCase()) || SHORT_NAME.test(segment))),
  );
  if (hidden === undefined) return;
  throw new EaselError(
    'bad-request',
    `path: "${oneLine(hidden, 100)}" is hidden or belongs to a tool. Choose a folder of the project's own files.`,
    { field: 'path' },
  );
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
  const forward = path.replaceAll('\\', '/').replace(/(?<!\/)\/+$/, '');
  return isDrive(forward) ? forward.replace(/^\//, '') : forward;
}
