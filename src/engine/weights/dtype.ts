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
