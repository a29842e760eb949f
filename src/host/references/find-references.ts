import path from 'node:path';
import type { CancellationToken, TextDocument } from 'vscode';
import { syntaxOf } from '../languages';
import type { ImageReference } from './image-reference';
import { ReferenceReader, type ReadReferences } from './reference-reader';

type Document = Pick<TextDocument, 'languageId' | 'uri' | 'getText'> & {
  readonly version?: number;
};

/** The reading of one version of a document, and how many wait for it. */
interface Reading {
  readonly version: number | undefined;
  readonly result: Promise<ReadReferences>;
  readonly abort: AbortController;
  waiting: number;
}

const NONE: ReadReferences = { references: [] };

// The parsers are a bundle of their own beside the extension's.
const reader = new ReferenceReader(path.join(__dirname, 'references.js'));
const readings = new WeakMap<Document, Reading>();

/** The references to images in a document, in order; none where it cannot be read. */
export async function findReferences(
  document: Document,
  token?: CancellationToken,
): Promise<readonly ImageReference[]> {
  return (await readReferences(document, token)).references;
}

/**
 * The references to images in a document, in order, or why they are not known. A version of a document is
 * parsed once, whoever asks for it, and no longer than somebody waits for it.
 */
export function readReferences(
  document: Document,
  token?: CancellationToken,
): Promise<ReadReferences> {
  const syntax = syntaxOf(document);
  if (!syntax) return Promise.resolve(NONE);
  const reading = readingOf(document, () => {
    const abort = new AbortController();
    const result = reader.read(syntax, document.getText(), abort.signal);
    const reading: Reading = { version: document.version, result, abort, waiting: 0 };
    // What is known stays so, also for who no longer waits for it.
    void result.then(() => (reading.waiting = Infinity));
    return reading;
  });
  reading.waiting += 1;
  token?.onCancellationRequested(() => {
    reading.waiting -= 1;
    if (reading.waiting === 0) reading.abort.abort();
  });
  return reading.result;
}

function readingOf(document: Document, start: () => Reading): Reading {
  const known = readings.get(document);
  if (known && known.version === document.version && !known.abort.signal.aborted) return known;
  // The text has changed: who waits for the old one asks again.
  known?.abort.abort();
  const reading = start();
  readings.set(document, reading);
  return reading;
}
