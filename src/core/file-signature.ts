/** A format by bytes at a place of the file: the bytes in Latin-1, what the file is, what the user can do. */
export type Signature = readonly [bytes: string, what: string, next: string, offset?: number];

/** The first signature that a file has, as texts; undefined if it has none of them. */
export function matchSignature(
  bytes: Uint8Array,
  signatures: readonly Signature[],
): { readonly what: string; readonly next: string } | undefined {
  const found = signatures.find(([mark, , , offset]) => hasBytes(bytes, mark, offset));
  return found && { what: found[1], next: found[2] };
}

/**
 * Whether a file has these bytes at an offset.
 * @param mark in Latin-1
 */
export function hasBytes(bytes: Uint8Array, mark: string, offset = 0): boolean {
  if (offset < 0 || offset + mark.length > bytes.length) return false;
  for (let i = 0; i < mark.length; i++) {
    if (bytes[offset + i] !== mark.charCodeAt(i)) return false;
  }
  return true;
}
