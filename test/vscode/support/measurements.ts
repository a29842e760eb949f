/** Numbers that suites inside the extension host report, by name. */
export const measured: Record<string, number> = {};
