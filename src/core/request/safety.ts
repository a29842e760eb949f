/** What happens to an image that the model's safety checker flags; `off`: no image is checked. */
export const SAFETY_CHOICES = ['black', 'blur', 'warn', 'off'] as const;

export type SafetyChoice = (typeof SAFETY_CHOICES)[number];

/** What was done to an image that was flagged; `warn`: nothing. */
export type Flagged = Exclude<SafetyChoice, 'off'>;

const DONE: Readonly<Record<Flagged, string>> = {
  black: 'so it is black',
  blur: 'so it is blurred',
  warn: 'and it is kept',
};

/**
 * Says that an image was flagged, and what may help.
 * @param image 0-based within its job
 * @param images of the job
 */
export function describeFlagged(flagged: Flagged, image: number, images: number): string {
  const which = images === 1 ? 'the image' : `image ${image + 1}`;
  return (
    `The model's safety checker finds that ${which} may not be safe for work, ${DONE[flagged]}. It can be wrong: ` +
    'try another prompt or seed. The setting easel.safetyChecker and the option --safety-checker say what happens to such images.'
  );
}

/** The same in an image's recipe. */
export function flaggedFact(flagged: Flagged): string {
  return {
    black: 'black, because the safety checker of the model flagged it',
    blur: 'blurred, because the safety checker of the model flagged it',
    warn: 'kept, although the safety checker of the model flagged it',
  }[flagged];
}
