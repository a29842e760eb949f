import type { CatalogueEntry } from '../core/catalogue/catalogue';
import type { Recommendation } from '../core/catalogue/recommendations';
import type { DeviceName, GraphicsCard } from '../core/devices';
import type { ModelEntry } from './engine';

/** The argument that makes the engine bundle serve the store. */
export const STORE_ARGUMENT = '--store';

/** One file that a download fetches. */
export interface PlannedFile {
  /** In the repository. */
  readonly path: string;
  readonly bytes: number;
  /** Bytes that a finished or interrupted download has fetched before. */
  readonly presentBytes: number;
}

/** What a download would do; made from the hub's listing. */
export interface DownloadPlan {
  readonly id: string;
  /** As asked for: a branch, a tag or a commit. */
  readonly revision: string;
  readonly commit: string;
  readonly files: readonly PlannedFile[];
  readonly totalBytes: number;
  readonly presentBytes: number;
  /** Free bytes on the cache's disk. */
  readonly freeBytes: number;
  /** As the model's card says; empty where it does not. */
  readonly licence: string;
  readonly gated: boolean;
  /** The infix of the weight files, `fp16`, as Python's `from_pretrained(variant=…)` takes it. */
  readonly variant: string;
  /** For the user before it starts, such as weights that exist only as pickles. */
  readonly warnings: readonly string[];
}

export type DownloadEvent =
  | { readonly event: 'plan'; readonly plan: DownloadPlan }
  | {
      readonly event: 'progress';
      readonly id: string;
      readonly bytes: number;
      readonly totalBytes: number;
      /** Undefined until enough was fetched to measure it. */
      readonly bytesPerSecond?: number;
      readonly secondsLeft?: number;
      readonly filesDone: number;
      readonly files: number;
    }
  | { readonly event: 'file'; readonly id: string; readonly path: string; readonly bytes: number }
  /** The download pauses and continues by itself: the connection broke, or the hub is busy. */
  | {
      readonly event: 'waiting';
      readonly id: string;
      readonly path: string;
      readonly seconds: number;
      readonly reason: string;
    };

export interface DownloadSummary {
  readonly id: string;
  readonly commit: string;
  /** The snapshot's folder. */
  readonly path: string;
  /** Bytes that came over the network. */
  readonly fetchedBytes: number;
  readonly totalBytes: number;
  readonly seconds: number;
  /** The line of Python that loads the same files. */
  readonly python: string;
}

export type FileState = 'ok' | 'damaged' | 'missing' | 'unchecked';

export interface VerifiedFile {
  readonly path: string;
  readonly state: FileState;
  /** Why it is not `ok`; empty where it is. */
  readonly detail: string;
}

export interface VerifyReport {
  readonly id: string;
  readonly path: string;
  readonly ok: boolean;
  readonly files: readonly VerifiedFile[];
  /** Bytes that were read. */
  readonly bytes: number;
  /** Why the model does not run as a whole; empty where it does. */
  readonly reason: string;
}

export interface VerifyEvent {
  readonly event: 'progress';
  readonly id: string;
  readonly bytes: number;
  readonly totalBytes: number;
}

/** Weights that were made bytes for int8, and are kept in a folder of Easel's own. */
export interface PreparedWeights {
  /** The model that they are of, as `--model` takes it; empty where the files do not say. */
  readonly model: string;
  readonly components: readonly string[];
  readonly sizeBytes: number;
  readonly lastUsedMs: number;
  /** The model is gone or has changed, so they are not used again. */
  readonly isOutdated: boolean;
}

export interface PreparedList {
  /** Where they are kept. */
  readonly folder: string;
  /** One for each model, the largest first. */
  readonly weights: readonly PreparedWeights[];
}

/** An upscaler of this machine. */
export interface UpscalerEntry {
  /** As `upscale.model` of a request takes it: `org/name/file`, or a path. */
  readonly id: string;
  /** The name of its file, without the ending. */
  readonly name: string;
  readonly sizeBytes: number;
}

/** What a removal deletes and frees. */
export interface RemovalPlan {
  readonly id: string;
  /** Commits that are removed. */
  readonly commits: readonly string[];
  readonly freedBytes: number;
  /** Of these, the bytes that were prepared of its weights for int8. */
  readonly preparedBytes: number;
  /** Bytes of their files that stay, because another revision or repository needs them. */
  readonly keptBytes: number;
}

/** Files that no model needs: unfinished downloads, blobs that no snapshot names, outdated prepared weights. */
export interface LeftoverReport {
  readonly files: number;
  readonly bytes: number;
}

/** What installing a device's support would do. */
export interface SupportPlan {
  readonly device: DeviceName;
  /** The server that it comes from. */
  readonly source: string;
  readonly totalBytes: number;
  /** Bytes that an interrupted download has fetched before. */
  readonly presentBytes: number;
  /** What it takes on the disk afterwards. */
  readonly installedBytes: number;
  /** The folder that it is installed in. */
  readonly path: string;
  readonly isInstalled: boolean;
  /** What the device lacks besides: it does not work before that is there. */
  readonly lacks: readonly MissingPart[];
}

/** Something that a device needs and this machine does not have. */
export interface MissingPart {
  readonly detail: string;
  /** What to do: a sentence, or a line for a terminal. */
  readonly advice: string;
}

export interface SupportSummary extends Pick<SupportPlan, 'device' | 'path' | 'lacks'> {
  /** Bytes that came over the network. */
  readonly fetchedBytes: number;
}

/** What the store process offers. Only `plan`, `download` and `installSupport` use the network. */
export interface StoreMethods {
  /**
   * `paths` adds model folders, single files, and folders of those. `loraPaths` adds LoRA files and the LoRAs in
   * folders and their sub-folders.
   */
  list: {
    params: { readonly paths?: readonly string[]; readonly loraPaths?: readonly string[] };
    result: readonly ModelEntry[];
    event: never;
  };
  /** The upscalers of this machine. `paths` as in `list`. */
  upscalers: {
    params: { readonly paths?: readonly string[] };
    result: readonly UpscalerEntry[];
    event: never;
  };
  /** The folder of the shared Hugging Face cache, which may not exist yet. */
  cacheFolder: { params: null; result: string; event: never };
  catalogue: { params: null; result: readonly CatalogueEntry[]; event: never };
  /** The catalogue's models for this machine, the best first. */
  recommend: {
    params: { readonly device: DeviceName; readonly card?: GraphicsCard | undefined };
    result: readonly Recommendation[];
    event: never;
  };
  plan: { params: DownloadParams; result: DownloadPlan; event: never };
  /** Aborting pauses it: what was fetched stays, and the same call continues from there. */
  download: { params: DownloadParams; result: DownloadSummary; event: DownloadEvent };
  /** Deletes what an interrupted download left. */
  discard: { params: { readonly id: string }; result: LeftoverReport; event: never };
  /** Reads every byte; `repair` deletes what is damaged, so that a download fetches it again. */
  verify: {
    params: { readonly id: string; readonly repair?: boolean };
    result: VerifyReport;
    event: VerifyEvent;
  };
  removal: { params: { readonly id: string }; result: RemovalPlan; event: never };
  remove: { params: { readonly id: string }; result: RemovalPlan; event: never };
  prepared: { params: null; result: PreparedList; event: never };
  /** Deletes the prepared weights of a model, whose files stay. They are prepared again when they are needed. */
  removePrepared: { params: { readonly model: string }; result: LeftoverReport; event: never };
  /** The support of a device is what its maker's libraries need of ONNX Runtime, and no package brings. */
  supportPlan: { params: SupportParams; result: SupportPlan; event: never };
  /** Aborting pauses it, as `download`. */
  installSupport: { params: SupportParams; result: SupportSummary; event: DownloadEvent };
  removeSupport: { params: SupportParams; result: LeftoverReport; event: never };
  leftovers: { params: null; result: LeftoverReport; event: never };
  clean: { params: null; result: LeftoverReport; event: never };
}

export interface SupportParams {
  readonly device: DeviceName;
}

export interface DownloadParams {
  /** `org/name`, `org/name@revision`, or one file of weights: `org/name/file`. */
  readonly id: string;
  /** Takes precedence over HF_TOKEN and the token file. */
  readonly token?: string;
  /** Also the components that a model draws without, such as the safety checker. */
  readonly complete?: boolean;
}

export type { CatalogueEntry, ModelEntry, Recommendation };
