import { EaselError } from '../../core/errors';

/** The error for a damaged file. `what` goes on after a colon: "it is cut short". */
export function damagedFile(path: string, what: string): EaselError {
  return new EaselError('bad-file', `${path} is damaged: ${what}. Download it again.`, { path });
}
