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

/** Types of metadata values (`gguf_metadata_value_type`). */
const UINT32 = 4;
const STRING = 8;
const ARRAY = 9;
/** Bytes of the types with a fixed size. */
const BYTES: Readonly<Record<number, number>> = {
  ...{ 0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8 },
};

/** Tensors have up to four axes. */
const MOST_AXES = 4;

/**
 * Reads what the beginning of a GGUF file says. Never throws: what lies beyond `start`, or is damaged, is not known.
 * @param start the first bytes, beginning with "GGUF"
 */
export function readGgufStart(start: Buffer): GgufFacts {
  const facts = { architecture: '', quantisation: '' };
  const types = new Map<string, number>();
  try {
    readInto(new Cursor(start), facts, types);
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
function readInto(cursor: Cursor, facts: Known, types: Map<string, number>): void {
  cursor.skip('GGUF'.length);
  const version = cursor.uint32();
  // Version 1 has shorter counts, and files of other machines have the bytes in the other order.
  if (version !== 2 && version !== 3) return;
  const tensors = cursor.size();
  const entries = cursor.size();
  for (let entry = 0; entry < entries; entry++) {
    const key = cursor.text();
    const type = cursor.uint32();
    if (key === 'general.architecture' && type === STRING) {
      const name = cursor.text();
      facts.architecture = /^[\w.-]{1,40}$/.test(name) ? name : '';
    } else if (key === 'general.file_type' && type === UINT32) {
      facts.quantisation = FILE_TYPES[cursor.uint32()] ?? '';
    } else {
      skipValue(cursor, type);
    }
  }
  for (let tensor = 0; tensor < tensors; tensor++) {
    cursor.text();
    const axes = cursor.uint32();
    if (axes > MOST_AXES) return;
    let numbers = 1;
    for (let axis = 0; axis < axes; axis++) numbers *= cursor.size();
    const type = QUANTISED[cursor.uint32()];
    cursor.skip(8);
    if (type !== undefined) types.set(type, (types.get(type) ?? 0) + numbers);
  }
}

function skipValue(cursor: Cursor, type: number): void {
  if (type === STRING) cursor.text();
  else if (type === ARRAY) {
    const of = cursor.uint32();
    const count = cursor.size();
    const bytes = BYTES[of];
    if (bytes !== undefined) cursor.skip(bytes * count);
    else if (of === STRING) for (let i = 0; i < count; i++) cursor.text();
    else throw new RangeError('an array of a type that is not known');
  } else cursor.skip(BYTES[type] ?? Infinity);
}

/** Reads little-endian values one after the other. @throws RangeError at the end */
class Cursor {
  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  skip(count: number): void {
    if (count > this.bytes.length - this.at) throw new RangeError('past the end');
    this.at += count;
  }

  uint32(): number {
    const value = this.bytes.readUInt32LE(this.at);
    this.at += 4;
    return value;
  }

  /** A count of 64 bits. Above 2^53 it is inexact, but then nothing of that size follows. */
  size(): number {
    const value = Number(this.bytes.readBigUInt64LE(this.at));
    this.at += 8;
    return value;
  }

  text(): string {
    const length = this.size();
    const from = this.at;
    this.skip(length);
    return this.bytes.toString('utf8', from, this.at);
  }
}
