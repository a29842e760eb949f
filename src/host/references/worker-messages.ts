import type { ReferenceSyntax } from '../languages';
import type { ImageReference } from './image-reference';

/** What the host asks of the worker: one text at a time. */
export interface ReadText {
  readonly syntax: ReferenceSyntax;
  readonly text: string;
}

/** What the worker says: that it is loaded, the answer to a text, or that the text's parser failed. */
export type WorkerMessage =
  'ready' | { readonly references: ImageReference[] } | { readonly failure: string };
