import { strict as assert } from 'node:assert';
import path from 'node:path';
import * as vscode from 'vscode';
import { openMcp } from '../../support/mcp-client';
import { until } from '../../support/until';
import { assertWholeImage, easel, editDocument, filesIn, workspaceUri } from '../support/workspace';

const invoke = (name: string, input: object, token?: vscode.CancellationToken) =>
  vscode.lm.invokeTool(name, { input, toolInvocationToken: undefined }, token);

function textOf(result: vscode.LanguageModelToolResult): string {
  return result.content
    .filter((part) => part instanceof vscode.LanguageModelTextPart)
    .map(({ value }) => value)
    .join('\n');
}

// The confirmation is asked for by a dialog, which VS Code takes for confirmed while a test drives it.
describe('the tools of agents', () => {
  before(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('are there, with descriptions and schemas', () => {
    const own = vscode.lm.tools.filter(({ tags }) => tags.includes('easel'));
    assert.deepEqual(own.map(({ name }) => name).sort(), [
      'edit_image',
      'generate_image',
      'list_image_models',
    ]);
    for (const { description, inputSchema } of own) {
      assert.ok(description.length > 100);
      assert.ok(inputSchema);
    }
  });

  it('draw into the workspace and answer with path, Markdown, seed and picture', async () => {
    const result = await invoke('generate_image', {
      ...{ prompt: 'a red apple', seed: 41, path: 'docs/img/apple.png' },
      ...{ width: 120, height: 80, altText: 'An apple' },
    });
    const text = textOf(result);
    assert.match(text, /^Saved docs\/img\/apple\.png \(120 × 80 PNG\)/);
    assert.match(text, /from the workspace folder .*: !\[An apple\]\(docs\/img\/apple\.png\)/);
    assert.match(text, /starter in 2 steps on \w+ .*seed 41/);
    await assertWholeImage(workspaceUri('docs/img/apple.png'));
    const [picture] = result.content.filter((part) => part instanceof vscode.LanguageModelDataPart);
    assert.equal(picture?.mimeType, 'image/jpeg');
    assert.deepEqual([...picture.data.subarray(0, 2)], [0xff, 0xd8]);
    assert.ok(picture.data.length < 60_000);
  });

  it('link from the document in front, and name the file themselves', async () => {
    await editDocument('docs/page.md', '# Page\n');
    const text = textOf(await invoke('generate_image', { prompt: 'a fish', seed: 42 }));
    assert.match(text, /Markdown, from docs\/page\.md: !\[a fish\]\(\.\.\/assets\/a-fish\.webp\)/);
    await assertWholeImage(workspaceUri('assets/a-fish.webp'));
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('list the models', async () => {
    assert.match(textOf(await invoke('list_image_models', {})), /- starter \(default\)/);
  });

  it('never leave the workspace, never overwrite, and say what is wrong', async () => {
    const cases: [object, RegExp][] = [
      [{ prompt: 'x', path: '../out.png' }, /bad-request: .*is outside/],
      [{ prompt: 'x', path: '/tmp/out.png' }, /bad-request: .*is outside/],
      [{ prompt: 'x', path: 'docs/img/apple.png' }, /write-failed: .*exists already/],
      [{ prompt: 'x', path: 'out.gif' }, /bad-request: path: must end in/],
      [{ prompt: 'x', width: 0 }, /bad-request: width: must be at least 1/],
      [{ prompt: 'x', model: 'no/such' }, /model-not-found: .*list_image_models/],
      [{ prompt: 'x', path: '.git/hooks/x.png' }, /bad-request: .*hidden/],
      [{ prompt: 'x', path: 'docs/.x/y.png' }, /bad-request: .*hidden/],
      [{ prompt: 'x', count: 9 }, /bad-request: count/],
      [{}, /bad-request: prompt/],
    ];
    for (const [input, wanted] of cases) {
      await assert.rejects(Promise.resolve(invoke('generate_image', input)), wanted);
    }
  });

  it('answer the same for every model that is not listed, and open none', async () => {
    const extension = vscode.extensions.getExtension('easel.easel');
    const starter = vscode.Uri.joinPath(
      extension?.extensionUri ?? workspaceUri(),
      'models/starter',
    );
    await vscode.workspace.fs.copy(starter, workspaceUri('mine'), { overwrite: true });
    const answers = new Set<string>();
    for (const model of [workspaceUri('mine').fsPath, '/etc/shadow', '/no/such']) {
      const asked = Promise.resolve(invoke('generate_image', { prompt: 'x', model }));
      const error: unknown = await asked.then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      assert.ok(error instanceof Error, model);
      answers.add(error.message.replace(model, ''));
    }
    assert.equal(answers.size, 1);
  });

  it('take null for what is left out, draw several, and save trials outside the workspace', async () => {
    const result = await invoke('generate_image', {
      ...{ prompt: 'a red apple', seed: 7, count: 2, temporary: true },
      ...{ negativePrompt: null, path: null, width: null, model: null, altText: null },
    });
    const saved = [...textOf(result).matchAll(/^Saved (\S+) \(/gm)].map(([, file = '']) => file);
    assert.equal(saved.length, 2);
    for (const file of saved) {
      assert.ok(!file.startsWith(workspaceUri().fsPath));
      await assertWholeImage(vscode.Uri.file(file));
    }
    assert.match(textOf(result), /seeds 7, 8/);
    assert.doesNotMatch(textOf(result), /Markdown/);
    const images = result.content.filter((part) => part instanceof vscode.LanguageModelDataPart);
    assert.equal(images.length, 2);
  });

  it('change an image by words, in its own size, and leave the old one', async () => {
    await invoke('generate_image', { prompt: 'a red apple', seed: 1, path: 'edit/apple.png' });
    const before = await vscode.workspace.fs.readFile(workspaceUri('edit/apple.png'));
    const result = await invoke('edit_image', {
      ...{ image: 'edit/apple.png', prompt: 'a green apple', strength: 0.6, seed: 2, mask: null },
      path: 'edit/green.png',
    });
    assert.match(textOf(result), /^Saved edit\/green\.png \(256 × 256 PNG\)/);
    await assertWholeImage(workspaceUri('edit/green.png'));
    assert.deepEqual(await vscode.workspace.fs.readFile(workspaceUri('edit/apple.png')), before);
    for (const image of ['../../etc/passwd', '/etc/passwd', 'edit/no.png', '.git/x.png']) {
      const call = Promise.resolve(invoke('edit_image', { image, prompt: 'x' }));
      await assert.rejects(call, /bad-request: image: there is no file/);
    }
  });

  it('stop when they are cancelled', async () => {
    const { engine } = await easel();
    const source = new vscode.CancellationTokenSource();
    const input = { prompt: 'a castle', steps: 1000, path: 'cancelled.png' };
    const drawing = Promise.resolve(invoke('generate_image', input, source.token));
    const ended = assert.rejects(drawing);
    await until('a few steps', () => (engine.jobs[0]?.progress.done ?? 0) > 2);
    source.cancel();
    await ended;
    await until('no job', () => engine.jobs.length === 0);
    assert.ok(!(await filesIn('.')).includes('cancelled.png'));
  });

  it('draw two at once', async () => {
    const names = ['two/a.png', 'two/b.png'];
    await Promise.all(names.map((name) => invoke('generate_image', { prompt: 'x', path: name })));
    assert.deepEqual(await filesIn('two'), ['a.png', 'b.png']);
  });

  it('come with a skill that VS Code takes', async () => {
    const files = await vscode.commands.executeCommand<{ type: string; extensionId: string }[]>(
      '_listExtensionPromptFiles',
    );
    const own = files.filter(({ extensionId }) => extensionId.toLowerCase() === 'easel.easel');
    assert.deepEqual(
      own.map(({ type }) => type),
      ['skill'],
    );
  });

  it("come as a server too, which the editor's own Node runs", async () => {
    const extension = vscode.extensions.getExtension('easel.easel');
    const folder = workspaceUri().fsPath;
    const session = await openMcp({
      program: [path.join(extension?.extensionPath ?? '', 'dist/mcp.js')],
      env: { ELECTRON_RUN_AS_NODE: '1' },
      roots: [folder],
    });
    try {
      const { tools } = await session.client.listTools();
      assert.equal(tools.length, 3);
      const answer = await session.call('generate_image', {
        prompt: 'x',
        steps: 2,
        path: 'mcp.png',
      });
      assert.equal(answer.isError, false, answer.text);
      await assertWholeImage(workspaceUri('mcp.png'));
    } finally {
      await session.close();
    }
  });
});
