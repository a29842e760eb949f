/** Where a thing is at home in a scene: it flies, it floats on water, or it stands. */
export type Habitat = 'air' | 'water' | 'land';

const AIR =
  /\b(?:aero|air)?planes?\b|\bjets?\b|\bbirds?\b|\b(?:hot[- ]air )?balloons?\b|\brockets?\b|\bufos?\b|\bflying saucers?\b|\bkites?\b|\bclouds?\b|\bsuns?\b|\bmoons?\b|\bstars?\b|\bbees?\b|\bbutterfl(?:y|ies)\b|\bhelicopters?\b|\bdrones?\b|\beagles?\b|\bhawks?\b|\bdoves?\b|\bseagulls?\b|\bparrots?\b|\bbats?\b|\bowls?\b|\bdragons?\b|\bsatellites?\b|\bcomets?\b|\bmeteors?\b|\bplanets?\b|\bairships?\b|\bzeppelins?\b|\bparachutes?\b|\bparagliders?\b|\bangels?\b|\bfair(?:y|ies)\b|\bladybugs?\b|\bdragonfl(?:y|ies)\b|\bsnowflakes?\b|\brainbows?\b|\blightning\b|\bspace ?(?:ship|craft|shuttle)s?\b|\bastronauts?\b/;
const WATER =
  /\b(?:sail|speed|motor|row|fishing )?boats?\b|\b(?:cruise |cargo |pirate )?ships?\b|\byachts?\b|\bferr(?:y|ies)\b|\bcanoes?\b|\bkayaks?\b|\brafts?\b|\bducks?\b|\bswans?\b|\bwhales?\b|\bdolphins?\b|\bbuoys?\b|\bsurfboards?\b|\bsubmarines?\b|\bgondolas?\b|\bsharks?\b|\bicebergs?\b|\blife ?buoys?\b|\brubber ducks?\b/;

/** @param words of a subject, such as "a red sailboat" */
export function habitatOf(words: string): Habitat {
  const text = words.toLowerCase();
  if (WATER.test(text)) return 'water';
  return AIR.test(text) ? 'air' : 'land';
}
