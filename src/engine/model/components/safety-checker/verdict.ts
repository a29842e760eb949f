/** Cosines of an image with what a safety checker knows, and the cosines from which that is seen. Float32. */
export interface Concepts {
  readonly cosines: ArrayLike<number>;
  readonly thresholds: ArrayLike<number>;
}

/** What a safety checker says of an image. */
export interface SafetyVerdict {
  readonly flagged: boolean;
  /** Absent for an exported graph, which gives none. */
  readonly scores?: SafetyScores;
}

export interface SafetyScores {
  /** How far each cosine is above its threshold, in thousandths as diffusers rounds them; seen if it is above 0. */
  readonly special: readonly number[];
  readonly concepts: readonly number[];
}

/** What lowers the thresholds of the concepts after a special one that is seen (diffusers, `adjustment`). */
const ADJUSTMENT = Math.fround(0.01);

/**
 * Decides whether an image is flagged, like the loop of StableDiffusionSafetyChecker.forward (diffusers,
 * pipelines/stable_diffusion/safety_checker.py), in its float32 and with its rounding: it is where a concept is seen.
 * The special ones are seen first: they only lower the thresholds of those that follow.
 */
export function decideSafety(special: Concepts, concepts: Concepts): Required<SafetyVerdict> {
  let adjustment = 0;
  const specialScores = scores(special, (score) => {
    if (score > 0) adjustment = ADJUSTMENT;
  });
  const conceptScores = scores(concepts);
  return {
    flagged: conceptScores.some((score) => score > 0),
    scores: { special: specialScores, concepts: conceptScores },
  };

  function scores(
    { cosines, thresholds }: Concepts,
    onScore: (score: number) => void = () => undefined,
  ): readonly number[] {
    return Array.from(thresholds, (threshold, index) => {
      const above = Math.fround(cosines[index]! - threshold);
      const score = roundedToThousandths(Math.fround(above + adjustment));
      onScore(score);
      return score;
    });
  }
}

/** numpy's `round` of a float32 to three digits: half to even. */
function roundedToThousandths(value: number): number {
  const scaled = Math.fround(value * 1000);
  const floor = Math.floor(scaled);
  const rest = scaled - floor;
  const isUp = rest > 0.5 || (rest === 0.5 && floor % 2 !== 0);
  return Math.fround((isUp ? floor + 1 : floor) / 1000);
}
