import type { VectorImage } from '../composition/vector-image';
import type { Size } from '../image/resize';
import { drawLine, lineWidth, wrapLines } from './lettering';

/** Images in columns, rows and blocks, with what each is labelled. */
export interface SheetTexts {
  /** Above all: the prompt. */
  readonly title: string;
  /** Below it, smaller; empty for nothing. */
  readonly note: string;
  /** The labels of one to three axes: the columns, the rows, and the blocks of those. */
  readonly axes: readonly (readonly string[])[];
}

/** Where an image is to be drawn: its centre, in pixels. */
export interface SheetPlace {
  readonly x: number;
  readonly y: number;
}

export interface SheetLayout {
  /** All but the images, in pixels. */
  readonly ground: VectorImage;
  /** One for each image, the first axis fastest. */
  readonly places: readonly SheetPlace[];
  /** By how much images are made smaller: 1 is their own size. */
  readonly scale: number;
}

/** Pixels that a side of a sheet has at most, so that every format and viewer takes it. */
const LONGEST = 8192;
const MARGIN = 24;
const GAP = 8;
/** Of letters, for cells of any size. */
const SMALLEST_TEXT = 14;
const LARGEST_TEXT = 30;
/** Cells are so many times as wide as letters. */
const TEXT_SHARE = 15;
const LEADING = 1.3;
/** From the top of a line to its baseline, in ems. */
const ASCENT = 0.95;
/** More images of a single axis than this are broken into several rows. */
const ROW_OF_ONE = 6;
const INK = '#27364b';
const MUTED = '#5d6b7e';
const EMPTY = '#e9edf2';

/**
 * Lays out a contact sheet. Images that would make it too large are made smaller, all by the same factor.
 * @param image pixels of the largest image
 * @param drawn whether each image is there; those that are not leave a grey box
 */
export function layoutSheet(
  texts: SheetTexts,
  image: Size,
  drawn: readonly boolean[],
): SheetLayout {
  let scale = 1;
  let sheet = arrange(texts, image, drawn);
  for (let tries = 0; tries < 12 && longest(sheet.ground) > LONGEST && scale > 0.01; tries++) {
    scale *= Math.min(0.95, LONGEST / longest(sheet.ground));
    const cell = { width: scaled(image.width, scale), height: scaled(image.height, scale) };
    sheet = arrange(texts, cell, drawn);
  }
  return { ...sheet, scale };
}

const longest = ({ width, height }: Size) => Math.max(width, height);
const scaled = (side: number, scale: number) => Math.max(1, Math.round(side * scale));

/** Columns with their labels above, and rows below. */
interface Band {
  readonly heading: string | undefined;
  readonly columns: readonly string[];
  readonly rows: readonly { readonly label: string; readonly cells: readonly number[] }[];
}

function arrange(
  { title, note, axes }: SheetTexts,
  cell: Size,
  drawn: readonly boolean[],
): Omit<SheetLayout, 'scale'> {
  const text = clamp(Math.round(cell.width / TEXT_SHARE), SMALLEST_TEXT, LARGEST_TEXT);
  const line = Math.round(text * LEADING);
  const boxWidth = Math.max(cell.width, 5 * text);
  const bands = bandsOf(axes);
  const most = Math.max(...bands.map(({ columns }) => columns.length));
  const labelWidth = rowLabelWidth(axes[1], text, boxWidth);
  const left = MARGIN + (labelWidth === 0 ? 0 : labelWidth + GAP);
  const inner = Math.max(left - MARGIN + most * (boxWidth + GAP) - GAP, 18 * text);

  let body = '';
  let y = MARGIN;
  const lines = (
    shown: readonly string[],
    x: number,
    {
      size = text,
      colour = INK,
      centred,
    }: { size?: number; colour?: string; centred?: number } = {},
  ) => {
    shown.forEach((one, row) => {
      const start = centred === undefined ? x : x + (centred - lineWidth(one, size)) / 2;
      const baseline = y + (row * LEADING + ASCENT) * size;
      body += drawLine(one, start, baseline, { size, colour });
    });
    return shown.length * size * LEADING;
  };

  y += lines(wrapLines(title, text * 1.2, inner, 4), MARGIN, { size: text * 1.2 });
  y += lines(wrapLines(note, text * 0.8, inner, 3), MARGIN, { size: text * 0.8, colour: MUTED });
  y += line / 2;
  const places: SheetPlace[] = [];
  for (const { heading, columns, rows } of bands) {
    if (heading !== undefined) y += line / 2 + lines(wrapLines(heading, text, inner, 2), MARGIN);
    const labels = columns.map((label) => wrapLines(label, text, boxWidth, 3));
    labels.forEach((label, column) => {
      lines(label, left + column * (boxWidth + GAP), { centred: boxWidth });
    });
    y = Math.round(y + Math.max(...labels.map(({ length }) => length)) * line + GAP / 2);
    for (const { label, cells } of rows) {
      const rowLines = wrapLines(
        label,
        text,
        labelWidth,
        Math.max(1, Math.floor(cell.height / line)),
      );
      const top = y;
      y += Math.max(0, (cell.height - rowLines.length * line) / 2);
      lines(rowLines, MARGIN);
      y = top;
      cells.forEach((index, column) => {
        const x = left + column * (boxWidth + GAP) + Math.floor((boxWidth - cell.width) / 2);
        places[index] = { x: x + cell.width / 2, y: y + cell.height / 2 };
        // Around an image it is a thin frame, so that a white one has an edge.
        const frame = drawn[index] === true ? 1 : 0;
        body +=
          `<rect x="${x - frame}" y="${y - frame}" width="${cell.width + 2 * frame}" ` +
          `height="${cell.height + 2 * frame}" fill="${EMPTY}"/>`;
      });
      y += Math.max(cell.height, line) + GAP;
    }
    y += GAP;
  }
  const width = Math.ceil(inner + 2 * MARGIN);
  const height = Math.ceil(y - 2 * GAP + MARGIN);
  const paper = `<rect width="${width}" height="${height}" fill="#ffffff"/>`;
  return { ground: { width, height, body: paper + body }, places };
}

const clamp = (value: number, least: number, most: number) =>
  Math.min(most, Math.max(least, value));

/** Enough for the longest label, but no wider than an image or a few words. */
function rowLabelWidth(labels: readonly string[] | undefined, text: number, box: number): number {
  if (!labels) return 0;
  const widest = Math.max(...labels.map((label) => lineWidth(label, text)));
  return Math.ceil(Math.min(widest + 1, Math.max(box, 9 * text)));
}

function bandsOf([columns = [''], rows, blocks]: SheetTexts['axes']): Band[] {
  const height = rows?.length ?? 1;
  // An axis alone would be a strip.
  const perBand =
    rows === undefined && columns.length > ROW_OF_ONE
      ? Math.ceil(Math.sqrt(columns.length * 1.3))
      : columns.length;
  const starts = Array.from({ length: Math.ceil(columns.length / perBand) }, (_, k) => k * perBand);
  return (blocks ?? [undefined]).flatMap((heading, block) =>
    starts.map((start) => ({
      heading: start === 0 ? heading : undefined,
      columns: columns.slice(start, start + perBand),
      rows: (rows ?? ['']).map((label, row) => ({
        label,
        cells: columns
          .slice(start, start + perBand)
          .map((_, k) => (block * height + row) * columns.length + start + k),
      })),
    })),
  );
}
