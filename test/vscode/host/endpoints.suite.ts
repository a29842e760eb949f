import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { readRecipe, type Recipe } from '../../../src/core/recipe';
import { assertWholeImage, easel, editDocument, filesIn, workspaceUri } from '../support/workspace';

/** A server of AUTOMATIC1111's kind, which the test has added. */
const MODEL = 'dreamy_v2@friend';

async function recipeOf(uri: vscode.Uri): Promise<Recipe> {
  const recipe = readRecipe(await vscode.workspace.fs.readFile(uri));
  assert.ok(recipe, uri.path);
  return recipe;
}

async function assertDrawnThere(uri: vscode.Uri): Promise<Recipe> {
  await assertWholeImage(uri);
  const recipe = await recipeOf(uri);
  assert.equal(recipe.details.Endpoint, 'a1111', uri.path);
  assert.equal(recipe.model, 'dreamy_v2');
  return recipe;
}

function textOf(result: vscode.LanguageModelToolResult): string {
  return result.content
    .flatMap((part) => (part instanceof vscode.LanguageModelTextPart ? part.value : []))
    .join('\n');
}

describe('a model of an endpoint', () => {
  const settings = () => vscode.workspace.getConfiguration('easel');
  const invoke = (name: string, input: object) =>
    vscode.lm.invokeTool(name, { input, toolInvocationToken: undefined });

  before(async () => {
    await easel();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });
  after(() => settings().update('model', undefined, vscode.ConfigurationTarget.Global));

  it('is listed for agents, who draw and edit with it by its name', async () => {
    const listed = textOf(await invoke('list_image_models', {}));
    assert.match(listed, /Models at 127\.0\.0\.1:\d+, to which prompts and images are sent \(2\)/);
    assert.match(listed, /- dreamy_v2@friend\n/);
    const drawn = textOf(
      await invoke('generate_image', {
        ...{ prompt: 'a red circle', path: 'far/circle.png', model: MODEL, seed: 3 },
        ...{ width: 128, height: 128 },
      }),
    );
    assert.match(drawn, /^Saved far\/circle\.png \(128 × 128 PNG\)/);
    await assertDrawnThere(workspaceUri('far/circle.png'));
    await invoke('edit_image', {
      ...{ prompt: 'a green circle', image: 'far/circle.png', path: 'far/green.png' },
      model: MODEL,
    });
    const { request } = await assertDrawnThere(workspaceUri('far/green.png'));
    assert.equal(request.prompt, 'a green circle');
    await assert.rejects(
      async () => invoke('generate_image', { prompt: 'x', model: 'dreamy_v2@stranger' }),
      /model-not-found/,
    );
  });

  it('draws for a quick fix, at the path and size of the link', async () => {
    await settings().update('model', MODEL, vscode.ConfigurationTarget.Global);
    const text = '# Page\n\n![a blue circle](far/blue-160x80.png)\n';
    const { document } = await editDocument('far.md', text);
    const at = document.positionAt(text.indexOf('blue circle'));
    let fix: vscode.CodeAction | undefined;
    while (!fix) {
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        'vscode.executeCodeActionProvider',
        document.uri,
        new vscode.Range(at, at),
        vscode.CodeActionKind.QuickFix.value,
      );
      fix = actions.find(({ title }) => title.includes('Easel'));
    }
    assert.ok(fix.command);
    const args = (fix.command.arguments ?? []) as unknown[];
    await vscode.commands.executeCommand(fix.command.command, ...args);
    const file = workspaceUri('far/blue-160x80.png');
    await assertDrawnThere(file);
    const png = Buffer.from(await vscode.workspace.fs.readFile(file));
    assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [160, 80]);
  });

  it('varies its images, with another seed', async () => {
    const file = workspaceUri('far/circle.png');
    const varied: unknown = await vscode.commands.executeCommand('easel.vary', file);
    assert.ok(varied instanceof vscode.Uri);
    const { request } = await assertDrawnThere(varied);
    assert.equal(request.prompt, 'a red circle');
    assert.ok(request.seed !== undefined && request.seed !== 3);
    assert.ok((await filesIn('far')).includes('circle.png'));
  });
});
