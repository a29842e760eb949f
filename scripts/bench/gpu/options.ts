// The options of the benchmark, where it was built and where it was unpacked.

export const RUN_OPTIONS = {
  toy: { type: 'boolean', default: false },
  minutes: { type: 'string', default: '8' },
} as const;

/** @throws Error where the minutes are no number above 0 */
export function readOptions({ toy, minutes }: { readonly toy: boolean; readonly minutes: string }) {
  const number = Number(minutes);
  if (!(number > 0)) throw new Error('--minutes: a number above 0');
  return { isToy: toy, minutes: number };
}
