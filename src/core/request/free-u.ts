/** The factors of FreeU (arXiv 2309.11497), as `enable_freeu` of diffusers takes them. */
export interface FreeU {
  /** Of the skip connections' lowest frequencies, in the first and in the second up block. */
  readonly s1: number;
  readonly s2: number;
  /** Of the first half of the channels, in the first and in the second up block. */
  readonly b1: number;
  readonly b2: number;
}
