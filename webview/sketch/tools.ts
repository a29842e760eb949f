import type { Colour, Shape } from './marks';

export const TOOLS = [
  'pen',
  'eraser',
  'fill',
  'line',
  'rectangle',
  'ellipse',
  'mask',
  'unmask',
] as const;
export type Tool = (typeof TOOLS)[number];

/** The chosen tool and its options, used for the next mark. */
export interface ToolState {
  readonly tool: Tool;
  readonly colour: Colour;
  /** The width of a stroke in sketch units (see `MarkSchema`). */
  readonly size: number;
  readonly filled: boolean;
}

export const INITIAL_TOOLS: ToolState = { tool: 'pen', colour: '#1b1b1f', size: 14, filled: true };

/** The colours of the toolbar. They do not depend on the theme, because they are part of the image. */
export const PALETTE: readonly Colour[] = [
  '#1b1b1f',
  '#7a7f87',
  '#ffffff',
  '#d8433b',
  '#f08a2c',
  '#f6c945',
  '#4fa65b',
  '#2fa8a0',
  '#3a7bd5',
  '#8257c5',
  '#e77fae',
  '#8a5a3b',
];

/** The mask's colour on the page. */
export const MASK_COLOUR = '#ff2d78';

/** The width of the eraser and of the mask brush, relative to the pen. */
export const ERASER_FACTOR = 2.5;
export const MASK_FACTOR = 4;

/** The shape that a tool draws; undefined for other tools. */
export function shapeOf(tool: Tool): Shape | undefined {
  return tool === 'line' || tool === 'rectangle' || tool === 'ellipse' ? tool : undefined;
}
