import { parse, walk } from 'css-tree';
import { reference, type ImageReference } from './image-reference';

/** File endings of images; `url()` also names fonts and other sheets. */
const IMAGES = /\.(png|jpe?g|webp|avif|svg|gif|ico)(?=$|[?#])/i;

/** The images that CSS names by `url()`, also while the sheet has errors. */
export function cssReferences(text: string): ImageReference[] {
  const found: ImageReference[] = [];
  const tree = parse(text, { positions: true, parseCustomProperty: true });
  walk(tree, {
    visit: 'Url',
    enter(node) {
      if (!node.loc || !IMAGES.test(node.value)) return;
      const place = { start: node.loc.start.offset, end: node.loc.end.offset };
      found.push(...reference(place, node.value));
    },
  });
  return found;
}
