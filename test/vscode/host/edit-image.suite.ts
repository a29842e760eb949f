import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { readRecipe, type Recipe } from '../../../src/core/recipe';
import { easel, editDocument, filesIn, workspaceUri } from '../support/workspace';

/** The folder of a model that edits by words. It is in `easel.modelPaths`. */
const MODEL = process.env.EASEL_TEST_EDITING_MODEL ?? '';

async function recipeOf(picture: vscode.Uri): Promise<Recipe['request']> {
  const recipe = readRecipe(await vscode.workspace.fs.readFile(picture));
  assert.ok(recipe, picture.path);
  return recipe.request;
}

async function draw(wish: object): Promise<vscode.Uri> {
  const picture: unknown = await vscode.commands.executeCommand('easel.generateImage', wish);
  assert.ok(picture instanceof vscode.Uri, 'no picture was drawn');
  return picture;
}

async function withModel<T>(model: string, run: () => Promise<T>): Promise<T> {
  const section = vscode.workspace.getConfiguration('easel');
  const set = (value?: string) =>
    section.update('model', value, vscode.ConfigurationTarget.Workspace);
  await set(model);
  try {
    return await run();
  } finally {
    await set();
  }
}

const edit = async (image: vscode.Uri, more: object = {}): Promise<unknown> =>
  vscode.commands.executeCommand('easel.editImage', {
    ...{ image: image.toString(), prompt: 'make it snow' },
    ...more,
  });

describe('Edit Image', () => {
  before(async () => {
    await easel();
    assert.notEqual(MODEL, '');
  });
  beforeEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('changes an image by a model that edits by words, beside the old one', async () => {
    const picture = await draw({ prompt: 'a house', seed: 1 });
    const before = await vscode.workspace.fs.readFile(picture);
    const edited = await withModel(MODEL, () => edit(picture));
    assert.ok(edited instanceof vscode.Uri);
    assert.ok(edited.path.endsWith('/assets/a-house-2.webp'), edited.path);
    const { prompt, model, imageGuidanceScale, strength, style, fit } = await recipeOf(edited);
    assert.deepEqual([prompt, model, imageGuidanceScale], ['make it snow', MODEL, 1.5]);
    assert.deepEqual([strength, style], [undefined, undefined]);
    assert.deepEqual(fit, { width: 256, height: 256 });
    assert.deepEqual(await vscode.workspace.fs.readFile(picture), before);
  });

  it('links the new image where the old one was, and leaves one undo', async () => {
    const { document } = await editDocument('edit/page.md', '');
    const picture = await draw({ prompt: 'a tree', seed: 2 });
    const text = document.getText();
    const link = { document: document.uri.toString(), start: 0 };
    await withModel(MODEL, () => edit(picture, link));
    assert.equal(document.getText(), text.replace('a-tree.webp', 'a-tree-2.webp'));
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), text);
  });

  it('saves what it makes of a drawing in another format as a PNG', async () => {
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="48"><rect width="9" height="9"/></svg>';
    const file = workspaceUri('edit/sign.svg');
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(svg));
    const edited = await withModel(MODEL, () => edit(file));
    assert.ok(
      edited instanceof vscode.Uri && edited.path.endsWith('/edit/sign.png'),
      String(edited),
    );
    assert.deepEqual(await filesIn('edit'), ['page.md', 'sign.png', 'sign.svg']);
  });

  it('asks for a model where the own one does not edit, and offers those that do first', async () => {
    const picture = await draw({ prompt: 'a boat', seed: 3 });
    const editing = edit(picture);
    // The list takes the key once it is there.
    const key = setInterval(() => {
      void vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    }, 200);
    const edited = await editing;
    clearInterval(key);
    assert.ok(edited instanceof vscode.Uri);
    assert.equal((await recipeOf(edited)).model, MODEL);
    // The user's own model stays.
    assert.equal(vscode.workspace.getConfiguration('easel').get('model'), 'starter');
  });

  it('edits once more what an edit has made, by Vary and by Draw Again', async () => {
    const picture = await draw({ prompt: 'a cat', seed: 5 });
    const [varied, again] = await withModel(MODEL, async () => {
      const edited = await edit(picture);
      assert.ok(edited instanceof vscode.Uri);
      const argument = { image: edited.toString() };
      return [
        await vscode.commands.executeCommand('easel.vary', argument),
        await vscode.commands.executeCommand('easel.drawAgain', argument),
      ];
    });
    const seeds: unknown[] = [];
    for (const made of [varied, again]) {
      assert.ok(made instanceof vscode.Uri);
      const { prompt, model, imageGuidanceScale, seed } = await recipeOf(made);
      assert.deepEqual([prompt, model, imageGuidanceScale], ['make it snow', MODEL, 1.5]);
      seeds.push(seed);
    }
    assert.notEqual(seeds[0], seeds[1]);
  });

  it('is what agents do with such a model, too', async () => {
    const listed = await vscode.lm.invokeTool('list_image_models', {
      input: {},
      toolInvocationToken: undefined,
    });
    assert.match(JSON.stringify(listed.content), /Edits by words/);
    const picture = await draw({ prompt: 'a fox', seed: 4 });
    await vscode.lm.invokeTool('edit_image', {
      input: {
        image: vscode.workspace.asRelativePath(picture),
        prompt: 'make it blue',
        model: MODEL,
        imageGuidanceScale: 2,
        path: 'edit/fox.png',
      },
      toolInvocationToken: undefined,
    });
    const { prompt, imageGuidanceScale } = await recipeOf(workspaceUri('edit/fox.png'));
    assert.deepEqual([prompt, imageGuidanceScale], ['make it blue', 2]);
  });
});
