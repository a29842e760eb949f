/** An 8-bit RGB image: [height, width, 3], rows top to bottom. */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** An 8-bit RGBA image: [height, width, 4]; alpha is 0 where it is transparent, 255 where it is opaque. */
export interface RgbaImage extends RgbImage {
  readonly alpha: true;
}

/** An image whose size is known. Its pixels are made when they are asked for: those of a large one take gigabytes. */
export interface PendingImage {
  readonly width: number;
  readonly height: number;
  pixels(): Promise<RgbImage>;
}

/** An image whose pixels are there. */
export function readyImage(image: RgbImage): PendingImage {
  const { width, height } = image;
  return { width, height, pixels: () => Promise.resolve(image) };
}

/**
 * An image as a model drew it, with each pixel's opacity (0 to 255, [height, width]) where the model
 * predicts it.
 */
export interface DrawnImage extends RgbImage {
  readonly opacity?: Uint8Array | undefined;
}

/**
 * Turns a decoder's output into 8-bit pixels as diffusers' VaeImageProcessor does: `x / 2 + 0.5`,
 * clamped to 0..1, times 255, rounded half to even.
 * @param planes float32 [3, height, width], nominally -1..1
 */
export function toRgb(planes: Float32Array, width: number, height: number): RgbImage {
  const size = width * height;
  const data = new Uint8Array(size * 3);
  for (let c = 0; c < 3; c++) {
    for (let i = 0; i < size; i++) data[i * 3 + c] = toByte(planes[c * size + i]!);
  }
  return { width, height, data };
}

/** Values of -1..1 as bytes, like `toRgb`. */
export function toBytes(values: Float32Array): Uint8Array {
  // Several times as fast as Uint8Array.from with a function.
  const bytes = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) bytes[i] = toByte(values[i]!);
  return bytes;
}

function toByte(value: number): number {
  const unit = Math.fround(Math.fround(value * 0.5) + 0.5);
  // NaN compares false and becomes black, as numpy's cast leaves it on x86.
  const scaled = Math.fround((unit > 0 ? Math.min(unit, 1) : 0) * 255);
  const floor = Math.floor(scaled);
  const rest = scaled - floor;
  if (rest < 0.5 || (rest === 0.5 && floor % 2 === 0)) return floor;
  return floor + 1;
}
