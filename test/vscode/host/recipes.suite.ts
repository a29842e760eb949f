import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { readRecipe, type Recipe } from '../../../src/core/recipe';
import { until } from '../../support/until';
import { easel, editDocument, filesIn } from '../support/workspace';

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
async function hoverAt(document: vscode.TextDocument, text: string): Promise<string | undefined> {
  const position = document.positionAt(document.getText().indexOf(text) + 1);
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    document.uri,
    position,
  );
  return hovers
    .flatMap(({ contents }) => contents)
    .map((content) => (content instanceof vscode.MarkdownString ? content.value : ''))
    .find((content) => content.includes('easel.drawAgain'));
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

  it('show over a link to a picture, and draw another in its place or the same again', async () => {
    const { document } = await editDocument('recipes/page.md', '# Page\n\n');
    const first = await draw({ prompt: 'a *green* pear', seed: 42 });
    const text = document.getText();
    assert.match(text, /a-green-pear-42\.png\)/);
    const hover = await hoverAt(document, '![');
    assert.ok(hover);
    // The prompt is shown as it is: nothing in it is markup.
    assert.match(hover, /a \\\*green\\\* pear/);
    assert.match(hover, /starter.*seed 42.*2 steps.*256/);
    const before = await filesIn('assets');

    // The same recipe gives the same picture, which needs no second file.
    const again = await follow(hover, 'easel.drawAgain');
    assert.equal(String(again), first.toString());
    assert.deepEqual(await filesIn('assets'), before);
    assert.equal(document.getText(), text);

    const varied = await follow(hover, 'easel.vary');
    assert.ok(varied instanceof vscode.Uri);
    const seed = (await recipeOf(varied))?.request.seed;
    assert.ok(seed !== undefined && seed !== 42);
    assert.ok(varied.path.endsWith(`/assets/a-green-pear-${seed}.png`), varied.path);
    assert.equal(document.getText(), text.replace('pear-42', `pear-${seed}`));
    assert.equal((await filesIn('assets')).length, before.length + 1);
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), text);
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
      ['webp', 'webp'],
      ['jpeg', 'jpg'],
      ['avif', 'avif'],
      ['svg', 'svg'],
    ]) {
      const picture = await under({ format }, () => draw({ prompt: 'a kettle', seed: 8 }));
      assert.ok(picture.path.endsWith(`/a-kettle-8.${ending}`), picture.path);
      assert.equal((await recipeOf(picture))?.request.prompt, 'a kettle');
    }
  });

  it('tell of a background that was taken away', async () => {
    // As many steps as the starter model wants, for a background that is flat.
    const picture = await under({ transparent: true, steps: 12 }, () =>
      draw({ prompt: 'a red apple', seed: 1 }),
    );
    const png = await vscode.workspace.fs.readFile(picture);
    // The colour type of a PNG with alpha (https://www.w3.org/TR/png/#11IHDR).
    assert.equal(png[25], 6);
    assert.equal((await recipeOf(picture))?.request.transparent, true);
  });

  it('make icons in a folder of their own, each time', async () => {
    const picture = await draw({ prompt: 'a gear', seed: 9, style: '' });
    for (const folder of ['a-gear-9-icons', 'a-gear-9-icons-2']) {
      await vscode.commands.executeCommand('easel.makeIconSet', picture);
      const names = await filesIn(`assets/${folder}`);
      assert.equal(names.length, 11);
      assert.ok(names.includes('favicon.ico') && names.includes('icon-512.png'));
    }
    assert.ok((await filesIn('assets')).includes('a-gear-9.png'));
  });
});
