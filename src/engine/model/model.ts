import type { Prediction } from '../../core/diffusion/denoise';
import type { Scheduler } from '../../core/diffusion/schedulers/index';
import type { Size } from '../../core/image/fit-size';
import type { GenerationRequest, PromptSyntax } from '../../core/request/request';
import type { NetworkSession } from '../runtime/session';
import type { ModelDefaults } from './defaults';
import type { LatentSize, LatentSpace } from './latent-space';
import type { AfterUse, Network, Networks } from './network';

/**
 * A model, read but not loaded: what a job needs of it, whatever its family. Families implement it
 * (families/), `openModel` finds the right one.
 */
export interface Model {
  /** As users name it. */
  readonly id: string;
  /** Sessions of models with the same key are interchangeable. */
  readonly sessionKey: string;
  readonly latents: LatentSpace;
  readonly defaults: ModelDefaults;
  /** Pixels of an image where nothing else is asked for. */
  readonly nativeSize: Size;
  /** Where the denoiser takes a mask and the masked image as channels beside the latents (inpainting models). */
  readonly takesMask: boolean;
  /** Image to image shortens the distillation's own schedule and not its last part (LCM). */
  readonly strengthInSchedule: boolean;
  /** Operations of one run of the denoiser at the native size, in billions; absent where it is not known. */
  readonly gigaflops: number | undefined;
  /** Whether decoding costs less than a denoising step, so that previews can be decoded. */
  readonly decodesCheaply: boolean;

  /**
   * A scheduler with the model's own config.
   * @param name diffusers' class name or a short one; the model's own where absent
   * @throws EaselError `unknown-scheduler` or `unsupported-config`
   */
  createScheduler(name?: string): Scheduler;
  /** Whether classifier-free guidance runs at that scale (diffusers, `do_classifier_free_guidance`). */
  isGuided(guidanceScale: number): boolean;
  /** Encodes prompts, each with its negative prompt, as the pipelines' `encode_prompt` does. */
  encodePrompts(
    networks: Networks,
    prompts: readonly PromptPair[],
    options: PromptOptions,
  ): Promise<readonly PromptCondition[]>;
  /**
   * Decodes latents as the denoiser left them: float32 [channels, height, width].
   * @param size of the latents
   */
  decode(
    networks: Networks,
    latents: Float32Array,
    size: LatentSize,
    options: DecodeOptions,
  ): Promise<DecodedImage>;
  /**
   * Encodes an image.
   * @param planes float32 [3, height · factor, width · factor], -1..1
   * @param size of the latents
   */
  encode(
    networks: Networks,
    planes: Float32Array,
    size: LatentSize,
    options: EncodeOptions,
  ): Promise<LatentDistribution>;
  /** About what a job takes of memory on the processor, before anything is loaded. */
  estimateMemory(use: MemoryUse): MemoryEstimate;

  /**
   * The model with a request's LoRAs and textual inversions.
   * @throws EaselError `unsupported-model` (made for another model, or weights that cannot be changed),
   *   `bad-request` (a word is taken), and those of reading the files
   */
  withAdapters(request: AdapterRequest): Promise<AdaptedModel>;
  /**
   * The model with the tiny autoencoder of its latent space, from the shared cache.
   * @throws EaselError `model-not-found`, saying how to get it
   */
  withTinyAutoencoder(): Promise<Model>;
}

export interface PromptPair {
  readonly prompt: string;
  readonly negativePrompt: string;
}

export interface PromptOptions {
  readonly promptSyntax: PromptSyntax;
  /** Whether the negative prompt is encoded too. */
  readonly guided: boolean;
}

/** An encoded prompt, ready to condition a denoiser. */
export interface PromptCondition {
  denoiser(inputs: DenoiserInputs): Denoiser;
}

export interface DenoiserInputs {
  /** Of the latents. */
  readonly size: LatentSize;
  readonly guidanceScale: number;
  /** Channels behind the latents' own, such as an inpainting model's mask and masked image. */
  readonly extraChannels?: Float32Array | undefined;
}

/** The denoising network with everything fixed but the sample and the timestep. */
export interface Denoiser {
  readonly network: Network;
  /** @param session of `network` */
  bind(session: NetworkSession): (sample: Float32Array, timestep: number) => Promise<Prediction>;
}

/** A decoder's output, nominally -1..1. */
export interface DecodedImage {
  /** float32 [3, height, width] */
  readonly sample: Float32Array;
  /** float32 [height, width], where the model has learned it: -1 is transparent. */
  readonly opacity?: Float32Array | undefined;
}

export interface DecodeOptions {
  /** How many images of this size the job decodes. */
  readonly runs: number;
  /** Decode in overlapping tiles where the image is larger than one. */
  readonly tiled: boolean;
}

export interface EncodeOptions {
  readonly tiled: boolean;
  readonly after: AfterUse;
}

/** Draws standard normal noise, float32, from an image's own generator. */
export type Noise = (count: number) => Float32Array;

/** An encoded image, from which each image of a job draws its own latents, as the denoiser takes them. */
export type LatentDistribution = (noise: Noise) => Float32Array;

export interface MemoryUse {
  /** Pixels of the largest pass. */
  readonly width: number;
  readonly height: number;
  readonly guided: boolean;
  /** Denoising steps over all images. */
  readonly steps: number;
  /** Whether the autoencoder works in tiles; undefined: where the whole would take too much memory. */
  readonly vaeTiling: boolean | undefined;
}

export interface MemoryEstimate {
  /** Peak of the whole process. */
  readonly bytes: number;
  /** Whether the autoencoder is to work in tiles. */
  readonly vaeTiling: boolean;
}

/** What a request adds to a model. */
export type AdapterRequest = Pick<GenerationRequest, 'loras' | 'embeddings'>;

/** A model with adapters; `warnings` say what of them was left out. */
export interface AdaptedModel {
  readonly model: Model;
  readonly warnings: readonly string[];
}
