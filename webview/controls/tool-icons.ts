const SVG = 'http://www.w3.org/2000/svg';

/** SVG paths on a grid of 16 pixels, in the style of codicons: lines of one pixel in the text colour. */
const PATHS = {
  line: 'M2.5 13.5 13.5 2.5',
  rectangle: 'M2.5 3.5h11v9h-11z',
  ellipse: 'M8 3c3.3 0 6 2.2 6 5s-2.7 5-6 5-6-2.2-6-5 2.7-5 6-5z',
  triangle: 'M8 2.5 14 13.5H2z',
  star: 'M8 1.8l1.9 4 4.3.5-3.2 3 .9 4.3L8 11.5l-3.9 2.1.9-4.3-3.2-3 4.3-.5z',
  /** A dashed circle: the area to draw anew. */
  mask: 'M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11z',
  unmask: 'M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11zM4.5 8h7',
} as const;

export type ToolIcon = keyof typeof PATHS;

export function toolIcon(name: ToolIcon): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('class', `tool-icon tool-${name}`);
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', PATHS[name]);
  svg.append(path);
  return svg;
}

export function isToolIcon(name: string): name is ToolIcon {
  return Object.hasOwn(PATHS, name);
}
