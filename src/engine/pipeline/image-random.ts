import { TorchGenerator } from '../../core/diffusion/random';
import { slerp, type LatentShape } from '../../core/diffusion/slerp';
import type { PlannedImage } from './plan';

/** The random numbers of one pass of one image. */
export class ImageRandom {
  private readonly generator: TorchGenerator;

  constructor(private readonly image: Pick<PlannedImage, 'seed' | 'variationNoise'>) {
    this.generator = new TorchGenerator(image.seed);
  }

  /** The next standard normal numbers of the image's seed, float32. */
  randn(count: number): Float32Array {
    return this.generator.randn(count);
  }

  /**
   * The noise that a pass begins with: the next of the image's seed, or what lies between it and the first of
   * the variation's seed.
   */
  initialNoise(shape: LatentShape): Float32Array {
    const count = shape.channels * shape.height * shape.width;
    const noise = this.randn(count);
    const { variationNoise: variation } = this.image;
    if (!variation) return noise;
    return slerp(noise, new TorchGenerator(variation.seed).randn(count), variation.strength, shape);
  }
}
