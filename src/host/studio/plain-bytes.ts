/**
 * Bytes as the editor's messages carry them: a Buffer, which Node's own channels make, would arrive as JSON.
 */
export function plainBytes(bytes: Uint8Array): Uint8Array {
  return Buffer.isBuffer(bytes) ? new Uint8Array(bytes) : bytes;
}
