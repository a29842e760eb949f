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

/** What the next mark is made with. */
export interface ToolState {
  readonly tool: Tool;
  readonly colour: Colour;
  /** Thousandths of the paper's shorter side. */
  readonly size: number;
  readonly filled: boolean;
}

export const FIRST_TOOLS: ToolState = { tool: 'pen', colour: '#1b1b1f', size: 14, filled: true };

/** Paints that placeholder pictures are made of. They are the picture's colours, not the page's. */
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

/** The mask is shown in one colour, over any picture. */
export const MASK_COLOUR = '#ff2d78';

/** The eraser is wider than the pen: mistakes are. */
export const ERASER_FACTOR = 2.5;
export const MASK_FACTOR = 4;

export function shapeOf(tool: Tool): Shape | undefined {
  return tool === 'line' || tool === 'rectangle' || tool === 'ellipse' ? tool : undefined;
}
