import assert from 'node:assert/strict';
import fc from 'fast-check';
import { SketchDocument } from '../../webview/sketch/document';
import type { Mark, Stroke } from '../../webview/sketch/marks';

const stroke = (x: number, options: Partial<Stroke> = {}): Stroke => ({
  kind: 'stroke',
  layer: 'paint',
  erase: false,
  colour: '#d8433b',
  size: 10,
  pressed: false,
  points: [[x, 0, 0.5]],
  ...options,
});

describe('sketch document', () => {
  it('undoes and redoes marks in order', () => {
    const sketch = new SketchDocument();
    const marks = [stroke(1), stroke(2), stroke(3)];
    for (const mark of marks) sketch.add(mark);
    sketch.undo();
    sketch.undo();
    assert.deepEqual(sketch.visible, marks.slice(0, 1));
    sketch.redo();
    assert.deepEqual(sketch.visible, marks.slice(0, 2));
    sketch.add(stroke(4));
    assert.equal(sketch.canRedo, false, 'a new mark ends the redo');
  });

  it('clears the canvas so that undo restores it', () => {
    const sketch = new SketchDocument();
    sketch.add(stroke(1));
    sketch.clear();
    assert.equal(sketch.isBlank, true);
    assert.deepEqual(sketch.visible, []);
    sketch.clear();
    sketch.undo();
    assert.equal(sketch.visible.length, 1, 'clearing an empty canvas adds no mark');
  });

  it('counts neither a mask nor an eraser as something to draw from', () => {
    const sketch = new SketchDocument();
    sketch.add(stroke(1, { layer: 'mask' }));
    sketch.add(stroke(1, { erase: true }));
    assert.equal(sketch.isBlank, true);
    assert.equal(sketch.hasMask, true);
    sketch.add({ kind: 'fill', colour: '#3a7bd5', at: [0, 0] });
    assert.equal(sketch.isBlank, false);
  });

  it('calls its listeners at every change, and only then', () => {
    const sketch = new SketchDocument();
    let calls = 0;
    sketch.watch(() => (calls += 1));
    sketch.undo();
    sketch.redo();
    sketch.clear();
    assert.equal(calls, 0);
    sketch.add(stroke(1));
    sketch.undo();
    sketch.redo();
    assert.equal(calls, 3);
  });

  it('is restored from its saved state, with undo', () => {
    const sketch = new SketchDocument();
    for (const x of [1, 2, 3]) sketch.add(stroke(x));
    sketch.undo();
    const again = new SketchDocument();
    again.restore(JSON.parse(JSON.stringify(sketch.save())));
    assert.deepEqual(again.visible, sketch.visible);
    again.redo();
    assert.equal(again.visible.length, 3);
  });

  it('starts empty from an invalid state', () => {
    for (const saved of [undefined, 'x', { marks: [{ kind: 'stroke', colour: 'url(x)' }] }]) {
      const sketch = new SketchDocument();
      sketch.restore(saved);
      assert.deepEqual(sketch.all, []);
    }
  });

  it('keeps all marks through any undo and redo', () => {
    const step = fc.constantFrom('add', 'undo', 'redo', 'clear');
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const sketch = new SketchDocument();
        let made: Mark[] = [];
        let at = 0;
        for (const [index, what] of steps.entries()) {
          if (what === 'undo' && at > 0) at -= 1;
          if (what === 'redo' && at < made.length) at += 1;
          const before = sketch.all.length;
          if (what === 'add') sketch.add(stroke(index));
          else sketch[what]();
          const added = what === 'add' || (what === 'clear' && sketch.all.length > before);
          if (!added) continue;
          made = [...made.slice(0, at), sketch.all[at]!];
          at += 1;
        }
        assert.deepEqual(sketch.all, made.slice(0, at));
      }),
    );
  });
});
