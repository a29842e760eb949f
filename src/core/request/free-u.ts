/** The factors of FreeU (arXiv 2309.11497), as `enable_freeu` of diffusers takes them. */
export interface FreeU {
  /** Of the skip connections' lowest frequencies, in the first and in the second up block. */
  readonly s1: number;
  readonly s2: number;
  /** Of the first half of the channels, in the first and in the second up block. */
  readonly b1: number;
  readonly b2: number;
}

/** What its authors use (their README and diffusers' guide), by the family as `baseFamily` has it. */
const USUAL: Readonly<Record<string, FreeU>> = {
  'SD 1.x': { s1: 0.9, s2: 0.2, b1: 1.5, b2: 1.6 },
  'SD 2.x': { s1: 0.9, s2: 0.2, b1: 1.4, b2: 1.6 },
  SDXL: { s1: 0.6, s2: 0.4, b1: 1.1, b2: 1.2 },
};

/** The factors that suit a family of models; those of Stable Diffusion 1.x where it is not known. */
export function usualFreeU(family: string): FreeU {
  return (Object.hasOwn(USUAL, family) ? USUAL[family] : undefined) ?? USUAL['SD 1.x']!;
}
