import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { embedRecipe, readRecipe, type Recipe } from '../../../src/core/recipe';
import { until } from '../../support/until';
import { easel, editDocument, filesIn, workspaceUri } from '../support/workspace';

async function recipeOf(picture: vscode.Uri): Promise<Recipe | undefined> {
  return readRecipe(await vscode.workspace.fs.readFile(picture));
}

/** Draws what a key binding could ask for. */
async function draw(wish: object): Promise<vscode.Uri> {
  const picture: unknown = await vscode.commands.executeCommand('easel.generateImage', wish);
  assert.ok(picture instanceof vscode.Uri, 'no picture was drawn');
  return picture;
}

/** Runs something under settings of the workspace. */
async function under<T>(
  settings: Readonly<Record<string, unknown>>,
  run: () => Promise<T>,
): Promise<T> {
  const section = vscode.workspace.getConfiguration('easel');
  const set = async (value: (name: string) => unknown) => {
    for (const name of Object.keys(settings)) {
      await section.update(name, value(name), vscode.ConfigurationTarget.Workspace);
    }
  };
  await set((name) => settings[name]);
  try {
    return await run();
  } finally {
    await set(() => undefined);
  }
}

/** What Easel says over the first place where a text stands. */
async function hoverAt(
  document: vscode.TextDocument,
  text: string,
  characters = 1,
): Promise<string | undefined> {
  const position = document.positionAt(document.getText().indexOf(text) + characters);
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    document.uri,
    position,
  );
  return hovers
    .flatMap(({ contents }) => contents)
    .map((content) => (content instanceof vscode.MarkdownString ? content.value : ''))
    .find((content) => content.includes('easel.vary'));
}

/** Clicks a link of a hover. */
async function follow(hover: string, command: string): Promise<unknown> {
  const query = new RegExp(`\\(command:${command}\\?(\\S+) `).exec(hover)?.[1];
  assert.ok(query, `no link of ${command} in ${hover}`);
  const argument: unknown = JSON.parse(decodeURIComponent(query));
  return vscode.commands.executeCommand(command, argument);
}

describe('recipes', () => {
  before(() => easel());
  beforeEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('show what the starter may not know of an image', async () => {
    const { document } = await editDocument('recipes/doubt.md', '');
    await draw({ prompt: 'a walrus', seed: 1 });
    const hover = await hoverAt(document, '![');
    assert.match(hover ?? '', /\$\(warning\) The starter may not know \\"walrus\\"\\\. It knows/);
    const { document: other } = await editDocument('recipes/known.md', '');
    await draw({ prompt: 'a cat', seed: 1 });
    assert.doesNotMatch((await hoverAt(other, '![')) ?? 'The starter', /The starter/);
  });

  it('show over a link to a picture, and draw another in its place or the same again', async () => {
    const { document } = await editDocument('recipes/page.md', '# Page\n\n');
    const first = await draw({ prompt: 'a *green* pear', seed: 42 });
    const text = document.getText();
    assert.match(text, /a-green-pear\.webp\)/);
    const hover = await hoverAt(document, '![');
    assert.ok(hover);
    // The prompt is shown as it is: nothing in it is markup.
    assert.match(hover, /a \\\*green\\\* pear/);
    assert.match(hover, /Starter.*seed 42.*2 steps.*256/);
    // The image is there once: over the address VS Code shows it itself.
    assert.match(hover, /^!\[\]\(/);
    assert.doesNotMatch((await hoverAt(document, 'assets/')) ?? '![](', /!\[\]\(/);
    const before = await filesIn('assets');

    // With the model and settings of the recipe the same picture would come, so that is not offered.
    assert.doesNotMatch(hover, /easel\.drawAgain/);
    const argument = { image: first.toString(), document: document.uri.toString(), start: 0 };
    const again: unknown = await vscode.commands.executeCommand('easel.drawAgain', argument);
    assert.equal(String(again), first.toString());
    assert.deepEqual(await filesIn('assets'), before);
    assert.equal(document.getText(), text);

    const varied = await follow(hover, 'easel.vary');
    assert.ok(varied instanceof vscode.Uri);
    const seed = (await recipeOf(varied))?.request.seed;
    assert.ok(seed !== undefined && seed !== 42);
    assert.ok(varied.path.endsWith(`/assets/a-green-pear-2.webp`), varied.path);
    assert.equal(document.getText(), text.replace('a-green-pear.webp', 'a-green-pear-2.webp'));
    assert.equal((await filesIn('assets')).length, before.length + 1);
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), text);
  });

  it('are drawn again with the current settings, where those have changed', async () => {
    const { document } = await editDocument('recipes/again.md', '');
    await draw({ prompt: 'a blue gem', seed: 5 });
    await under({ steps: 3 }, async () => {
      const hover = (await hoverAt(document, '![')) ?? '';
      const again = await follow(hover, 'easel.drawAgain');
      assert.ok(again instanceof vscode.Uri);
      assert.ok(again.path.endsWith('/assets/a-blue-gem-2.webp'), again.path);
      const request = (await recipeOf(again))?.request;
      assert.deepEqual([request?.steps, request?.seed, request?.prompt], [3, 5, 'a blue gem']);
      assert.equal(document.getText(), '![a blue gem](../assets/a-blue-gem-2.webp)');
      assert.doesNotMatch((await hoverAt(document, '![')) ?? '', /easel\.drawAgain/);
    });
  });

  it('cannot name a model that the user has not listed, nor a LoRA elsewhere', async () => {
    const own = await draw({ prompt: 'a trap', seed: 5 });
    const bytes = await vscode.workspace.fs.readFile(own);
    const recipe = readRecipe(bytes);
    assert.ok(recipe);
    // A whole model that lies beside the image, and a file elsewhere.
    const model = workspaceUri('stranger').fsPath;
    const extension = vscode.extensions.getExtension('easel.easel');
    const starter = vscode.Uri.joinPath(extension?.extensionUri ?? own, 'models/starter');
    await vscode.workspace.fs.copy(starter, workspaceUri('stranger'), { overwrite: true });
    for (const [name, named] of [
      ['model', { model }],
      ['lora', { loras: [{ path: workspaceUri('x.safetensors').fsPath }] }],
      ['embedding', { embeddings: [{ path: '/etc/hostname' }] }],
    ] satisfies [string, Partial<Recipe['request']>][]) {
      const file = workspaceUri(`traps/${name}.webp`);
      const request = { ...recipe.request, ...named };
      const trap = embedRecipe(bytes, { ...recipe, request });
      await vscode.workspace.fs.writeFile(file, trap);
      // The question about a file cannot be answered here, which counts as no.
      await vscode.commands.executeCommand('easel.vary', file);
      assert.deepEqual(await filesIn('traps'), [`${name}.webp`]);
      await vscode.workspace.fs.delete(file);
    }
  });

  it('show over HTML too, and not where there is none', async () => {
    const picture = await draw({ prompt: 'a blue cup', seed: 1 });
    const plain = await under({ metadata: false }, () => draw({ prompt: 'a plain cup', seed: 1 }));
    assert.equal(await recipeOf(plain), undefined);
    const name = (uri: vscode.Uri) => uri.path.split('/').at(-1) ?? '';
    const { document } = await editDocument(
      'cups.html',
      `<img alt="x" src="assets/${name(picture)}"><img src="assets/${name(plain)}"><img src="no.png">\n`,
    );
    assert.match((await hoverAt(document, `<img alt="x"`)) ?? '', /a blue cup/);
    assert.equal(await hoverAt(document, name(plain)), undefined);
    assert.equal(await hoverAt(document, 'no.png'), undefined);
  });

  it('open as a list, whose first line restores them in the studio', async () => {
    const picture = await draw({ prompt: 'a round table', seed: 3 });
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    const listed = vscode.commands.executeCommand('easel.showRecipe', picture);
    const hasStudio = () =>
      vscode.window.tabGroups.all
        .flatMap(({ tabs }) => tabs)
        .some(({ label }) => label === 'Easel Studio');
    // The list takes the key once it is there.
    const key = setInterval(() => {
      void vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    }, 200);
    await listed;
    clearInterval(key);
    await until('the studio', hasStudio);
  });

  it('keep the style, of the usual ones or of the workspace', async () => {
    const styles = { Brand: { prompt: '{prompt}, teal and coral', negativePrompt: 'photo' } };
    const own = await under({ styles }, () => draw({ prompt: 'a boat', seed: 5, style: 'brand' }));
    const request = (await recipeOf(own))?.request;
    assert.deepEqual(request?.style, { name: 'Brand', ...styles.Brand });
    assert.equal(request.prompt, 'a boat');
    const usual = await under({ style: 'Line art' }, () => draw({ prompt: 'a boat', seed: 6 }));
    assert.equal((await recipeOf(usual))?.request.style?.name, 'Line art');
    const none = await under({ style: 'Line art' }, () =>
      draw({ prompt: 'a boat', seed: 7, style: '' }),
    );
    assert.equal((await recipeOf(none))?.request.style, undefined);
  });

  it('are not drawn in a style that there is not, or by a setting that is not right', async () => {
    const before = await filesIn('assets');
    await assert.rejects(draw({ prompt: 'a boat', style: 'cubist' }));
    const styles = { Brand: { prompt: '{prompt}', steps: -1 } };
    await under({ styles }, () => assert.rejects(draw({ prompt: 'a boat', style: 'Brand' })));
    assert.deepEqual(await filesIn('assets'), before);
  });

  it('go with every format that the setting names', async () => {
    for (const [format, ending] of [
      ['png', 'png'],
      ['jpeg', 'jpg'],
      ['avif', 'avif'],
      ['svg', 'svg'],
    ]) {
      const picture = await under({ format }, () => draw({ prompt: 'a kettle', seed: 8 }));
      assert.ok(picture.path.endsWith(`/a-kettle.${ending}`), picture.path);
      assert.equal((await recipeOf(picture))?.request.prompt, 'a kettle');
    }
  });

  it('tell of a background that was taken away', async () => {
    // As many steps as the starter model wants, for a background that is flat.
    const picture = await under({ transparent: true, steps: 12 }, () =>
      draw({ prompt: 'a red apple', seed: 1 }),
    );
    const webp = await vscode.workspace.fs.readFile(picture);
    // The flag for alpha (https://developers.google.com/speed/webp/docs/riff_container#extended_file_format).
    assert.equal((webp[20] ?? 0) & 0x10, 0x10);
    assert.equal((await recipeOf(picture))?.request.transparent, true);
  });

  it('make icons in a folder of their own, each time', async () => {
    const picture = await draw({ prompt: 'a gear', seed: 9, style: '' });
    for (const folder of ['a-gear-icons', 'a-gear-icons-2']) {
      await vscode.commands.executeCommand('easel.makeIconSet', picture);
      const names = await filesIn(`assets/${folder}`);
      assert.equal(names.length, 11);
      assert.ok(names.includes('favicon.ico') && names.includes('icon-512.png'));
    }
    assert.ok((await filesIn('assets')).includes('a-gear.webp'));
  });
});
