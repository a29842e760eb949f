import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { readRecipe } from '../../../src/core/recipe';
import { easel, editDocument, filesIn, workspaceUri } from '../support/workspace';

/** The file of an upscaler (4 times), whose folder is in `easel.modelPaths`. */
const UPSCALER = process.env.EASEL_TEST_UPSCALER ?? '';

const upscale = (image: vscode.Uri, more: object = {}): Thenable<unknown> =>
  vscode.commands.executeCommand('easel.upscaleImage', { image: image.toString(), ...more });

/** The size of a PNG file, from its header. */
async function sizeOf(file: vscode.Uri): Promise<readonly [number, number]> {
  const bytes = Buffer.from(await vscode.workspace.fs.readFile(file));
  return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
}

async function picture(prompt: string, name: string): Promise<vscode.Uri> {
  const drawn: unknown = await vscode.commands.executeCommand('easel.generateImage', {
    ...{ prompt, seed: 1, format: 'png', width: 32, height: 24 },
  });
  assert.ok(drawn instanceof vscode.Uri);
  const file = workspaceUri(name);
  await vscode.workspace.fs.copy(drawn, file);
  return file;
}

describe('Upscale', () => {
  before(async () => {
    await easel();
    assert.notEqual(UPSCALER, '');
    await vscode.workspace
      .getConfiguration('easel')
      .update('format', 'png', vscode.ConfigurationTarget.Workspace);
  });
  beforeEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('makes an image larger by an upscaler, beside the old one, and overwrites none', async () => {
    const image = await picture('a house', 'up/house.png');
    const before = await vscode.workspace.fs.readFile(image);
    const [width, height] = await sizeOf(image);
    for (const name of ['house-4x.png', 'house-4x-2.png']) {
      const made = await upscale(image, { model: UPSCALER, factor: 4 });
      assert.ok(made instanceof vscode.Uri && made.path.endsWith(`/up/${name}`), String(made));
      assert.deepEqual(await sizeOf(made), [4 * width, 4 * height]);
      const recipe = readRecipe(await vscode.workspace.fs.readFile(made));
      assert.equal(recipe?.request.prompt, 'a house');
      assert.match(recipe.details.Upscaled ?? '', /^4 × by /);
    }
    assert.deepEqual(await vscode.workspace.fs.readFile(image), before);
    assert.deepEqual(await filesIn('up'), ['house-4x-2.png', 'house-4x.png', 'house.png']);
  });

  it('links the new image where the old one was, and leaves one undo', async () => {
    await picture('a tree', 'link/tree.png');
    const text = 'A tree: ![a tree](tree.png)\n';
    const { document } = await editDocument('link/page.md', text);
    const link = { document: document.uri.toString(), start: 8 };
    await upscale(workspaceUri('link/tree.png'), { factor: 2, ...link });
    assert.equal(document.getText(), text.replace('tree.png', 'tree-2x.png'));
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), text);
  });

  it('asks what makes it larger, the upscalers of this machine first, and how many times', async () => {
    const image = await picture('a boat', 'ask/boat.png');
    const [width] = await sizeOf(image);
    const asking = upscale(image);
    // The lists take the key once they are there.
    const key = setInterval(() => {
      void vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    }, 200);
    const made = await asking;
    clearInterval(key);
    assert.ok(made instanceof vscode.Uri && made.path.endsWith('/ask/boat-2x.png'), String(made));
    assert.equal((await sizeOf(made))[0], 2 * width);
    const recipe = readRecipe(await vscode.workspace.fs.readFile(made));
    assert.match(recipe?.details.Upscaled ?? '', /^2 × by RealESRGAN_x4$/);
  });
});
