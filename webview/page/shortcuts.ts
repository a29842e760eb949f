/** What the page's keys do. */
export interface Shortcuts {
  /** Whether something can be cancelled. */
  busy(): boolean;
  cancel(): void;
  undo(): void;
  redo(): void;
}

/** Listens to the keys of the whole page: Escape cancels; with Ctrl or Command, Z undoes, Shift+Z and Y redo. */
export function listenToShortcuts(page: Document, shortcuts: Shortcuts): void {
  page.addEventListener('keydown', (event) => {
    if (event.defaultPrevented) return;
    const typing = (event.target as HTMLElement).matches('textarea, input, select');
    const command = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    if (event.key === 'Escape' && shortcuts.busy()) shortcuts.cancel();
    else if (command && !typing && key === 'z' && !event.shiftKey) shortcuts.undo();
    else if (command && !typing && (key === 'z' || key === 'y')) shortcuts.redo();
    else return;
    event.preventDefault();
    // The editor listens behind the page, and would take back a change of the document as well.
    event.stopPropagation();
  });
}
