import assert from 'node:assert/strict';
import { PromptHistory } from '../../webview/page/prompt-history';

/** A field with the history's keys, as the page has it. */
function field(prompts: readonly string[], text = '') {
  const history = new PromptHistory();
  history.update(prompts);
  return {
    history,
    text,
    up(): string {
      return (this.text = history.move(this.text, -1) ?? this.text);
    },
    down(): string {
      return (this.text = history.move(this.text, 1) ?? this.text);
    },
  };
}

describe('the history of prompts', () => {
  it('goes back to the oldest, and forward to what was being written', () => {
    const input = field(['third', 'second', 'first'], 'draft');
    assert.deepEqual(
      [input.up(), input.up(), input.up(), input.up()],
      ['third', 'second', 'first', 'first'],
    );
    assert.deepEqual(
      [input.down(), input.down(), input.down(), input.down()],
      ['second', 'third', 'draft', 'draft'],
    );
  });

  it('leaves out the prompt that was just drawn and is still there', () => {
    const input = field(['third', 'second'], 'third');
    assert.equal(input.up(), 'second');
  });

  it('takes a changed prompt as what is being written', () => {
    const input = field(['third', 'second', 'first']);
    input.up();
    input.up();
    input.text = 'second, but blue';
    assert.equal(input.up(), 'third');
    assert.equal(input.down(), 'second, but blue');
  });

  it('goes on from its place when a prompt is drawn again, which makes it the newest', () => {
    const input = field(['third', 'second', 'first']);
    input.up();
    input.up();
    input.history.update(['second', 'third', 'first']);
    assert.equal(input.up(), 'third');
  });

  it('does nothing without prompts', () => {
    const input = field([], 'draft');
    assert.equal(input.history.move('draft', -1), undefined);
    assert.equal(input.history.move('draft', 1), undefined);
  });

  it('knows whether the text is an earlier prompt', () => {
    const input = field(['one']);
    assert.equal(input.history.isShowing('one'), false);
    input.up();
    assert.equal(input.history.isShowing('one'), true);
    assert.equal(input.history.isShowing('one more'), false);
  });
});
