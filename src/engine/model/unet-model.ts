import { requireFinite } from '../../core/diffusion/finite';
import {
  type Scheduler,
  type SchedulerOptions,
  schedulerWarning,
} from '../../core/diffusion/schedulers/index';
import { EaselError } from '../../core/errors';
import type { RgbImage } from '../../core/image/pixels';
import type { Size } from '../../core/image/resize';
import type { SeamlessAxes } from '../../core/request/seamless';
import { adaptNetworks, findAdapters } from './adapters';
import { openCachedTinyAutoencoder } from './components/autoencoder/tiny';
import { encodeClipPrompts } from './components/clip-text/prompts';
import { unetDenoiser } from './components/unet/denoiser';
import { refinerTimeIdsOf, timeIdsOf } from './components/unet/time-ids';
import { encodeImages } from './components/ip-adapter/encode-images';
import { requireAskedEncoder } from './components/ip-adapter/image-encoder';
import { openIpAdapter, type IpAdapter } from './components/ip-adapter/ip-adapter';
import { checkSafety, describeNotChecked } from './components/safety-checker/safety-checker';
import type { SafetyVerdict } from './components/safety-checker/verdict';
import { openControl, type ControlNetwork } from './controls/open';
import { adaptersOf, controlNetsOf, givenControls, prepareControls } from './controls/given';
import { requireAdapterSize } from './components/t2i-adapter/features';
import { unetFamily } from './components/unet/unet';
import type { ModelDefaults } from './defaults';
import { fewStepsOfLoras, inFewSteps } from './few-steps';
import { LatentSpace, type LatentSize } from './latent-space';
import type {
  AdaptedModel,
  AdapterRequest,
  AskedConditions,
  ControlInput,
  ControlTraits,
  DecodedImage,
  DecodeOptions,
  EncodeOptions,
  GuidanceScales,
  IpAdapterRequest,
  LatentDistribution,
  MemoryEstimate,
  MemoryUse,
  Model,
  ModelUpscaling,
  PreparedControl,
  PromptCondition,
  PromptOptions,
  PromptPair,
  SmallImage,
  SmallImageChannels,
  SmallImageOptions,
} from './model';
import type { Network, Networks, NetworkUse } from './network';
import { unetInput } from './unet-model/input';
import { estimateUNetMemory } from './unet-model/memory';
import type { UNetModelParts } from './unet-model/parts';
import { checkConditions, fixedGraphs, refuseForImages } from './unet-model/refusals';
import { createUNetScheduler } from './unet-model/scheduler';
import { countNumbers } from '../weights/source';

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
  readonly upscaling: ModelUpscaling | undefined;
  readonly isXl: boolean;
  readonly refines: boolean;
  readonly strengthInSchedule: boolean;
  readonly gigaflops: number | undefined;
  readonly weightCount: number | undefined;
  readonly decodesCheaply: boolean;
  readonly controlNets: number;
  readonly controls: readonly ControlTraits[];

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
    this.controls = this.controlParts.map((part) => ({
      kind: part.kind,
      multiple: part.kind === 'controlnet' ? factor : part.config.downscale,
    }));
    this.latents = new LatentSpace({
      channels,
      factor,
      scale: traits.scalingFactor ?? autoencoder.scalingFactor,
      statistics: traits.usesLatentStatistics ? autoencoder.statistics : undefined,
      rgb: channels === traits.rgb?.factors.length ? traits.rgb : undefined,
    });
    const [height, width] = unet.config.sampleSize ?? FALLBACK_SAMPLE;
    this.nativeSize = {
      width: defaults.width ?? width * factor,
      height: defaults.height ?? height * factor,
    };
    if (unet.config.k && !traits.upscaling) {
      throw new EaselError(
        'unsupported-model',
        `${id} has a UNet with the blocks of k-diffusion, and its pipeline is not that of a latent upscaler. Easel cannot draw with it.`,
        { model: id },
      );
    }
    const input = unetInput(unet.config.inChannels, channels, traits.upscaling);
    this.takesMask = input === 'mask';
    this.takesImage = input === 'image';
    this.upscaling = traits.upscaling;
  }

  createScheduler(name?: string, options?: SchedulerOptions): Scheduler {
    return createUNetScheduler(this.parts, name, options);
  }

  schedulerWarning(name?: string): string | undefined {
    return schedulerWarning(this.parts.schedulerConfig, name);
  }

  /** False at a scale of 1 or less (of an image that is edited: less than 1), and for UNets that take the scale as an input (LCM). */
  isGuided({ guidanceScale, imageGuidanceScale = 1 }: GuidanceScales): boolean {
    if (this.takesImage && imageGuidanceScale < 1) return false;
    const { timeEmbedding, k } = this.parts.unet.config;
    const takesScale = timeEmbedding.condProjDim !== undefined && !k;
    return guidanceScale > 1 && !takesScale;
  }

  checkConditions(asked: AskedConditions): void {
    checkConditions(this, this.parts, asked);
  }

  async encodePrompts(
    networks: Networks,
    prompts: readonly PromptPair[],
    options: PromptOptions,
  ): Promise<readonly PromptCondition[]> {
    const { textEncoders, unet, traits, ipAdapters = [], seamless } = this.parts;
    const isUnread = traits.readsNoPromptAtZero && options.guidanceScale === 0;
    if (isUnread && prompts.some(({ prompt }) => prompt.trim() !== '')) {
      networks.warn(
        'At a guidance scale of 0, this model does not read the prompt. At 1 or more it does (--guidance-scale).',
      );
    }
    const read = isUnread ? prompts.map((one) => ({ ...one, prompt: '' })) : prompts;
    const texts = await encodeClipPrompts(networks, textEncoders, read, {
      ...options,
      ...traits.text,
    });
    const images = await encodeImages(networks, ipAdapters, options.images ?? [], options.guided);
    return texts.map((text) => ({
      denoiser: (inputs) => {
        const drawn = this.pixelsOf(inputs.size);
        const timeIds = this.refines
          ? refinerTimeIdsOf(drawn, inputs.sizes, inputs.scores)
          : timeIdsOf(drawn, inputs.sizes, inputs.continues);
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

  encodeSmall(
    networks: Networks,
    image: SmallImage,
    options: SmallImageOptions,
  ): Promise<SmallImageChannels> {
    const { autoencoder, traits, seamless } = this.parts;
    return traits.upscaling!.encode(networks, autoencoder, image, { ...options, seamless });
  }

  estimateMemory(use: MemoryUse): MemoryEstimate {
    const latents = this.latents.sizeOf(use);
    return estimateUNetMemory(this.parts, { ...use, latents, rows: this.rowsOf(use.guided) });
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
    refuseForImages(this, 'controlnets', 'no ControlNet and no T2I-Adapter');
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
    if (this.upscaling) refuseForImages(this, 'ipAdapters', 'no IP-Adapter');
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
    const encoders = ipAdapters.map((ipAdapter) => ipAdapter.encoder);
    requireAskedEncoder(encoder, encoders);
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
    const { tinyAutoencoder } = this.parts.traits;
    if (tinyAutoencoder === undefined) {
      throw new EaselError(
        'bad-request',
        `There is no tiny autoencoder for the latents of ${this.id}. Leave out --vae tiny.`,
        { field: 'vae', model: this.id },
      );
    }
    const autoencoder = await openCachedTinyAutoencoder(tinyAutoencoder);
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

  private pixelsOf({ width, height }: LatentSize): Size {
    return { width: width * this.latents.factor, height: height * this.latents.factor };
  }
}
