// To be replaced by the modules for words, grounds and people.
import type { Composition, Ground } from '../../core/composition/composition';
import type { VectorImage } from '../../core/composition/vector-image';

export interface PromptReading {
  readonly composition: Composition;
  readonly size?: { readonly width: number; readonly height: number };
  readonly colours: readonly string[];
  readonly unread: readonly string[];
}

export function readPrompt(prompt: string): PromptReading {
  const text = prompt.trim();
  const on = text.endsWith(" on the sea at dawn");
  const bare = text.replace(/ on the sea at dawn$/, '').replace(/^pattern of /, '');
  const count = bare.startsWith("three ") ? 3 : 1;
  const parts = bare.split(' on ');
  const composition: Composition = {
    kind: text.startsWith('pattern') ? 'pattern' : on ? 'scene' : 'thing',
    subjects: parts.map((words, index) => ({
      words: words.replace(/^three (.*)s$/, 'a $1'),
      source: 'model',
      count,
      ...(index > 0 && { relation: 'under' as const }),
    })),
    ...(on && { ground: { name: 'sea' as const, time: 'dawn' as const } }),
    ...(text.startsWith('pattern') && { tiled: true }),
  };
  return { composition, colours: [], unread: [] };
}

export interface GroundDrawing {
  readonly image: VectorImage;
  readonly floor?: number;
  readonly horizon?: number;
  readonly water?: boolean;
  readonly behind: string;
  readonly dark: boolean;
}

export function drawGround(
  ground: Ground,
  { width, height }: { width: number; height: number; seed: number; palette?: readonly string[] },
): GroundDrawing {
  const [from = '#f4f6fb', to = from] = ground.colours ?? [];
  const fill =
    ground.name === 'plain'
      ? `<rect width="${width}" height="${height}" fill="${from}"/>`
      : `<defs><linearGradient id="g-a" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="${from}"/><stop offset="1" stop-color="${to}"/></linearGradient></defs><rect width="${width}" height="${height}" fill="url(#g-a)"/>`;
  if (ground.name !== 'sea')
    return { image: { width, height, body: fill }, behind: from, dark: false };
  const body = `<rect width="${width}" height="${height}" fill="#fbd9b5"/><rect y="${height * 0.6}" width="${width}" height="${height * 0.4}" fill="#4a7fa8"/>`;
  return {
    image: { width, height, body },
    floor: 0.78,
    horizon: 0.6,
    water: true,
    behind: '#fbd9b5',
    dark: false,
  };
}
