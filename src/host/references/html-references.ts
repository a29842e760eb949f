import { parse, parseFragment, type DefaultTreeAdapterTypes as Tree } from 'parse5';
import { reference, type ImageReference } from './image-reference';

/**
 * The `<img>` elements of HTML, read as browsers read it.
 * @param offset added to every place, for HTML inside another document
 */
export function htmlReferences(text: string, offset = 0): ImageReference[] {
  const options = { sourceCodeLocationInfo: true };
  const whole = /<!doctype|<html[\s>]/i.test(text);
  const root = whole ? parse(text, options) : parseFragment(text, options);
  const found: ImageReference[] = [];
  const visit = (node: Tree.Node): void => {
    if ('tagName' in node && node.tagName === 'img' && node.sourceCodeLocation) {
      const { startOffset, endOffset } = node.sourceCodeLocation;
      const attribute = (name: string) => node.attrs.find((attr) => attr.name === name)?.value;
      const url = attribute('src');
      if (url) {
        const place = { start: startOffset + offset, end: endOffset + offset };
        found.push(
          ...reference(place, url, attribute('alt'), attribute('width'), attribute('height')),
        );
      }
    }
    if ('content' in node) visit(node.content);
    if ('childNodes' in node) node.childNodes.forEach(visit);
  };
  visit(root);
  return found;
}
