import type { TensorRef } from '../weights/source';

/** `up · (mid ·) down`, a matrix [outputs, inputs · kernel]. The stored shapes may have more axes of size 1. */
export interface Product {
  /** [outputs, rank], or [rank, outputs] where `isTurned`. */
  readonly up: TensorRef;
  /** [rank, inputs · kernel], or [rank, inputs] with `mid`. */
  readonly down: TensorRef;
  /** [rank, rank, kernel…] between `up` and `down`: a Tucker (CP) decomposition. */
  readonly mid?: TensorRef | undefined;
  readonly isTurned?: boolean;
}

/** A matrix that is stored whole, or as a product. */
export type Factor = TensorRef | Product;

/** What an adapter adds to a weight W [outputs, inputs · kernel], before it is scaled. */
export type Delta =
  /** LoRA and LoCon (arXiv 2106.09685). */
  | { readonly kind: 'product'; readonly product: Product }
  /** The difference itself; its shape is the weight's. */
  | { readonly kind: 'difference'; readonly difference: TensorRef }
  /** LoHa: the elements of two products, multiplied (arXiv 2108.06098). */
  | { readonly kind: 'hadamard'; readonly products: readonly [Product, Product] }
  /** LoKr: the Kronecker product of two matrices, of which the second may have a kernel (arXiv 2212.10650). */
  | { readonly kind: 'kronecker'; readonly factors: readonly [Factor, Factor] }
  /** GLoRA: W · inner + outer, where `inner` is [inputs, inputs] (arXiv 2306.07967). */
  | { readonly kind: 'general'; readonly inner: Product; readonly outer: Product }
  /** (IA)³: W · (vector - minus) for each output or input (arXiv 2205.05638). */
  | Scaling;

export interface Scaling {
  readonly kind: 'scaling';
  readonly vector: TensorRef;
  /** PEFT stores factors, which are 1 where nothing changes; LyCORIS stores what is added to 1. */
  readonly minus: 0 | 1;
  /** Undefined where only the sizes of the weight tell. */
  readonly along: 'outputs' | 'inputs' | undefined;
  /** The bias is scaled too (PEFT, where the outputs are). */
  readonly withBias: boolean;
}

/**
 * DoRA (arXiv 2402.09353): after the addition, each row of the weight has this length, or each input of it. `along`
 * is undefined where only the sizes tell.
 */
export interface Lengths {
  readonly lengths: TensorRef;
  readonly along: 'outputs' | 'inputs' | undefined;
  /**
   * What the user's scale does. `mix`: the weight with its new lengths counts by this share, and the plain weight by
   * the rest (ComfyUI, AUTOMATIC1111). `delta`: only what is added is scaled, before the lengths (PEFT).
   */
  readonly scales: 'mix' | 'delta';
}

/** `factor · delta` is added to a parameter; with `lengths`, the sum gets these lengths. */
export interface Change {
  readonly delta: Delta;
  readonly factor: number;
  readonly lengths?: Lengths | undefined;
  /** The share of a weight with new lengths. Default: 1. */
  readonly share?: number;
}

/** A change by the user's scale. */
export function scaled(change: Change, scale: number): Change {
  return change.lengths?.scales === 'mix'
    ? { ...change, share: scale }
    : { ...change, factor: scale * change.factor };
}

/**
 * A change with what the sizes of its parameter tell, or why it does not fit.
 * @param weight shape of the parameter
 * @returns `{ misfit }` in words, to follow the name of a file: `its matrix is 20 by 20`
 */
export function fitChange(
  change: Change,
  weight: readonly number[],
): { readonly fitted: Change } | { readonly misfit: string } {
  const rows = weight[0] ?? 0;
  const columns = product(weight.slice(1));
  const inputs = weight[1] ?? 1;
  const { delta, lengths } = change;
  const misfit = (what: string) => ({ misfit: what });
  if (delta.kind === 'difference') {
    const { shape } = delta.difference;
    // Differences of a linear layer that is stored as a 1 × 1 convolution have two axes more or less.
    if (shape[0] !== rows || product(shape) !== product(weight)) {
      return misfit(`its values are [${shape.join(', ')}]`);
    }
  }
  if (delta.kind === 'scaling') {
    const along = alongOf(delta.vector, delta.along, rows, inputs);
    if (along === undefined) return misfit(`its vector is [${delta.vector.shape.join(', ')}]`);
    return { fitted: { ...change, delta: { ...delta, along } } };
  }
  const size = matrixSize(delta);
  if (size === undefined) return misfit('the sizes of its matrices do not belong together');
  if (size !== 'any' && (size.rows !== rows || size.columns !== columns)) {
    return misfit(`its matrix is ${size.rows} by ${size.columns}`);
  }
  if (delta.kind === 'general' && productSize(delta.inner)?.rows !== inputs) {
    return misfit(`its inner matrix is ${productSize(delta.inner)?.rows ?? 0} wide`);
  }
  if (lengths === undefined) return { fitted: change };
  const along = alongOf(lengths.lengths, lengths.along, rows, inputs);
  if (along === undefined) {
    return misfit(`its lengths (DoRA) are [${lengths.lengths.shape.join(', ')}]`);
  }
  return { fitted: { ...change, lengths: { ...lengths, along } } };
}

/** Inputs · kernel of the weight that a change is for, as far as it tells. */
export function columnsOf({ delta }: Change): number | undefined {
  if (delta.kind === 'difference') return product(delta.difference.shape.slice(1));
  if (delta.kind === 'scaling') return undefined;
  const size = matrixSize(delta);
  return size === undefined || size === 'any' ? undefined : size.columns;
}

/** Whether a factor is stored as a product. */
export function isProduct(factor: Factor): factor is Product {
  return 'up' in factor;
}

interface Size {
  readonly rows: number;
  /** Inputs · kernel. */
  readonly columns: number;
}

/** Undefined where the matrices do not belong together. */
function matrixSize(delta: Exclude<Delta, Scaling>): Size | 'any' | undefined {
  switch (delta.kind) {
    case 'product':
      return productSize(delta.product);
    case 'difference':
      return 'any';
    case 'hadamard': {
      const [first, second] = delta.products.map(productSize);
      const same = first?.rows === second?.rows && first?.columns === second?.columns;
      return same ? first : undefined;
    }
    case 'kronecker': {
      const [first, second] = delta.factors.map(factorSize);
      if (first === undefined || second === undefined) return undefined;
      return { rows: first.rows * second.rows, columns: first.columns * second.columns };
    }
    case 'general': {
      const inner = productSize(delta.inner);
      return inner?.rows === inner?.columns ? productSize(delta.outer) : undefined;
    }
  }
}

function factorSize(factor: Factor): Size | undefined {
  if (isProduct(factor)) return productSize(factor);
  const { shape } = factor;
  return { rows: shape[0] ?? 0, columns: product(shape.slice(1)) };
}

function productSize({ up, down, mid, isTurned = false }: Product): Size | undefined {
  const rank = down.shape[0] ?? 0;
  const rows = (isTurned ? up.shape[1] : up.shape[0]) ?? 0;
  if (rank === 0 || product(up.shape) !== rows * rank || product(down.shape) === 0)
    return undefined;
  const columns = product(down.shape.slice(1));
  if (mid === undefined) return { rows, columns };
  if (mid.shape[0] !== rank || mid.shape[1] !== rank) return undefined;
  return { rows, columns: columns * product(mid.shape.slice(2)) };
}

/** What a vector is along, by its sizes: [outputs, 1…] or [1, inputs, 1…], or a plain list of either. */
function alongOf(
  { shape }: TensorRef,
  known: 'outputs' | 'inputs' | undefined,
  outputs: number,
  inputs: number,
): 'outputs' | 'inputs' | undefined {
  const count = product(shape);
  if (known !== undefined)
    return count === (known === 'outputs' ? outputs : inputs) ? known : undefined;
  if (shape[0] === outputs && count === outputs) return 'outputs';
  return count === inputs ? 'inputs' : count === outputs ? 'outputs' : undefined;
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total * size, 1);
}
