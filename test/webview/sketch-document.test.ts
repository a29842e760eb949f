import assert from 'node:assert/strict';
import fc from 'fast-check';
import { SketchDocument } from '../../webview/sketch/document';
import { paperExtent, type Mark, type Stroke } from '../../webview/sketch/marks';

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
  it('takes marks back and makes them again, in order', () => {
    const sketch = new SketchDocument();
    const marks = [stroke(1), stroke(2), stroke(3)];
    for (const mark of marks) sketch.add(mark);
    sketch.undo();
    sketch.undo();
    assert.deepEqual(sketch.visible, marks.slice(0, 1));
    sketch.redo();
    assert.deepEqual(sketch.visible, marks.slice(0, 2));
    sketch.add(stroke(4));
    assert.equal(sketch.canRedo, false, 'a new mark ends what could be made again');
  });

  it('empties the paper so that undo brings it back', () => {
    const sketch = new SketchDocument();
    sketch.add(stroke(1));
    sketch.clear();
    assert.equal(sketch.isBlank, true);
    assert.deepEqual(sketch.visible, []);
    sketch.clear();
    sketch.undo();
    assert.equal(sketch.visible.length, 1, 'clearing an empty paper is no mark of its own');
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

  it('tells its listeners of every change, and of nothing else', () => {
    const sketch = new SketchDocument();
    let told = 0;
    sketch.watch(() => (told += 1));
    sketch.undo();
    sketch.redo();
    sketch.clear();
    assert.equal(told, 0);
    sketch.add(stroke(1));
    sketch.undo();
    sketch.redo();
    assert.equal(told, 3);
  });

  it('comes back from its saved state, undo and all', () => {
    const sketch = new SketchDocument();
    for (const x of [1, 2, 3]) sketch.add(stroke(x));
    sketch.undo();
    const again = new SketchDocument();
    again.restore(JSON.parse(JSON.stringify(sketch.save())));
    assert.deepEqual(again.visible, sketch.visible);
    again.redo();
    assert.equal(again.visible.length, 3);
  });

  it('starts empty from a state it cannot read', () => {
    for (const saved of [undefined, 'x', { marks: [{ kind: 'stroke', colour: 'url(x)' }] }]) {
      const sketch = new SketchDocument();
      sketch.restore(saved);
      assert.deepEqual(sketch.all, []);
    }
  });

  it('never loses a mark, whatever is undone and redone', () => {
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

describe('paper', () => {
  it('is a thousand units on its shorter side', () => {
    assert.deepEqual(paperExtent(256, 256), [500, 500]);
    assert.deepEqual(paperExtent(768, 512), [750, 500]);
    assert.deepEqual(paperExtent(512, 1024), [500, 1000]);
  });
});
