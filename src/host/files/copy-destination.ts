import { posix } from 'node:path';
import picomatch from 'picomatch';
import { replaceWithin, SlowPatternError, testWithin } from './bounded-pattern';

/** Entries of the setting that are read, and characters of each: a workspace can set it. */
const MAX_ENTRIES = 100;
const MAX_LENGTH = 1000;

/** The document that gets the file, as URI paths. */
export interface CopyContext {
  readonly document: string;
  /** The document's workspace folder, if it is in one. */
  readonly workspace: string | undefined;
  /** Globs that begin with `/` are meant from each of these. */
  readonly workspaceFolders: readonly string[];
}

/**
 * Where the editor's setting `markdown.copyFiles.destination` puts a file that is added to a document,
 * as VS Code's Markdown extension reads it (extensions/markdown-language-features,
 * src/languageFeatures/copyFiles/copyFiles.ts).
 * @param setting globs of documents with the destination for each, unchecked
 * @returns the file's path, or undefined where no glob matches
 * @throws SlowPatternError where a glob or a transform takes too long
 */
export function copyDestination(
  setting: unknown,
  fileName: string,
  context: CopyContext,
): string | undefined {
  if (typeof setting !== 'object' || setting === null) return undefined;
  for (const [glob, destination] of Object.entries(setting).slice(0, MAX_ENTRIES)) {
    if (typeof destination !== 'string') continue;
    if (glob.length > MAX_LENGTH || destination.length > MAX_LENGTH) continue;
    const globs = anchored(glob, context.workspaceFolders);
    if (!globs.some((one) => isMatch(context.document, one))) continue;
    return posix.resolve(
      posix.dirname(context.document),
      expand(destination.trim(), fileName, context),
    );
  }
  return undefined;
}

function isMatch(document: string, glob: string): boolean {
  const regex = picomatch.makeRe(glob, { dot: true });
  return regex instanceof RegExp && testWithin(document, regex, glob);
}

function anchored(glob: string, workspaceFolders: readonly string[]): string[] {
  if (glob.startsWith('/')) return workspaceFolders.map((folder) => posix.join(folder, glob));
  return [glob.startsWith('**') ? glob : `**/${glob}`];
}

const VARIABLE =
  /(?<escape>\\\$)|(?<!\\)\$\{(?<name>\w+)(?:\/(?<pattern>(?:\\\/|[^}/])+)\/(?<replacement>(?:\\\/|[^}/])*)\/)?\}/g;

function expand(destination: string, fileName: string, context: CopyContext): string {
  let text = destination || '${fileName}';
  if (text.startsWith('/')) text = '${documentWorkspaceFolder}/' + text.slice(1);
  if (text.endsWith('/')) text += '${fileName}';
  const variables = variablesOf(fileName, context);
  return text.replaceAll(VARIABLE, (match: string, ...rest: unknown[]) => {
    const groups = rest.at(-1) as Record<string, string | undefined>;
    if (groups.escape) return '$';
    const value = variables.get(groups.name ?? '');
    if (value === undefined) return match;
    const { pattern, replacement } = groups;
    if (!pattern || replacement === undefined) return value;
    try {
      return replaceWithin(value, unescape(pattern), unescape(replacement));
    } catch (thrown) {
      if (thrown instanceof SlowPatternError) throw thrown;
      return value; // not a regular expression: the transform is left out, as VS Code does
    }
  });
}

function variablesOf(fileName: string, { document, workspace }: CopyContext): Map<string, string> {
  const folder = posix.dirname(document);
  const { base, name, ext } = posix.parse(document);
  return new Map([
    ['documentDirName', folder],
    ['documentRelativeDirName', workspace ? posix.relative(workspace, folder) : folder],
    ['documentFileName', base],
    ['documentBaseName', name],
    ['documentExtName', ext.slice(1)],
    ['documentFilePath', document],
    ['documentWorkspaceFolder', workspace ?? folder],
    ['fileName', fileName],
    ['fileExtName', posix.extname(fileName).slice(1)],
    ['unixTime', String(Date.now())],
    ['isoTime', new Date().toISOString()],
  ]);
}

function unescape(text: string): string {
  return text.replaceAll('\\/', '/');
}
