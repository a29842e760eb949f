import path from 'node:path';

/** The repository's folder. */
export const ROOT = path.join(import.meta.dirname, '..', '..');

/** Reference values and files that diffusers and other tools made (scripts/reference). */
export const FIXTURES = path.join(ROOT, 'test', 'fixtures');
