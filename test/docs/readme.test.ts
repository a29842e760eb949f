import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { visit } from 'unist-util-visit';
import { extensionPage } from '../../scripts/package/page';
import { ROOT } from '../support/paths';

const readme = readFileSync(path.join(ROOT, 'README.md'), 'utf8');
const manifest = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
  version: string;
  engines: { vscode: string };
  contributes: {
    commands: { command: string; title: string }[];
    configuration: { properties: Record<string, { default: unknown }> }[];
  };
};
const texts = JSON.parse(readFileSync(path.join(ROOT, 'package.nls.json'), 'utf8')) as Record<
  string,
  string
>;

/** The cells of a table's rows whose first cell is code that starts with `easel.`. */
function settingRows(markdown: string): { name: string; defaultValue: string }[] {
  const rows = markdown.matchAll(/^\| `(easel\.[\w.]+)`\s*\| `([^`]*)`\s*\|/gm);
  return [...rows].map(([, name = '', defaultValue = '']) => ({ name, defaultValue }));
}

describe('the README', () => {
  it('lists every setting with its default, as the manifest has them', () => {
    const groups = manifest.contributes.configuration.map(({ properties }) => properties);
    const expected = groups
      .flatMap((group) => Object.entries(group))
      .map(([name, property]) => ({
        name,
        defaultValue: JSON.stringify(property.default),
      }));
    assert.deepEqual(settingRows(readme), expected);
  });

  it('names commands by their titles', () => {
    const titles = new Set(
      manifest.contributes.commands.map(({ title }) => texts[title.replaceAll('%', '')]),
    );
    const named = [...readme.matchAll(/\*\*Easel: ([^*]+)\*\*/g)].map(([, title]) => title);
    assert.ok(named.length > 0);
    assert.deepEqual(
      named.filter((title) => !titles.has(title)),
      [],
    );
  });

  it('shows the two commands before the first image', () => {
    const [before = ''] = readme.split('![');
    assert.match(before, /^npm start +#/m);
    assert.match(before, /^npm start -- "a rocket" --seed 7 +#/m);
  });

  it('is whole as the page of the extension: no images from elsewhere, no sources, no lost links', () => {
    const page = extensionPage(readme);
    const anchors = new Set<string>();
    const links: string[] = [];
    visit(fromMarkdown(page), (node) => {
      assert.notEqual(node.type, 'image');
      if (node.type === 'heading' && node.children[0]?.type === 'text') {
        anchors.add(node.children[0].value.toLowerCase().replaceAll(' ', '-').replaceAll(',', ''));
      }
      if (node.type === 'link' && node.url.startsWith('#')) links.push(node.url.slice(1));
    });
    assert.doesNotMatch(page, /\bnpm\b|<!--/);
    assert.ok(links.length > 10);
    assert.deepEqual(
      links.filter((link) => !anchors.has(link)),
      [],
    );
  });

  it('has no code that packaging would take for a link', () => {
    // vsce replaces relative addresses of links and images, also inside code.
    const found: string[] = [];
    visit(fromMarkdown(readme), (node) => {
      if (node.type !== 'inlineCode' && node.type !== 'code') return;
      if (/\[[^\][]*\]\([^)]+\)|<(?:img|video)[^>]+src=["'][/.\w\s#-]+["']/.test(node.value)) {
        found.push(node.value);
      }
    });
    assert.deepEqual(found, []);
  });

  it('names the version and the VS Code that the manifest has', () => {
    const versions = [...readme.matchAll(/easel-[\w-]+-(\d[\w.]*)\.vsix/g)].map(
      ([, found]) => found,
    );
    assert.deepEqual([...new Set(versions)], [manifest.version]);
    const minimum = manifest.engines.vscode.replace(/^\^(\d+\.\d+)\..*/, '$1');
    assert.match(readme, new RegExp(`VS Code ${minimum.replace('.', '\\.')} or newer`));
  });
});
