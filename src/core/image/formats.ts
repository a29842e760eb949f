/** The formats that an image can be saved in, by name. */
export const IMAGE_FORMATS = {
  png: { extensions: ['png'], mimeType: 'image/png' },
  webp: { extensions: ['webp'], mimeType: 'image/webp' },
  jpeg: { extensions: ['jpg', 'jpeg'], mimeType: 'image/jpeg' },
  avif: { extensions: ['avif'], mimeType: 'image/avif' },
  /** Traced: good for flat art only. */
  svg: { extensions: ['svg'], mimeType: 'image/svg+xml' },
} as const;

export type ImageFormat = keyof typeof IMAGE_FORMATS;

/** The format of an image where nobody names one. */
export const DEFAULT_FORMAT = 'webp' satisfies ImageFormat;

export const IMAGE_FORMAT_NAMES = Object.keys(IMAGE_FORMATS) as ImageFormat[];

/** Formats that can have a transparent background. */
export const TRANSPARENT_FORMATS = ['png', 'webp', 'avif', 'svg'] as const satisfies ImageFormat[];

export function canBeTransparent(format: ImageFormat): boolean {
  return (TRANSPARENT_FORMATS as readonly ImageFormat[]).includes(format);
}

/** The format of a file name's extension; undefined where there is none that is known. */
export function formatOfFileName(name: string): ImageFormat | undefined {
  const extension = /\.([^./\\]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
  return IMAGE_FORMAT_NAMES.find((format) =>
    (IMAGE_FORMATS[format].extensions as readonly string[]).includes(extension),
  );
}
