import * as v from 'valibot';
import type { RecipeRequest } from '../core/recipe';
import { GenerationRequestSchema, type GenerationRequestInput } from '../core/request/request';
import type { DeviceName } from '../core/devices';
import type { RequestSettings } from '../core/request/settings';
import type { Style } from '../core/request/styles';
import type { DeviceReport, ModelEntry } from './engine';
import type { WireError, WireMessage } from './peer';
import type { StudioStrings } from './studio-strings';

/** A request as the page and the gallery show it: without the bytes of a sketch. */
export interface Recipe {
  readonly prompt: string;
  readonly negativePrompt: string;
  readonly model: string;
  readonly seed: number;
  readonly steps?: number | undefined;
  readonly guidanceScale?: number | undefined;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  readonly scheduler?: string | undefined;
  /** Present where a sketch was drawn from. */
  readonly strength?: number | undefined;
  readonly inpainted?: boolean | undefined;
}

/** A saved picture that can be shown and used. */
export interface Picture {
  /** Opaque to the page; the host knows the file. */
  readonly id: string;
  readonly name: string;
  /** What an `<img>` in the page loads. */
  readonly src: string;
  /** The file itself, for dragging into an editor. */
  readonly uri: string;
  /** The recipe, where it is known. */
  readonly recipe?: Recipe | undefined;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
}

export type JobState = 'queued' | 'loading' | 'drawing' | 'done' | 'failed' | 'cancelled';

/** One *Draw*: up to a hundred pictures from one request. */
export interface Job {
  readonly id: number;
  readonly state: JobState;
  readonly recipe: Recipe;
  readonly numImages: number;
  /** Jobs before this one, while queued. */
  readonly ahead: number;
  /** The part being loaded, while loading. */
  readonly component?: string | undefined;
  readonly device?: DeviceName | undefined;
  /** What it needs of memory, in words, where that is worth saying. */
  readonly memory?: string | undefined;
  /** The picture is decoded in tiles, because the whole would take too much memory. */
  readonly tiled?: boolean | undefined;
  /** Steps done over all pictures, and how many there will be (0 until the first step tells). */
  readonly stepsDone: number;
  readonly stepsTotal: number;
  readonly secondsPerStep: number;
  readonly warnings: readonly string[];
  /** Ids of the pictures saved so far, in order. */
  readonly pictures: readonly string[];
  readonly error?: WireError | undefined;
}

/** How fast a model was on this machine, measured while it drew. */
export interface Speed {
  readonly model: string;
  readonly device: DeviceName;
  /** Pixels of the picture it was measured on. */
  readonly pixels: number;
  /** Seconds of one step's run of the network for one prompt; guidance takes two a step. */
  readonly secondsPerEvaluation: number;
  /** Seconds of a job beside its steps, once the model is loaded. */
  readonly overhead: number;
}

export interface StudioState {
  readonly models: readonly ModelEntry[];
  /** Absent until the devices have been tried. */
  readonly devices: DeviceReport | undefined;
  readonly speeds: readonly Speed[];
  readonly jobs: readonly Job[];
  /** Newest first. */
  readonly pictures: readonly Picture[];
  /** The document that *Insert* writes into, by name; absent where there is none. */
  readonly target: string | undefined;
  readonly settings: StudioSettings;
}

/** What the user's settings ask for; absent fields leave it to the model. */
export interface StudioSettings extends RequestSettings {
  /** The style to begin with, by name; empty for none. */
  readonly style: string;
  readonly styles: readonly Style[];
}

/** What the host pushes; the first `state` is whole, later ones hold what changed. */
export type StudioEvent =
  | { readonly event: 'state'; readonly state: Partial<StudioState> }
  | {
      readonly event: 'preview';
      readonly job: number;
      /** 0-based picture of the job. */
      readonly image: number;
      readonly png: Uint8Array;
    }
  /** A picture to draw over. */
  | { readonly event: 'sketch'; readonly bytes: Uint8Array; readonly name: string }
  /** How a picture was made, to be drawn with again; notes tell what is missing. */
  | {
      readonly event: 'recipe';
      readonly request: RecipeRequest;
      readonly name: string;
      readonly notes: readonly string[];
    };

/** Things outside the page that a button can open. */
export const STUDIO_ACTIONS = ['chooseModel', 'chooseDevice', 'showLog', 'openSettings'] as const;
export type StudioAction = (typeof STUDIO_ACTIONS)[number];

/** Under this type the id of a picture is dragged. */
export const PICTURE_MIME = 'application/vnd.easel.picture';

/** What the page may ask of the host. */
export interface StudioMethods {
  /** Ready to listen: answers when the page is gone, and pushes until then. */
  connect: { params: null; result: null; event: StudioEvent };
  draw: { params: { request: GenerationRequestInput }; result: { job: number }; event: never };
  /** Ends one job, or the one being drawn. */
  cancel: { params: { job?: number | undefined }; result: null; event: never };
  /** Takes a failed job off the stage. */
  dismiss: { params: { job: number }; result: null; event: never };
  insert: { params: { picture: string }; result: { document: string }; event: never };
  saveAs: { params: { picture: string }; result: { name: string | null }; event: never };
  copyMarkdown: { params: { picture: string }; result: null; event: never };
  open: { params: { picture: string }; result: null; event: never };
  remove: { params: { picture: string }; result: { removed: boolean }; event: never };
  /** The bytes of a picture, for drawing over it. */
  read: { params: { picture: string }; result: { bytes: Uint8Array }; event: never };
  /** The bytes of a picture of the workspace that was dropped on the page, by its address. */
  readFile: { params: { uri: string }; result: { bytes: Uint8Array; name: string }; event: never };
  act: { params: { action: StudioAction }; result: null; event: never };
}

const id = v.pipe(v.number(), v.integer(), v.minValue(1));
const picture = v.pipe(v.string(), v.nonEmpty(), v.maxLength(4096));
const onPicture = v.strictObject({ picture });

const request = <M extends string, P extends v.GenericSchema>(method: M, params: P) =>
  v.strictObject({ type: v.literal('request'), id, method: v.literal(method), params });

/** Every message of the page; whatever does not match is refused before anything reads it. */
export const PageMessageSchema = v.strictObject({
  /** Names one life of the page, so that answers to an earlier one are not mistaken. */
  page: v.pipe(v.string(), v.uuid()),
  message: v.union([
    v.strictObject({ type: v.literal('cancel'), id }),
    v.variant('method', [
      request('connect', v.null()),
      request('draw', v.strictObject({ request: GenerationRequestSchema })),
      request('cancel', v.strictObject({ job: v.optional(id) })),
      request('dismiss', v.strictObject({ job: id })),
      request('insert', onPicture),
      request('saveAs', onPicture),
      request('copyMarkdown', onPicture),
      request('open', onPicture),
      request('remove', onPicture),
      request('read', onPicture),
      request('readFile', v.strictObject({ uri: picture })),
      request('act', v.strictObject({ action: v.picklist(STUDIO_ACTIONS) })),
    ]),
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
  /** Pictures drawn by the starter model, shown before the first own one. */
  readonly examples: readonly { readonly prompt: string; readonly src: string }[];
  /** For number formats. */
  readonly language: string;
}
