import { GGUF_STRING, GGUF_UINT32, GgufCursor } from './gguf-cursor';

/**
 * What a GGUF file says of itself (github.com/ggml-org/ggml, docs/gguf.md). Empty where it does not say it, or says it
 * later in the file.
 */
export interface GgufFacts {
  /** `general.architecture`: "flux", "sd1", "sdxl", … */
  readonly architecture: string;
  /** "Q8_0", "Q4_K_M", "F16", … */
  readonly quantisation: string;
}

/** `general.file_type` (`llama_ftype` in llama.cpp, include/llama.h). */
const FILE_TYPES: Readonly<Record<number, string>> = {
  ...{ 0: 'F32', 1: 'F16', 2: 'Q4_0', 3: 'Q4_1', 7: 'Q8_0', 8: 'Q5_0', 9: 'Q5_1', 10: 'Q2_K' },
  ...{ 11: 'Q3_K_S', 12: 'Q3_K_M', 13: 'Q3_K_L', 14: 'Q4_K_S', 15: 'Q4_K_M', 16: 'Q5_K_S' },
  ...{ 17: 'Q5_K_M', 18: 'Q6_K', 19: 'IQ2_XXS', 20: 'IQ2_XS', 21: 'Q2_K_S', 22: 'IQ3_XS' },
  ...{ 23: 'IQ3_XXS', 24: 'IQ1_S', 25: 'IQ4_NL', 26: 'IQ3_S', 27: 'IQ3_M', 28: 'IQ2_S' },
  ...{ 29: 'IQ2_M', 30: 'IQ4_XS', 31: 'IQ1_M', 32: 'BF16' },
};

/** The types of tensors that are quantised (`ggml_type` in ggml.h). */
const QUANTISED: Readonly<Record<number, string>> = {
  ...{ 2: 'Q4_0', 3: 'Q4_1', 6: 'Q5_0', 7: 'Q5_1', 8: 'Q8_0', 9: 'Q8_1', 10: 'Q2_K', 11: 'Q3_K' },
  ...{ 12: 'Q4_K', 13: 'Q5_K', 14: 'Q6_K', 15: 'Q8_K', 16: 'IQ2_XXS', 17: 'IQ2_XS' },
  ...{ 18: 'IQ3_XXS', 19: 'IQ1_S', 20: 'IQ4_NL', 21: 'IQ3_S', 22: 'IQ2_S', 23: 'IQ4_XS' },
};

/**
 * Reads what the beginning of a GGUF file says. Never throws: what lies beyond `start`, or is damaged, is not known.
 * @param start the first bytes, beginning with "GGUF"
 */
export function readGgufStart(start: Buffer): GgufFacts {
  const facts = { architecture: '', quantisation: '' };
  const types = new Map<string, number>();
  try {
    readInto(new GgufCursor(start), facts, types);
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
  }
  const [most] = [...types].sort((a, b) => b[1] - a[1]);
  return { ...facts, quantisation: facts.quantisation || (most?.[0] ?? '') };
}

interface Known {
  architecture: string;
  quantisation: string;
}

/** @throws RangeError where the bytes end */
function readInto(cursor: GgufCursor, facts: Known, types: Map<string, number>): void {
  cursor.skip('GGUF'.length);
  const version = cursor.uint32();
  // Version 1 has shorter counts, and files of other machines have the bytes in the other order.
  if (version !== 2 && version !== 3) return;
  const tensors = cursor.size();
  const entries = cursor.size();
  for (let entry = 0; entry < entries; entry++) {
    const key = cursor.text();
    const type = cursor.uint32();
    if (key === 'general.architecture' && type === GGUF_STRING) {
      const name = cursor.text();
      facts.architecture = /^[\w.-]{1,40}$/.test(name) ? name : '';
    } else if (key === 'general.file_type' && type === GGUF_UINT32) {
      facts.quantisation = FILE_TYPES[cursor.uint32()] ?? '';
    } else {
      cursor.skipValue(type);
    }
  }
  for (let tensor = 0; tensor < tensors; tensor++) {
    const { sizes, type: code } = cursor.tensor();
    const numbers = sizes.reduce((all, size) => all * size, 1);
    const type = QUANTISED[code];
    if (type !== undefined) types.set(type, (types.get(type) ?? 0) + numbers);
  }
}
