/** Reads a value of an export's config.json: a whole number above 0, or undefined for anything else. */
export function wholeNumber(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : undefined;
}

/** Reads a list of whole numbers above 0; undefined for anything else. */
export function wholeNumbers(value: unknown): readonly number[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  return value.every((entry): entry is number => wholeNumber(entry) !== undefined)
    ? value
    : undefined;
}
