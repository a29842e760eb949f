import { baseParse, NodeTypes, type ElementNode, type TemplateChildNode } from '@vue/compiler-core';
import { cssReferences } from './css-references';
import { elementReferences, type MarkupElement, type NamedDetails } from './elements';
import { expressionValue, textValue } from './expressions';
import type { ImageReference } from './image-reference';
import { scriptReferences, type Dialect } from './script-references';
import { escapedText, HTML_ESCAPE, partOf, type SourceText } from './source-text';
import { scanTags } from './tag-scanner';

/** A `<script>` or `<style>` of a template. */
interface Block {
  readonly name: string;
  readonly lang: string;
  readonly inner: SourceText;
}

/** The images of a Vue component: its template, its scripts and its styles. */
export function vueReferences(component: SourceText): ImageReference[] {
  const elements: MarkupElement[] = [];
  const blocks: Block[] = [];
  // Errors are for the compiler; the tree has everything else.
  const onError = () => undefined;
  const { children } = baseParse(component.value, { parseMode: 'sfc', onError });
  const waiting: TemplateChildNode[] = [...children].reverse();
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (node.type !== NodeTypes.ELEMENT) continue;
    const block = vueBlock(node, component);
    if (block) blocks.push(block);
    else elements.push(vueElement(node, component));
    waiting.push(...[...node.children].reverse());
  }
  return componentReferences(elements, blocks);
}

function vueBlock(node: ElementNode, component: SourceText): Block | undefined {
  if (node.tag !== 'script' && node.tag !== 'style') return undefined;
  const [first] = node.children;
  const last = node.children.at(-1);
  const [start, end] = [first?.loc.start.offset ?? 0, last?.loc.end.offset ?? 0];
  const lang = node.props.find(({ name }) => name === 'lang');
  const written = lang?.type === NodeTypes.ATTRIBUTE ? (lang.value?.content ?? '') : '';
  return { name: node.tag, lang: written, inner: partOf(component, start, end) };
}

function vueElement(node: ElementNode, component: SourceText): MarkupElement {
  const attributes = node.props.flatMap((prop) => {
    if (prop.type === NodeTypes.ATTRIBUTE) {
      const { value } = prop;
      if (!value) return [];
      const { start, end } = value.loc;
      const quote = /^["']/.test(value.loc.source) ? 1 : 0;
      const raw = partOf(component, start.offset + quote, end.offset - quote);
      return [{ name: prop.name, value: textValue(escapedText(raw, value.content, HTML_ESCAPE)) }];
    }
    // `:src="…"` and `v-bind:src="…"`
    const { name, arg, exp } = prop;
    if (name !== 'bind' || arg?.type !== NodeTypes.SIMPLE_EXPRESSION || !exp) return [];
    const { start, end } = exp.loc;
    const code = partOf(component, start.offset, end.offset);
    return [{ name: arg.content, value: expressionValue(code) }];
  });
  const start = node.loc.start.offset;
  const end = node.children[0]?.loc.start.offset ?? node.loc.end.offset;
  return { name: node.tag, place: component.place(start, end), attributes };
}

const BLOCK = /<(script|style)\b([^>]*)>([^]*?)(?:<\/\1\s*>|$)/gi;

/** The images of a Svelte component. Its compiler is ten times as large as what is needed of it here. */
export function svelteReferences(component: SourceText): ImageReference[] {
  const { template, blocks } = withoutBlocks(component);
  return componentReferences(scanTags(template), blocks);
}

/** Code of TypeScript between lines of dashes, at the beginning. */
const COMPONENT_SCRIPT = /^\s*---[^\S\n]*\r?\n([^]*?)(?:\r?\n---[^\S\n]*(?:\r?\n|$)|$)/;

/** The images of an Astro component. Its compiler is WebAssembly of several megabytes. */
export function astroReferences(component: SourceText): ImageReference[] {
  const match = COMPONENT_SCRIPT.exec(component.value);
  const end = match?.[0].length ?? 0;
  const { template, blocks } = withoutBlocks(partOf(component, end, component.value.length));
  if (match) {
    const start = match[0].indexOf('\n') + 1;
    const inner = partOf(component, start, start + (match[1] ?? '').length);
    blocks.push({ name: 'script', lang: 'tsx', inner });
  }
  return componentReferences(scanTags(template), blocks);
}

/** The scripts and styles of a component, and the rest with blanks in their places. */
function withoutBlocks(component: SourceText): { template: SourceText; blocks: Block[] } {
  const blocks: Block[] = [];
  const value = component.value.replace(
    BLOCK,
    (whole: string, name: string, attributes: string, inner: string, at: number) => {
      const start = at + 1 + name.length + attributes.length + 1;
      const lang = /\blang\s*=\s*["']?([\w-]+)/.exec(attributes)?.[1] ?? '';
      const text = partOf(component, start, start + inner.length);
      blocks.push({ name: name.toLowerCase(), lang, inner: text });
      return ' '.repeat(whole.length);
    },
  );
  return { template: { ...component, value }, blocks };
}

/** The elements come first: they say what the images show that the scripts import. */
function componentReferences(
  elements: readonly MarkupElement[],
  blocks: readonly Block[],
): ImageReference[] {
  const named: NamedDetails = new Map();
  const shown = elementReferences(elements, named);
  const rest = blocks.flatMap(({ name, lang, inner }) => {
    if (name === 'style')
      return cssReferences(inner, /^(?:|css|postcss)$/.test(lang) ? 'css' : 'scss');
    return scriptReferences(inner, dialectOf(lang), named);
  });
  return [...shown, ...rest];
}

function dialectOf(lang: string): Dialect {
  return /^(?:ts|typescript)$/.test(lang) ? 'typescript' : 'javascript';
}
