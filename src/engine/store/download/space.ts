import { EaselError } from '../../../core/errors';
import { describeBytes } from '../../../core/quantities';

/** What a download needs of the disk that it writes to. */
export interface SpaceNeed {
  /** What is downloaded, for the message. */
  readonly what: string;
  readonly neededBytes: number;
  readonly freeBytes: number;
  /** As in "1 GB more on the disk of the cache". */
  readonly place: string;
  /** A sentence that says what to do. */
  readonly advice: string;
}

/** @throws EaselError `disk-full` with both sizes */
export function requireSpace({ what, neededBytes, freeBytes, place, advice }: SpaceNeed): void {
  if (neededBytes <= freeBytes) return;
  throw new EaselError(
    'disk-full',
    `${what} needs ${describeBytes(neededBytes)} more on ${place}, and ${describeBytes(freeBytes)} are free. ${advice}`,
    { neededBytes, freeBytes },
  );
}
