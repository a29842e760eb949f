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
  changeTensor(model, component, tensor, (values, dtype) => {
    const bits = NAN[dtype];
    assert.ok(bits);
    values.set(bits);
  });
}

/** Multiplies a tensor in float32, so that what is computed with it is too large for float16. */
export function scaleTensor(model: string, component: string, tensor: string, by: number): void {
  changeTensor(model, component, tensor, (values, dtype) => {
    assert.equal(dtype, 'F32');
    for (let at = 0; at < values.length; at += 4) {
      values.writeFloatLE(values.readFloatLE(at) * by, at);
    }
  });
}

function changeTensor(
  model: string,
  component: string,
  tensor: string,
  change: (values: Buffer, dtype: string) => void,
): void {
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
  const [start, end] = place.data_offsets.map((offset) => 8 + headerLength + offset);
  change(bytes.subarray(start, end), place.dtype);
  writeFileSync(file, bytes);
}
