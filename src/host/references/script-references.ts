import { parse, type ParserPlugin } from '@babel/parser';
import type { JSXAttribute, JSXOpeningElement, Node, ObjectExpression } from '@babel/types';
import { isImageAddress, mayNameImage } from './addresses';
import { cssReferences } from './css-references';
import {
  elementReferences,
  IMAGE_NAME,
  type AttributeValue,
  type MarkupAttribute,
  type MarkupElement,
  type NamedDetails,
} from './elements';
import { inside, literalText, moduleAddress, textValue, urlAddress, valueOf } from './expressions';
import {
  imageReference,
  type ImageReference,
  type Place,
  type ReferenceDetails,
} from './image-reference';
import { HTML_ESCAPE, partOf, type SourceText } from './source-text';
import { scanTags } from './tag-scanner';

/** Code of the language, or of a part of a document. */
export type Dialect = 'javascript' | 'typescript';

const FLOW: readonly ParserPlugin[] = ['jsx', 'flow'];
/** Ways to read code. TypeScript knows most of Flow, but not all; casts with `<T>` exclude JSX. */
const PLUGINS: Readonly<Record<Dialect, readonly (readonly ParserPlugin[])[]>> = {
  javascript: [['jsx', 'typescript'], FLOW, ['typescript']],
  typescript: [['typescript'], ['jsx', 'typescript']],
};

/**
 * The images that JavaScript or TypeScript names: imports and `require`, `new URL(…, import.meta.url)`, JSX,
 * objects such as `{ src: '/a.png', alt: 'a cat' }`, CSS and HTML in strings. Code with errors is read as far
 * as it can be.
 * @param named what a template says about images that the code imports
 */
export function scriptReferences(
  code: SourceText,
  dialect: Dialect = 'javascript',
  named: NamedDetails = new Map(),
): ImageReference[] {
  if (!mayNameImage(code.value)) return [];
  const tree = parsed(code.value, dialect);
  return tree ? treeReferences(tree, code, named) : looseReferences(code, named);
}

function parsed(text: string, dialect: Dialect): Node | undefined {
  const isFlow = /@flow\b/.test(text.slice(0, 2000));
  const ways = isFlow ? [FLOW, ...PLUGINS[dialect]] : PLUGINS[dialect];
  for (const plugins of ways) {
    try {
      return parse(text, {
        sourceType: 'unambiguous',
        errorRecovery: true,
        allowReturnOutsideFunction: true,
        allowAwaitOutsideFunction: true,
        allowImportExportEverywhere: true,
        plugins: [...plugins, 'decorators'],
      }).program;
    } catch {
      // The next way, or none.
    }
  }
  return undefined;
}

/** What a walk over the code collects. */
class Findings {
  readonly references: (ImageReference | undefined)[] = [];
  readonly elements: MarkupElement[] = [];
  /** Addresses that code names by an identifier: imports, and constants that an element may show. */
  readonly bindings: { names: string[]; address: SourceText; place: Place; isImport: boolean }[] =
    [];

  constructor(readonly code: SourceText) {}

  add(node: Node, address: SourceText, details: ReferenceDetails): void {
    if (!isImageAddress(address.value)) return;
    const at = address.place(0, address.value.length);
    this.references.push(imageReference(this.place(node), at, address.value, details));
  }

  place({ start, end }: Node): Place {
    return this.code.place(start ?? 0, end ?? 0);
  }

  all(named: NamedDetails): ImageReference[] {
    this.elements.sort((a, b) => a.place.start - b.place.start);
    const shown = elementReferences(this.elements, named);
    for (const { names, address, place, isImport } of this.bindings) {
      const details = names.map((name) => named.get(name)).find(Boolean);
      // A constant can be anything; it is an image where an element shows it.
      if (!isImageAddress(address.value) || (!details && !isImport)) continue;
      const at = address.place(0, address.value.length);
      const kind = isImport ? 'import' : 'image';
      this.references.push(imageReference(place, at, address.value, { ...details, kind }));
    }
    return [...shown, ...this.references.filter((one) => one !== undefined)];
  }
}

function treeReferences(tree: Node, code: SourceText, named: NamedDetails): ImageReference[] {
  const found = new Findings(code);
  // A list in place of recursion: code can be nested deeper than the stack is.
  const waiting: Node[] = [tree];
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    visit(node, found);
    for (const value of Object.values(node) as unknown[]) {
      for (const child of Array.isArray(value) ? (value as unknown[]) : [value]) {
        if (isNode(child)) waiting.push(child);
      }
    }
  }
  return found.all(named);
}

function visit(node: Node, found: Findings): void {
  const { code } = found;
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration': {
      const address = node.source && literalText(node.source, code);
      if (!address) return;
      const names =
        node.type === 'ImportDeclaration' ? node.specifiers.map(({ local }) => local.name) : [];
      found.bindings.push({ names, address, place: found.place(node), isImport: true });
      return;
    }
    case 'VariableDeclarator': {
      const value = node.init && valueOf(node.init, code);
      if (!value || node.id.type !== 'Identifier') return;
      const names = [node.id.name];
      const place = found.place(node);
      for (const address of value.modules)
        found.bindings.push({ names, address, place, isImport: true });
      for (const address of value.texts)
        found.bindings.push({ names, address, place, isImport: false });
      return;
    }
    case 'CallExpression':
    case 'ImportExpression': {
      const address = moduleAddress(node, code);
      if (address) found.add(node, address, { kind: 'import' });
      return;
    }
    case 'TSExternalModuleReference': {
      const address = literalText(node.expression, code);
      if (address) found.add(node, address, { kind: 'import' });
      return;
    }
    case 'NewExpression': {
      const address = urlAddress(node, code);
      if (address) found.add(node, address, {});
      return;
    }
    case 'ObjectExpression':
      objectImages(node, found);
      return;
    case 'AssignmentExpression': {
      const { left, right } = node;
      if (left.type !== 'MemberExpression' || !IMAGE_NAME.test(nameOf(left.property))) return;
      for (const text of valueOf(right, code).texts) found.add(node, text, {});
      return;
    }
    case 'JSXOpeningElement':
      found.elements.push(jsxElement(node, found));
      return;
    case 'StringLiteral':
    case 'TemplateLiteral':
      inStrings(node, found);
      return;
    default:
  }
}

/** `{ image: '/a.png', alt: 'a cat', width: 64 }`, and lists of addresses in an object. */
function objectImages(node: ObjectExpression, found: Findings): void {
  const values = new Map<string, AttributeValue>();
  for (const property of node.properties) {
    if (property.type !== 'ObjectProperty') continue;
    const name = property.key.type === 'StringLiteral' ? property.key.value : nameOf(property.key);
    if (property.value.type !== 'ObjectExpression')
      values.set(name, valueOf(property.value, found.code));
  }
  const text = (name: string) => values.get(name)?.texts[0]?.value;
  const alt = ['alt', 'imageAlt', 'title', 'label', 'name', 'caption'].map(text).find(Boolean);
  const details = { alt, width: values.get('width')?.number, height: values.get('height')?.number };
  // What goes into the head of the page: `{ rel: 'icon', href: '/a.png' }`, `{ property: 'og:image', content: … }`.
  const head =
    values.has('href') && values.has('rel') ? 'link' : values.has('content') ? 'meta' : '';
  if (head) {
    const attributes = [...values].map(([name, value]) => ({ name, value }));
    found.elements.push({ name: head, place: found.place(node), attributes });
  }
  for (const [name, { texts }] of values) {
    if (IMAGE_NAME.test(name)) for (const one of texts) found.add(node, one, details);
  }
}

function jsxElement(node: JSXOpeningElement, found: Findings): MarkupElement {
  const attributes = node.attributes
    .filter((one): one is JSXAttribute => one.type === 'JSXAttribute')
    .map((one): MarkupAttribute => ({ name: nameOf(one.name), value: jsxValue(one, found.code) }));
  return { name: nameOf(node.name), place: found.place(node), attributes };
}

function jsxValue({ value }: JSXAttribute, code: SourceText): AttributeValue {
  if (value?.type === 'StringLiteral') {
    const text = inside(code, value, 1, value.value, HTML_ESCAPE);
    if (text) return textValue(text);
  }
  const inner = value?.type === 'JSXExpressionContainer' ? value.expression : value;
  return inner ? valueOf(inner, code) : { texts: [], names: [], modules: [] };
}

/** Strings that hold CSS (`url(…)`) or HTML (`<img …>`), as styled components and Lit do. */
function inStrings(node: Node, found: Findings): void {
  const { code } = found;
  const text = literalText(node, code) ?? withoutExpressions(node, code);
  if (!text) return;
  if (/url\(|image-set\(/i.test(text.value)) found.references.push(...cssReferences(text));
  if (/<[a-z]/i.test(text.value)) found.elements.push(...scanTags(text));
}

/** The text of a template with `{` in place of its expressions, which marks addresses as computed. */
function withoutExpressions(node: Node, code: SourceText): SourceText | undefined {
  if (node.type !== 'TemplateLiteral' || node.start == null || node.end == null) return undefined;
  const whole = partOf(code, node.start + 1, node.end - 1);
  const first = node.start + 1;
  let value = '';
  for (const { start, end } of node.quasis) {
    if (start == null || end == null) return undefined;
    value = value.padEnd(start - first, '{') + code.value.slice(start, end);
  }
  return { value, place: (start, end) => whole.place(start, end) };
}

/** Strings and comments, of code that cannot be parsed. */
const STRINGS =
  /\/\*[^]*?(?:\*\/|$)|\/\/[^\n]*|"((?:[^"\\\n]|\\[^])*)"|'((?:[^'\\\n]|\\[^])*)'|`((?:[^`\\]|\\[^])*)(?:`|$)/g;
/** What stands before a string that is a module's address. */
const IMPORTS = /(?:\bfrom|\bimport|\b(?:require|import|URL)\s*\()\s*$/;
const PROPERTY = /([\w$]+)["']?\s*[:=]\s*$/;

/** The images of code that no parser takes: its tags, and its strings by what stands before them. */
function looseReferences(code: SourceText, named: NamedDetails): ImageReference[] {
  const found: (ImageReference | undefined)[] = elementReferences(scanTags(code), named);
  for (const match of code.value.matchAll(STRINGS)) {
    const inner = match[1] ?? match[2] ?? match[3];
    if (inner === undefined) continue;
    const start = match.index + 1;
    const text = partOf(code, start, start + inner.length);
    if (/url\(/i.test(inner)) found.push(...cssReferences(text));
    if (!isImageAddress(inner)) continue;
    const before = code.value.slice(Math.max(0, match.index - 200), match.index);
    const isImport = IMPORTS.test(before);
    if (!isImport && !IMAGE_NAME.test(PROPERTY.exec(before)?.[1] ?? '')) continue;
    const name = /\bimport\s+(?:\w+\s*,\s*)?([\w$]+)\s+from\s*$/.exec(before)?.[1] ?? '';
    const details = named.get(name);
    const kind = isImport && !/URL\s*\(\s*$/.test(before) ? 'import' : 'image';
    const place = code.place(match.index, match.index + match[0].length);
    found.push(imageReference(place, text.place(0, inner.length), inner, { ...details, kind }));
  }
  return found.filter((one) => one !== undefined);
}

/** `hero`, `Foo.Bar` and `svg:image`. */
function nameOf(node: Node): string {
  switch (node.type) {
    case 'Identifier':
    case 'JSXIdentifier':
      return node.name;
    case 'StringLiteral':
      return node.value;
    case 'JSXMemberExpression':
      return `${nameOf(node.object)}.${nameOf(node.property)}`;
    case 'JSXNamespacedName':
      return `${nameOf(node.namespace)}:${nameOf(node.name)}`;
    default:
      return '';
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}
