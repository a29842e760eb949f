import { posix } from 'node:path';
import * as vscode from 'vscode';
import { DOCUMENT_ENDINGS, syntaxOf } from '../languages';
import { readReferences } from '../references/find-references';
import type { Lookup } from '../sites/lookup';
import { lookAround, type ReferencingDocument } from '../sites/resolve-image';
import { IgnoredFiles, NOT_SEARCHED } from './ignored-files';
import { missingOf, onceEach, type MissingImage } from './missing-image';

/** Documents that are searched at most. */
const MAX_DOCUMENTS = 5000;
/** Bytes of a document that is read; its reader has a limit of its own. */
const MAX_BYTES = 4 * 2 ** 20;

/** Kinds of pages that name images and that Easel does not read, to say so. */
const UNREAD_ENDINGS = [
  ...['pug', 'jade', 'haml', 'slim', 'org', 'tex', 'textile', 'jsp', 'jspx', 'ftl', 'mjml'],
  ...['vm', 'aspx', 'cfm', 'elm', 'riot', 'marko', 'rmd', 'qmd', 'typ', 'wxml', 'axaml', 'xaml'],
].filter((ending) => !DOCUMENT_ENDINGS.includes(ending));

/** What a search found, and what it could not look at. */
export interface Search {
  /** One of each file. */
  readonly missing: readonly MissingImage[];
  /** Documents that were read. */
  readonly read: number;
  /** Documents of kinds that are not read, by their endings without the dot. */
  readonly otherKinds: ReadonlyMap<string, number>;
  /** Documents of kinds that are read, but that could not be. */
  readonly unread: readonly vscode.Uri[];
  /** Whether there were more documents than are searched. */
  readonly isCut: boolean;
}

/** Finds the missing images of documents, and of all documents below folders. */
export async function searchMissing(
  targets: readonly vscode.Uri[],
  token?: vscode.CancellationToken,
): Promise<Search> {
  const missing: MissingImage[] = [];
  const unread: vscode.Uri[] = [];
  const otherKinds = new Map<string, number>();
  let read = 0;
  let isCut = false;
  const done = new Set<string>();
  for (const target of targets) {
    const lookup = lookAround({ uri: target });
    const documents = await documentsOf(target, lookup, token);
    isCut ||= documents.length > MAX_DOCUMENTS;
    for (const uri of documents.slice(0, MAX_DOCUMENTS)) {
      if (token?.isCancellationRequested) break;
      if (done.has(uri.toString())) continue;
      done.add(uri.toString());
      const document = await documentOf(uri);
      if (document && !syntaxOf(document)) {
        const ending = posix.extname(uri.path).slice(1).toLowerCase();
        otherKinds.set(ending, (otherKinds.get(ending) ?? 0) + 1);
        continue;
      }
      const found = document && (await readReferences(document, token));
      if (!found || found.unread !== undefined) {
        unread.push(uri);
        continue;
      }
      read++;
      missing.push(...(await missingOf(document, found.references, lookup)));
    }
  }
  return { missing: onceEach(missing), read, otherKinds, unread, isCut };
}

async function documentsOf(
  target: vscode.Uri,
  lookup: Lookup,
  token: vscode.CancellationToken | undefined,
): Promise<vscode.Uri[]> {
  const { type } = await vscode.workspace.fs.stat(target);
  if ((type & vscode.FileType.Directory) === 0) return [target];
  const endings = [...DOCUMENT_ENDINGS, ...UNREAD_ENDINGS];
  // The target itself is meant, whatever it is called: its name is not among those left out.
  const own = new Set(target.path.split('/'));
  const leftOut = NOT_SEARCHED.filter((name) => !own.has(name));
  const found = await vscode.workspace.findFiles(
    new vscode.RelativePattern(target, `**/*.{${endings.join(',')}}`),
    `**/{${leftOut.join(',')}}/**`,
    MAX_DOCUMENTS * 4,
    token,
  );
  const root = vscode.workspace.getWorkspaceFolder(target)?.uri ?? target;
  const ignored = new IgnoredFiles(root.path, target.path, lookup);
  const kept: vscode.Uri[] = [];
  for (const uri of found) if (!(await ignored.has(uri.path))) kept.push(uri);
  return kept.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** An open document with its unsaved changes, else the file as it is: nothing is opened for a search. */
async function documentOf(uri: vscode.Uri): Promise<ReferencingDocument | undefined> {
  const open = vscode.workspace.textDocuments.find(
    (document) => document.uri.toString() === uri.toString(),
  );
  if (open) return open;
  try {
    if ((await vscode.workspace.fs.stat(uri)).size > MAX_BYTES) return undefined;
    const bytes = await vscode.workspace.fs.readFile(uri);
    const text = new TextDecoder(encodingOf(bytes)).decode(bytes);
    // The language follows from the file's ending.
    return { uri, languageId: '', getText: () => text };
  } catch {
    return undefined;
  }
}

function encodingOf(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}
