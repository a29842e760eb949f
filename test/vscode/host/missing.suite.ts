import { strict as assert } from 'node:assert';
import { mkdtemp, readdir, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { until } from '../../support/until';
import { assertWholeImage, easel, editDocument, filesIn, workspaceUri } from '../support/workspace';

/** The quick fixes offered at the first place where a text stands in a document. */
async function fixesAt(document: vscode.TextDocument, text: string): Promise<vscode.CodeAction[]> {
  const position = document.positionAt(document.getText().indexOf(text) + 1);
  for (;;) {
    try {
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        'vscode.executeCodeActionProvider',
        document.uri,
        new vscode.Range(position, position),
        vscode.CodeActionKind.QuickFix.value,
      );
      return actions.filter(({ title }) => title.includes('Easel'));
    } catch (thrown) {
      // The editor takes its question back when another provider arrives meanwhile.
      if (!(thrown instanceof Error && thrown.message === 'Canceled')) throw thrown;
    }
  }
}

/** The quick fixes once there are some: a document that was opened just now may get an empty answer first. */
async function offeredAt(
  document: vscode.TextDocument,
  text: string,
): Promise<vscode.CodeAction[]> {
  let fixes: vscode.CodeAction[] = [];
  await until('a quick fix', async () => (fixes = await fixesAt(document, text)).length > 0);
  return fixes;
}

async function apply(action: vscode.CodeAction | undefined): Promise<void> {
  assert.ok(action?.command);
  const { command, arguments: args = [] } = action.command;
  await vscode.commands.executeCommand(command, ...(args as unknown[]));
}

async function read(path: string): Promise<Buffer> {
  return Buffer.from(await vscode.workspace.fs.readFile(workspaceUri(path)));
}

describe('missing pictures', () => {
  // Opening a document activates the extension, but nobody is told when that is done.
  before(() => easel());
  beforeEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('are drawn from the alternative text, at their path and size, by a quick fix', async () => {
    const text = '# Page\n\n![a lighthouse at dawn](missing/lighthouse-160x80.png)\n';
    const { document } = await editDocument('missing-one.md', text);
    const [fix, ...more] = await offeredAt(document, '![a lighthouse');
    assert.equal(fix?.title, 'Draw "a lighthouse at dawn" with Easel');
    assert.deepEqual(more, []);
    await apply(fix);
    await assertWholeImage(workspaceUri('missing/lighthouse-160x80.png'));
    const png = await read('missing/lighthouse-160x80.png');
    assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [160, 80]);
    assert.equal(document.getText(), text);
    assert.deepEqual(await fixesAt(document, '![a lighthouse'), []);
  });

  it('are drawn from what the editor itself finds missing', async () => {
    const markdown = vscode.workspace.getConfiguration('markdown');
    await markdown.update('validate.enabled', true, vscode.ConfigurationTarget.Workspace);
    const { document } = await editDocument(
      'missing-diagnostic.md',
      '![a red kite](kite-64.png)\n',
    );
    const noSuchFile = () =>
      vscode.languages
        .getDiagnostics(document.uri)
        .find(({ code }) => (typeof code === 'object' ? code.value : code) === 'link.no-such-file');
    await until('a diagnostic of the editor', () => noSuchFile() !== undefined, 120_000);
    const { range } = noSuchFile() ?? {};
    assert.equal(range && document.getText(range), 'kite-64.png');
    await apply((await offeredAt(document, 'kite-64.png'))[0]);
    await assertWholeImage(workspaceUri('kite-64.png'));
    await until('no diagnostic any more', () => noSuchFile() === undefined, 120_000);
    await markdown.update('validate.enabled', undefined, vscode.ConfigurationTarget.Workspace);
  });

  it('are offered nothing where the file exists, lies elsewhere, or is no picture', async () => {
    const { document } = await editDocument(
      'missing-none.md',
      '![a](https://example.com/a.png) ![b](data:image/png;base64,AA==) ![c](c.txt) ![d](../../d.png)\n',
    );
    for (const text of ['![a]', '![b]', '![c]', '![d]']) {
      assert.deepEqual(await fixesAt(document, text), [], text);
    }
  });

  it('are drawn in the format their name asks for', async () => {
    const { document } = await editDocument(
      'missing-formats.html',
      '<img src="missing/fox.jpg" alt="a fox" width="64" height="48"><img src="missing/owl.webp" alt="an owl">\n',
    );
    await apply((await offeredAt(document, 'fox.jpg'))[0]);
    await apply((await offeredAt(document, 'owl.webp'))[0]);
    assert.deepEqual([...(await read('missing/fox.jpg')).subarray(0, 3)], [0xff, 0xd8, 0xff]);
    const webp = await read('missing/owl.webp');
    assert.equal(webp.toString('latin1', 0, 4) + webp.toString('latin1', 8, 12), 'RIFFWEBP');
  });

  it('are drawn all at once for a document, each once', async () => {
    const { document } = await editDocument(
      'missing-all.md',
      '![a cat](all/cat.png) ![the cat again](all/cat.png)\n\n<img src="all/dog.png" alt="a dog">\n',
    );
    const fixes = await offeredAt(document, '![a cat]');
    await apply(fixes.find(({ title }) => title.startsWith('Draw All')));
    assert.deepEqual((await filesIn('all')).sort(), ['cat.png', 'dog.png']);
  });

  it('are drawn for all documents of a folder', async () => {
    await editDocument('site/one.md', '![a tree](one.png)\n');
    await editDocument('site/style.css', '.a { background: url(blue-star-32.png) }\n');
    await vscode.workspace.saveAll();
    await vscode.commands.executeCommand('easel.drawAllMissing', workspaceUri('site'));
    assert.deepEqual((await filesIn('site')).filter((name) => name.endsWith('.png')).sort(), [
      'blue-star-32.png',
      'one.png',
    ]);
  });

  it('are told with what was read, and what could not be', async () => {
    await editDocument('told/one.md', '![a moon](moon.png)\n');
    await editDocument('told/two.html', '<img src="moon.png" alt="">\n');
    await editDocument('told/three.pug', 'img(src="star.png")\n');
    await editDocument('told/dist/four.md', '![a sun](sun.png)\n');
    await editDocument('told/.gitignore', 'five.md\n');
    await editDocument('told/five.md', '![a comet](comet.png)\n');
    await vscode.workspace.saveAll();
    const told = await vscode.commands.executeCommand<{
      drawn: number;
      missing: number;
      read: number;
      otherKinds: Map<string, number>;
    }>('easel.drawAllMissing', workspaceUri('told'));
    assert.deepEqual([told.drawn, told.missing, told.read], [1, 1, 2]);
    assert.deepEqual([...told.otherKinds], [['pug', 1]]);
    assert.deepEqual(
      (await filesIn('told')).filter((name) => name.endsWith('.png')),
      ['moon.png'],
    );
  });

  it('are drawn without a question only where they are a handful', async () => {
    const names = Array.from({ length: 7 }, (_, index) => `many/${index}-thing.png`);
    const { document } = await editDocument(
      'missing-many.md',
      names.map((name) => `![thing](${name})\n`).join('\n'),
    );
    const asked = vscode.commands.executeCommand<{ drawn: number } | undefined>(
      'easel.drawAllMissing',
      document.uri,
    );
    // Nobody chooses: the list is closed, and nothing is drawn.
    let result: { drawn: number } | undefined | 'waits' = 'waits';
    void asked.then((answer) => (result = answer));
    await until('an answer', async () => {
      await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
      return result !== 'waits';
    });
    assert.equal((await asked)?.drawn, 0);
  });

  it('are found and written where the site serves them from', async () => {
    await editDocument('web/docusaurus.config.js', 'module.exports = {};\n');
    const { document } = await editDocument('web/docs/page.md', '![a fox](/img/fox-64.png)\n');
    await vscode.workspace.saveAll();
    await apply((await offeredAt(document, '![a fox'))[0]);
    await assertWholeImage(workspaceUri('web/static/img/fox-64.png'));
    assert.deepEqual(await fixesAt(document, '![a fox'), []);
  });

  it('have a hint, which a setting turns off', async () => {
    const { document } = await editDocument('missing-hint.md', '![a bell](bell-64.png)\n');
    const hints = () =>
      vscode.languages
        .getDiagnostics(document.uri)
        .filter(({ code, source }) => source === 'Easel' && code === 'missing-image');
    await until('a hint', () => hints().length === 1);
    assert.equal(hints()[0]?.severity, vscode.DiagnosticSeverity.Hint);
    assert.equal(document.getText(hints()[0]?.range), 'bell-64.png');
    const section = vscode.workspace.getConfiguration('easel');
    await section.update('missingImages.hints', false, vscode.ConfigurationTarget.Workspace);
    await until('no hint', () => hints().length === 0);
    await section.update('missingImages.hints', undefined, vscode.ConfigurationTarget.Workspace);
    await until('the hint again', () => hints().length === 1);
    await apply((await offeredAt(document, '![a bell'))[0]);
    await until('no hint any more', () => hints().length === 0);
  });

  it('of placeholder services are drawn as files, in their size', async () => {
    const { document } = await editDocument(
      'missing-service.html',
      '<p><img src="https://placehold.co/96x64?text=a+red+kite&amp;font=x" alt=""></p>\n',
    );
    const [fix] = await offeredAt(document, 'placehold');
    assert.match(fix?.title ?? '', /Draw It Locally/);
    await apply(fix);
    const [, address = ''] = /src="([^"]*)"/.exec(document.getText()) ?? [];
    assert.match(address, /^assets\/a-red-kite.*\.webp$/);
    const webp = await read(address);
    // https://developers.google.com/speed/webp/docs/riff_container#extended_file_format
    assert.deepEqual([webp.readUIntLE(24, 3) + 1, webp.readUIntLE(27, 3) + 1], [96, 64]);
  });

  it('are not drawn where a link leads out of the workspace', async () => {
    const outside = await mkdtemp(path.join(tmpdir(), 'easel-outside-'));
    await symlink(outside, workspaceUri('linked').fsPath);
    const { document } = await editDocument('missing-linked.md', '![a key](linked/key-64.png)\n');
    await apply((await offeredAt(document, '![a key'))[0]);
    assert.deepEqual(await readdir(outside), []);
    // The save folder is checked before anything is drawn.
    const section = vscode.workspace.getConfiguration('easel');
    await section.update('saveFolder', 'linked', vscode.ConfigurationTarget.Workspace);
    const { engine } = await easel();
    let drew = false;
    const watching = engine.onDidChangeJobs(() => (drew = true));
    const options = { prompt: 'a key', seed: 1 };
    const image = await vscode.commands.executeCommand('easel.generateImage', options);
    watching.dispose();
    await section.update('saveFolder', undefined, vscode.ConfigurationTarget.Workspace);
    assert.equal(image, undefined);
    assert.equal(drew, false);
    assert.deepEqual(await readdir(outside), []);
  });
});
