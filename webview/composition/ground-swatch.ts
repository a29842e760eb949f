import type { Ground } from '../../src/core/composition/composition';
import { drawGround } from '../../src/core/composition/grounds/index';
import { toSvgFile } from '../../src/core/composition/vector-image';
import { h } from '../controls/dom';
import type { GroundValue } from '../state/parts';

/** Units of a swatch's drawing: enough for a horizon and a few hills. */
const SIZE = { width: 120, height: 75 };
/** One drawing for each ground, so that the swatches stay as they are. */
const SEED = 1;
/** Drawings that are kept: about four menus full of them. */
const MOST_KEPT = 100;

const drawings = new Map<string, string>();

/** The address of a small drawing of a ground. */
function drawingOf(ground: Ground, palette: readonly string[]): string {
  const key = JSON.stringify([ground, palette]);
  let drawing = drawings.get(key);
  if (drawing === undefined) {
    const { image } = drawGround(ground, { ...SIZE, seed: SEED, palette });
    drawing = `data:image/svg+xml,${encodeURIComponent(toSvgFile(image))}`;
    if (drawings.size >= MOST_KEPT) drawings.clear();
    drawings.set(key, drawing);
  }
  return drawing;
}

/** A small drawing of a ground, or of what stands for the choices that are none. */
export class GroundSwatch {
  readonly element = h('span', { class: 'ground-swatch', 'aria-hidden': 'true' });
  private readonly img = h('img', { alt: '' });
  private shown = '';

  show(value: GroundValue, palette: readonly string[]): void {
    const key = JSON.stringify([value, palette]);
    if (key === this.shown) return;
    this.shown = key;
    this.element.dataset.ground = typeof value === 'string' ? value : 'drawn';
    if (typeof value === 'string') {
      this.element.replaceChildren();
      return;
    }
    this.img.src = drawingOf(value, palette);
    if (!this.img.parentNode) this.element.replaceChildren(this.img);
  }
}

/** A swatch that does not change. */
export function groundSwatch(value: GroundValue, palette: readonly string[]): HTMLElement {
  const swatch = new GroundSwatch();
  swatch.show(value, palette);
  return swatch.element;
}
