import type { ImageFormat } from '../core/image/formats';

export interface ConvertParams {
  /** A picture in any format that the image library reads. */
  readonly file: Uint8Array;
  readonly format: ImageFormat;
  /** Pixels; with one of them the other keeps the ratio, with both the picture is cut to fit. */
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  /** 1 to 100, for lossy formats; by default losses are hardly visible. */
  readonly quality?: number | undefined;
}

export interface ConvertedImage {
  readonly file: Uint8Array;
  readonly width: number;
  readonly height: number;
}

export interface IconFile {
  readonly name: string;
  readonly file: Uint8Array;
}

/** What the engine does with pictures that exist, at once and beside any drawing. */
export interface FormatMethods {
  /** Another format or size; the recipe goes along. */
  convert: { params: ConvertParams; result: ConvertedImage; event: never };
  /** favicon.ico and PNG icons of 16 to 512 pixels from one picture. */
  icons: { params: { readonly file: Uint8Array }; result: readonly IconFile[]; event: never };
}
