/** imagetracerjs 1.2.6 comes without types; https://github.com/jankovicsandras/imagetracerjs */
declare module 'imagetracerjs' {
  interface Pixels {
    readonly width: number;
    readonly height: number;
    /** RGBA, rows top to bottom. */
    readonly data: Uint8ClampedArray;
  }
  interface ImageTracer {
    imagedataToSVG(pixels: Pixels, options?: Readonly<Record<string, number | boolean>>): string;
  }
  const tracer: ImageTracer;
  export default tracer;
}
