import type * as vscode from 'vscode';

/** How soon after it is shown the editor itself may close a box. No user is so fast. */
const AT_ONCE_MS = 500;

/**
 * Shows a box, and once more where the editor closes it at once. When the command palette closes, it gives the focus
 * back to the tab below. Where that is an image or the studio, the focus arrives there late on a busy machine: after the
 * box was shown, and a box closes without the focus.
 * @param box not shown before
 * @param closed called each time that it is closed, whether something was chosen or not
 */
export function showBox<T extends vscode.QuickPickItem>(
  box: vscode.QuickPick<T>,
  closed: () => void,
): void {
  const shownAt = Date.now();
  let isUsed = false;
  const use = () => {
    isUsed = true;
  };
  box.onDidAccept(use);
  box.onDidTriggerButton(use);
  box.onDidTriggerItemButton(use);
  box.onDidHide(() => {
    if (isUsed || Date.now() - shownAt > AT_ONCE_MS) {
      closed();
      return;
    }
    isUsed = true;
    box.show();
  });
  box.show();
}
