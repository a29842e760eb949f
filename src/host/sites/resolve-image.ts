import * as vscode from 'vscode';
import { documentFile } from '../files/image-files';
import { languageOf } from '../languages';
import type { ImageReference } from '../references/image-reference';
import { addressBase, locateImage } from './locate';
import { Lookup, MAX_TEXT, type FileSystem } from './lookup';

/** What of a document decides where its images are. */
export type ReferencingDocument = Pick<vscode.TextDocument, 'uri' | 'languageId' | 'getText'>;

/** The file that a reference means: one that exists, or the place where the site would look for it. */
export interface ResolvedImage {
  readonly file: vscode.Uri;
  readonly exists: boolean;
}

/** A look at the files around a document; one is shared by all references that are resolved at once. */
export function lookAround(document: Pick<vscode.TextDocument, 'uri'>): Lookup {
  return new Lookup(new WorkspaceFiles(documentFile(document)));
}

/** @returns undefined where the reference means no file of the workspace; see `locateImage` */
export async function resolveReference(
  reference: Pick<ImageReference, 'url' | 'path' | 'kind' | 'computed' | 'alias' | 'service'>,
  document: ReferencingDocument,
  lookup = lookAround(document),
): Promise<ResolvedImage | undefined> {
  const uri = documentFile(document);
  // A document that was never saved is nowhere.
  if (reference.service || uri.scheme === 'untitled') return undefined;
  const languageId = languageOf(document);
  const place = {
    path: uri.path,
    workspace: vscode.workspace.getWorkspaceFolder(uri)?.uri.path,
    languageId,
    base: await lookup.remember(`base ${uri.toString()}`, () =>
      Promise.resolve(addressBase(document.getText(), languageId)),
    ),
  };
  const located = await locateImage(reference, place, lookup);
  return located && { file: uri.with({ path: located.path }), exists: located.exists };
}

/** The same without whether the file exists. */
export async function resolveImage(
  reference: ImageReference,
  document: ReferencingDocument,
): Promise<vscode.Uri | undefined> {
  return (await resolveReference(reference, document))?.file;
}

/** The editor's file systems, with the paths of one of them. */
class WorkspaceFiles implements FileSystem {
  constructor(private readonly near: vscode.Uri) {}

  async kindOf(path: string): Promise<'file' | 'folder' | undefined> {
    const type = await this.typeOf(path);
    if (type === undefined) return undefined;
    return (type & vscode.FileType.Directory) === 0 ? 'file' : 'folder';
  }

  async list(folder: string): Promise<readonly string[]> {
    const entries = await vscode.workspace.fs.readDirectory(this.at(folder)).then(
      (found) => found,
      () => [],
    );
    return entries.map(([name]) => name);
  }

  async read(path: string): Promise<string | undefined> {
    try {
      const uri = this.at(path);
      if ((await vscode.workspace.fs.stat(uri)).size > MAX_TEXT) return undefined;
      return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
    } catch {
      return undefined;
    }
  }

  private async typeOf(path: string): Promise<vscode.FileType | undefined> {
    return vscode.workspace.fs.stat(this.at(path)).then(
      ({ type }) => type,
      () => undefined,
    );
  }

  private at(path: string): vscode.Uri {
    return this.near.with({ path, query: '', fragment: '' });
  }
}
