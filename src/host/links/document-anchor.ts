import * as vscode from 'vscode';
import { shiftOffset } from './offset';

/** A place in a document that follows the edits made around it, such as while a picture is drawn. */
export class DocumentAnchor implements vscode.Disposable {
  readonly document: vscode.TextDocument;
  readonly viewColumn: vscode.ViewColumn | undefined;
  /** Whether text was selected: what is inserted comes after it, and leaves it alone. */
  readonly afterSelection: boolean;
  private current: number;
  private readonly subscription: vscode.Disposable;

  /** Starts at the end of the editor's selection. */
  constructor({ document, viewColumn, selection }: vscode.TextEditor) {
    this.document = document;
    this.viewColumn = viewColumn;
    this.afterSelection = !selection.isEmpty;
    this.current = document.offsetAt(selection.end);
    this.subscription = vscode.workspace.onDidChangeTextDocument((event) => {
      if (event.document !== document) return;
      // Changes come last first, so that each one's offsets are those of the text before all of them.
      for (const change of event.contentChanges) this.current = shiftOffset(this.current, change);
    });
  }

  get offset(): number {
    return this.current;
  }

  dispose(): void {
    this.subscription.dispose();
  }
}
