import { fromFloat16 } from '../../core/float16';

/**
 * The supported element types, by their names in safetensors headers
 * (github.com/huggingface/safetensors, `Dtype` in safetensors/src/tensor.rs).
 */
export type DType = 'F64' | 'F32' | 'F16' | 'BF16' | 'I64' | 'I32' | 'I16' | 'I8' | 'U8' | 'BOOL';

/** Bytes per element. */
export const DTYPE_BYTES: Readonly<Record<DType, number>> = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
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
  'F8_E5M2',
  'F8_E4M3',
  'F8_E8M0',
  'F8_E4M3FNUZ',
  'F8_E5M2FNUZ',
]);

export function isDType(name: string): name is DType {
  return Object.hasOwn(DTYPE_BYTES, name);
}

/** Whether this is an element type of the format that is not supported. */
export function isRefusedDType(name: string): boolean {
  return OTHER_DTYPES.has(name);
}

/** Decodes one little-endian element. */
export function decodeElement(bytes: Buffer, dtype: DType): number {
  switch (dtype) {
    case 'F64':
      return bytes.readDoubleLE(0);
    case 'F32':
      return bytes.readFloatLE(0);
    case 'F16':
      return fromFloat16(Uint16Array.of(bytes.readUInt16LE(0)))[0]!;
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
