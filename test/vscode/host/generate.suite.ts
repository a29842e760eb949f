import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { assertWholeImage, easel, editDocument, filesIn, workspaceUri } from '../support/workspace';

const draw = (prompt?: string, seed?: number) =>
  vscode.commands.executeCommand<vscode.Uri | undefined>('easel.generateImage', { prompt, seed });

describe('Generate Image', () => {
  beforeEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('saves into the folder and inserts a link, which one undo takes back', async () => {
    const { document } = await editDocument('readme.md', '# Fruit\n\n');
    const picture = await draw('a red apple', 1);
    assert.ok(picture);
    assert.equal(picture.path, workspaceUri('assets/a-red-apple.webp').path);
    await assertWholeImage(picture);
    assert.equal(document.getText(), '# Fruit\n\n![a red apple](assets/a-red-apple.webp)');
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), '# Fruit\n\n');
  });

  it('links from a folder below the root', async () => {
    const { document } = await editDocument('docs/my guide/page.md', '');
    await draw('a green tree', 2);
    assert.equal(document.getText(), '![a green tree](../../assets/a-green-tree.webp)');
  });

  it('takes the selection as the prompt and leaves it where it is', async () => {
    const { document } = await editDocument('selected.md', 'before\na blue   star\nafter\n', 'a blue   star'); // prettier-ignore
    const picture = await vscode.commands.executeCommand<vscode.Uri>('easel.generateImage');
    const name = picture.path.split('/').at(-1) ?? '';
    assert.match(name, /^a-blue-star\.webp$/);
    assert.equal(
      document.getText(),
      `before\na blue   star\n\n![a blue star](assets/${name})\nafter\n`,
    );
  });

  it('writes the link of each language', async () => {
    const cases = [
      ['page.html', '<p></p>\n', '<img src="assets/x.webp" alt="x" width="256" height="256">'],
      ['view.tsx', '', '<img src="assets/x-2.webp" alt="x" width="256" height="256" />'],
      ['style.css', 'a { background: ', 'url("assets/x-3.webp")'],
    ] as const;
    for (const [name, text, link] of cases) {
      const { document } = await editDocument(name, text);
      await draw('x', 3);
      assert.equal(document.getText(), text + link);
    }
  });

  it('inserts where it was asked for, whatever is typed meanwhile', async () => {
    const { document } = await editDocument('busy.md', 'one\n\ntwo\n');
    const drawing = draw('a cat', 4);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), 'zero\n');
    await vscode.workspace.applyEdit(edit);
    await drawing;
    assert.equal(document.getText(), 'zero\none\n\ntwo\n![a cat](assets/a-cat.webp)');
  });

  it('opens the picture where no document takes it', async () => {
    const picture = await draw('a lone house', 5);
    const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
    assert.ok(input instanceof vscode.TabInputCustom);
    assert.equal(input.uri.toString(), picture?.toString());
  });

  it('overwrites nothing', async () => {
    const first = await draw('twice', 6);
    const bytes = first && (await vscode.workspace.fs.readFile(first));
    const second = await draw('twice', 6);
    assert.equal(second?.path, workspaceUri('assets/twice-2.webp').path);
    assert.ok(first && bytes);
    assert.deepEqual(await vscode.workspace.fs.readFile(first), bytes);
    // The same request draws the same picture.
    assert.deepEqual(await vscode.workspace.fs.readFile(second), bytes);
  });

  it('keeps names in the folder, whatever the prompt', async () => {
    const picture = await draw('../../../etc/passwd \0 C:\\x', 7);
    assert.equal(picture?.path, workspaceUri('assets/etc-passwd-c-x.webp').path);
  });

  it('follows markdown.copyFiles.destination', async () => {
    const section = vscode.workspace.getConfiguration('markdown');
    const target = vscode.ConfigurationTarget.Workspace;
    const destination = { '/notes/**': 'img/${documentBaseName}/${fileName}' };
    await section.update('copyFiles.destination', destination, target);
    try {
      const { document } = await editDocument('notes/today.md', '');
      const picture = await draw('a sun', 8);
      assert.equal(picture?.path, workspaceUri('notes/img/today/a-sun.webp').path);
      assert.equal(document.getText(), '![a sun](img/today/a-sun.webp)');
    } finally {
      await section.update('copyFiles.destination', undefined, target);
    }
  });

  it('follows easel.saveFolder and easel.altText', async () => {
    const section = vscode.workspace.getConfiguration('easel');
    const target = vscode.ConfigurationTarget.Workspace;
    await section.update('saveFolder', 'static/pictures', target);
    await section.update('altText', 'Draft: ${prompt}', target);
    try {
      const { document } = await editDocument('folder.md', '');
      await draw('a hill', 9);
      assert.equal(document.getText(), '![Draft: a hill](static/pictures/a-hill.webp)');
      assert.deepEqual(await filesIn('static/pictures'), ['a-hill.webp']);
    } finally {
      await section.update('saveFolder', undefined, target);
      await section.update('altText', undefined, target);
    }
  });

  it('draws for other programs with the same engine, until it is told to stop', async () => {
    const serve = () => vscode.commands.executeCommand<string>('easel.serve');
    const address = await serve();
    assert.match(address, /^http:\/\/127\.0\.0\.1:\d+$/);
    assert.equal(await serve(), address);
    const { engine } = await easel();
    let jobs = 0;
    const watching = engine.onDidChangeJobs(() => (jobs = Math.max(jobs, engine.jobs.length)));
    const answer = await fetch(`${address}/v1/images/generations`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ prompt: 'a red apple', num_inference_steps: 2 }),
    });
    watching.dispose();
    const { data } = (await answer.json()) as { data: { b64_json: string }[] };
    const file = workspaceUri('served.png');
    await vscode.workspace.fs.writeFile(file, Buffer.from(data[0]?.b64_json ?? '', 'base64'));
    await assertWholeImage(file);
    assert.equal(jobs, 1);
    // An error of the engine, which is in another bundle than the server, keeps its code.
    const wrong = await fetch(`${address}/v1/images/generations`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ prompt: 'a red apple', size: '5x5', num_inference_steps: 1 }),
    });
    assert.ok(wrong.status < 500, await wrong.text());
    await vscode.commands.executeCommand('easel.stopServing');
    await assert.rejects(fetch(`${address}/health`));
  });

  it('lists the starter model and a working device', async () => {
    const { engine, models } = await easel();
    assert.ok((await models.list()).some(({ id, runnable }) => id === 'starter' && runnable));
    const { devices, chosen } = await engine.devices();
    assert.ok(devices.some(({ device, works }) => device === chosen && works));
  });
});
