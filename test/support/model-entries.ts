import type { ModelEntry } from '../../src/protocol/engine';

/** What entries of the list of models have in common in tests of the studio. */
export const LISTED = {
  ...{ path: '', origin: 'cache', kind: 'pipeline', pipeline: '', precision: 'F16' },
  ...{ sizeBytes: 1, lastUsedMs: 0, runnable: true, reason: '' },
} as const;

const DEFAULTS = { steps: 20, guidanceScale: 7, width: 512, height: 512, multiple: 8 };

/** A model of the list. @param more of its defaults */
export function modelEntry(id: string, family: string, more: object = {}): ModelEntry {
  return { ...LISTED, id, family, defaults: { ...DEFAULTS, ...more } } as ModelEntry;
}
