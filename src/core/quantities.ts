/** Powers of 1000, as disks, networks and model cards count: 1 GB is 1,000,000,000 bytes. */
const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** Jobs that need less memory than this, in bytes, do not mention it. */
export const REPORTED_MEMORY_BYTES = 2e9;

/** Bytes for display: whole bytes and kilobytes, larger units with one decimal ("2.1 GB"). */
export function describeBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  const written = () => value.toFixed(unit > 1 ? 1 : 0);
  // By the rounded value, so that 999.96 MB become 1.0 GB, not 1000.0 MB.
  while (unit < UNITS.length - 1 && Number(written()) >= 1000) {
    value /= 1000;
    unit += 1;
  }
  return `${written()} ${UNITS[unit] ?? ''}`;
}

/** A duration for display, in the unit that suits it: "45 s", "12 min", "1.5 h". */
export function describeSeconds(seconds: number): string {
  if (seconds < 59.5) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}

/** `1 step` or `20 steps`. */
export function describeSteps(steps: number): string {
  return steps === 1 ? '1 step' : `${steps} steps`;
}
