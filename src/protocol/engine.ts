import type { LoraFacts } from '../core/catalogue/lora-facts';
import type { ModelKind } from '../core/catalogue/catalogue';
import type { SubjectKnowledge } from '../core/composition/knowledge';
import type { AttentionKind, DeviceName, GraphicsCard, Precision } from '../core/devices';
import type { AddedWork } from '../core/diffusion/evaluations';
import type { HalfTrial, PrecisionTrials } from '../core/request/precision';
import type { Flagged } from '../core/request/safety';
import type { ProtocolName } from '../core/endpoints/endpoint';
import type { GenerationRequest, GenerationRequestInput } from '../core/request/request';
import type { UpscaleInput } from '../core/upscale';
import type { ImageFile, ImageMethods } from './images';

/**
 * The variable with the folders of projects, separated as in PATH, whose Python environments may bring the libraries
 * of a device. Libraries are code, so only folders that the user trusts may be in it.
 */
export const PROJECTS_VARIABLE = 'EASEL_PROJECTS';

/** Before the number of threads, as an argument of the engine bundle. */
export const THREADS_ARGUMENT = '--threads=';

/** Seconds spent in each part of a job. */
export interface Timings {
  readonly load: number;
  readonly encode: number;
  readonly denoise: number;
  readonly decode: number;
  readonly total: number;
}

/** The image of an unfinished step, as a PNG file. */
export interface PreviewImage {
  readonly width: number;
  readonly height: number;
  readonly png: Uint8Array;
}

export type GenerationEvent =
  | { readonly event: 'queued'; readonly ahead: number }
  | {
      /** The job has its turn, and goes to an endpoint. */
      readonly event: 'sent';
      readonly host: string;
    }
  | {
      /** The memory that the job needs; sent before anything is loaded. */
      readonly event: 'memory';
      /** Estimated peak. */
      readonly bytes: number;
      /** Available now without swapping. */
      readonly availableBytes: number;
      /** The autoencoder works in tiles, because the whole image at once would take too much. */
      readonly tiled: boolean;
      /** The graphics card whose memory it is. Absent: the machine's. */
      readonly card?: string;
    }
  | { readonly event: 'loading'; readonly component: string; readonly device: DeviceName }
  | {
      /** The component's weights become bytes. Comes first with a share of 0, before anything is computed. */
      readonly event: 'preparing';
      readonly component: string;
      /** The share that is done, from 0 to 1. */
      readonly share: number;
      /** The size of the file that they are written to. */
      readonly bytes: number;
      /** The folder that they are kept in for the next time. Absent: those that a LoRA changes are not kept. */
      readonly folder?: string;
    }
  | { readonly event: 'warning'; readonly message: string }
  | {
      readonly event: 'step';
      /** 1-based within the image. */
      readonly index: number;
      readonly total: number;
      readonly seconds: number;
      /** 0-based image of the request. */
      readonly image: number;
      readonly preview?: PreviewImage;
    }
  | {
      /** A part of an image has been made larger. */
      readonly event: 'tile';
      /** 1-based within the image. */
      readonly index: number;
      readonly total: number;
      readonly seconds: number;
      /** 0-based image of the request. */
      readonly image: number;
    }
  | ({
      readonly event: 'image';
      readonly image: number;
      /** Absent: an endpoint drew it that takes no seed. */
      readonly seed?: number;
      /**
       * How well the model knows each subject that it drew. Absent: the model does not say what it was taught, or
       * drew nothing of the image.
       */
      readonly knowledge?: readonly SubjectKnowledge[];
      /**
       * How it was computed where nobody asked for that and the image differs a little from the exact one.
       * Absent: it is exact, or as the request asked for.
       */
      readonly unasked?: Precision;
      /** What was done to it after the model's safety checker flagged it. Absent: it was not flagged. */
      readonly flagged?: Flagged;
    } & ImageFile);

/** What is known of an image that was made larger. */
export interface UpscaledImage extends ImageFile {
  /** The name of the upscaler; absent: a plain resampler. */
  readonly upscaler?: string;
  readonly factor: number;
  /** Absent: no network was needed. */
  readonly device?: DeviceName;
  readonly precision?: Precision;
  /** In all, with loading. */
  readonly seconds: number;
}

export type UpscaleEvent = Extract<
  GenerationEvent,
  { event: 'queued' | 'memory' | 'loading' | 'warning' | 'tile' }
>;

export type Savings = Pick<
  GenerationRequest,
  'forecast' | 'guidanceInterval' | 'tokenDownsampling'
>;

/** A job that this machine drew. */
export interface LocalSummary {
  readonly model: string;
  readonly device: DeviceName;
  /** What the device computes on. Absent: it is not a card, or nobody knows. */
  readonly card?: GraphicsCard;
  /** Why this device: what was asked, and what each faster one lacked. */
  readonly deviceReason: string;
  readonly precision: Precision;
  /** Why this precision: what was asked, or why `auto` took it. */
  readonly precisionReason: string;
  /** What of the network's work was left out, as the request or its speed says. */
  readonly savings: Savings;
  /** What was computed besides the plain steps. Absent: nothing. */
  readonly added?: AddedWork | undefined;
  /** How many ControlNets were computed in each step. Absent: none. */
  readonly controlNets?: number | undefined;
  readonly seconds: Timings;
  readonly peakRssBytes: number;
  /** What was used where the request left it to the model. */
  readonly settings: {
    readonly steps: number;
    readonly guidanceScale: number;
    /** Where the model edits an image by words. */
    readonly imageGuidanceScale?: number | undefined;
    /** Where the model adds noise to an image that it makes larger. */
    readonly noiseLevel?: number | undefined;
    /** How much of an image to start from was drawn anew; 1: all, or there was none. */
    readonly strength: number;
    readonly width: number;
    readonly height: number;
    readonly scheduler: string;
    readonly seed: number;
  };
  /** Absent: no image is composed, each is what the model drew. */
  readonly composed?: {
    /** What each image is composed of, in words. */
    readonly images: readonly string[];
    /** How many drawings of the model are in them; without any, the model was not loaded. */
    readonly drawings: number;
  };
}

/** Where a job was drawn. */
export interface EndpointPlace {
  readonly name: string;
  readonly protocol: ProtocolName;
  readonly host: string;
}

/** A job that an endpoint drew. */
export interface EndpointSummary {
  /** The model as the service names it; empty where it does not tell. */
  readonly model: string;
  readonly endpoint: EndpointPlace;
  /** What was sent, and honoured as far as the endpoint says. */
  readonly settings: Readonly<
    Partial<Record<'steps' | 'guidanceScale' | 'width' | 'height' | 'seed', number>> & {
      scheduler?: string;
    }
  >;
  readonly seconds: {
    /** From the request to the last image. */
    readonly total: number;
    /** Of computing, where the service tells. */
    readonly computed?: number;
  };
  /** What it cost in the words of the service, where it tells. */
  readonly cost?: string;
}

export type GenerationSummary = LocalSummary | EndpointSummary;

/** Whether an endpoint drew a job. */
export function isElsewhere(
  summary: Pick<GenerationSummary, 'model'> & { readonly endpoint?: unknown },
): summary is EndpointSummary {
  return summary.endpoint !== undefined;
}

/** One execution device, tried by running a small graph on it. */
export interface DeviceTrial {
  readonly device: DeviceName;
  readonly works: boolean;
  /** Billions of floating-point operations a second in the trial; 0 where it does not work. */
  readonly gflops: number;
  /** What it is, or why it does not work. */
  readonly detail: string;
  /** What it computes on. Absent: it is not a card, or nobody knows. */
  readonly card?: GraphicsCard;
  /** The attention that is right in float32, and the faster one of two. Absent where the profile says it. */
  readonly attention?: AttentionKind;
  /** What to do for it to work, where that is known: a sentence, or a line for a terminal. */
  readonly advice?: string;
  /** Whether installing the device's support is what to do. */
  readonly canInstall?: boolean;
}

/** A device, tried in float32 and in float16. */
export type DeviceProbe = DeviceTrial & HalfTrial;

export interface DeviceReport extends PrecisionTrials {
  readonly devices: readonly DeviceProbe[];
  /** What `auto` takes. */
  readonly chosen: DeviceName;
  readonly reason: string;
}

export interface ModelEntry {
  /** What `--model` takes: `starter`, a repository id (with `@revision` unless it is the usual one), or a path. */
  readonly id: string;
  /** The folder, or the file of a model in a single file. */
  readonly path: string;
  readonly origin: 'starter' | 'cache' | 'path';
  /** Only a `pipeline` draws by itself; the others go with one. */
  readonly kind: ModelKind;
  /** The class that model_index.json names; empty where there is none. */
  readonly pipeline: string;
  /** `SD 1.x`, `SD 2.x`, `SDXL`, `LCM` and so on; empty where it is not known. */
  readonly family: string;
  /** The type of the weights that draw: `F16`, `F32`, `ONNX`, `pickle`; empty where there are none. */
  readonly precision: string;
  /** Bytes on disk; what two files share counts once. */
  readonly sizeBytes: number;
  /** When a file of it was last read, in milliseconds since 1970, as precisely as the disk notes it. */
  readonly lastUsedMs: number;
  /** The commit of a repository in the cache. */
  readonly commit?: string;
  /** Branches and tags that name that commit. */
  readonly refs?: readonly string[];
  readonly runnable: boolean;
  /** A download of it was interrupted: the same download goes on from there. */
  readonly unfinished?: true;
  /** Why it does not run, or what a request must name (`--scheduler`); else empty. */
  readonly reason: string;
  /** What the metadata of a LoRA says; absent for others. */
  readonly lora?: LoraFacts;
  /** The IP-Adapters of a folder of such, as a request names them; absent for others. */
  readonly ipAdapters?: readonly { readonly id: string; readonly family: string }[];
  /** What it draws with where a request leaves it open; absent where it does not run. */
  readonly defaults?: {
    readonly steps: number;
    readonly guidanceScale: number;
    /** What suits a sketch drawn by hand; absent where the model does not say. */
    readonly sketchStrength?: number | undefined;
    readonly width: number;
    readonly height: number;
    /** Pixels that both sides must be multiples of. */
    readonly multiple: number;
    /** Images of any size are composed of what it draws at that size; absent: it draws other sizes itself. */
    readonly composes?: true;
    /** It edits an image by words, and draws none without one. */
    readonly edits?: true;
    /** It makes an image so many times as wide and high, and draws none without one. */
    readonly upscales?: number;
    /** It is a refiner, and draws nothing without an image or another model before it. */
    readonly refines?: true;
    /** It is Stable Diffusion XL, which has a second text encoder; but for refiners. */
    readonly xl?: true;
    /** It draws only a masked part of an image, and nothing without one. */
    readonly inpaints?: true;
    /** The class of the model's own scheduler; empty if the model does not name it. */
    readonly scheduler: string;
    /** Operations of one run of the denoiser at that size, in billions; absent where it is not known. */
    readonly gigaflops?: number | undefined;
    /** The weights of the denoiser, in numbers; absent where they are fixed in an exported graph. */
    readonly weightCount?: number | undefined;
  };
}

/** What the engine process offers. */
export interface EngineMethods extends ImageMethods {
  generate: {
    params: {
      readonly request: GenerationRequestInput;
      /** Keep components loaded for the next job (the default), or free each one when it is done. */
      readonly keepLoaded?: boolean;
      /** Whether `model` may be a path relative to the engine's working folder. Default: no. */
      readonly relativePaths?: boolean;
    };
    result: LocalSummary;
    event: GenerationEvent;
  };
  /** Plans a job as `generate` does, and draws nothing: whatever the model refuses is an error now. */
  check: {
    params: Pick<EngineMethods['generate']['params'], 'request' | 'relativePaths'>;
    result: null;
    event: never;
  };
  /** Makes an existing image larger. It waits for generations, as they do for it. */
  upscale: { params: UpscaleInput; result: UpscaledImage; event: UpscaleEvent };
  devices: { params: null; result: DeviceReport; event: never };
  /** Frees every loaded model. */
  release: { params: null; result: null; event: never };
}

/** What the fronts draw with: the engine of this machine, or an endpoint. */
export interface DrawingMethods extends Omit<EngineMethods, 'generate'> {
  generate: Omit<EngineMethods['generate'], 'result'> & { result: GenerationSummary };
}
