import type { EffectName } from '../image/effects/names';

/** A named way of drawing: words around a prompt, and settings that go with them. */
export interface Style {
  readonly name: string;
  /** `{prompt}` stands for what is to be drawn; without it the words follow the prompt. */
  readonly prompt: string;
  readonly negativePrompt?: string | undefined;
  /**
   * What is done to the drawn image instead of the words, with a model that composes (the starter), because it
   * knows no words of style. Other models read the words.
   */
  readonly effect?: EffectName | undefined;
  readonly steps?: number | undefined;
  readonly guidanceScale?: number | undefined;
  readonly scheduler?: string | undefined;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
}

export const DEFAULT_STYLES: readonly Style[] = [
  {
    name: 'Flat icon',
    prompt: 'flat vector icon of {prompt}, simple shapes, solid colors, centered, white background',
    negativePrompt: 'photo, realistic, gradient, shadow, texture, text, clutter',
    effect: 'flat-icon',
  },
  {
    name: 'Isometric',
    prompt: 'isometric illustration of {prompt}, clean 3d render, soft light, plain background',
    negativePrompt: 'photo, perspective distortion, text, blurry, clutter',
    effect: 'isometric',
  },
  {
    name: 'Watercolour',
    prompt: 'watercolor painting of {prompt}, soft washes, paper texture, delicate brush strokes',
    negativePrompt: 'photo, 3d render, harsh lines, text, signature',
    effect: 'watercolour',
  },
  {
    name: 'Line art',
    prompt: 'black and white line art of {prompt}, clean ink outlines, minimal, white background',
    negativePrompt: 'color, shading, photo, gray, blurry, text',
    effect: 'line-art',
  },
  {
    name: 'Pixel art',
    prompt: 'pixel art of {prompt}, 16-bit game sprite, limited palette, crisp pixels',
    negativePrompt: 'photo, blurry, smooth, gradient, 3d render, text',
    effect: 'pixel-art',
  },
  {
    name: 'Photo',
    prompt: 'photo of {prompt}, natural light, sharp focus, high detail, 50mm',
    negativePrompt: 'drawing, painting, cartoon, 3d render, blurry, low quality, text, watermark',
  },
  {
    name: 'Oil painting',
    prompt: 'oil painting of {prompt}, visible brush strokes, rich colors, canvas texture',
    negativePrompt: 'photo, 3d render, flat, blurry, text, signature',
    effect: 'oil-painting',
  },
  {
    name: 'Pencil sketch',
    prompt: 'pencil sketch of {prompt}, graphite on paper, hatching, loose lines',
    negativePrompt: 'color, photo, 3d render, blurry, text',
    effect: 'pencil-sketch',
  },
  {
    name: 'Sticker',
    prompt: 'sticker of {prompt}, thick white outline, bold colors, flat shading, plain background',
    negativePrompt: 'photo, realistic, clutter, text, blurry',
    effect: 'sticker',
  },
  {
    name: 'Concept art',
    prompt: 'concept art of {prompt}, wide shot, atmospheric light, detailed environment',
    negativePrompt: 'text, watermark, blurry, low quality, frame',
  },
  {
    name: 'Duotone',
    prompt: 'duotone print of {prompt}, two colors, high contrast, bold graphic shapes',
    negativePrompt: 'full color, rainbow, photo, text, blurry',
    effect: 'duotone',
  },
  {
    name: 'Blueprint',
    prompt: 'blueprint of {prompt}, white lines on blue paper, technical drawing, grid',
    negativePrompt: 'photo, color, shading, 3d render, blurry',
    effect: 'blueprint',
  },
];
