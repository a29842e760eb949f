import { TorchGenerator } from '../../src/core/diffusion/random';

/** Where an array lies: in a file of values, or in the numbers of a seed. */
export interface ArrayPlace {
  readonly dtype: 'float32' | 'int32';
  readonly shape: readonly number[];
  readonly offset?: number;
  readonly seed?: number;
}

/** The arrays of one fixture (scripts/reference/shared/fixture_arrays.py). */
export class ReferenceArrays {
  constructor(
    private readonly places: Readonly<Record<string, ArrayPlace>>,
    private readonly bytes: Buffer,
  ) {}

  has(name: string): boolean {
    return Object.hasOwn(this.places, name);
  }

  shape(name: string): readonly number[] {
    return this.place(name).shape;
  }

  get(name: string): Float32Array | Int32Array {
    const { shape, dtype, offset = 0, seed } = this.place(name);
    const count = shape.reduce((product, size) => product * size, 1);
    if (seed !== undefined) return new TorchGenerator(seed).randn(count);
    const { buffer } = new Uint8Array(this.bytes.subarray(offset, offset + count * 4));
    return dtype === 'int32' ? new Int32Array(buffer) : new Float32Array(buffer);
  }

  floats(name: string): Float32Array {
    const data = this.get(name);
    if (!(data instanceof Float32Array)) throw new Error(`${name} is not float32`);
    return data;
  }

  private place(name: string): ArrayPlace {
    const place = this.places[name];
    if (place === undefined) throw new Error(`there is no array ${name}`);
    return place;
  }
}
