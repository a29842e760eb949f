import * as vscode from 'vscode';
import { linkStyleOf } from '../languages';
import type { Settings } from '../settings';
import { altText, linkText, placeLink, shiftOffset, type Placement } from './link-text';
import { relativeLink } from './relative-link';

export interface ImageLink {
  readonly image: vscode.Uri;
  readonly prompt: string;
  /** Pixels, for the languages that name them. */
  readonly width?: number | undefined;
  readonly height?: number | undefined;
}

/** A place in a document that moves with the edits before it, for example while an image is drawn. */
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
      // Ordered from the end of the document, so each offset is still that of the text before the edits.
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

/** Writes links into the document that the user edited last. */
export class LinkInserter implements vscode.Disposable {
  private last: vscode.TextEditor | undefined;
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly subscriptions: vscode.Disposable;

  /** Fires when `target` changes. */
  readonly onDidChangeTarget = this.changed.event;

  constructor(private readonly settings: Settings) {
    this.remember(vscode.window.activeTextEditor ?? visibleDocument());
    this.subscriptions = vscode.Disposable.from(
      this.changed,
      vscode.window.onDidChangeActiveTextEditor((editor) => this.remember(editor)),
      vscode.window.onDidChangeVisibleTextEditors(() => {
        if (!this.last) this.remember(visibleDocument());
      }),
      vscode.workspace.onDidCloseTextDocument((document) => {
        if (this.last?.document !== document) return;
        this.last = undefined;
        this.remember(visibleDocument());
        this.changed.fire();
      }),
    );
  }

  /**
   * The document that takes a link: the last one edited, if it is still open and of a language that
   * shows images (see `LANGUAGES`).
   */
  get target(): vscode.TextDocument | undefined {
    const document = this.last?.document;
    return document && !document.isClosed && linkStyleOf(document.languageId)
      ? document
      : undefined;
  }

  /** A place in the target that stays put while the document is edited, or undefined without one. */
  anchor(): DocumentAnchor | undefined {
    return this.target && this.last ? new DocumentAnchor(this.last) : undefined;
  }

  /**
   * Shows the target and inserts a link at its cursor, or at an anchor taken earlier; one undo takes it
   * back.
   * @returns the document, or undefined where there is none that takes a link
   */
  async insert(link: ImageLink, anchor = this.anchor()): Promise<vscode.TextDocument | undefined> {
    const document = anchor?.document;
    if (!anchor || !document || document.isClosed || !linkStyleOf(document.languageId)) return;
    const editor = await vscode.window.showTextDocument(document, anchor.viewColumn);
    const placed = this.place(document, anchor.offset, anchor.afterSelection, link);
    if (!placed) return undefined;
    const start = document.positionAt(placed.offset);
    const eol = document.eol === vscode.EndOfLine.CRLF ? '\r\n' : '\n';
    const text = placed.text.replaceAll('\n', eol);
    if (!(await editor.edit((edit) => edit.insert(start, text)))) return undefined;
    const end = document.positionAt(placed.offset + text.length);
    editor.selection = new vscode.Selection(end, end);
    editor.revealRange(new vscode.Range(start, end));
    return document;
  }

  /** The Markdown for an image, as it would be written into the target or at the workspace's root. */
  markdown(link: ImageLink): string {
    const document = this.target;
    const alt = this.alt(link.prompt, document?.uri);
    return linkText('markdown', { href: hrefOf(link.image, document), alt });
  }

  /** The text that shows an image at a place of a document; undefined where its language shows none. */
  textAt(
    document: vscode.TextDocument,
    position: vscode.Position,
    link: ImageLink,
  ): string | undefined {
    return this.place(document, document.offsetAt(position), false, link)?.text;
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  private place(
    document: vscode.TextDocument,
    offset: number,
    afterSelection: boolean,
    link: ImageLink,
  ): Placement | undefined {
    const style = linkStyleOf(document.languageId);
    if (!style) return undefined;
    return placeLink(document.getText(), offset, afterSelection, style, {
      ...link,
      href: hrefOf(link.image, document),
      alt: this.alt(link.prompt, document.uri),
    });
  }

  private alt(prompt: string, scope: vscode.Uri | undefined): string {
    return altText(this.settings.read(scope).altText, prompt);
  }

  private remember(editor: vscode.TextEditor | undefined): void {
    // Output channels are text editors too, but nothing can be inserted there.
    if (!editor || editor === this.last || editor.document.uri.scheme === 'output') return;
    this.last = editor;
    this.changed.fire();
  }
}

/** A visible document that shows images, for when none was edited yet, as after a reload of the window. */
function visibleDocument(): vscode.TextEditor | undefined {
  return vscode.window.visibleTextEditors.find(({ document }) => linkStyleOf(document.languageId));
}

/** The link from a document to an image; an unsaved document is taken to be in the workspace folder. */
function hrefOf(image: vscode.Uri, document: vscode.TextDocument | undefined): string {
  const folder =
    document && !document.isUntitled
      ? vscode.Uri.joinPath(document.uri, '..')
      : vscode.workspace.getWorkspaceFolder(image)?.uri;
  return relativeLink(folder, image) ?? image.toString();
}
