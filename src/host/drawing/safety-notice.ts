import * as vscode from 'vscode';
import type { Flagged } from '../../core/request/safety';
import { openSettings } from '../open-settings';

const SETTING = 'easel.safetyChecker';

/** Says of images that the model's safety checker flagged what was done to them, and opens the setting that says it. */
export class SafetyNotice {
  private isShown = false;

  /**
   * Shows it without taking the focus. Nothing more is shown until it is closed: a job, or many, can have many of
   * these images.
   */
  async show(flagged: Flagged): Promise<void> {
    if (this.isShown) return;
    this.isShown = true;
    try {
      const open = vscode.l10n.t('Open Settings');
      const picked = await vscode.window.showWarningMessage(textOf(flagged), open);
      if (picked === open) await openSettings(SETTING);
    } finally {
      this.isShown = false;
    }
  }
}

function textOf(flagged: Flagged): string {
  const { t } = vscode.l10n;
  switch (flagged) {
    case 'black':
      return t(
        "The model's safety checker finds that an image may not be safe for work, so it is black. It can be wrong: try another prompt or seed.",
      );
    case 'blur':
      return t(
        "The model's safety checker finds that an image may not be safe for work, so it is blurred. It can be wrong: try another prompt or seed.",
      );
    case 'warn':
      return t(
        "The model's safety checker finds that an image may not be safe for work. It can be wrong.",
      );
  }
}
