import * as v from 'valibot';
import { MarkSchema, type Mark } from './marks';

const SavedSchema = v.object({ marks: v.array(MarkSchema), undone: v.array(MarkSchema) });
export type SavedSketch = v.InferOutput<typeof SavedSchema>;

/** More marks than a hand makes in an afternoon; the oldest can then no longer be undone one by one. */
const MAX_UNDONE = 500;

/** The marks of a sketch, with undo and redo. Knows nothing of pixels. */
export class SketchDocument {
  private marks: Mark[] = [];
  private undone: Mark[] = [];
  private readonly listeners = new Set<() => void>();

  /** Every mark in the order they were made, those before a clear too. */
  get all(): readonly Mark[] {
    return this.marks;
  }

  /** The marks that can be seen: those after the last clear. */
  get visible(): readonly Mark[] {
    return this.marks.slice(this.marks.findLastIndex(({ kind }) => kind === 'clear') + 1);
  }

  get canUndo(): boolean {
    return this.marks.length > 0;
  }

  get canRedo(): boolean {
    return this.undone.length > 0;
  }

  /** Whether there is anything to draw from. */
  get isBlank(): boolean {
    return !this.visible.some(isPaint);
  }

  get hasMask(): boolean {
    return this.visible.some(
      (mark) => 'layer' in mark && mark.layer === 'mask' && !isErasing(mark),
    );
  }

  add(mark: Mark): void {
    this.marks.push(mark);
    this.undone = [];
    this.tell();
  }

  /** Empties the paper; undo brings it back. */
  clear(): void {
    if (this.visible.length > 0) this.add({ kind: 'clear' });
  }

  undo(): boolean {
    const mark = this.marks.pop();
    if (!mark) return false;
    this.undone.push(mark);
    if (this.undone.length > MAX_UNDONE) this.undone.shift();
    this.tell();
    return true;
  }

  redo(): boolean {
    const mark = this.undone.pop();
    if (!mark) return false;
    this.marks.push(mark);
    this.tell();
    return true;
  }

  watch(listener: () => void): void {
    this.listeners.add(listener);
  }

  /** What is worth keeping: nothing before a clear can be seen again but by undo, so one clear is kept. */
  save(): SavedSketch {
    const clears = this.marks.flatMap(({ kind }, index) => (kind === 'clear' ? [index] : []));
    const from = (clears.at(-2) ?? -1) + 1;
    return { marks: this.marks.slice(from), undone: this.undone };
  }

  /** Takes a saved sketch; anything else leaves the paper empty. */
  restore(saved: unknown): void {
    const parsed = v.safeParse(SavedSchema, saved);
    this.marks = parsed.success ? parsed.output.marks : [];
    this.undone = parsed.success ? parsed.output.undone : [];
    this.tell();
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}

function isPaint(mark: Mark): boolean {
  return !('layer' in mark && mark.layer === 'mask') && !isErasing(mark);
}

function isErasing(mark: Mark): boolean {
  return mark.kind === 'stroke' && mark.erase;
}
