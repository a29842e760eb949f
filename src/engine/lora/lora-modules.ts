import type { TensorRef } from '../weights/source';
import type { Change, Delta, Factor, Lengths, Product } from './lora-changes';
import type { LoraRole } from './lora-names';

/** The tensors of one module, by their roles. */
export type ModuleTensors = Readonly<Partial<Record<LoraRole, TensorRef>>>;

/** What a module's matrices are scaled by, apart from the user: alpha / rank, and more. */
export interface ModuleNumbers {
  /** @param rank undefined where no matrix is decomposed, so that LyCORIS leaves alpha out */
  factor(rank: number | undefined): number;
  /** LyCORIS, `on_input`. */
  readonly isOnInput: boolean;
  /** PEFT's (IA)³ scales the inputs of these modules. Undefined: nothing says so. */
  readonly isFeedForward: boolean | undefined;
}

/** The change of a module's weight or bias. */
export interface ParameterChange {
  readonly parameter: 'weight' | 'bias';
  readonly change: Change;
}

/**
 * The changes of one module's weight and bias, as LyCORIS (lycoris/modules) and PEFT (peft/tuners) compute them.
 * @returns none for a module of which there is only the alpha; undefined where matrices are missing
 */
export function changesOf(
  parts: ModuleTensors,
  numbers: ModuleNumbers,
): readonly ParameterChange[] | undefined {
  const changes: ParameterChange[] = [];
  const { difference, bias, 'bias-difference': biasDifference } = parts;
  const found = decomposed(parts, numbers);
  const lengths = lengthsOf(parts);
  if (found === 'incomplete' || (found === undefined && lengths !== undefined)) return undefined;
  if (found !== undefined) {
    const { delta, rank } = found;
    const factor = delta.kind === 'scaling' ? 1 : numbers.factor(rank);
    changes.push({ parameter: 'weight', change: { delta, factor, lengths } });
    if (bias !== undefined) changes.push({ parameter: 'bias', change: whole(bias, factor) });
  }
  if (difference !== undefined) {
    changes.push({ parameter: 'weight', change: whole(difference, 1) });
  }
  if (biasDifference !== undefined) {
    changes.push({ parameter: 'bias', change: whole(biasDifference, 1) });
  }
  return changes;
}

function lengthsOf(parts: ModuleTensors): Lengths | undefined {
  const { 'dora-rows': rows, 'dora-scale': scale } = parts;
  if (rows !== undefined) return { lengths: rows, along: 'outputs', scales: 'delta' };
  return scale && { lengths: scale, along: undefined, scales: 'mix' };
}

function whole(difference: TensorRef, factor: number): Change {
  return { delta: { kind: 'difference', difference }, factor };
}

type Found =
  { readonly delta: Delta; readonly rank: number | undefined } | 'incomplete' | undefined;

function decomposed(parts: ModuleTensors, numbers: ModuleNumbers): Found {
  return (
    low(parts) ?? hadamard(parts) ?? kronecker(parts) ?? general(parts) ?? scaling(parts, numbers)
  );
}

function low({ down, up, mid }: ModuleTensors): Found {
  if (down === undefined && up === undefined && mid === undefined) return undefined;
  if (down === undefined || up === undefined) return 'incomplete';
  const rank = rankOf(down);
  if (rank === 0 || up.shape[1] !== rank) return 'incomplete';
  return { delta: { kind: 'product', product: { up, down, mid } }, rank };
}

function hadamard(parts: ModuleTensors): Found {
  const { 'hada-w1_a': a1, 'hada-w1_b': b1, 'hada-w2_a': a2, 'hada-w2_b': b2 } = parts;
  const { 'hada-t1': t1, 'hada-t2': t2 } = parts;
  const all = [a1, b1, a2, b2, t1, t2];
  if (all.every((tensor) => tensor === undefined)) return undefined;
  if (!a1 || !b1 || !a2 || !b2 || (t1 === undefined) !== (t2 === undefined)) return 'incomplete';
  const half = (up: TensorRef, down: TensorRef, mid: TensorRef | undefined): Product => ({
    ...{ up, down, mid },
    isTurned: mid !== undefined,
  });
  const products = [half(a1, b1, t1), half(a2, b2, t2)] as const;
  return { delta: { kind: 'hadamard', products }, rank: rankOf(b1) };
}

function kronecker(parts: ModuleTensors): Found {
  const { 'lokr-w1': w1, 'lokr-w1_a': a1, 'lokr-w1_b': b1 } = parts;
  const { 'lokr-w2': w2, 'lokr-w2_a': a2, 'lokr-w2_b': b2, 'lokr-t2': t2 } = parts;
  const all = [w1, a1, b1, w2, a2, b2, t2];
  if (all.every((tensor) => tensor === undefined)) return undefined;
  const first = w1 ?? (a1 && b1 && { up: a1, down: b1 });
  const second = w2 ?? (a2 && b2 && { up: a2, down: b2, mid: t2, isTurned: t2 !== undefined });
  if (first === undefined || second === undefined) return 'incomplete';
  const factors: readonly [Factor, Factor] = [first, second];
  const lower = w1 === undefined ? b1 : w2 === undefined ? b2 : undefined;
  return { delta: { kind: 'kronecker', factors }, rank: lower && rankOf(lower) };
}

function general(parts: ModuleTensors): Found {
  const { 'glora-a1': a1, 'glora-a2': a2, 'glora-b1': b1, 'glora-b2': b2 } = parts;
  const mid = parts['glora-bm'];
  if ([a1, a2, b1, b2, mid].every((tensor) => tensor === undefined)) return undefined;
  if (!a1 || !a2 || !b1 || !b2) return 'incomplete';
  // LyCORIS 1 stored the matrix with the rank first under the first name.
  const isOld = rankOf(a1) < columns(a1);
  const product = (first: TensorRef, second: TensorRef): Product =>
    isOld ? { up: second, down: first } : { up: first, down: second };
  const inner = product(a1, a2);
  const delta = { kind: 'general', inner, outer: { ...product(b1, b2), mid } } as const;
  return { delta, rank: rankOf(inner.down) };
}

function scaling(parts: ModuleTensors, { isOnInput, isFeedForward }: ModuleNumbers): Found {
  const { 'ia3-vector': vector, 'ia3-on-input': flag, 'ia3-factors': factors } = parts;
  if (vector !== undefined && flag !== undefined) {
    const along = isOnInput ? 'inputs' : 'outputs';
    const delta = { kind: 'scaling', vector, minus: 0, along, withBias: false } as const;
    return { delta, rank: undefined };
  }
  if (factors === undefined) return flag === undefined ? undefined : 'incomplete';
  // [1, inputs] or [outputs, 1] of a linear layer; of a convolution, only the config says which.
  const isLinear = factors.shape.length === 2;
  const isOnInputs = isLinear ? factors.shape[0] === 1 : (isFeedForward ?? false);
  const along = isOnInputs ? 'inputs' : 'outputs';
  const delta = { kind: 'scaling', vector: factors, minus: 1, along, withBias: true } as const;
  return { delta, rank: undefined };
}

function rankOf({ shape }: TensorRef): number {
  return shape[0] ?? 0;
}

function columns({ shape }: TensorRef): number {
  return shape.slice(1).reduce((total, size) => total * size, 1);
}
