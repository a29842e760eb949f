import { findNodeAtLocation, parseTree, type Node } from 'jsonc-parser';
import type { ImageReference } from './image-reference';
import { markdownReferences } from './markdown-references';
import { escapedText, joined, partOf, STRING_ESCAPE, type SourceText } from './source-text';

/** The images of the Markdown cells of a Jupyter notebook, as its file is stored (nbformat 3 and 4). */
export function notebookReferences(file: SourceText): ImageReference[] {
  const root = parseTree(file.value);
  if (!root) return [];
  const sheets = findNodeAtLocation(root, ['worksheets'])?.children ?? [root];
  const cells = sheets.flatMap((sheet) => findNodeAtLocation(sheet, ['cells'])?.children ?? []);
  return cells.flatMap((cell) => {
    if (findNodeAtLocation(cell, ['cell_type'])?.value !== 'markdown') return [];
    const source = findNodeAtLocation(cell, ['source']);
    const lines = (source?.type === 'array' ? source.children : source && [source]) ?? [];
    return markdownReferences(joined(lines.map((line) => lineText(line, file))), 'markdown');
  });
}

function lineText({ value, offset, length }: Node, file: SourceText): SourceText {
  const raw = partOf(file, offset + 1, offset + length - 1);
  return escapedText(raw, typeof value === 'string' ? value : '', STRING_ESCAPE);
}
