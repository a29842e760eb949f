import { parse, parseFragment, type DefaultTreeAdapterTypes as Tree } from 'parse5';
import { cssReferences } from './css-references';
import { elementReferences, type MarkupElement } from './elements';
import { expressionValue, textValue } from './expressions';
import type { ImageReference } from './image-reference';
import { scriptReferences } from './script-references';
import { escapedText, HTML_ESCAPE, partOf, type SourceText } from './source-text';

/**
 * `<?php … ?>`, `<% … %>`, `{{ … }}` and `{% … %}` of template languages: what is in them is no HTML, and its
 * quotes and brackets would end tags. Bounded, so that open ones cost no more than that each.
 */
const TEMPLATE_CODE =
  /<\?(?:[^?]|\?(?!>))*(?:\?>|$)|<%(?:[^%]|%(?!>)){0,1000}%>|\{\{(?:[^}<]|\}(?!\})|<(?![a-z/!])){0,400}\}\}|\{%(?:[^%]|%(?!\})){0,400}%\}/gi;
/** Attributes that hold an expression: `:src` of Vue and Alpine, `[src]` of Angular. */
const BOUND = /^(?::|v-bind:|x-bind:|\[)([\w-]+)\]?$/;
/** In its place. As `{` it marks an address as computed, and it can be in a name of an attribute. */
const TEMPLATE_MARK = '{';

/**
 * The images that HTML names, read as browsers read it: by its elements, its style sheets and its modules.
 * Code of template languages in it is passed over.
 */
export function htmlReferences(html: SourceText): ImageReference[] {
  const text = html.value.replace(TEMPLATE_CODE, (code) => TEMPLATE_MARK.repeat(code.length));
  const options = { sourceCodeLocationInfo: true, scriptingEnabled: false };
  const whole = /<!doctype|<html[\s>]/i.test(text);
  const root = whole ? parse(text, options) : parseFragment(text, options);
  const found: ImageReference[] = [];
  const elements: MarkupElement[] = [];
  let title = '';
  // A list in place of recursion: pages can be nested deeper than the stack is.
  const waiting: { node: Tree.Node; caption?: string | undefined }[] = [{ node: root }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { node } = next;
    let { caption } = next;
    if ('tagName' in node) {
      const element = markupElement(html, node, caption);
      if (element) elements.push(element);
      if (node.tagName === 'title' && title === '') title = innerText(node);
      if (node.tagName === 'figure') caption = figureCaption(node);
      if (node.tagName === 'style')
        found.push(...inner(html, node).flatMap((css) => cssReferences(css)));
      if (isModule(node))
        found.push(...inner(html, node).flatMap((code) => scriptReferences(code)));
    }
    const children = [
      ...('content' in node ? [node.content] : []),
      ...('childNodes' in node ? node.childNodes : []),
    ];
    for (const child of children.reverse()) waiting.push({ node: child, caption });
  }
  return [...found, ...elementReferences(elements, undefined, title)];
}

function markupElement(
  html: SourceText,
  node: Tree.Element,
  caption: string | undefined,
): MarkupElement | undefined {
  const location = node.sourceCodeLocation;
  if (!location) return undefined;
  const { startOffset, endOffset } = location.startTag ?? location;
  const attributes = node.attrs.flatMap(({ prefix, name: local, value }) => {
    const name = prefix ? `${prefix}:${local}` : local;
    // Foreign elements' names have their case restored; places are kept by the name as it is compared.
    const at = location.attrs?.[name] ?? location.attrs?.[name.toLowerCase()];
    if (!at) return [];
    const text = attributeText(html, at.startOffset, at.endOffset, value);
    const [, bound] = BOUND.exec(name) ?? [];
    if (bound !== undefined) return [{ name: bound, value: expressionValue(text) }];
    return [{ name, value: textValue(text) }];
  });
  const place = html.place(startOffset, endOffset);
  return { name: node.tagName, place, attributes, ...(caption && { caption }) };
}

/** The value of an attribute at the place where it is written, without its quotes. */
function attributeText(html: SourceText, start: number, end: number, value: string): SourceText {
  const written = html.value.slice(start, end);
  const before = /^[^=]*=\s*(["']?)/.exec(written);
  const from = start + (before?.[0].length ?? written.length);
  const to = before?.[1] && written.endsWith(before[1]) ? end - 1 : end;
  const raw = partOf(html, from, Math.max(from, to));
  // Template code is a mark in the value.
  return value.includes(TEMPLATE_MARK) ? raw : escapedText(raw, value, HTML_ESCAPE);
}

/** The text of a `<style>` or `<script>`. */
function inner(html: SourceText, node: Tree.Element): SourceText[] {
  return node.childNodes.flatMap((child) => {
    const at = child.sourceCodeLocation;
    return at ? [partOf(html, at.startOffset, at.endOffset)] : [];
  });
}

/** Scripts that can import or show images: modules and JSX, not data. */
function isModule(node: Tree.Element): boolean {
  if (node.tagName !== 'script') return false;
  const type = node.attrs.find(({ name }) => name === 'type')?.value ?? '';
  return /^(?:|module|text\/(?:javascript|babel|jsx|typescript))$/i.test(type);
}

function innerText(node: Tree.Node): string {
  if ('value' in node) return node.value;
  return 'childNodes' in node ? node.childNodes.map(innerText).join('') : '';
}

function figureCaption(node: Tree.Element): string | undefined {
  const caption = node.childNodes.find(
    (child) => 'tagName' in child && child.tagName === 'figcaption',
  );
  return caption && innerText(caption);
}
