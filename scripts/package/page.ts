// The README as the page of the extension, for readers who have no network and no sources.
import { fromMarkdown } from 'mdast-util-from-markdown';
import type { Nodes } from 'mdast';
import { visit } from 'unist-util-visit';

/** What only concerns readers of the repository. */
const SOURCE_PART = /<!-- source -->[^]*?<!-- \/source -->\n*/g;

/**
 * The text of the page: without the parts for readers of the repository, and without images. VS Code shows
 * images of a page from the network alone (`allowedMediaProtocols` of its extension editor), so each would be a
 * broken one on a computer that is offline. The walkthrough has images.
 * @param readme the README's text
 */
export function extensionPage(readme: string): string {
  const text = readme.replaceAll(SOURCE_PART, '');
  const headings = new Set<string>();
  const images: [number, number][] = [];
  visit(fromMarkdown(text), (node) => {
    if (node.type === 'heading') headings.add(slug(textOf(node)));
    if (node.type !== 'image') return;
    const [start, end] = [node.position?.start.offset, node.position?.end.offset];
    if (start !== undefined && end !== undefined) images.push([start, end]);
  });
  return images
    .reverse()
    .reduce((page, [start, end]) => page.slice(0, start) + page.slice(end).trimStart(), text)
    .replaceAll(/^- \[[^\]]*\]\(#([\w-]+)\)\n/gm, (line: string, anchor: string) =>
      // The table of contents without what is left out.
      headings.has(anchor) ? line : '',
    );
}

/** The text of a part of a Markdown document. */
export function textOf(node: Nodes): string {
  if ('value' in node) return node.value;
  return 'children' in node ? node.children.map(textOf).join('') : '';
}

/** The name that GitHub and VS Code give a heading. */
export function slug(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-');
}
