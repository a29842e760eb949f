import { change, mix } from '../colours';
import { isScene, type Composition } from '../composition';
import { isBackdrop } from './intent';
import type { Item } from './items';
import { CHROMA, LIGHTER, MOOD_COLOURS } from './table/colours';

/** What stands on a "dark background" stands on this. */
const BACKDROPS: Readonly<Record<string, string>> = { dark: '#1f2937', light: '#f3f4f6' };

/**
 * A ground in the mood of its words: "warm background" has colours of its own, "muted waves in blue" has less
 * of the blue. Scenes have their own colours.
 */
export function moodOf(
  items: readonly Item[],
  ground: Composition['ground'],
): Composition['ground'] {
  const shade = items.find(({ key }) => BACKDROPS[key] !== undefined)?.key;
  if (ground === undefined && shade !== undefined && items.some(isBackdrop))
    return { name: 'plain', colours: [BACKDROPS[shade]!] };
  if (ground === undefined || ground === 'transparent' || isScene(ground.name)) return ground;
  // "Noise texture, dark".
  const isDark =
    ground.colours === undefined &&
    items.some(
      (item) =>
        item.key === 'dark' && items.every((one) => one === item || one.clause !== item.clause),
    );
  if (isDark) return { ...ground, dark: true };
  const mood = items.map(({ key }) => plainMood(key)).find(isMood);
  if (mood === undefined) return ground;
  const own = MOOD_COLOURS[mood];
  if (ground.colours === undefined)
    return own === undefined ? ground : { ...ground, colours: [...own] };
  const chroma = CHROMA[mood];
  const isTyped = items.some(({ colour }) => colour !== undefined);
  if (chroma === undefined || !isTyped) return ground;
  const [first] = ground.colours;
  if (!mood.startsWith('monochrom')) {
    const lighter = LIGHTER[mood] ?? 0;
    const colours = ground.colours.map((hex) =>
      mix(change(hex, { c: chroma }), '#ffffff', lighter),
    );
    return { ...ground, colours };
  }
  return {
    ...ground,
    name: ground.name === 'plain' ? 'linear-gradient' : ground.name,
    colours: [first!, mix(first!, '#ffffff', 0.55), mix(first!, '#000000', 0.4)],
  };
}

/** "Warm" of "warm colours". */
function plainMood(key: string): string {
  return key === 'earth tones' ? 'earthy' : key.replace(/ (?:colou?rs|tones)$/, '');
}

function isMood(word: string): boolean {
  return CHROMA[word] !== undefined || MOOD_COLOURS[word] !== undefined;
}
