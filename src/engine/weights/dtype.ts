import { fromFloat16 } from '../../core/float16';
import { isBlockType, type BlockType } from './block-types';

/**
 * The supported element types, by their names in safetensors headers
 * (github.com/huggingface/safetensors, `Dtype` in safetensors/src/tensor.rs).
 */
export type DType =
  | 'F64'
  | 'F32'
  | 'F16'
  | 'BF16'
  | 'F8_E4M3'
  | 'F8_E5M2'
  | 'I64'
  | 'I32'
  | 'I16'
  | 'I8'
  | 'U8'
  | 'BOOL';

/** What the values of a tensor are stored in: one after the other, or in blocks. */
export type StoredType = DType | BlockType;

/** Bytes per element. */
export const DTYPE_BYTES: Readonly<Record<DType, number>> = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  F8_E4M3: 1,
  F8_E5M2: 1,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
};

/** Types of the format that are not supported. They get another error than a damaged file. */
const OTHER_DTYPES: ReadonlySet<string> = new Set([
  'U16',
  'U32',
  'U64',
  'C64',
  'F4',
  'F6_E2M3',
  'F6_E3M2',
  'F8_E8M0',
  'F8_E4M3FNUZ',
  'F8_E5M2FNUZ',
]);

/** Whether this is an element type of safetensors. */
export function isDType(name: string): name is DType {
  return Object.hasOwn(DTYPE_BYTES, name);
}

/** Whether this is an element type of the format that is not supported. */
export function isRefusedDType(name: string): boolean {
  return OTHER_DTYPES.has(name);
}

/** Whether this is one of the two 8-bit floating-point types (torch's float8_e4m3fn and float8_e5m2). */
export function isFloat8(dtype: StoredType): dtype is 'F8_E4M3' | 'F8_E5M2' {
  return dtype === 'F8_E4M3' || dtype === 'F8_E5M2';
}

/** Whether values are wider in memory than in their file: no operator of ONNX Runtime computes with them. */
export function isWidened(type: StoredType): boolean {
  return isBlockType(type) || isFloat8(type);
}

/** Bytes of one element; NaN for blocks, whose values have no bytes of their own. */
export function elementBytes(type: StoredType): number {
  return isBlockType(type) ? NaN : DTYPE_BYTES[type];
}

/** Decodes one little-endian element; NaN for blocks. */
export function decodeElement(bytes: Buffer, dtype: StoredType): number {
  if (isBlockType(dtype)) return NaN;
  switch (dtype) {
    case 'F64':
      return bytes.readDoubleLE(0);
    case 'F32':
      return bytes.readFloatLE(0);
    case 'F16':
      return fromFloat16(Uint16Array.of(bytes.readUInt16LE(0)))[0]!;
    case 'BF16':
      return Buffer.from([0, 0, bytes.readUInt8(0), bytes.readUInt8(1)]).readFloatLE(0);
    case 'F8_E4M3':
      return fromFloat8E4M3(bytes.readUInt8(0));
    case 'F8_E5M2':
      // The upper half of a float16.
      return fromFloat16(Uint16Array.of(bytes.readUInt8(0) << 8))[0]!;
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

/**
 * The value of float8_e4m3fn: a sign, 4 bits of exponent and 3 of fraction, without infinities ("FP8 Formats for Deep
 * Learning", Micikevicius et al. 2022, table 1).
 */
function fromFloat8E4M3(bits: number): number {
  const sign = bits & 0x80 ? -1 : 1;
  const exponent = (bits >> 3) & 0xf;
  const fraction = bits & 0x7;
  if (exponent === 15 && fraction === 7) return NaN;
  if (exponent === 0) return sign * fraction * 2 ** -9;
  return sign * (1 + fraction / 8) * 2 ** (exponent - 7);
}
