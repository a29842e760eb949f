/** A value of an export's config.json, which may be anything: the whole number above 0, or undefined. */
export function wholeNumber(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : undefined;
}

export function wholeNumbers(value: unknown): readonly number[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  return value.every((entry): entry is number => wholeNumber(entry) !== undefined)
    ? value
    : undefined;
}
