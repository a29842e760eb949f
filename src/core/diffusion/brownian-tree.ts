import { TorchGenerator } from './random';
import { roundHalfEven } from './schedulers/math/numpy';
import { scale, subtract, weightedSum } from './schedulers/math/vectors';
import { seedSequence } from './seed-sequence';

/** Decimal places that times are rounded to (`tol=1e-6`). */
const PLACES = 6;
const UNIT = 10 ** PLACES;
/** A double that lies in the middle between two multiples of 1e-6 is an odd multiple of this. */
const SMALLEST_TIE = 2 ** -(PLACES + 1);
const POOL_SIZE = 24;
/** Two ways from the root to a time, about: what the next interval shares with the last one. */
const MOST_KEPT = 64;

/** An interval that is halved until its parts end where they are asked for. */
interface Node {
  readonly start: number;
  readonly end: number;
  /** Its place among the intervals of its depth, from the left. */
  readonly place: number;
  readonly depth: number;
}

/**
 * A Brownian motion of many independent values that a seed determines: the increment over an interval does not
 * depend on which others were asked for. Equal to `torchsde.BrownianInterval(t0, t1, size, entropy=seed,
 * tol=1e-6, pool_size=24, halfway_tree=True)` in float32, which diffusers' `BatchedBrownianTree` makes
 * (torchsde/_brownian/brownian_interval.py; arXiv 2001.01328, section 4).
 */
export class BrownianTree {
  private readonly root: Node;
  private readonly whole: Float32Array;
  /** The increments over the left halves, by node; the one that was used last is last. */
  private readonly lefts = new Map<string, Float32Array>();

  /**
   * @param start before `end`
   * @param size how many values
   * @param seed a whole number, 0 to 2^53 − 1
   */
  constructor(
    start: number,
    end: number,
    private readonly size: number,
    private readonly seed: number,
  ) {
    this.root = { start: rounded(start), end: rounded(end), place: 0, depth: 0 };
    const [rootSeed] = seedSequence(seed, [], POOL_SIZE, 1);
    this.whole = scale(Math.sqrt(end - start), this.normals(rootSeed!));
  }

  /** By how much the values change from one time to a later one. Times outside the motion count as its ends. */
  increment(from: number, to: number): Float32Array {
    const { start, end } = this.root;
    const inside = (time: number) => rounded(Math.min(Math.max(time, start), end));
    const parts: Float32Array[] = [];
    this.collect(this.root, this.whole, inside(from), inside(to), parts);
    const [first, ...rest] = parts;
    if (!first) return new Float32Array(this.size);
    return weightedSum([1, first], ...rest.map((part) => [1, part] as const));
  }

  /** The increments over the largest nodes that make up the interval, from the left. */
  private collect(
    node: Node,
    change: Float32Array,
    from: number,
    to: number,
    parts: Float32Array[],
  ): void {
    if (to <= node.start || from >= node.end || from >= to) return;
    if (from <= node.start && to >= node.end) {
      parts.push(change);
      return;
    }
    const middle = rounded(0.5 * (node.end + node.start));
    const depth = node.depth + 1;
    const left = this.leftOf(node, change, middle);
    if (from < middle) {
      this.collect({ ...node, end: middle, place: 2 * node.place, depth }, left, from, to, parts);
    }
    if (to > middle) {
      const right = { ...node, start: middle, place: 2 * node.place + 1, depth };
      this.collect(right, subtract(change, left), from, to, parts);
    }
  }

  /** The change up to the middle, given that over the node: a Brownian bridge. */
  private leftOf(node: Node, change: Float32Array, middle: number): Float32Array {
    const { start, end, place, depth } = node;
    const key = `${depth}/${place}`;
    let left = this.lefts.get(key);
    this.lefts.delete(key);
    if (!left) {
      const [seed] = seedSequence(this.seed, [place, depth], POOL_SIZE, 1);
      const reciprocal = 1 / (end - start);
      const deviation = Math.sqrt((middle - start) * (end - middle) * reciprocal);
      const mean = scale(reciprocal, scale(middle - start, change));
      left = weightedSum([1, mean], [deviation, this.normals(seed!)]);
    }
    this.lefts.set(key, left);
    const [oldest] = this.lefts.keys();
    if (this.lefts.size > MOST_KEPT) this.lefts.delete(oldest!);
    return left;
  }

  private normals(seed: number): Float32Array {
    return new TorchGenerator(seed).randn(this.size);
  }
}

/** Python's `round(time, 6)`: to the nearest multiple in exact arithmetic, in the middle to the even one. */
function rounded(time: number): number {
  const ties = time / SMALLEST_TIE;
  if (Number.isInteger(ties) && ties % 2 !== 0) return roundHalfEven(time * UNIT) / UNIT;
  return Number(time.toFixed(PLACES));
}
