/**
 * The printable character for each byte in a byte-level vocabulary (`bytes_to_unicode` of GPT-2's encoder.py):
 * printable Latin-1 is kept; the 68 other bytes become U+0100 and up, in order.
 */
const CHARACTERS: readonly string[] = makeCharacters();
const BYTES: ReadonlyMap<string, number> = new Map(CHARACTERS.map((c, byte) => [c, byte]));

function makeCharacters(): string[] {
  let unprintable = 0;
  return Array.from({ length: 256 }, (_, byte) => {
    const printable =
      (byte >= 0x21 && byte <= 0x7e) ||
      (byte >= 0xa1 && byte <= 0xac) ||
      (byte >= 0xae && byte <= 0xff);
    return String.fromCharCode(printable ? byte : 0x100 + unprintable++);
  });
}

const encoder = new TextEncoder();

/** Encodes a text as UTF-8 and returns the character of each byte. */
export function toByteCharacters(text: string): string[] {
  return Array.from(encoder.encode(text), (byte) => CHARACTERS[byte]!);
}

/**
 * Decodes tokens to text. Invalid UTF-8 becomes U+FFFD. A token with characters outside of the byte alphabet
 * is kept as it is (tokenizers, pre_tokenizers/byte_level.rs, `decode_chain`).
 */
export function fromByteCharacters(tokens: readonly string[]): string {
  const bytes: number[] = [];
  for (const token of tokens) {
    const own = Array.from(token, (character) => BYTES.get(character));
    if (own.includes(undefined)) bytes.push(...encoder.encode(token));
    else for (const byte of own) bytes.push(byte!);
  }
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(bytes));
}
