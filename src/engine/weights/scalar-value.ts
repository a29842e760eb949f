import { DTYPE_BYTES, type DType } from './dtype';

/** Decodes one little-endian element. */
export function decodeElement(bytes: Buffer, dtype: DType): number {
  switch (dtype) {
    case 'F64':
      return bytes.readDoubleLE(0);
    case 'F32':
      return bytes.readFloatLE(0);
    case 'F16':
      return fromHalf(bytes.readUInt16LE(0));
    case 'BF16':
      return Buffer.from([0, 0, bytes.readUInt8(0), bytes.readUInt8(1)]).readFloatLE(0);
    case 'I64':
      return Number(bytes.readBigInt64LE(0));
    case 'U8':
    case 'BOOL':
      return bytes.readUInt8(0);
    case 'I32':
    case 'I16':
    case 'I8':
      return bytes.readIntLE(0, DTYPE_BYTES[dtype]);
  }
}

function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
