/**
 * What the starter model cannot draw by its model card: scenes, photos, people, text and patterns. Its things
 * are single ones on a plain ground.
 */
const SCENES = new Set(
  (
    'photo photograph photography photorealistic realistic portrait landscape scene scenery skyline cityscape ' +
    'panorama background wallpaper pattern texture gradient abstract hero banner interior crowd group team ' +
    'people couple family meeting conference street logo poster typography text infographic dashboard mockup ' +
    'cinematic painting'
  ).split(' '),
);
/** Words that say how, not what. */
const NO_THINGS = new Set(
  (
    'the and with for from into over under near next its two three four five some very flat icon outline line ' +
    'art black white red green blue yellow orange purple pink brown gray grey gold silver teal small large big ' +
    'little simple cute nice illustration drawing picture image colour color style'
  ).split(' '),
);

/**
 * Whether a prompt asks for what the starter model does not draw, as far as its words tell: for a scene, in
 * another script than Latin, or by words of which it has learned none.
 * @param knows whether a word in lower case is one of the model's own
 */
export function isBeyondStarter(prompt: string, knows: (word: string) => boolean): boolean {
  const words = prompt.toLowerCase().match(/\p{L}+/gu) ?? [];
  if (words.some((word) => SCENES.has(word) || /[^\p{Script=Latin}]/u.test(word))) return true;
  const things = words.filter((word) => word.length > 2 && !NO_THINGS.has(word));
  const isKnown = (word: string) => knows(word) || knows(word.replace(/e?s$/, ''));
  return things.length > 0 && !things.some(isKnown);
}
