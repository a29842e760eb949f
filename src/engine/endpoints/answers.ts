import type { EndpointConnection } from './connection';

/** A text that is not empty. */
export function readText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The texts of a list; none where it is no list. */
export function readTexts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.flatMap((one: unknown) => readText(one) ?? []) : [];
}

/** A number, also one that is written as a text. */
export function readNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/**
 * The bytes of an image in base64, with or without `data:image/png;base64,` before it.
 * @throws EaselError `endpoint-failed` for anything else
 */
export function imageOf(value: unknown, connection: EndpointConnection): Uint8Array {
  const text = readText(value) ?? '';
  const encoded = text.startsWith('data:') ? text.slice(text.indexOf(',') + 1) : text;
  const bytes = Buffer.from(encoded, 'base64');
  if (bytes.length === 0) throw connection.unexpected('an answer without an image');
  return bytes;
}

/** The bytes of an image as the text that JSON has. */
export function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

/**
 * A prompt that means there what it means here, for servers that read brackets as weights: they are escaped, unless
 * the request wants weights.
 */
export function withoutWeights(
  text: string,
  { promptSyntax }: { readonly promptSyntax: 'plain' | 'weighted' },
): string {
  return promptSyntax === 'weighted' ? text : text.replace(/[()[\]]/g, '\\$&');
}
