import * as v from 'valibot';
import type { RecipeRequest } from '../core/recipe';
import type { SubjectKnowledge } from '../core/composition/knowledge';
import type { EndpointAbilities } from '../core/endpoints/abilities';
import type { DeviceName, Precision } from '../core/devices';
import type { Speed } from '../core/estimate';
import type { ImageFormat } from '../core/image/formats';
import { GenerationRequestSchema } from '../core/request/request';
import type { RequestSettings } from '../core/request/settings';
import type { Style } from '../core/request/styles';
import type { DeviceReport, ModelEntry } from './engine';
import type { WireError, WireMessage } from './peer';
import type { UpscalerEntry } from './store';
import type { StudioStrings } from './studio-strings';

/** What the page and the gallery show of a request: no styles and files, but the seed that was chosen. */
export const RequestSummarySchema = v.object({
  prompt: v.string(),
  negativePrompt: v.string(),
  model: v.string(),
  /** Absent: an endpoint draws it that takes no seed. */
  seed: v.optional(v.number()),
  steps: v.optional(v.number()),
  guidanceScale: v.optional(v.number()),
  width: v.optional(v.number()),
  height: v.optional(v.number()),
  scheduler: v.optional(v.string()),
  /** Present where a sketch was drawn from. */
  strength: v.optional(v.number()),
  inpainted: v.optional(v.boolean()),
  /** Present where the model composes. */
  variation: v.optional(v.number()),
  /** What else is not as usual, a setting each: `pag-scale 3`. */
  others: v.optional(v.array(v.string())),
});
export type RequestSummary = Readonly<v.InferOutput<typeof RequestSummarySchema>>;

/** What an endpoint told of a job that it drew. */
export const DrawnElsewhereSchema = v.object({
  host: v.string(),
  /** From the request to the last image. */
  seconds: v.number(),
  /** Of computing, where the service tells. */
  computed: v.optional(v.number()),
  /** In the words of the service. */
  cost: v.optional(v.string()),
  /** The images of the job. */
  images: v.number(),
});
export type DrawnElsewhere = Readonly<v.InferOutput<typeof DrawnElsewhereSchema>>;

/** How an image was made larger. */
export const UpscaledSchema = v.object({
  /** How many times as wide and high it became. */
  factor: v.number(),
  /** The name of the upscaler; absent: a plain resampler. */
  by: v.optional(v.string()),
});
export type Upscaled = Readonly<v.InferOutput<typeof UpscaledSchema>>;

/** A saved image of the gallery. */
export interface StudioImage {
  /** Opaque to the page; the host knows the file. */
  readonly id: string;
  readonly name: string;
  /** What an `<img>` in the page loads. */
  readonly src: string;
  /** The file itself, for dragging into an editor. */
  readonly uri: string;
  /** How it was drawn, where that is known. */
  readonly request?: RequestSummary | undefined;
  /** What the starter may not know of it. */
  readonly doubts?: readonly SubjectKnowledge[] | undefined;
  /** How it was computed, where nobody asked for that; `drawExactly` draws the exact image. */
  readonly unasked?: Precision | undefined;
  /** Absent: this machine drew it. */
  readonly elsewhere?: DrawnElsewhere | undefined;
  /** The user has given it a star. */
  readonly favourite?: boolean | undefined;
  /** The id of the image that it was made from, by upscaling or editing it. */
  readonly madeFrom?: string | undefined;
  readonly upscaled?: Upscaled | undefined;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
}

export type JobState = 'queued' | 'loading' | 'drawing' | 'done' | 'failed' | 'cancelled';

/** Weights that become bytes. */
export interface Preparing {
  /** The share that is done, from 0 to 1. */
  readonly share: number;
  /** Of the file, as a text for the user. */
  readonly size: string;
  /** Where they are kept; absent where they are for this job alone. */
  readonly folder?: string | undefined;
}

/** One *Draw*: up to a hundred images from one request. */
export interface Job {
  readonly id: number;
  readonly state: JobState;
  readonly request: RequestSummary;
  readonly numImages: number;
  /** Jobs before this one, while queued. */
  readonly ahead: number;
  /** The part being loaded, while loading. */
  readonly component?: string | undefined;
  /** The weights of that part become bytes, which comes before they are loaded. */
  readonly preparing?: Preparing | undefined;
  readonly device?: DeviceName | undefined;
  /** The machine that an endpoint draws on, once it has the job; absent for this one. */
  readonly host?: string | undefined;
  /** The memory that it needs, as a text for the user; absent where that is little. */
  readonly memory?: string | undefined;
  /** The image is decoded in tiles, because the whole would take too much memory. */
  readonly tiled?: boolean | undefined;
  /** Steps done and steps in all, over all images; the total is 0 before the first step. */
  readonly stepsDone: number;
  readonly stepsTotal: number;
  /** Estimated seconds that the steps take from now on; absent before the second step. */
  readonly secondsLeft?: number | undefined;
  readonly warnings: readonly string[];
  /** Ids of the images saved so far, in order. */
  readonly images: readonly string[];
  readonly error?: WireError | undefined;
}

/** An image that follows the sketch; it is not saved. */
export interface LiveImage {
  readonly bytes: Uint8Array;
  readonly format: ImageFormat;
  readonly width: number;
  readonly height: number;
}

/** A model that may draw what the starter does not know. */
export interface ModelOffer {
  readonly id: string;
  /** As users call it. */
  readonly title: string;
  /** Of the download; absent where the model is on this machine. */
  readonly bytes?: number | undefined;
  /** That an image takes on this machine; absent where that is not known. */
  readonly seconds?: number | undefined;
}

/** A server elsewhere that draws. */
export interface StudioEndpoint {
  readonly name: string;
  readonly host: string;
  /** Nothing leaves this machine. */
  readonly isLoopback: boolean;
  /** As `MODEL@NAME`, which a request names; at least one. */
  readonly models: readonly string[];
  /** What it can do; absent until it has answered. */
  readonly abilities?: EndpointAbilities | undefined;
  /** What those of its models can do that differ. */
  readonly abilitiesOf: Readonly<Record<string, EndpointAbilities>>;
  /** Why it does not answer, as a text for the user. */
  readonly trouble?: string | undefined;
}

export interface StudioState {
  readonly models: readonly ModelEntry[];
  /** The ControlNets of this machine, as a request names them. */
  readonly controlnets: readonly Pick<ModelEntry, 'id' | 'family'>[];
  /** The IP-Adapters of this machine, as a request names them. */
  readonly ipAdapters: readonly Pick<ModelEntry, 'id' | 'family'>[];
  /** The LoRAs of this machine, with their trigger words. */
  readonly loras: readonly ModelEntry[];
  /** The upscalers of this machine, as a request names them. */
  readonly upscalers: readonly Pick<UpscalerEntry, 'id' | 'name'>[];
  readonly endpoints: readonly StudioEndpoint[];
  /** Absent until the devices have been tried. */
  readonly devices: DeviceReport | undefined;
  readonly speeds: readonly Speed[];
  readonly jobs: readonly Job[];
  /** Newest first. */
  readonly images: readonly StudioImage[];
  /** The image that was deleted last and can be brought back, by name; null where there is none. */
  readonly removed: string | null;
  /** The document that *Insert* writes into, by name; null where there is none. */
  readonly target: string | null;
  readonly settings: StudioSettings;
  /** The prompts drawn last, newest first. */
  readonly prompts: readonly string[];
  /** Null until it is known, or where no other model runs here. */
  readonly offer: ModelOffer | null;
}

/** What the user's settings ask for; absent fields leave it to the model. */
export interface StudioSettings extends RequestSettings {
  /** The style to begin with, by name; empty for none. */
  readonly style: string;
  readonly styles: readonly Style[];
  /** Whether images of fast models follow the sketch. */
  readonly liveDrawing: boolean;
}

/**
 * What the host pushes; the first `state` is whole, later ones hold what changed. A field that can go is null then:
 * messages to a page leave out what is undefined, and the page would keep what it had.
 */
export type StudioEvent =
  | { readonly event: 'state'; readonly state: Partial<StudioState> }
  /** The panel was opened or restored with the window, and not only shown again. Follows the first `state`. */
  | { readonly event: 'opened' }
  /** An entry of an image's context menu was chosen. */
  | { readonly event: 'menu'; readonly action: ImageMenuAction; readonly image: string }
  | {
      readonly event: 'preview';
      readonly job: number;
      /** 0-based image of the job. */
      readonly index: number;
      readonly png: Uint8Array;
    }
  /** An image to draw over. */
  | { readonly event: 'sketch'; readonly bytes: Uint8Array; readonly name: string }
  /** How an image was made, to be drawn with again; notes tell what is missing. */
  | {
      readonly event: 'recipe';
      readonly request: RecipeRequest;
      readonly name: string;
      readonly notes: readonly string[];
    };

/** The entries of an image's context menu. Each is the command `easel.studio.<name>`. */
export const IMAGE_MENU_ACTIONS = [
  'copyImage',
  'insert',
  'saveAs',
  'compare',
  'useAsSketch',
  'vary',
  'upscale',
  'reveal',
  'remove',
] as const;
export type ImageMenuAction = (typeof IMAGE_MENU_ACTIONS)[number];

/**
 * What an image of the page tells the editor about its context menu (`data-vscode-context`). The editor passes
 * it to the command of the chosen entry.
 */
export interface ImageMenuContext {
  readonly webviewSection: 'image';
  /** The id of the image. */
  readonly image: string;
  /** Whether it is made of pixels: outlines have any size, and are not made larger. */
  readonly imageHasPixels: boolean;
  /** Leaves out the entries for text. */
  readonly preventDefaultContextMenuItems: true;
}

/** What a button of the page can open outside of it. */
export const STUDIO_ACTIONS = [
  'chooseModel',
  'chooseDevice',
  'manageEndpoints',
  'whyNotGraphicsCard',
  'showLog',
  'openSettings',
  'openPalette',
  'openLoraPaths',
] as const;
export type StudioAction = (typeof STUDIO_ACTIONS)[number];

/** Under this type the id of an image is dragged. */
export const IMAGE_MIME = 'application/vnd.easel.image';

const id = v.pipe(v.number(), v.integer(), v.minValue(1));
const image = v.pipe(v.string(), v.nonEmpty(), v.maxLength(4096));
const onImage = v.strictObject({ image });

/** The parameters of each method that the page may call. */
const PARAMS = {
  /** Pushes events to the page, and answers when it is unloaded. */
  connect: v.null(),
  draw: v.strictObject({ request: GenerationRequestSchema }),
  /** Draws one image without saving it, while the sketch is drawn. The page cancels it at the next stroke. */
  drawLive: v.strictObject({ request: GenerationRequestSchema }),
  /** Saves the newest of those. */
  keepLive: v.null(),
  /** Draws an image once more, with its seed and in full precision. */
  drawExactly: onImage,
  /** Cancels one job, or without a number the running one; with `all` those that wait too. */
  cancel: v.strictObject({ job: v.optional(id), all: v.optional(v.boolean()) }),
  /** Removes an ended job from the stage. */
  dismiss: v.strictObject({ job: id }),
  insert: onImage,
  saveAs: onImage,
  copyMarkdown: onImage,
  open: onImage,
  reveal: onImage,
  /** Asks how, makes the image larger, and saves that beside it. */
  upscale: onImage,
  remove: onImage,
  /** Brings back the image that was deleted last. */
  undoRemove: v.null(),
  setFavourite: v.strictObject({ image, favourite: v.boolean() }),
  /** The bytes of a gallery image, to be drawn over, copied or varied. */
  read: onImage,
  /** The bytes of a workspace image that was dropped on the page, by its URI. */
  readFile: v.strictObject({ uri: image }),
  act: v.strictObject({ action: v.picklist(STUDIO_ACTIONS) }),
  /** Asks what can be done with a model of an endpoint; the answer is in the state. */
  askEndpoint: v.strictObject({ model: v.pipe(v.string(), v.nonEmpty(), v.maxLength(400)) }),
  /** Asks the user for the key of an endpoint, by its name. */
  setEndpointKey: v.strictObject({ endpoint: v.pipe(v.string(), v.nonEmpty(), v.maxLength(100)) }),
  /** Downloads a ControlNet that follows the lines of sketches with a model, after a question. */
  getControlnet: v.strictObject({ model: v.pipe(v.string(), v.maxLength(4096)) }),
  /** Downloads an IP-Adapter for a model, after a question. */
  getIpAdapter: v.strictObject({ model: v.pipe(v.string(), v.maxLength(4096)) }),
  /** Downloads the refiner of SDXL, after a question. */
  getRefiner: v.null(),
  /** Downloads the offered model, after a question, and draws with it from then on. */
  takeOffer: v.null(),
};

interface Results {
  connect: null;
  draw: { job: number };
  drawLive: LiveImage;
  drawExactly: { job: number };
  /** The id of the saved image; null where the user has named no place. */
  keepLive: { image: string | null };
  /** How many jobs were cancelled. */
  cancel: { cancelled: number };
  dismiss: null;
  insert: { document: string };
  /** Null when the user cancelled the dialog. */
  saveAs: { name: string | null };
  copyMarkdown: null;
  open: null;
  reveal: null;
  /** The id of the new image; null where the user does not go on, or was told what failed. */
  upscale: { image: string | null };
  remove: { removed: boolean };
  /** Null where there is none. */
  undoRemove: { name: string | null };
  setFavourite: null;
  read: { bytes: Uint8Array };
  readFile: { bytes: Uint8Array; name: string };
  act: null;
  askEndpoint: null;
  /** False where the user cancelled. */
  setEndpointKey: { isSet: boolean };
  /** The id of the ControlNet; null where the user does not want one. */
  getControlnet: { controlnet: string | null };
  /** The id of the IP-Adapter; null where the user does not want one. */
  getIpAdapter: { ipAdapter: string | null };
  /** The id of the refiner; null where the user does not want it. */
  getRefiner: { refiner: string | null };
  takeOffer: null;
}

/** What the page may call. */
export type StudioMethods = {
  [M in keyof typeof PARAMS]: {
    params: v.InferInput<(typeof PARAMS)[M]>;
    result: Results[M];
    event: M extends 'connect' ? StudioEvent : never;
  };
};

const requests = Object.entries(PARAMS).map(([method, params]) =>
  v.strictObject({ type: v.literal('request'), id, method: v.literal(method), params }),
);

/** Every message of the page. A message that does not match is rejected before anything reads it. */
export const PageMessageSchema = v.strictObject({
  /** Names one life of the page, so that answers to an earlier one are not mistaken. */
  page: v.pipe(v.string(), v.uuid()),
  message: v.union([
    v.strictObject({ type: v.literal('cancel'), id }),
    v.variant('method', requests),
  ]),
});
export type PageMessage = v.InferOutput<typeof PageMessageSchema>;

/** What the host sends: an answer or a push to one life of the page. */
export interface HostMessage {
  readonly page: string;
  readonly message: WireMessage;
}

/** What the page is given with its HTML. */
export interface StudioBoot {
  readonly strings: StudioStrings;
  /** Images drawn by the starter model, shown before the first own one. */
  readonly examples: readonly { readonly prompt: string; readonly src: string }[];
  /** For number formats. */
  readonly language: string;
}
