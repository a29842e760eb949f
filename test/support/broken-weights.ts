import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** The bits of NaN, little-endian, by the type of a safetensors file. */
const NAN: Readonly<Record<string, readonly number[]>> = {
  F32: [0, 0, 0xc0, 0x7f],
  F16: [0, 0x7e],
  BF16: [0xc0, 0x7f],
};

/**
 * Writes NaN over the first value of a tensor, as in a fine-tune that broke while it was trained.
 * @param component a folder of a materialised model
 */
export function breakTensor(model: string, component: string, tensor: string): void {
  const folder = path.join(model, component);
  const name = readdirSync(folder).find((entry) => entry.endsWith('.safetensors'));
  assert.ok(name);
  const file = path.join(folder, name);
  const bytes = readFileSync(file);
  const headerLength = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + headerLength)) as Record<
    string,
    { readonly dtype: string; readonly data_offsets: readonly [number, number] }
  >;
  const place = header[tensor];
  assert.ok(place, `${component} has no ${tensor}, but ${Object.keys(header).join(', ')}`);
  const bits = NAN[place.dtype];
  assert.ok(bits);
  bytes.set(bits, 8 + headerLength + place.data_offsets[0]);
  writeFileSync(file, bytes);
}
