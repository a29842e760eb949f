import type { Limits } from '../../core/config-reader';

// Bounds of the numbers in the configs of networks: far above those of published models, and small enough that
// reading a config takes no time and no memory.

/** Resolutions of a UNet or an autoencoder. */
export const MOST_LEVELS = 8;
/** Blocks of one level, transformer blocks after one ResNet, layers of a text encoder. */
export const MOST_LAYERS = 64;
/** Channels of latents and of images. */
export const MOST_LATENT_CHANNELS = 1024;
/** In latent cells or pixels. */
export const MOST_SAMPLE_SIZE = 16_384;
/** Side and padding of a convolution. */
export const MOST_KERNEL = 31;
/** Tokens of a vocabulary. */
export const MOST_TOKENS = 2 ** 20;
/** Classes that a UNet can be told. */
export const MOST_CLASSES = 2 ** 20;
/** What a normalization adds to the variance. */
export const EPSILON: Limits = { least: 0, most: 1 };
