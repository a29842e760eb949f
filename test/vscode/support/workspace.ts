import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import type { EaselApi } from '../../../src/host/extension';

/** A path in the folder that is open. */
export function workspaceUri(...path: string[]): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'no folder is open');
  return vscode.Uri.joinPath(folder.uri, ...path);
}

/** What the installed extension offers other extensions. */
export async function easel(): Promise<EaselApi> {
  const extension = vscode.extensions.getExtension<EaselApi>('easel.easel');
  assert.ok(extension, 'the extension is not installed');
  return extension.activate();
}

/** Writes a document, opens it and puts the cursor at its end, or selects a part. */
export async function editDocument(
  name: string,
  text: string,
  selected?: string,
): Promise<vscode.TextEditor> {
  const uri = workspaceUri(name);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  const document = await vscode.workspace.openTextDocument(uri);
  const editor = await vscode.window.showTextDocument(document);
  const start = selected === undefined ? text.length : text.indexOf(selected);
  const end = start + (selected?.length ?? 0);
  editor.selection = new vscode.Selection(document.positionAt(start), document.positionAt(end));
  return editor;
}

/** Names in a folder of the workspace; none where it is missing. */
export async function filesIn(folder: string): Promise<string[]> {
  try {
    const entries = await vscode.workspace.fs.readDirectory(workspaceUri(folder));
    return entries.map(([name]) => name).sort();
  } catch {
    return [];
  }
}

const PNG_START = [0x89, 0x50, 0x4e, 0x47];
const WEBP_START = ['RIFF', 'WEBP'];
const PNG_END = [0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82];

/** Asserts that a file is a whole PNG or WebP, as its name says. */
export async function assertWholeImage(uri: vscode.Uri): Promise<void> {
  const bytes = Buffer.from(await vscode.workspace.fs.readFile(uri));
  if (uri.path.endsWith('.webp')) {
    assert.deepEqual([bytes.toString('latin1', 0, 4), bytes.toString('latin1', 8, 12)], WEBP_START);
    assert.equal(bytes.readUInt32LE(4), bytes.length - 8, uri.path);
    return;
  }
  assert.deepEqual([...bytes.subarray(0, 4)], PNG_START, uri.path);
  assert.deepEqual([...bytes.subarray(-8)], PNG_END, uri.path);
}
