import { parseExpression, type ParserPlugin } from '@babel/parser';
import type { Node } from '@babel/types';
import type { AttributeValue } from './elements';
import { escapedText, partOf, STRING_ESCAPE, type SourceText } from './source-text';

const NOTHING: AttributeValue = { texts: [], names: [], modules: [] };
const PLUGINS: ParserPlugin[] = ['jsx', 'typescript'];

/** Functions of Docusaurus, VitePress, Gatsby and SvelteKit that put the site's own path before an address. */
const SITE_ADDRESS = new Set(['useBaseUrl', 'withBase', 'withPrefix', 'asset']);

/** The value of an attribute that is a text. */
export function textValue(text: SourceText): AttributeValue {
  return { ...NOTHING, texts: [text] };
}

/** The value of an attribute that is an expression, as templates write them; nothing where it has errors. */
export function expressionValue(code: SourceText): AttributeValue {
  try {
    return valueOf(parseExpression(code.value, { errorRecovery: true, plugins: PLUGINS }), code);
  } catch {
    return NOTHING;
  }
}

/**
 * What an expression can be, as far as that is written in it.
 * @param code that the node's offsets refer to
 */
export function valueOf(node: Node, code: SourceText): AttributeValue {
  const text = literalText(node, code) ?? urlAddress(node, code);
  if (text) return { ...NOTHING, texts: [text] };
  const module = moduleAddress(node, code);
  if (module) return { ...NOTHING, modules: [module] };
  switch (node.type) {
    case 'NumericLiteral':
      return { ...NOTHING, number: node.value };
    case 'Identifier':
      return { ...NOTHING, names: [node.name] };
    case 'MemberExpression':
    case 'OptionalMemberExpression':
      // `hero.src` of an imported image, `require('./a.png').default`, `new URL(…).href`.
      return valueOf(node.object, code);
    case 'CallExpression':
      // `new URL(…).toString()`; a function's arguments say nothing of what it returns, but for a few.
      if (node.callee.type === 'Identifier' && SITE_ADDRESS.has(node.callee.name)) {
        const [first] = node.arguments;
        const value = first ? valueOf(first, code) : NOTHING;
        return { ...NOTHING, texts: value.texts.filter((one) => one.value.startsWith('/')) };
      }
      return node.callee.type === 'MemberExpression' && node.callee.object.type === 'NewExpression'
        ? valueOf(node.callee.object, code)
        : NOTHING;
    case 'AwaitExpression':
      return valueOf(node.argument, code);
    case 'ConditionalExpression':
      return merged([valueOf(node.consequent, code), valueOf(node.alternate, code)]);
    case 'LogicalExpression':
      return merged([valueOf(node.left, code), valueOf(node.right, code)]);
    case 'ArrayExpression':
      return merged(node.elements.filter((one) => one !== null).map((one) => valueOf(one, code)));
    case 'ObjectExpression':
      // `{ src: hero }`, and `{ 'bg-[url(a.png)]': wide }` of classes
      return merged(
        node.properties.flatMap((one) => {
          if (one.type !== 'ObjectProperty') return [];
          const key = one.key.type === 'StringLiteral' ? [valueOf(one.key, code)] : [];
          return [...key, valueOf(one.value, code)];
        }),
      );
    case 'TemplateLiteral':
      // `url(${require('./a.png')})`
      return {
        ...NOTHING,
        modules: merged(node.expressions.map((one) => valueOf(one, code))).modules,
      };
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSNonNullExpression':
    case 'TypeCastExpression':
    case 'ParenthesizedExpression':
      return valueOf(node.expression, code);
    default:
      return NOTHING;
  }
}

/** A string, or a template without expressions. */
export function literalText(node: Node, code: SourceText): SourceText | undefined {
  if (node.type === 'StringLiteral') {
    return inside(code, node, 1, node.value, STRING_ESCAPE);
  }
  const [quasi] = node.type === 'TemplateLiteral' ? node.quasis : [];
  const isWhole = node.type === 'TemplateLiteral' && node.expressions.length === 0;
  return quasi && isWhole
    ? inside(code, quasi, 0, quasi.value.cooked ?? '', STRING_ESCAPE)
    : undefined;
}

/** The text of a node between its quotes. */
export function inside(
  code: SourceText,
  node: Node,
  quote: 0 | 1,
  value: string,
  escape: RegExp,
): SourceText | undefined {
  if (node.start == null || node.end == null) return undefined;
  return escapedText(partOf(code, node.start + quote, node.end - quote), value, escape);
}

/** The address in `require('./a.png')`, `require.resolve('./a.png')` and `import('./a.png')`. */
export function moduleAddress(node: Node, code: SourceText): SourceText | undefined {
  if (node.type === 'ImportExpression') return literalText(node.source, code);
  if (node.type !== 'CallExpression') return undefined;
  const { callee } = node;
  const name = callee.type === 'MemberExpression' ? callee.object : callee;
  const isLoader =
    name.type === 'Import' || (name.type === 'Identifier' && name.name === 'require');
  const [first] = node.arguments;
  return isLoader && first ? literalText(first, code) : undefined;
}

/** The address in `new URL('./a.png', import.meta.url)`. */
export function urlAddress(node: Node, code: SourceText): SourceText | undefined {
  if (node.type !== 'NewExpression' || node.callee.type !== 'Identifier') return undefined;
  const [first, base] = node.arguments;
  return node.callee.name === 'URL' && first && base ? literalText(first, code) : undefined;
}

function merged(values: readonly AttributeValue[]): AttributeValue {
  return {
    texts: values.flatMap(({ texts }) => texts),
    names: values.flatMap(({ names }) => names),
    modules: values.flatMap(({ modules }) => modules),
  };
}
