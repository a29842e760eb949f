import { computeTypeOf, NUMBER_BYTES } from '../../core/devices';
import { requireFinite } from '../../core/diffusion/finite';
import type { LatentRgbMap } from '../../core/diffusion/preview';
import {
  createScheduler,
  type Scheduler,
  type SchedulerOptions,
  schedulerWarning,
} from '../../core/diffusion/schedulers/index';
import { EaselError } from '../../core/errors';
import type { RgbImage } from '../../core/image/pixels';
import type { Size } from '../../core/image/resize';
import type { JsonObject } from '../../core/json';
import type { FieldName } from '../../core/request/fields';
import type { SeamlessAxes } from '../../core/request/seamless';
import { adaptNetworks, findAdapters } from './adapters';
import type { Autoencoder } from './components/autoencoder/autoencoder';
import { openCachedTinyAutoencoder } from './components/autoencoder/tiny';
import type { ClipTextEncoder } from './components/clip-text/encoder';
import {
  clipSkipOf,
  encodeClipPrompts,
  type ClipPromptOptions,
} from './components/clip-text/prompts';
import { unetDenoiser } from './components/unet/denoiser';
import { refinerTimeIdsOf, timeIdsOf } from './components/unet/time-ids';
import { encodeImages } from './components/ip-adapter/encode-images';
import { openIpAdapter, type IpAdapter } from './components/ip-adapter/ip-adapter';
import { ipAdapterMemory } from './components/ip-adapter/memory';
import {
  checkSafety,
  describeNotChecked,
  type NotChecked,
  type SafetyChecker,
} from './components/safety-checker/safety-checker';
import type { SafetyVerdict } from './components/safety-checker/verdict';
import { openControl, type ControlNetwork } from './controls/open';
import {
  adapterMemory,
  adaptersOf,
  controlNetsOf,
  givenControls,
  prepareControls,
} from './controls/given';
import { requireAdapterSize } from './components/t2i-adapter/features';
import { unetFamily, unetWeightBytes, type UNet } from './components/unet/unet';
import type { FamilyDefaults, ModelDefaults } from './defaults';
import { fewStepsOfLoras, inFewSteps } from './few-steps';
import { LatentSpace, type LatentSize } from './latent-space';
import { estimateJobMemory } from './memory';
import type {
  AdaptedModel,
  AdapterRequest,
  AskedConditions,
  ControlInput,
  DecodedImage,
  DecodeOptions,
  EncodeOptions,
  GuidanceScales,
  IpAdapterRequest,
  LatentDistribution,
  MemoryEstimate,
  MemoryUse,
  Model,
  PreparedControl,
  PromptCondition,
  PromptOptions,
  PromptPair,
} from './model';
import type { Network, Networks, NetworkUse } from './network';
import { checkPerturbed } from './perturbed-attention';
import { refuseUnknownConditions } from './unknown-conditions';
import { countNumbers } from '../weights/source';

/** The differences between the families that denoise with a UNet. */
export interface UNetTraits {
  /** The defaults of diffusers' `__call__`. */
  readonly defaults: FamilyDefaults;
  readonly strengthInSchedule: boolean;
  /** Whether the latents of an image that is edited are scaled (`is_cosxl_edit` of SDXL). Default: no. */
  readonly scalesEdited?: boolean;
  /** Which features of the text encoders the UNet uses. */
  readonly text: Pick<ClipPromptOptions, 'states' | 'zeroEmptyNegative'>;
  /** Maps latents to RGB, for previews. */
  readonly rgb: LatentRgbMap;
  /** Whether the pipelines use `latents_mean` and `latents_std` of the autoencoder's config. */
  readonly usesLatentStatistics: boolean;
  /** Whether the pipelines compute the autoencoder in float32 where its config has `force_upcast`. */
  readonly heedsForceUpcast: boolean;
  /** The repository of the tiny autoencoder for this latent space. */
  readonly tinyAutoencoder: string;
  /** Whether it is a refiner, whose UNet is told an aesthetic score. Default: no. */
  readonly refines?: boolean;
  /** Operations of one run of the published UNet at its native size, in 10⁹. */
  readonly gigaflops?: number;
  /**
   * Corrects a scheduler's config as the pipelines do.
   * @param own whether the scheduler has the model's own class
   */
  readonly correctScheduler?: ((config: JsonObject, own: boolean) => JsonObject) | undefined;
}

export interface UNetModelParts {
  readonly id: string;
  readonly sessionKey: string;
  /** The model's folder; undefined for a single file. */
  readonly folder?: string | undefined;
  /** One or more. Their features are joined along the width. */
  readonly textEncoders: readonly ClipTextEncoder[];
  readonly unet: UNet;
  readonly autoencoder: Autoencoder;
  /** Encodes the image that is edited, where the autoencoder's latents have another scale. Default: the autoencoder. */
  readonly editedEncoder?: Autoencoder;
  /** scheduler_config.json, not corrected. */
  readonly schedulerConfig: JsonObject;
  readonly defaults: ModelDefaults;
  readonly traits: UNetTraits;
  /** ControlNets and T2I-Adapters, in the order of the request's. */
  readonly controls?: readonly ControlNetwork[];
  readonly ipAdapters?: readonly IpAdapter[];
  /** Along which axes the edges of images meet. */
  readonly seamless?: SeamlessAxes;
  /** Opens the safety checker that the model names: see `openSafetyChecker`. Absent: it names none. */
  readonly openSafetyChecker?: (() => Promise<SafetyChecker | NotChecked>) | undefined;
  readonly safetyChecker?: SafetyChecker;
}

/** The sample size of a UNet whose config has none, as in diffusers' pipelines: height and width, in cells. */
const FALLBACK_SAMPLE = [64, 64] as const;

/** CLIP text encoders, a UNet and an autoencoder: Stable Diffusion 1.x, 2.x and XL, and latent consistency. */
export class UNetModel implements Model {
  readonly id: string;
  readonly sessionKey: string;
  readonly latents: LatentSpace;
  readonly defaults: ModelDefaults;
  readonly nativeSize: Size;
  readonly takesMask: boolean;
  readonly takesImage: boolean;
  readonly isXl: boolean;
  readonly refines: boolean;
  readonly strengthInSchedule: boolean;
  readonly gigaflops: number | undefined;
  readonly weightCount: number | undefined;
  readonly decodesCheaply: boolean;
  readonly controlNets: number;

  /** @throws EaselError `unsupported-model` if the channels of UNet and autoencoder do not match */
  constructor(readonly parts: UNetModelParts) {
    const { id, sessionKey, defaults, traits, autoencoder, unet } = parts;
    const { latentChannels: channels, spatialFactor: factor } = autoencoder;
    this.id = id;
    this.sessionKey = sessionKey;
    this.defaults = defaults;
    this.isXl = unet.config.textTime !== undefined;
    this.refines = traits.refines === true;
    this.strengthInSchedule = traits.strengthInSchedule;
    this.gigaflops = traits.gigaflops;
    this.weightCount = unet.weights && countNumbers(unet.weights);
    this.decodesCheaply = autoencoder.isTiny;
    this.controlNets = controlNetsOf(this.controlParts).length;
    this.latents = new LatentSpace({
      channels,
      factor,
      scale: autoencoder.scalingFactor,
      statistics: traits.usesLatentStatistics ? autoencoder.statistics : undefined,
      rgb: channels === traits.rgb.factors.length ? traits.rgb : undefined,
    });
    const [height, width] = unet.config.sampleSize ?? FALLBACK_SAMPLE;
    this.nativeSize = {
      width: defaults.width ?? width * factor,
      height: defaults.height ?? height * factor,
    };
    const input = unetInput(unet.config.inChannels, channels);
    this.takesMask = input === 'mask';
    this.takesImage = input === 'image';
  }

  createScheduler(name?: string, options?: SchedulerOptions): Scheduler {
    try {
      return createUNetScheduler(this.parts, name, options);
    } catch (thrown) {
      throw ofModel(this.id, thrown);
    }
  }

  schedulerWarning(name?: string): string | undefined {
    return schedulerWarning(this.parts.schedulerConfig, name);
  }

  /** False at a scale of 1 or less (of an image that is edited: less than 1), and for UNets that take the scale as an input (LCM). */
  isGuided({ guidanceScale, imageGuidanceScale = 1 }: GuidanceScales): boolean {
    if (this.takesImage && imageGuidanceScale < 1) return false;
    return guidanceScale > 1 && this.parts.unet.config.timeEmbedding.condProjDim === undefined;
  }

  checkConditions({ clipSkip, freeu, prompt2, negativePrompt2, ...asked }: AskedConditions): void {
    refuseUnknownConditions(this, asked);
    checkPerturbed(this.id, this.parts.unet, this.takesImage, asked);
    this.checkSecondPrompts({ prompt2, negativePrompt2 });
    if (freeu && !this.parts.unet.weights) throw fixedGraphs(this.id, 'freeu', 'FreeU');
    if (clipSkip === 0) return;
    const { textEncoders, traits } = this.parts;
    const { layersAfter } = clipSkipOf(traits.text.states, clipSkip);
    for (const { source } of textEncoders) {
      if (!source) {
        throw new EaselError(
          'unsupported-model',
          `${this.id} consists of exported ONNX graphs, whose text encoder gives the features of its last layers alone. ` +
            'Leave clipSkip out, or use the model as a diffusers folder or a single file.',
          { field: 'clipSkip', value: clipSkip, model: this.id },
        );
      }
      const { layers } = source.config;
      if (layersAfter <= layers) continue;
      const largest = layers - (layersAfter - clipSkip);
      throw new EaselError(
        'bad-request',
        `clipSkip ${clipSkip} is too large for ${this.id}: a text encoder of it has ${layers} layers. At most ${largest} can be left out.`,
        { field: 'clipSkip', value: clipSkip, largest },
      );
    }
  }

  async encodePrompts(
    networks: Networks,
    prompts: readonly PromptPair[],
    options: PromptOptions,
  ): Promise<readonly PromptCondition[]> {
    const { textEncoders, unet, traits, ipAdapters = [], seamless } = this.parts;
    const texts = await encodeClipPrompts(networks, textEncoders, prompts, {
      ...options,
      ...traits.text,
    });
    const images = await encodeImages(networks, ipAdapters, options.images ?? [], options.guided);
    return texts.map((text) => ({
      denoiser: (inputs) => {
        const drawn = this.pixelsOf(inputs.size);
        const timeIds = this.refines
          ? refinerTimeIdsOf(drawn, inputs.sizes, inputs.scores)
          : timeIdsOf(drawn, inputs.sizes);
        return unetDenoiser(unet, {
          ...inputs,
          text,
          timeIds,
          edits: this.takesImage,
          ...givenControls(this.controlParts, inputs.controls ?? []),
          images,
          seamless,
        });
      },
    }));
  }

  denoiserOf(size: LatentSize, guided: boolean): Network {
    const { unet, textEncoders, seamless } = this.parts;
    const tokens = textEncoders[0]!.tokenizer.maxLength;
    return unet.network({ batch: this.rowsOf(guided), tokens, size, seamless });
  }

  async textFeatures(
    networks: Networks,
    texts: readonly string[],
  ): Promise<readonly Float32Array[]> {
    const { textEncoders, traits } = this.parts;
    const prompts = texts.map((prompt) => ({ prompt, negativePrompt: '' }));
    const options = { promptSyntax: 'plain', guided: false, ...traits.text } as const;
    const encoded = await encodeClipPrompts(networks, textEncoders, prompts, options);
    return encoded.map(({ pooled }) => pooled[0]!);
  }

  async decode(
    networks: Networks,
    latents: Float32Array,
    size: LatentSize,
    options: DecodeOptions,
  ): Promise<DecodedImage> {
    const { autoencoder, seamless } = this.parts;
    const input = this.latents.toDecoder(latents);
    const decoded = await autoencoder.decode(networks, input, size, { ...options, seamless });
    requireFinite(decoded.sample, { place: 'decoder' });
    if (decoded.opacity) requireFinite(decoded.opacity, { place: 'decoder' });
    return decoded;
  }

  async encode(
    networks: Networks,
    planes: Float32Array,
    size: LatentSize,
    options: EncodeOptions,
  ): Promise<LatentDistribution> {
    const { autoencoder, seamless } = this.parts;
    const encoded = await autoencoder.encode(networks, planes, size, { ...options, seamless });
    return (noise) => {
      const latents = this.latents.fromEncoder(encoded(noise));
      requireFinite(latents, { place: 'encoder' });
      return latents;
    };
  }

  async encodeEdited(
    networks: Networks,
    planes: Float32Array,
    size: LatentSize,
    options: EncodeOptions,
  ): Promise<Float32Array> {
    const { autoencoder, editedEncoder = autoencoder, traits, seamless } = this.parts;
    const encoded = await editedEncoder.encode(networks, planes, size, { ...options, seamless });
    // Without noise, the distribution gives its mode.
    const mode = encoded((count) => new Float32Array(count));
    const scale = traits.scalesEdited ? editedEncoder.scalingFactor : 1;
    const latents = mode.map((value) => value * scale);
    requireFinite(latents, { place: 'encoder' });
    return latents;
  }

  estimateMemory({
    width,
    height,
    guided,
    perturbed = false,
    steps,
    precision = 'full',
    vaeTiling,
    card,
  }: MemoryUse): MemoryEstimate {
    const { unet, autoencoder, editedEncoder = autoencoder, textEncoders, seamless } = this.parts;
    const { controlNets, controlParts } = this;
    const { ipAdapters = [], safetyChecker } = this.parts;
    const { factor } = this.latents;
    const size = this.latents.sizeOf({ width, height });
    const type = computeTypeOf(precision);
    const place = card ? 'card' : 'processor';
    const batch = this.rowsOf(guided) + (perturbed ? 1 : 0);
    const cells = size.width * size.height;
    const use = { batch, cells, runs: steps, precision, place } as const;
    const controlBytes = controlNetsOf(controlParts).map((one) => unetWeightBytes(one, use));
    const imagePrompts = ipAdapterMemory(ipAdapters, unet.config, use);
    const shape = {
      batch,
      factor,
      latentWidth: size.width,
      latentHeight: size.height,
      unetChannels: unet.config.down[0]?.channels ?? 0,
      unetWeightBytes: [...controlBytes, ...imagePrompts.layers].reduce(
        (sum, bytes) => sum + bytes,
        unet.weightBytes(use),
      ),
      controlNets,
      adapters: adapterMemory(controlParts, { width, height }, { precision, place }),
      unetNumberBytes: NUMBER_BYTES[type],
      encoderWeightBytes: [
        ...textEncoders.map(({ memoryBytes }) => memoryBytes(type, place)),
        ...imagePrompts.encoders,
        ...(safetyChecker ? [safetyChecker.memoryBytes(place)] : []),
      ],
      vae: editedEncoder.memory(precision, place),
      isSeamless: seamless !== undefined,
    };
    return estimateJobMemory(shape, { vaeTiling, card });
  }

  async withAdapters(request: AdapterRequest): Promise<AdaptedModel> {
    if (request.loras.length === 0 && request.embeddings.length === 0) {
      return { model: this, warnings: [] };
    }
    const found = await findAdapters(request);
    const adapted = await adaptNetworks(this.id, this.parts, found);
    const { unet, textEncoders, titles, warnings } = adapted;
    const few = fewStepsOfLoras(request.loras, found.loras, titles);
    // The plain model and each combination of adapters have their own sessions.
    const sessionKey = `${this.sessionKey}\n${JSON.stringify(found)}`;
    const parts = { ...this.parts, sessionKey, unet, textEncoders };
    return { model: new UNetModel(few ? inFewSteps(parts, few) : parts), warnings };
  }

  async withControlNets(specs: readonly string[]): Promise<Model> {
    if (specs.length === 0) return this;
    const { unet } = this.parts;
    if (this.takesImage) {
      throw new EaselError(
        'bad-request',
        `${this.id} edits images by words, and takes no ControlNet and no T2I-Adapter. Leave it out, or use another model.`,
        { field: 'controlnets', model: this.id },
      );
    }
    if (!unet.weights) throw fixedGraphs(this.id, 'controlnets', 'ControlNet or T2I-Adapter');
    const { factor } = this.latents;
    const base = { id: this.id, unet: unet.config, factor };
    const controls: ControlNetwork[] = [];
    for (const spec of specs) controls.push(await openControl(spec, base));
    return new UNetModel({ ...this.parts, controls });
  }

  checkControlSize(size: Size): void {
    for (const adapter of adaptersOf(this.controlParts)) requireAdapterSize(adapter, size);
  }

  prepareControls(
    networks: Networks,
    controls: readonly ControlInput[],
    size: LatentSize,
  ): Promise<readonly PreparedControl[]> {
    return prepareControls(networks, this.controlParts, { controls, size: this.pixelsOf(size) });
  }

  async withIpAdapters({
    ipAdapters: specs,
    ipAdapterBlocks: blocks,
    ipAdapterImageEncoder: encoder,
  }: IpAdapterRequest): Promise<Model> {
    if (specs.length === 0) return this;
    const { unet, folder } = this.parts;
    if (!unet.weights) throw fixedGraphs(this.id, 'ipAdapters', 'IP-Adapter');
    if (unetFamily(unet.config) !== 'SDXL' && blocks.some((name) => name !== 'all')) {
      throw new EaselError(
        'bad-request',
        `ipAdapterBlocks is for Stable Diffusion XL, whose blocks for style and layout are known, and ${this.id} is another model. Leave it out, or choose an SDXL model.`,
        { field: 'ipAdapterBlocks', model: this.id },
      );
    }
    const base = { id: this.id, unet: unet.config, folder, encoder };
    const ipAdapters: IpAdapter[] = [];
    for (const spec of specs) ipAdapters.push(await openIpAdapter(spec, base));
    return new UNetModel({ ...this.parts, ipAdapters });
  }

  withSeamlessEdges(axes: SeamlessAxes | undefined): Model {
    if (axes === undefined) return this;
    if (this.defaults.composes) {
      throw new EaselError(
        'bad-request',
        `seamless is not for ${this.id}, which draws seamless patterns by their words, such as "seamless pattern of leaves". Leave it out, or choose another model.`,
        { field: 'seamless', model: this.id },
      );
    }
    if (!this.parts.unet.weights) throw fixedGraphs(this.id, 'seamless', 'circular padding');
    return new UNetModel({ ...this.parts, seamless: axes });
  }

  async withSafetyChecker(): Promise<AdaptedModel> {
    const opened = await this.parts.openSafetyChecker?.();
    if (opened === undefined) return { model: this, warnings: [] };
    if (typeof opened === 'string') {
      return { model: this, warnings: [describeNotChecked(this.id, opened)] };
    }
    return { model: new UNetModel({ ...this.parts, safetyChecker: opened }), warnings: [] };
  }

  async checkSafety(
    networks: Networks,
    image: RgbImage,
    use: NetworkUse,
  ): Promise<SafetyVerdict | undefined> {
    const { safetyChecker } = this.parts;
    return safetyChecker && checkSafety(networks, safetyChecker, image, use);
  }

  async withTinyAutoencoder(): Promise<Model> {
    if (this.parts.autoencoder.isTiny) return this;
    const autoencoder = await openCachedTinyAutoencoder(this.parts.traits.tinyAutoencoder);
    // An image that is edited is not scaled, and the tiny autoencoder's latents have the denoiser's scale.
    const edited = this.takesImage && { editedEncoder: this.parts.autoencoder };
    return new UNetModel({ ...this.parts, autoencoder, ...edited });
  }

  private get controlParts(): readonly ControlNetwork[] {
    return this.parts.controls ?? [];
  }

  /** Rows of the UNet's batch. */
  private rowsOf(guided: boolean): number {
    if (!guided) return 1;
    return this.takesImage ? 3 : 2;
  }

  private checkSecondPrompts(prompts: Pick<PromptPair, 'prompt2' | 'negativePrompt2'>): void {
    if (this.parts.textEncoders.length > 1) return;
    for (const field of ['prompt2', 'negativePrompt2'] as const) {
      if (!prompts[field]) continue;
      throw new EaselError(
        'bad-request',
        `${field} is for the second text encoder of Stable Diffusion XL, and ${this.id} has one text encoder. Leave it out, or choose an SDXL model.`,
        { field, model: this.id },
      );
    }
  }

  private pixelsOf({ width, height }: LatentSize): Size {
    return { width: width * this.latents.factor, height: height * this.latents.factor };
  }
}

/** Exported graphs cannot be changed. */
function fixedGraphs(model: string, field: FieldName, network: string): EaselError {
  return new EaselError(
    'unsupported-model',
    `${model} consists of exported ONNX graphs, to which no ${network} can be added. Use the model as a diffusers folder or a single file.`,
    { field, model },
  );
}

/**
 * Makes a scheduler for a model that denoises with a UNet.
 * @throws EaselError `unknown-scheduler`, `unsupported-scheduler`, `unsupported-config`, or `bad-request` for
 *   another kind of model or an eta that the scheduler does not have
 */
function createUNetScheduler(
  { schedulerConfig, traits: { correctScheduler } }: UNetModelParts,
  name?: string,
  options?: SchedulerOptions,
): Scheduler {
  const config = correctScheduler?.(schedulerConfig, name === undefined) ?? schedulerConfig;
  const scheduler = createScheduler(config, name, options);
  if (scheduler.predictionType !== 'flow_prediction') return scheduler;
  throw new EaselError(
    'unsupported-config',
    `The scheduler ${scheduler.name} is for flow matching models, and this is a diffusion model. ` +
      'Choose another one with --scheduler, such as euler.',
    { scheduler: scheduler.name },
  );
}

/** An error of a model's scheduler config, with the model's name. */
function ofModel(model: string, thrown: unknown): unknown {
  if (!(thrown instanceof EaselError)) return thrown;
  const { code, message, data } = thrown;
  if (code !== 'unsupported-config' && code !== 'unsupported-scheduler') return thrown;
  return new EaselError(code, `${model}: ${message}`, { ...data, model }, { cause: thrown });
}

/**
 * What a UNet takes: the latents alone, or also a mask and the masked image's latents (inpainting), or the latents of
 * an image that it edits (InstructPix2Pix).
 */
function unetInput(inChannels: number, latentChannels: number): 'latents' | 'mask' | 'image' {
  if (inChannels === latentChannels) return 'latents';
  if (inChannels === 2 * latentChannels + 1) return 'mask';
  if (inChannels === 2 * latentChannels) return 'image';
  throw new EaselError(
    'unsupported-model',
    `The UNet takes ${inChannels} channels, but the autoencoder has ${latentChannels} latent channels. Easel ` +
      `supports UNets with ${latentChannels} channels, ${2 * latentChannels + 1} (inpainting), or ` +
      `${2 * latentChannels} (editing by words).`,
  );
}
