import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { until } from '../../support/until';
import { easel, editDocument } from '../support/workspace';

/** The titles of Easel's quick fixes at the first place where a text stands in a document. */
async function fixesAt(document: vscode.TextDocument, text: string): Promise<string[]> {
  const position = document.positionAt(document.getText().indexOf(text) + 1);
  const actions = await vscode.commands
    .executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      new vscode.Range(position, position),
      vscode.CodeActionKind.QuickFix.value,
    )
    // The editor takes its question back when another provider arrives meanwhile.
    .then(undefined, () => []);
  return actions.map(({ title }) => title).filter((title) => title.includes('Easel'));
}

describe('documents of each language', () => {
  before(() => easel());
  beforeEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  const fix = 'Draw "a red apple" with Easel';
  const documents: readonly [name: string, language: string, text: string][] = [
    ['a.mdx', 'mdx', '# Page\n\n<Image src="lang/mdx.png" alt="a red apple" />\n'],
    ['a.vue', 'vue', '<template><img src="./lang/vue.png" alt="a red apple"></template>\n'],
    ['a.svelte', 'svelte', '{#if x}<img src="./lang/s.png" alt="a red apple">{/if}\n'],
    ['a.astro', 'astro', '---\nconst a = 1;\n---\n<img src="./lang/a.png" alt="a red apple" />\n'],
    ['a.adoc', 'asciidoc', '= Page\n\nimage::lang/adoc.png[a red apple]\n'],
    ['a.rst', 'restructuredtext', '.. image:: lang/rst.png\n   :alt: a red apple\n'],
    ['a.html', 'html', '<picture><source srcset="lang/h.webp"><img alt="a red apple"></picture>\n'],
    [
      'a.tsx',
      'typescriptreact',
      'export const A = <Card image="./lang/t.png" title="a red apple" />;\n',
    ],
    ['a.js', 'javascript', "export const a = { image: './lang/j.png', alt: 'a red apple' };\n"],
  ];
  for (const [name, language, text] of documents) {
    it(`has the quick fix in ${language}`, async () => {
      const { document } = await editDocument(name, text);
      assert.equal(document.languageId, language);
      let fixes: string[] = [];
      await until('a quick fix', async () => (fixes = await fixesAt(document, 'lang/')).length > 0);
      assert.deepEqual(fixes, [fix]);
    });
  }

  it('cannot stop the others by taking long to read', async () => {
    // Minutes in the parser of Markdown.
    const slow = await editDocument(
      'slow.md',
      `![a red apple](lang/x.png)\n\n${'*a_ '.repeat(50_000)}`,
    );
    assert.deepEqual(await fixesAt(slow.document, 'lang/'), []);
    const { document } = await editDocument('quick.md', '![a red apple](lang/y.png)\n');
    await until('a quick fix', async () => (await fixesAt(document, 'lang/')).length > 0);
  });
});
