import { parse, type ParserPlugin } from '@babel/parser';
import type { JSXAttribute, JSXOpeningElement, Node } from '@babel/types';
import { reference, type ImageReference } from './image-reference';

/** The `<img>` elements of JavaScript or TypeScript, also while the code has errors. */
export function jsxReferences(text: string): ImageReference[] {
  const plugins: ParserPlugin[] = ['jsx', 'typescript', 'decorators'];
  const tree = parse(text, { sourceType: 'unambiguous', errorRecovery: true, plugins });
  const found: ImageReference[] = [];
  walk(tree.program, (node) => {
    if (node.type === 'JSXOpeningElement') found.push(...element(node));
  });
  return found;
}

function element(node: JSXOpeningElement): ImageReference[] {
  if (node.name.type !== 'JSXIdentifier' || node.name.name !== 'img') return [];
  const attribute = (name: string): string | undefined => {
    const found = node.attributes.find(
      (entry): entry is JSXAttribute => entry.type === 'JSXAttribute' && entry.name.name === name,
    );
    return found && literal(found);
  };
  const url = attribute('src');
  if (url === undefined || node.start == null || node.end == null) return [];
  const place = { start: node.start, end: node.end };
  return reference(place, url, attribute('alt'), attribute('width'), attribute('height'));
}

/** `"text"`, `{"text"}`, `` {`text`} `` or `{800}`; what is computed cannot be known. */
function literal({ value }: JSXAttribute): string | undefined {
  const inner = value?.type === 'JSXExpressionContainer' ? value.expression : value;
  switch (inner?.type) {
    case 'StringLiteral':
      return inner.value;
    case 'NumericLiteral':
      return String(inner.value);
    case 'TemplateLiteral':
      return inner.expressions.length === 0
        ? (inner.quasis[0]?.value.cooked ?? undefined)
        : undefined;
    default:
      return undefined;
  }
}

/** Visits every node of a tree, whatever its kind. */
function walk(node: Node, visit: (node: Node) => void): void {
  visit(node);
  for (const value of Object.values(node) as unknown[]) {
    for (const child of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (isNode(child)) walk(child, visit);
    }
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}
