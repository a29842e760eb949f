import * as v from 'valibot';
import { MarkSchema, type Mark } from './marks';

const SavedSchema = v.object({ marks: v.array(MarkSchema), undone: v.array(MarkSchema) });
export type SavedSketch = v.InferOutput<typeof SavedSchema>;

/** Redo steps that are kept. */
const MAX_UNDONE = 500;

/** The marks of a sketch, with undo and redo. */
export class SketchDocument {
  private marks: Mark[] = [];
  private undone: Mark[] = [];
  private readonly listeners = new Set<() => void>();
  private changes = 0;

  /** All marks in their order, including those before a `clear`. */
  get all(): readonly Mark[] {
    return this.marks;
  }

  /** The marks after the last `clear`. */
  get visible(): readonly Mark[] {
    return this.marks.slice(this.marks.findLastIndex(({ kind }) => kind === 'clear') + 1);
  }

  get canUndo(): boolean {
    return this.marks.length > 0;
  }

  get canRedo(): boolean {
    return this.undone.length > 0;
  }

  /** Whether there is no paint: a mask alone is no sketch. */
  get isBlank(): boolean {
    return !this.visible.some(isPaint);
  }

  /** How many visible marks are paint. */
  get paintCount(): number {
    return this.visible.filter(isPaint).length;
  }

  /** Differs after each change. */
  get version(): number {
    return this.changes;
  }

  get hasMask(): boolean {
    return this.visible.some(
      (mark) => 'layer' in mark && mark.layer === 'mask' && !isErasing(mark),
    );
  }

  add(mark: Mark): void {
    this.marks.push(mark);
    this.undone = [];
    this.notify();
  }

  /** Clears the sketch. It can be undone. */
  clear(): void {
    if (this.visible.length > 0) this.add({ kind: 'clear' });
  }

  undo(): boolean {
    const mark = this.marks.pop();
    if (!mark) return false;
    this.undone.push(mark);
    if (this.undone.length > MAX_UNDONE) this.undone.shift();
    this.notify();
    return true;
  }

  redo(): boolean {
    const mark = this.undone.pop();
    if (!mark) return false;
    this.marks.push(mark);
    this.notify();
    return true;
  }

  /** Calls the listener at every change. */
  watch(listener: () => void): void {
    this.listeners.add(listener);
  }

  /** The sketch as JSON. Marks before the second last `clear` are dropped, so only one `clear` can be undone. */
  save(): SavedSketch {
    const clears = this.marks.flatMap(({ kind }, index) => (kind === 'clear' ? [index] : []));
    const from = (clears.at(-2) ?? -1) + 1;
    return { marks: this.marks.slice(from), undone: this.undone };
  }

  /** Replaces the sketch by a saved one, or by an empty one where `saved` is invalid. */
  restore(saved: unknown): void {
    const parsed = v.safeParse(SavedSchema, saved);
    this.marks = parsed.success ? parsed.output.marks : [];
    this.undone = parsed.success ? parsed.output.undone : [];
    this.notify();
  }

  private notify(): void {
    this.changes += 1;
    for (const listener of this.listeners) listener();
  }
}

function isPaint(mark: Mark): boolean {
  return !('layer' in mark && mark.layer === 'mask') && !isErasing(mark);
}

function isErasing(mark: Mark): boolean {
  return mark.kind === 'stroke' && mark.erase;
}
