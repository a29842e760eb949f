import type { AttentionKind, Precision } from '../../core/devices';
import type { Prediction, StepToPredict } from '../../core/diffusion/denoise';
import type { Scheduler, SchedulerOptions } from '../../core/diffusion/schedulers/index';
import type { PendingImage, RgbImage } from '../../core/image/pixels';
import type { Size } from '../../core/image/resize';
import type { FreeU } from '../../core/request/free-u';
import type { SeamlessAxes } from '../../core/request/seamless';
import type { IpAdapterBlocks } from '../../core/request/ip-adapter-blocks';
import type { GenerationRequest, PromptSyntax } from '../../core/request/request';
import type { NetworkSession } from '../runtime/session';
import type { ModelDefaults } from './defaults';
import type { LatentSize, LatentSpace } from './latent-space';
import type { SafetyVerdict } from './components/safety-checker/verdict';
import type { AfterUse, Network, Networks, NetworkUse } from './network';
import type { ModelLayout } from './layouts/layout';

/**
 * A model whose configs are read and whose weights are not loaded: all that a job needs, for any family. The
 * families (families/) implement it; `openModel` chooses the family.
 */
export interface Model extends LatentCodec {
  /** The id or path that the user gives as `model`. */
  readonly id: string;
  /** Models with the same key can share sessions. */
  readonly sessionKey: string;
  readonly latents: LatentSpace;
  readonly defaults: ModelDefaults;
  /** Default image size in pixels. */
  readonly nativeSize: Size;
  /** Whether the denoiser takes a mask and the masked image as extra channels (inpainting models). */
  readonly takesMask: boolean;
  /** Whether the denoiser takes the image that it edits by words as extra channels (InstructPix2Pix). */
  readonly takesImage: boolean;
  /** How the model makes its initial image larger, which it then always needs; undefined for other models. */
  readonly upscaling: ModelUpscaling | undefined;
  /** Whether it is a Stable Diffusion XL, whose images can be drawn by two models, one after the other. */
  readonly isXl: boolean;
  /** Whether it only refines images: a refiner of Stable Diffusion XL, which is told an aesthetic score. */
  readonly refines: boolean;
  /** Whether image to image shortens the whole schedule (LCM) instead of skipping its first steps. */
  readonly strengthInSchedule: boolean;
  /** Operations of one run of the denoiser at the native size, in 10⁹; undefined if unknown. */
  readonly gigaflops: number | undefined;
  /** The numbers in the denoiser's weights; undefined where they are fixed in an exported graph. */
  readonly weightCount: number | undefined;
  /** How many ControlNets are computed with the denoiser. */
  readonly controlNets: number;
  /** The ControlNets and T2I-Adapters of the model, in the order of the request's. */
  readonly controls: readonly ControlTraits[];
  /** The network that denoises latents of a size. @param guided whether with guidance, which takes more rows */
  denoiserOf(size: LatentSize, guided: boolean): Network;
  /** Whether decoding is faster than a denoising step, so that previews can be decoded. */
  readonly decodesCheaply: boolean;

  /**
   * Creates a scheduler with the model's config.
   * @param name diffusers' class name or a short name; default: the model's own scheduler
   * @throws EaselError `unknown-scheduler`, `unsupported-scheduler` (the model's own), `unsupported-config`, or
   *   `bad-request` where the scheduler does not suit the model or the options
   */
  createScheduler(name?: string, options?: SchedulerOptions): Scheduler;
  /** Why this scheduler does not suit the model, if it does not; diffusers draws with it all the same. */
  schedulerWarning(name?: string): string | undefined;
  /** Whether classifier-free guidance is on at these scales (diffusers, `do_classifier_free_guidance`). */
  isGuided(scales: GuidanceScales): boolean;
  /**
   * Refuses what a request says about the denoiser's conditions where the model cannot do it.
   * @throws EaselError `bad-request` where a text encoder has too few layers for `clipSkip`, where the denoiser
   *   is not told sizes, or where there is no second text encoder for prompts of its own; `unsupported-model` for
   *   exported graphs, whose outputs are fixed
   */
  checkConditions(asked: AskedConditions): void;
  /**
   * Encodes prompts, each with its negative prompt, like the pipelines' `encode_prompt`.
   * @returns one condition for each prompt, in order
   * @throws EaselError `bad-request` for an invalid weight in a prompt; `cancelled`
   */
  encodePrompts(
    networks: Networks,
    prompts: readonly PromptPair[],
    options: PromptOptions,
  ): Promise<readonly PromptCondition[]>;
  /**
   * What each text means to the model, as the last text encoder pools it: texts that are drawn alike have
   * features in like directions.
   * @returns float32 [projection_dim] for each text, in order
   */
  textFeatures(networks: Networks, texts: readonly string[]): Promise<readonly Float32Array[]>;
  /** Estimates the memory of a job on the CPU, before anything is loaded. */
  estimateMemory(use: MemoryUse): MemoryEstimate;

  /**
   * Encodes the image that a model edits by words: the most likely latents, as the denoiser takes them. Only where
   * `takesImage`.
   * @param planes float32 [3, height · factor, width · factor], -1..1
   * @returns float32 [channels, height, width]
   * @throws EaselError as `encode`
   */
  encodeEdited(
    networks: Networks,
    planes: Float32Array,
    size: LatentSize,
    options: EncodeOptions,
  ): Promise<Float32Array>;

  /**
   * Prepares the image that a model makes larger. Only where `upscaling` is given.
   * @param image at its own size: planes float32 [3, height, width], -1..1
   * @throws EaselError as `encode`
   */
  encodeSmall(
    networks: Networks,
    image: SmallImage,
    options: SmallImageOptions,
  ): Promise<SmallImageChannels>;

  /**
   * The model with a request's LoRAs and textual inversions.
   * @throws EaselError `unsupported-model` (an adapter for another model, or weights that cannot be changed),
   *   `bad-request` (a token is used twice), `model-incomplete` (no such file), `bad-file`, `unsafe-file`
   */
  withAdapters(request: AdapterRequest): Promise<AdaptedModel>;
  /**
   * The model with ControlNets and T2I-Adapters, in the order of the request's.
   * @param specs each a folder, a file, or a repository in the cache
   * @throws EaselError `unsupported-model` (one for another family, another kind of network, or a model of exported
   *   ONNX graphs), `model-not-found`, `model-incomplete`, `bad-file`, `unsafe-file`, `unsupported-config`
   */
  withControlNets(specs: readonly string[]): Promise<Model>;
  /** @throws EaselError `bad-size` where a T2I-Adapter of the model cannot read images of the size, in pixels */
  checkControlSize(size: Size): void;
  /**
   * Computes what does not depend on the step: the features of the model's T2I-Adapters.
   * @param size of the latents
   * @throws EaselError `cancelled`
   */
  prepareControls(
    networks: Networks,
    controls: readonly ControlInput[],
    size: LatentSize,
  ): Promise<readonly PreparedControl[]>;
  /**
   * The model with IP-Adapters, in the order of the request's, each with its image encoder.
   * @throws EaselError `bad-request` (some blocks of a model that is not SDXL), `unsupported-model` (an IP-Adapter for another family, another kind of network, an image encoder
   *   of another width, or a model of exported ONNX graphs), `model-not-found`, `model-incomplete`, `bad-file`,
   *   `unsafe-file`, `unsupported-config`
   */
  withIpAdapters(request: IpAdapterRequest): Promise<Model>;
  /**
   * The model whose images have no seam where they are repeated along these axes: the denoiser, its ControlNets and
   * the autoencoder take what is beyond an edge from the opposite one.
   * @throws EaselError `bad-request` (a model that composes), `unsupported-model` (exported ONNX graphs)
   */
  withSeamlessEdges(axes: SeamlessAxes | undefined): Model;
  /**
   * The model with the safety checker of its folder, and a warning where the model names one that cannot be run; the
   * model itself where it names none.
   * @throws EaselError `unsupported-model`, `unsupported-config`, `bad-file`, `unsafe-file`
   */
  withSafetyChecker(): Promise<AdaptedModel>;
  /**
   * What the safety checker says of a finished image; undefined where the model has none.
   * @throws EaselError `not-finite`, `cancelled`
   */
  checkSafety(
    networks: Networks,
    image: RgbImage,
    use: NetworkUse,
  ): Promise<SafetyVerdict | undefined>;
  /**
   * The model with the tiny autoencoder of its latent space, from the Hugging Face cache.
   * @throws EaselError `model-not-found` with the command that downloads it
   */
  withTinyAutoencoder(): Promise<Model>;
}

/** The way between images and latents. */
export interface LatentCodec {
  /**
   * Decodes latents.
   * @param latents float32 [channels, height, width], as the denoiser returns them
   * @param size of the latents
   * @throws EaselError `not-finite`; `cancelled`
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
   * @throws EaselError `model-incomplete` if the model has no encoder; `cancelled`; `not-finite`, from the
   *   distribution when it is sampled
   */
  encode(
    networks: Networks,
    planes: Float32Array,
    size: LatentSize,
    options: EncodeOptions,
  ): Promise<LatentDistribution>;
}

export interface PromptPair {
  readonly prompt: string;
  readonly negativePrompt: string;
  /** What the text encoders after the first read (SDXL). Absent: as the first. */
  readonly prompt2?: string | undefined;
  readonly negativePrompt2?: string | undefined;
}

export interface PromptOptions {
  readonly promptSyntax: PromptSyntax;
  /** Whether the negative prompt is encoded too. */
  readonly guided: boolean;
  /** How many of the last layers of the text encoders are left out (diffusers, `clip_skip`). Default: 0. */
  readonly clipSkip?: number;
  /** Some models read no prompt at 0. Absent: they read it. */
  readonly guidanceScale?: number;
  /** One for each of the model's IP-Adapters (`withIpAdapters`). Default: none. */
  readonly images?: readonly ImagePromptInput[];
}

/** What an IP-Adapter of a model is given. */
export interface ImagePromptInput {
  /** One or more, of any size. */
  readonly images: readonly PendingImage[];
  /** What is attended to of them is multiplied by it. */
  readonly scale: number;
  /** Where in the denoiser. */
  readonly blocks: IpAdapterBlocks;
}

/** The IP-Adapters of a request. */
export type IpAdapterRequest = Pick<
  GenerationRequest,
  'ipAdapters' | 'ipAdapterBlocks' | 'ipAdapterImageEncoder'
>;

/** Fields of a request about the denoiser's conditions that not every model can do. */
export type AskedConditions = Pick<GenerationRequest, 'clipSkip'> &
  Partial<Pick<GenerationRequest, 'freeu'>> &
  Partial<AskedSizes & Pick<PromptPair, 'prompt2' | 'negativePrompt2'>> &
  AskedScores &
  Partial<Pick<GenerationRequest, 'denoisingStart' | 'denoisingEnd'>> &
  Partial<Pick<GenerationRequest, 'pagScale' | 'pagAppliedLayers' | 'guidanceInterval'>>;

/** How beautiful a refiner is told that the image is, and that of the negative prompt. */
export type AskedScores = Partial<
  Pick<GenerationRequest, 'aestheticScore' | 'negativeAestheticScore'>
>;

/** What SDXL is told of the image. Left out: the size that is drawn, uncut. */
export type AskedSizes = Pick<GenerationRequest, 'originalSize' | 'targetSize' | 'cropTopLeft'> &
  NegativeSizes;

/** What it is told of the image of the negative prompt. */
export type NegativeSizes = Partial<
  Pick<GenerationRequest, 'negativeOriginalSize' | 'negativeTargetSize' | 'negativeCropTopLeft'>
>;

/** How strongly an image follows the prompt, and one that is edited the image (diffusers' names). */
export interface GuidanceScales {
  readonly guidanceScale: number;
  /** Only where the model edits an image. */
  readonly imageGuidanceScale?: number | undefined;
}

/** An encoded prompt, ready to condition a denoiser. */
export interface PromptCondition {
  denoiser(inputs: DenoiserInputs): Denoiser;
}

export interface DenoiserInputs {
  /** Size of the latents. */
  readonly size: LatentSize;
  readonly guidanceScale: number;
  /**
   * Extra channels after the latents' own, float32: mask and masked image [1 + channels, height, width], or the
   * image that is edited [channels, height, width] or made larger (`SmallImageChannels`).
   */
  readonly extraChannels?: Float32Array | undefined;
  /** Whether each row (the prompt, the negative prompt) is a call of its own, so that steps can do without one. */
  readonly rowByRow?: boolean;
  /**
   * Where the most tokens attend to each other, they attend to one in this many rows and columns (ToDo,
   * arXiv:2402.13573). Exported graphs attend to all. Default: 1, all.
   */
  readonly tokenDownsampling?: number | undefined;
  /** Exported graphs do not know it (`checkConditions`). Default: off. */
  readonly freeu?: FreeU | undefined;
  readonly sizes?: AskedSizes | undefined;
  /** Whether the pass starts from an image, and not from noise. Default: no. */
  readonly continues?: boolean;
  /** Self-attentions of which a further row is perturbed. Default: none. */
  readonly perturbed?: readonly string[] | undefined;
  /** Of the image that is made larger. Default: 0. */
  readonly noiseLevel?: number | undefined;
  /** For a refiner. */
  readonly scores?: AskedScores | undefined;
  /** One for each of the model's ControlNets and T2I-Adapters (`withControlNets`). Default: none. */
  readonly controls?: readonly PreparedControl[] | undefined;
}

/** What a job has to know of a ControlNet or a T2I-Adapter. */
export interface ControlTraits {
  readonly kind: 'controlnet' | 't2i-adapter';
  /** What both sides of its images are multiples of, in pixels. */
  readonly multiple: number;
}

/** What a ControlNet of a model is given. */
export interface ControlInput {
  /** The control image at the size that is drawn: float32 [3, height, width], 0..1. */
  readonly image: Float32Array;
  /** What its residuals are multiplied by. */
  readonly scale: number;
  /** The shares of the steps at which it begins and ends, from 0 to 1. */
  readonly start: number;
  readonly end: number;
}

/** What a ControlNet or a T2I-Adapter is given, with what was computed of it. */
export interface PreparedControl extends ControlInput {
  /** Of a T2I-Adapter: float32 [channels, height, width] for each of its blocks. */
  readonly features?: readonly Float32Array[] | undefined;
}

/** The denoising network with all inputs fixed except the sample and the timestep. */
export interface Denoiser {
  readonly network: Network;
  /**
   * @param session of `network`
   * @returns predicts from a sample float32 [channels, height, width] and a timestep
   */
  bind(session: NetworkSession): Predict;
}

/** @param step its guidance is heeded where each row is a call of its own */
export type Predict = (
  sample: Float32Array,
  timestep: number,
  step: StepToPredict,
) => Promise<Prediction>;

/** A decoder's output, normally -1..1. */
export interface DecodedImage {
  /** float32 [3, height, width] */
  readonly sample: Float32Array;
  /** float32 [height, width], if the model has learned it: -1 is transparent, 1 opaque. */
  readonly opacity?: Float32Array | undefined;
}

export interface DecodeOptions {
  /** How many images of this size the job decodes. */
  readonly runs: number;
  /** Whether to decode in overlapping tiles, if the image is larger than one tile. */
  readonly tiled: boolean;
  /** Along which axes the edges of the image meet. A `Model` knows its own (`withSeamlessEdges`). */
  readonly seamless?: SeamlessAxes | undefined;
}

export interface EncodeOptions {
  readonly tiled: boolean;
  readonly after: AfterUse;
  /** As in `DecodeOptions`. */
  readonly seamless?: SeamlessAxes | undefined;
}

/** Returns `count` standard normal numbers, float32, from the image's generator. */
export type Noise = (count: number) => Float32Array;

/**
 * The distribution that an image is encoded to. Each image of a job samples its own latents from it: float32
 * [channels, height, width], scaled for the denoiser.
 */
export type LatentDistribution = (noise: Noise) => Float32Array;

/** How a model makes its initial image larger. */
export interface ModelUpscaling {
  /** How many times as wide and high as the initial image the drawn one is. */
  readonly factor: number;
  /** What the sides of the drawn image can be, in pixels. Absent: multiples of the autoencoder's factor, enlarged. */
  readonly sides?: { readonly multiple: number; readonly least: number } | undefined;
  /** How much noise is added to the initial image, as a timestep. Absent: the pipeline adds none. */
  readonly noiseLevel?: NoiseLevels | undefined;
}

export interface NoiseLevels {
  readonly usual: number;
  readonly largest: number;
}

/** The image that a model makes larger. */
export interface SmallImage extends Size {
  /** float32 [3, height, width], -1..1. */
  readonly planes: Float32Array;
}

export interface SmallImageOptions extends EncodeOptions {
  readonly noiseLevel: number | undefined;
}

/**
 * What the denoiser takes of a small image as further channels, float32 [channels, height, width] at the size of the
 * latents. Draws the noise that the pipeline draws before that of the latents.
 */
export type SmallImageChannels = (noise: Noise) => Float32Array;

export interface MemoryUse {
  /** Size of the largest pass, in pixels. */
  readonly width: number;
  readonly height: number;
  /** Whether the denoiser computes the prompt and the negative prompt in one call. */
  readonly guided: boolean;
  /** Whether it computes the prompt once more, with perturbed attention. Default: no. */
  readonly perturbed?: boolean;
  /** Denoising steps over all images. */
  readonly steps: number;
  /** Default: full. */
  readonly precision?: Precision;
  /** Whether the autoencoder uses tiles; undefined: only if it needs too much memory without them. */
  readonly vaeTiling: boolean | undefined;
  /** The graphics card that the networks are computed on. Absent: the processor. */
  readonly card?: CardUse | undefined;
}

export interface CardUse {
  readonly memoryBytes: number;
  readonly attention: AttentionKind;
}

export interface MemoryEstimate {
  /** Peak memory of the whole process, or of the card, with one network loaded at a time. */
  readonly bytes: number;
  /** The same with all networks loaded, as they are kept for the next job. */
  readonly bytesTogether: number;
  /** Whether the autoencoder should use tiles. */
  readonly vaeTiling: boolean;
}

/** The adapters of a request. */
export type AdapterRequest = Pick<GenerationRequest, 'loras' | 'embeddings'>;

/** A model with what was added to it. `warnings` say which parts were left out. */
export interface AdaptedModel {
  readonly model: Model;
  readonly warnings: readonly string[];
}

/** A family of models: diffusers' pipelines that work in the same way. */
export interface ModelFamily {
  /** Pipeline classes. The request decides between text to image, image to image and inpainting. */
  readonly pipelines: readonly string[];
  /**
   * Reads a model. No weights are loaded.
   * @throws EaselError `model-incomplete`, `bad-file`, `unsafe-file`, `unsupported-model`,
   *   `unsupported-config`
   */
  open(layout: ModelLayout): Promise<Model>;
}
