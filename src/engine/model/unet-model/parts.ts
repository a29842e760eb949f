import type { LatentRgbMap } from '../../../core/diffusion/preview';
import type { JsonObject } from '../../../core/json';
import type { SeamlessAxes } from '../../../core/request/seamless';
import type { Autoencoder } from '../components/autoencoder/autoencoder';
import type { ClipTextEncoder } from '../components/clip-text/encoder';
import type { ClipPromptOptions } from '../components/clip-text/prompts';
import type { IpAdapter } from '../components/ip-adapter/ip-adapter';
import type { NotChecked, SafetyChecker } from '../components/safety-checker/checker';
import type { UNet } from '../components/unet/unet';
import type { ControlNetwork } from '../controls/open';
import type { FamilyDefaults, ModelDefaults } from '../defaults';
import type { ModelUpscaling, SmallImage, SmallImageChannels, SmallImageOptions } from '../model';
import type { Networks } from '../network';

/** The differences between the families that denoise with a UNet. */
export interface UNetTraits {
  /** The defaults of diffusers' `__call__`. */
  readonly defaults: FamilyDefaults;
  readonly strengthInSchedule: boolean;
  /** Whether the latents of an image that is edited are scaled (`is_cosxl_edit` of SDXL). Default: no. */
  readonly scalesEdited?: boolean;
  /** Which features of the text encoders the UNet uses. */
  readonly text: Pick<ClipPromptOptions, 'states' | 'zeroEmptyNegative'>;
  /** Maps latents to RGB, for previews. Absent: it is fitted to the autoencoder. */
  readonly rgb?: LatentRgbMap;
  /** Whether the pipelines use `latents_mean` and `latents_std` of the autoencoder's config. */
  readonly usesLatentStatistics: boolean;
  /** Whether the pipelines compute the autoencoder in float32 where its config has `force_upcast`. */
  readonly heedsForceUpcast: boolean;
  /** The repository of the tiny autoencoder for this latent space. Absent: there is none. */
  readonly tinyAutoencoder?: string;
  /** Whether it is a refiner, whose UNet is told an aesthetic score. Default: no. */
  readonly refines?: boolean;
  /** Of models that make their initial image larger. */
  readonly upscaling?: UpscalingTraits;
  /** The autoencoder's `scaling_factor`, where the pipeline knows it better than the config. */
  readonly scalingFactor?: number;
  /** Whether a guidance scale of 0 leaves the prompt out. Default: no. */
  readonly readsNoPromptAtZero?: boolean;
  /** The scheduler that the pipeline needs, by diffusers' class name. Absent: any. */
  readonly onlyScheduler?: string;
  /** Operations of one run of the published UNet at its native size, in 10⁹. */
  readonly gigaflops?: number;
  /**
   * Corrects a scheduler's config as the pipelines do.
   * @param own whether the scheduler has the model's own class
   */
  readonly correctScheduler?: ((config: JsonObject, own: boolean) => JsonObject) | undefined;
}

/** How a model makes its initial image larger. */
export interface UpscalingTraits extends ModelUpscaling {
  /** Channels that the UNet takes of the image, after those of the latents. */
  readonly channels: number;
  /** As `Model.encodeSmall`. */
  encode(
    networks: Networks,
    autoencoder: Autoencoder,
    image: SmallImage,
    options: SmallImageOptions,
  ): Promise<SmallImageChannels>;
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
