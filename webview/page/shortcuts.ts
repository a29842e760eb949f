/** The commands behind the keyboard shortcuts. */
interface Shortcuts {
  /** Whether a job can be cancelled. */
  isBusy(): boolean;
  cancel(): void;
  /** Whether images are compared, or one is chosen for that. */
  isComparing(): boolean;
  endComparison(): void;
  undo(): void;
  redo(): void;
}

/**
 * Adds the page's keyboard shortcuts: Escape ends a comparison, or cancels a drawing; with Ctrl or Command, Z undoes, and Shift+Z and Y redo.
 */
export function listenToShortcuts(page: Document, shortcuts: Shortcuts): void {
  page.addEventListener('keydown', (event) => {
    if (event.defaultPrevented) return;
    const isTyping = (event.target as HTMLElement).matches('textarea, input, select');
    const hasCommandKey = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    const isEscape = event.key === 'Escape';
    // While words are typed, what is drawn from them comes first.
    if (isEscape && shortcuts.isComparing() && !(isTyping && shortcuts.isBusy())) {
      shortcuts.endComparison();
    } else if (isEscape && shortcuts.isBusy()) shortcuts.cancel();
    else if (hasCommandKey && !isTyping && key === 'z' && !event.shiftKey) shortcuts.undo();
    else if (hasCommandKey && !isTyping && (key === 'z' || key === 'y')) shortcuts.redo();
    else return;
    event.preventDefault();
    // VS Code also receives the keys of the page, and would undo a change of the text document.
    event.stopPropagation();
  });
}
