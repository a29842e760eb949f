import { fromOklch, lightness, mix, oklch, shade, tint } from '../../colours';
import type { Time } from '../../composition';
import type { Random } from '../../random';

/** The light of a scene: what it does to the colours of things, near and far. */
export interface Light {
  readonly time: Time;
  /** Colours of the sky, from the top to the horizon. */
  readonly sky: readonly string[];
  /** The colour that far things take. */
  readonly haze: string;
  /** The light near the sun or the moon. */
  readonly glow: string;
  readonly sun: string;
  readonly cloud: string;
  /** A thing's own colour in this light. @param far 0 near, 1 at the horizon */
  paint(colour: string, far?: number): string;
  /** A colour that shines by itself, such as a lit window: only the brand changes it. */
  shine(colour: string): string;
}

interface Look {
  readonly sky: readonly string[];
  readonly glow: string;
  readonly sun: string;
  readonly cloud: string;
}

const LOOKS: Readonly<Record<Time, readonly Look[]>> = {
  day: [
    { sky: ['#4f9fe6', '#8fc8f4', '#d9effb'], glow: '#fff6d6', sun: '#fff3c4', cloud: '#ffffff' },
    { sky: ['#5fb3e8', '#a5daf3', '#eaf7f6'], glow: '#fff8e0', sun: '#fff1b8', cloud: '#ffffff' },
    { sky: ['#3f8fd8', '#7fbfee', '#cfeaf8'], glow: '#fffbe8', sun: '#fff6d0', cloud: '#ffffff' },
    { sky: ['#74b9e6', '#b5dcef', '#f6efdf'], glow: '#ffefc9', sun: '#ffe9a8', cloud: '#fffdf8' },
  ],
  dawn: [
    {
      sky: ['#7d8fc9', '#c9b2d6', '#f5c9bf', '#fde3c0'],
      glow: '#fff0cf',
      sun: '#fff1d2',
      cloud: '#fbe3e0',
    },
    {
      sky: ['#6f9fc8', '#b9c7dd', '#f3cfc9', '#fbe2cb'],
      glow: '#ffeccb',
      sun: '#fff4da',
      cloud: '#fdeae6',
    },
    {
      sky: ['#8a7fc0', '#d0a3c8', '#f6b9ae', '#fcd9a8'],
      glow: '#ffe6b5',
      sun: '#fff0c8',
      cloud: '#f9d5d6',
    },
  ],
  sunset: [
    {
      sky: ['#3d3a78', '#8a4a8c', '#e0656d', '#f9a45c', '#fdd08a'],
      glow: '#ffdf9e',
      sun: '#fff0c0',
      cloud: '#e58a86',
    },
    {
      sky: ['#53447f', '#b2587f', '#ef7f62', '#f9b367'],
      glow: '#ffdc94',
      sun: '#ffe9b0',
      cloud: '#f0a08a',
    },
    {
      sky: ['#2f4a7c', '#7a6a9c', '#d98a86', '#f6b880', '#fbdca6'],
      glow: '#ffe3b0',
      sun: '#fff1cf',
      cloud: '#e9a79a',
    },
  ],
  night: [
    { sky: ['#0b1230', '#16224f', '#2b3c74'], glow: '#6f86c9', sun: '#f6f1dc', cloud: '#33437a' },
    { sky: ['#0a1628', '#12294a', '#245070'], glow: '#6aa0bf', sun: '#f3f4e6', cloud: '#2b4a68' },
    { sky: ['#120f2e', '#261f55', '#463a80'], glow: '#8f80cc', sun: '#f8f0dc', cloud: '#463c78' },
  ],
  overcast: [
    { sky: ['#8f9dab', '#b4bfc9', '#d5dbe0'], glow: '#e6eaec', sun: '#e9ecee', cloud: '#c8d0d7' },
    { sky: ['#7f92a3', '#a9b7c2', '#d2d9dc'], glow: '#e2e7e8', sun: '#e6eaeb', cloud: '#bcc8d1' },
    { sky: ['#9a9fae', '#bcc0ca', '#dcdde0'], glow: '#ebe9e7', sun: '#eceae8', cloud: '#cdd0d8' },
  ],
};

/**
 * The light at a time. With colours of a brand, everything is drawn in them: each colour becomes the one of
 * its lightness between dark shades of the brand, its colours, and light tints.
 * @param skyColour the colour that the sky was asked to have
 */
export function createLight(
  time: Time,
  random: Random,
  brand: readonly string[],
  skyColour?: string,
): Light {
  const own = random.pick(LOOKS[time]);
  const toned = brand.length > 0 ? (colour: string): string => inBrand(colour, brand) : undefined;
  const tone = toned ?? ((colour: string): string => colour);
  const sky = (skyColour === undefined ? own.sky : skyOf(skyColour, time)).map(tone);
  const horizon = sky.at(-1)!;
  // A low sun makes far things rose and violet; the gold of the horizon would make them brown.
  const low = time === 'sunset' || time === 'dawn';
  const haze = low
    ? mix(sky.at(-2)!, sky.at(-3)!, time === 'sunset' ? 0.4 : 0.15)
    : mix(horizon, tone(own.glow), time === 'night' ? 0.08 : 0.15);
  return {
    time,
    sky,
    haze,
    glow: tone(own.glow),
    sun: tone(own.sun),
    cloud: skyColour === undefined ? tone(own.cloud) : mix(tone(own.cloud), sky.at(-1)!, 0.25),
    paint: (colour, far = 0) => mix(tone(lit(colour, time)), haze, far),
    shine: (colour) => tone(colour),
  };
}

function skyOf(colour: string, time: Time): string[] {
  const { l } = oklch(colour);
  if (time === 'night' && l > 0.5)
    return skyOf(fromOklch(0.27, Math.min(oklch(colour).c, 0.1), oklch(colour).h), time);
  return l > 0.6
    ? [shade(colour, 0.1), colour, tint(colour, 0.35)]
    : [shade(colour, 0.25), colour, tint(colour, 0.22)];
}

/** A thing's colour in the light of a time. */
function lit(colour: string, time: Time): string {
  const { l, c, h } = oklch(colour);
  switch (time) {
    case 'day':
      return colour;
    case 'dawn':
      return mix(fromOklch(l * 0.94, c * 0.82, h), '#c98f9c', 0.14);
    case 'sunset':
      // Light things turn rose, dark ones violet; none turns grey.
      return mix(
        fromOklch(l * 0.8, c * 0.8, h),
        fromOklch(l * 0.64 + 0.06, 0.09 + l * 0.03, l > 0.75 ? 12 : 350),
        0.42,
      );
    case 'night':
      // Moonlight: light things stay visible, dark ones become silhouettes, all of them blue.
      return mix(
        fromOklch(0.08 + 0.46 * l * l, c * 0.5, h),
        fromOklch(0.1 + 0.44 * l * l, 0.075, 268),
        0.6,
      );
    case 'overcast':
      return mix(fromOklch(l * 0.94, c * 0.6, h), '#8a97a3', 0.12);
  }
}

function inBrand(colour: string, brand: readonly string[]): string {
  const l = lightness(colour);
  const sorted = [...brand].sort((a, b) => lightness(a) - lightness(b));
  const [darkest, lightest] = [sorted[0]!, sorted.at(-1)!];
  const stops = [
    fromOklch(0.1, Math.min(oklch(darkest).c, 0.05), oklch(darkest).h),
    ...sorted,
    tint(lightest, 0.96),
  ];
  for (let index = 1; index < stops.length; index++) {
    const [low, high] = [lightness(stops[index - 1]!), lightness(stops[index]!)];
    if (l <= high || index === stops.length - 1) {
      const share = high - low < 0.001 ? 0 : Math.min(1, Math.max(0, (l - low) / (high - low)));
      return mix(stops[index - 1]!, stops[index]!, share);
    }
  }
  return colour;
}
