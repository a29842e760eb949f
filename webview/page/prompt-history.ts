/** Walks through the earlier prompts in a text field, as a terminal walks through its commands. */
export class PromptHistory {
  /** Newest first. */
  private prompts: readonly string[] = [];
  /** The place in `prompts` that is shown; -1 for what the user writes. */
  private at = -1;
  /** What the user was writing when they began to walk. */
  private draft = '';

  /** Takes a new list. A walk goes on where its prompt is still in it. */
  update(prompts: readonly string[]): void {
    if (prompts === this.prompts) return;
    const shown = this.prompts[this.at];
    this.prompts = prompts;
    this.at = shown === undefined ? -1 : prompts.indexOf(shown);
  }

  /** Whether the text is an earlier prompt that a walk has brought, unchanged. */
  isShowing(text: string): boolean {
    return this.at >= 0 && this.prompts[this.at] === text;
  }

  /**
   * @param text what is in the field
   * @param direction -1 for the prompt before, 1 for the one after or in the end what the user was writing
   * @returns the text to show; undefined where there is no other in this direction
   */
  move(text: string, direction: -1 | 1): string | undefined {
    if (!this.isShowing(text)) {
      this.at = -1;
      this.draft = text;
    }
    let next = this.at - direction;
    // The prompt that was drawn last is often still in the field.
    if (this.at === -1 && this.prompts[next] === text) next += 1;
    if (next < -1 || next >= this.prompts.length) return undefined;
    this.at = next;
    return next === -1 ? this.draft : this.prompts[next];
  }
}
