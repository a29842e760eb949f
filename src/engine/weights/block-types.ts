/** A type of GGUF whose values are stored in blocks (github.com/ggml-org/ggml, src/ggml-common.h). */
export type BlockType = keyof typeof BLOCK_TYPES;

interface Block {
  /** Values of a block. */
  readonly values: number;
  /** Bytes of a block; always even. */
  readonly bytes: number;
  /** The number of the type in files (`ggml_type` in ggml.h). */
  readonly code: number;
}

/** The types that Easel widens. A tensor's rows are whole numbers of blocks. */
export const BLOCK_TYPES = {
  Q4_0: { code: 2, values: 32, bytes: 18 },
  Q4_1: { code: 3, values: 32, bytes: 20 },
  Q5_0: { code: 6, values: 32, bytes: 22 },
  Q5_1: { code: 7, values: 32, bytes: 24 },
  Q8_0: { code: 8, values: 32, bytes: 34 },
  Q2_K: { code: 10, values: 256, bytes: 84 },
  Q3_K: { code: 11, values: 256, bytes: 110 },
  Q4_K: { code: 12, values: 256, bytes: 144 },
  Q5_K: { code: 13, values: 256, bytes: 176 },
  Q6_K: { code: 14, values: 256, bytes: 210 },
} as const satisfies Readonly<Record<string, Block>>;

export function isBlockType(name: string): name is BlockType {
  return Object.hasOwn(BLOCK_TYPES, name);
}
