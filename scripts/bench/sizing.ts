// How many engines serve so many people: the queue with random arrivals and several servers (M/M/c, Erlang's C).

/** How people draw, and how long they shall wait. */
export interface Demand {
  readonly people: number;
  /** Images of one of them in the busiest hour. */
  readonly imagesPerHour: number;
  /** Seconds that an engine draws one image, without a wait. */
  readonly secondsPerImage: number;
}

export interface Sizing {
  /** Engines that are needed. */
  readonly engines: number;
  /** The share of the time in which each draws in the busiest hour. */
  readonly load: number;
  /** The share of requests that wait longer than one image takes. */
  readonly late: number;
}

/** At most this share of requests waits longer than one image takes. */
export const MAX_LATE = 0.05;
/** Many engines keep waits short also with more, but the number of images is an estimate. */
export const MAX_LOAD = 0.8;

/**
 * The probability that a request has to wait (A. K. Erlang, 1917), by the recursion of Erlang's B, which does not
 * overflow.
 * @param engines a whole number
 * @param erlangs arrivals per second times seconds of a drawing; below `engines`
 */
export function probabilityOfWaiting(engines: number, erlangs: number): number {
  let blocked = 1;
  for (let n = 1; n <= engines; n++) blocked = (erlangs * blocked) / (n + erlangs * blocked);
  return blocked / (1 - (erlangs / engines) * (1 - blocked));
}

/**
 * The fewest engines with a load of at most `MAX_LOAD` with which at most `MAX_LATE` wait longer than one image takes:
 * P(wait > s) = C(c, a) · exp(a − c), with a = arrivals per second · s. The formula is for drawing times that vary
 * (exponential). Those of one model hardly vary, and so the real waits are shorter.
 */
export function sizeFor({ people, imagesPerHour, secondsPerImage }: Demand): Sizing {
  const erlangs = (people * imagesPerHour * secondsPerImage) / 3600;
  for (let engines = Math.max(1, Math.ceil(erlangs / MAX_LOAD)); ; engines++) {
    const late = probabilityOfWaiting(engines, erlangs) * Math.exp(erlangs - engines);
    if (late <= MAX_LATE) return { engines, load: erlangs / engines, late };
  }
}
