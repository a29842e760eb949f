import assert from 'node:assert/strict';
import type { Nodes } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { visit } from 'unist-util-visit';
import { placeLink } from '../../../src/host/links/link-text';

const PARTS = { href: 'a/x.png', alt: 'a cat' };

const DOCUMENTS: readonly string[] = [
  '# One\n\nSome text\nin two lines.\n\n## Two\n\n- a\n- b\n  - c\n- d\n\n1. x\n2. y\n\n> quote\n> more\n\nend\n',
  'Title\n=====\n\nSub\n---\ntext\n\n***\n\n* a\n\n* b\n\n  more of b\n\n* c\n',
  '```js\nconst a = 1;\n\nconst b = 2;\n```\n\ntext\n~~~\ncode\n~~~\n# H\ntext\n',
  '> # In a quote\n>\n> - a\n> - b\n>\n> ```\n> code\n> ```\n>\n> end\n\nafter\n',
  '1. one\n\n   ```\n   code\n   ```\n\n2. two\n   > quote\n3. three\n',
  '<div align="center">\n  <b>x</b>\n</div>\n\ntext <b>bold</b> more\n\n<details>\n<summary>s</summary>\n\ninside\n\n</details>\n',
  'A [link](b.md "t") and ![img](c.png), `code` and **bold**.\n\n[ref]: d.png\n\nSee ![x][ref].\n',
  '---\ntitle: x\n---\n\n# H\n\n- [ ] task\n- [x] done\n',
];

/** What a document is made of, apart from paragraphs and texts: kinds with their counts, and code as it is. */
function structureOf(text: string): { kinds: Record<string, number>; images: string[] } {
  const kinds: Record<string, number> = {};
  const images: string[] = [];
  const front = /^---\n[^]*?\n---\n/.exec(text)?.[0] ?? '';
  visit(fromMarkdown(text.slice(front.length)), (node: Nodes) => {
    if (node.type === 'image') images.push(node.url);
    if (node.type === 'html' && /<img\b/.test(node.value)) images.push('html');
    if (['text', 'paragraph', 'image', 'root', 'html', 'break'].includes(node.type)) return;
    const key = node.type === 'heading' ? `heading ${node.depth}` : node.type;
    kinds[key] = (kinds[key] ?? 0) + 1;
  });
  return { kinds, images };
}

describe('the structure of Markdown', () => {
  for (const [index, text] of DOCUMENTS.entries()) {
    it(`stays what it is, wherever an image is put into document ${index + 1}`, () => {
      const before = structureOf(text);
      for (let offset = 0; offset <= text.length; offset++) {
        for (const afterSelection of offset === 0 ? [false] : [false, true]) {
          const start = afterSelection ? offset - 1 : offset;
          const placed = placeLink(text, offset, afterSelection, 'markdown', PARTS, start);
          const rest = text.slice(placed.offset + (placed.length ?? 0));
          const result = text.slice(0, placed.offset) + placed.text + rest;
          const shown = `${JSON.stringify(text.slice(0, offset))} | ${JSON.stringify(result)}`;
          const after = structureOf(result);
          assert.deepEqual(after.kinds, before.kinds, shown);
          const isPath = placed.text.trim() === PARTS.href;
          const isFrontMatter = placed.text.includes('image:');
          if (isPath || isFrontMatter) continue;
          assert.equal(after.images.length > before.images.length, true, shown);
        }
      }
    });
  }
});
