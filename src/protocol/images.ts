import type { ControlFit } from '../core/image/control/fit';
import type { ControlPreprocessor, ControlTuning } from '../core/image/control/names';
import type { ImageFormat } from '../core/image/formats';
import type { Size } from '../core/image/resize';
import type { Recipe } from '../core/recipe';
import type { SheetTexts } from '../core/sheet/layout';

export interface ConvertParams {
  /** An image file in any format that the image library reads. */
  readonly file: Uint8Array;
  readonly format: ImageFormat;
  /** Pixels; with one of them the other keeps the ratio, with both the image is cropped to fit. */
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  /** 1 to 100, for lossy formats; the default's losses are hardly visible. */
  readonly quality?: number | undefined;
}

/** An image as the bytes of a file, ready to be written. */
export interface ImageFile {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly format: ImageFormat;
  readonly bytes: Uint8Array;
}

export interface MaskParams {
  /** An image file in any format that the image library reads. */
  readonly file: Uint8Array;
  /** What the file shows where an image is to be drawn anew; that becomes white. */
  readonly white: 'transparent' | 'dark';
}

export interface ControlMapParams {
  /** An image file in any format that the image library reads. */
  readonly file: Uint8Array;
  /** What is made of it. */
  readonly preprocess: ControlPreprocessor;
  readonly tuning?: ControlTuning;
  /** What lies behind transparent pixels: a colour such as `#ffffff`. */
  readonly behind: string;
  /** The size at which it is made. Absent: the image's own, of the part that is left where it is cropped. */
  readonly at?: Size | undefined;
  /** The size of the result, and how an image of another shape comes into it. Absent: as it is made. */
  readonly fit?: (Size & { readonly how: ControlFit }) | undefined;
}

export interface IconFile {
  readonly name: string;
  readonly file: Uint8Array;
}

/** Images in columns and rows, with labels. */
export interface ContactSheetParams extends SheetTexts {
  /** Image files, the first axis fastest; null leaves a grey box. */
  readonly files: readonly (Uint8Array | null)[];
  readonly format: Exclude<ImageFormat, 'svg'>;
  /** Written into the file. */
  readonly recipe?: Recipe | undefined;
}

/** What the engine does with existing images, without waiting for generations. */
export interface ImageMethods {
  /** Another format or size; the recipe is kept. */
  convert: { params: ConvertParams; result: ImageFile; event: never };
  /** The pixels of an image file, upright. */
  size: {
    params: { readonly file: Uint8Array };
    result: { readonly width: number; readonly height: number };
    event: never;
  };
  /** A mask as a request takes it, from one of another convention. */
  mask: { params: MaskParams; result: ImageFile; event: never };
  /** What a ControlNet follows, as a PNG file. */
  controlMap: { params: ControlMapParams; result: ImageFile; event: never };
  /** One image of several, with labels. */
  sheet: { params: ContactSheetParams; result: ImageFile; event: never };
  /** favicon.ico and PNG icons of 16 to 512 pixels from one image. */
  icons: { params: { readonly file: Uint8Array }; result: readonly IconFile[]; event: never };
}
