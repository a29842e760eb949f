/** Kinds of models by architecture, by their usual names. */
export type Family = 'SD 1.x' | 'SD 2.x' | 'SDXL' | 'other';

/** What a repository contains: a whole model, or a part for one. */
export type ModelKind = 'pipeline' | 'autoencoder' | 'lora';

/** The time of one image on a usual CPU: seconds, up to a minute, minutes, or much longer. */
export type SpeedClass = 'fast' | 'medium' | 'slow' | 'very slow';

/** Default values of a request, with diffusers' names in camel case. Sizes are in pixels. */
export interface CatalogueDefaults {
  readonly steps: number;
  readonly guidanceScale: number;
  readonly width: number;
  readonly height: number;
}

/** A well-known model. The facts are from its model card. */
export interface CatalogueEntry {
  /** The repository id. */
  readonly id: string;
  readonly title: string;
  readonly kind: ModelKind;
  readonly family: Family;
  /** What it is good for, in one sentence. */
  readonly summary: string;
  /** The licence, by the name that the hub uses. */
  readonly licence: string;
  /** Whether the licence restricts commercial use. */
  readonly restricted: boolean;
  /** Approximate bytes of the download. Before a download, the hub's file list gives the exact number. */
  readonly downloadBytes: number;
  /** Approximate bytes of memory for an image of the default size on the CPU. */
  readonly memoryBytes: number;
  readonly speed: SpeedClass;
  /** Absent for parts: they use the model's defaults. */
  readonly defaults?: CatalogueDefaults;
  /** Recommended parts, such as a tiny autoencoder. */
  readonly companions: readonly string[];
  /** Other repositories of the same model: older ids, and copies if it was withdrawn. */
  readonly aliases: readonly string[];
}
