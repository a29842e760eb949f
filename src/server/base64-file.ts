import { EaselError } from '../core/errors';

const PREFIX = /^data:[\w.+/-]{0,100};base64,/;

/**
 * An image file in base64, with or without the beginning of a data: address. Addresses of other kinds are refused:
 * nothing is fetched.
 * @throws EaselError `bad-request`
 */
export function decodeFile(text: string, field: string): Uint8Array {
  const encoded = text.slice(PREFIX.exec(text)?.[0].length ?? 0);
  // Node skips what is not base64, and would so make a file of anything.
  if (encoded === '' || !/^[\w+/=\s-]+$/.test(encoded)) {
    throw new EaselError('bad-request', `${field}: must be an image file in base64.`, { field });
  }
  return new Uint8Array(Buffer.from(encoded, 'base64'));
}
