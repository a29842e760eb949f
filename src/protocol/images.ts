import type { ImageFormat } from '../core/image/formats';

export interface ConvertParams {
  /** An image file in any format that sharp reads. */
  readonly file: Uint8Array;
  readonly format: ImageFormat;
  /** Pixels; with one of them the other keeps the ratio, with both the image is cropped to fit. */
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  /** 1 to 100, for lossy formats; by default the loss is hardly visible. */
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

/** Conversions of existing images. They do not wait for running jobs. */
export interface FormatMethods {
  /** Another format or size; the recipe is kept. */
  convert: { params: ConvertParams; result: ConvertedImage; event: never };
  /** favicon.ico and PNG icons of 16 to 512 pixels from one image. */
  icons: { params: { readonly file: Uint8Array }; result: readonly IconFile[]; event: never };
}
