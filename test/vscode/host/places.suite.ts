import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { MemoryFiles } from '../support/memory-files';
import { easel } from '../support/workspace';

const draw = (prompt: string, seed: number) =>
  vscode.commands.executeCommand<vscode.Uri | undefined>('easel.generateImage', { prompt, seed });

/** Opens a document of any file system, with the cursor at its beginning. */
async function open(uri: vscode.Uri): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document);
  return document;
}

// Run in a workspace of two folders.
describe('where pictures go', () => {
  const files = new MemoryFiles();
  const subscriptions = [
    vscode.workspace.registerFileSystemProvider('easeltest', files),
    vscode.workspace.registerFileSystemProvider('easelfixed', files, { isReadonly: true }),
  ];
  after(() => {
    vscode.Disposable.from(...subscriptions).dispose();
  });
  beforeEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('is the workspace folder of the document, of several', async () => {
    const [first, second] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(first && second, 'two folders are open');
    for (const { uri } of [second, first]) {
      const note = vscode.Uri.joinPath(uri, 'note.md');
      await vscode.workspace.fs.writeFile(note, new Uint8Array());
      const document = await open(note);
      const picture = await draw('a fish', 31);
      assert.equal(picture?.path, vscode.Uri.joinPath(uri, 'assets/a-fish.webp').path);
      assert.equal(document.getText(), '![a fish](assets/a-fish.webp)');
      await document.save();
    }
  });

  it('is each folder by its own setting', async () => {
    const [, second] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(second);
    const section = vscode.workspace.getConfiguration('easel', second.uri);
    await section.update('saveFolder', 'art', vscode.ConfigurationTarget.WorkspaceFolder);
    await open(vscode.Uri.joinPath(second.uri, 'note.md'));
    const picture = await draw('a whale', 32);
    assert.equal(picture?.path, vscode.Uri.joinPath(second.uri, 'art/a-whale.webp').path);
  });

  it('is beside a document of a file system that is no disk', async () => {
    const note = vscode.Uri.parse('easeltest:/far/note.md');
    files.writeFile(note, new Uint8Array());
    const document = await open(note);
    const picture = await draw('a bird', 33);
    assert.equal(picture?.toString(), 'easeltest:/far/a-bird.webp');
    assert.equal(document.getText(), '![a bird](a-bird.webp)');
    const names = files.readDirectory(vscode.Uri.parse('easeltest:/far')).map(([name]) => name);
    assert.deepEqual(names.sort(), ['a-bird.webp', 'note.md']);
  });

  it('is nowhere where nothing can be written, which is said before drawing', async () => {
    const { engine } = await easel();
    files.writeFile(vscode.Uri.parse('easelfixed:/fixed/note.md'), new Uint8Array());
    await open(vscode.Uri.parse('easelfixed:/fixed/note.md'));
    let drew = false;
    const watching = engine.onDidChangeJobs(() => (drew = true));
    assert.equal(await draw('a stone', 34), undefined);
    watching.dispose();
    assert.equal(drew, false);
    assert.deepEqual(
      files.readDirectory(vscode.Uri.parse('easelfixed:/fixed')).map(([name]) => name),
      ['note.md'],
    );
  });
});
