import { strict as assert } from 'node:assert';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { visit } from 'unist-util-visit';
import { slug, textOf } from '../../scripts/package/page';
import { ROOT } from '../support/paths';

const DOCUMENTS = [
  ...['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md', 'CODE_OF_CONDUCT.md'],
  ...['bench/README.md', 'models/starter/README.md', 'training/README.md'],
  ...['scripts/reference/README.md'],
  ...readdirSync(path.join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** A path below one of the repository's folders, without places to fill in. */
const SOURCE_PATH =
  /(?<![\w./-])(?:src|webview|test|scripts|bench|training|deploy|docs)\/(?!\.)[\w./-]*\w(?![\w<{*])/g;

interface Document {
  /** Addresses of links and images. */
  readonly links: readonly string[];
  /** Files and folders of the repository that the text names in code, such as `src/core/json.ts`. */
  readonly paths: readonly string[];
  /** What `#anchor` can name: GitHub's slugs of the headings. */
  readonly anchors: ReadonlySet<string>;
}

function readDocument(file: string): Document {
  const tree = fromMarkdown(readFileSync(path.join(ROOT, file), 'utf8'));
  const links: string[] = [];
  const paths: string[] = [];
  const anchors = new Set<string>();
  visit(tree, (node) => {
    if (node.type === 'inlineCode' || node.type === 'code') {
      paths.push(...(node.value.match(SOURCE_PATH) ?? []));
    }
    if (node.type === 'link' || node.type === 'image' || node.type === 'definition') {
      links.push(node.url);
    }
    if (node.type === 'heading') anchors.add(slug(textOf(node)));
  });
  return { links, paths, anchors };
}

/** Why a link of a document leads nowhere, or undefined. */
function problem(file: string, own: Document, link: string): string | undefined {
  if (/^(https?|mailto|command):/.test(link)) return undefined;
  const [target = '', anchor] = link.split('#');
  const linked = target ? path.posix.join(path.posix.dirname(file), target) : file;
  if (!existsSync(path.join(ROOT, linked))) return `${file}: there is no ${linked}`;
  if (anchor === undefined) return undefined;
  const { anchors } = target ? readDocument(linked) : own;
  return anchors.has(anchor) ? undefined : `${file}: ${linked} has no heading #${anchor}`;
}

describe('the documents', () => {
  for (const file of DOCUMENTS) {
    it(`${file} links and names only what exists`, () => {
      const document = readDocument(file);
      const problems = document.links.map((link) => problem(file, document, link));
      const missing = document.paths.filter((named) => !existsSync(path.join(ROOT, named)));
      assert.deepEqual(missing, []);
      assert.deepEqual(
        problems.filter((found) => found !== undefined),
        [],
      );
    });
  }
});
