import type { Definition, Nodes } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import {
  mdxJsxFromMarkdown,
  type MdxJsxFlowElement,
  type MdxJsxTextElement,
} from 'mdast-util-mdx-jsx';
import { mdxJsx } from 'micromark-extension-mdx-jsx';
import { visit } from 'unist-util-visit';
import { htmlReferences } from './html-references';
import { reference, type ImageReference } from './image-reference';

/**
 * The images of a Markdown document: `![alt](url)`, `![alt][label]` with its definition, and `<img>` in
 * the HTML inside it; with `mdx`, JSX elements in place of HTML.
 */
export function markdownReferences(text: string, mdx: boolean): ImageReference[] {
  const tree = fromMarkdown(
    text,
    mdx ? { extensions: [mdxJsx()], mdastExtensions: [mdxJsxFromMarkdown()] } : {},
  );
  const definitions = new Map<string, Definition>();
  visit(tree, 'definition', (node) => {
    // The first definition of a label counts.
    if (!definitions.has(node.identifier)) definitions.set(node.identifier, node);
  });
  const found: ImageReference[] = [];
  visit(tree, (node: Nodes) => {
    const start = node.position?.start.offset;
    const end = node.position?.end.offset;
    if (start === undefined || end === undefined) return;
    const place = { start, end };
    switch (node.type) {
      case 'image':
        found.push(...reference(place, node.url, node.alt ?? ''));
        break;
      case 'imageReference': {
        const definition = definitions.get(node.identifier);
        if (!definition) break;
        const { position } = definition;
        const [from, to] = [position?.start.offset ?? start, position?.end.offset ?? end];
        const defined = { start: from, end: to };
        found.push(
          ...reference(place, definition.url, node.alt ?? '', undefined, undefined, defined),
        );
        break;
      }
      case 'html':
        found.push(...htmlReferences(node.value, start));
        break;
      case 'mdxJsxFlowElement':
      case 'mdxJsxTextElement':
        found.push(...jsxElement(node, place));
        break;
      default:
    }
  });
  return found.filter(({ url }) => url !== '');
}

function jsxElement(
  node: MdxJsxFlowElement | MdxJsxTextElement,
  place: { start: number; end: number },
): ImageReference[] {
  if (node.name !== 'img') return [];
  const attribute = (name: string): string | undefined => {
    const found = node.attributes.find(
      (entry) => entry.type === 'mdxJsxAttribute' && entry.name === name,
    );
    const value = found?.value;
    // `{800}` and `{"a.png"}` are expressions; anything but a literal is computed and cannot be known.
    return typeof value === 'string' ? value : literal(value?.value);
  };
  const url = attribute('src');
  if (url === undefined) return [];
  return reference(place, url, attribute('alt'), attribute('width'), attribute('height'));
}

/** The value of an expression that is a number or a plain string. */
function literal(expression: string | undefined): string | undefined {
  const match = /^\s*(?:(\d+)|"([^"\\]*)"|'([^'\\]*)')\s*$/.exec(expression ?? '');
  return match?.[1] ?? match?.[2] ?? match?.[3];
}
