/** Kinds of models by architecture, in the names people use. */
export type Family = 'SD 1.x' | 'SD 2.x' | 'SDXL' | 'other';

/** What a repository holds: a whole model, or a part that goes with one. */
export type ModelKind = 'pipeline' | 'autoencoder' | 'lora';

/** How long a picture takes on an ordinary processor: seconds, up to a minute, minutes, or much longer. */
export type SpeedClass = 'fast' | 'medium' | 'slow' | 'very slow';

/** What to draw with; diffusers' names in camel case. Sizes are in pixels. */
export interface CatalogueDefaults {
  readonly steps: number;
  readonly guidanceScale: number;
  readonly width: number;
  readonly height: number;
}

/** A model that people name, as its card describes it. */
export interface CatalogueEntry {
  /** The repository id. */
  readonly id: string;
  readonly title: string;
  readonly kind: ModelKind;
  readonly family: Family;
  /** One sentence on what it is good for. */
  readonly summary: string;
  /** The licence as the hub names it. */
  readonly licence: string;
  /** Commercial use needs a look at the licence first. */
  readonly restricted: boolean;
  /** Bytes of the files that are fetched, about; the hub's own listing decides before a download. */
  readonly downloadBytes: number;
  /** Bytes of memory that a picture of the default size takes on a processor, about. */
  readonly memoryBytes: number;
  readonly speed: SpeedClass;
  /** Absent for parts, which take the model's. */
  readonly defaults?: CatalogueDefaults;
  /** Parts that make it better here, such as a tiny autoencoder. */
  readonly companions: readonly string[];
  /** Other ids of the same model: where it was before, and where it is now if it was withdrawn. */
  readonly aliases: readonly string[];
}
