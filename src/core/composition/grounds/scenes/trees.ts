import { mix } from '../../colours';
import { num } from '../drawing/canvas';
import type { SceneContext } from '../scene';

/** A conifer of the height 100 with its foot at 0, 0, defined once. */
export function conifer(
  { canvas }: SceneContext,
  colour: string,
  trunk: string,
  lit?: string,
): string {
  const tiers = [
    [-100, -58, 17],
    [-76, -34, 24],
    [-50, -8, 31],
  ] as const;
  let body = `<path d="M-3-10h6v10h-6z" fill="${trunk}"/>`;
  let [all, side] = ['', ''];
  for (const [top, bottom, half] of tiers) {
    all += `M0 ${top}Q${half * 0.45} ${bottom - 12} ${half} ${bottom}Q0 ${bottom + 7}-${half} ${bottom}Q${-half * 0.45} ${bottom - 12} 0 ${top}z`;
    side += `M0 ${top}Q${half * 0.45} ${bottom - 12} ${half} ${bottom}Q${half * 0.5} ${bottom + 4} ${half * 0.15} ${bottom + 3}Q${half * 0.3} ${bottom - 14} 0 ${top}z`;
  }
  body += `<path d="${all}" fill="${colour}"/>`;
  if (lit !== undefined) body += `<path d="${side}" fill="${lit}"/>`;
  return canvas.define(`<g id="ID">${body}</g>`);
}

/** A tree with a round crown, of the height 100. */
export function roundTree({ canvas }: SceneContext, colour: string, trunk: string): string {
  const lit = mix(colour, '#ffffff', 0.14);
  return canvas.define(
    `<g id="ID"><path d="M-3.5 0L-2-45h4L3.5 0z" fill="${trunk}"/><path d="M-30-48a22 22 0 0 1 8-36a24 24 0 0 1 44 0a22 22 0 0 1 8 36a26 20 0 0 1-30 8a26 20 0 0 1-30-8z" fill="${colour}"/><path d="M-14-84a20 20 0 0 1 34-2a20 18 0 0 1 4 20a26 26 0 0 0-38-18z" fill="${lit}"/></g>`,
  );
}

/** Places a definition of the height 100 with its foot at a point. @param lean -1 mirrors it */
export function place(
  { canvas, unit }: SceneContext,
  id: string,
  x: number,
  y: number,
  height: number,
  lean = 1,
): void {
  const scale = height / 100;
  const decimals = unit > 300 ? 0 : 1;
  canvas.add(
    `<use href="#${id}" transform="matrix(${num(scale * lean, 3)} 0 0 ${num(scale, 3)} ${num(x, decimals)} ${num(y, decimals)})"/>`,
  );
}

/** The height of a line of points at x. */
export function heightAt(points: readonly { x: number; y: number }[], x: number): number {
  for (let index = 1; index < points.length; index++) {
    const [a, b] = [points[index - 1]!, points[index]!];
    if (x <= b.x) return a.y + ((b.y - a.y) * (x - a.x)) / Math.max(0.001, b.x - a.x);
  }
  return points.at(-1)?.y ?? 0;
}
