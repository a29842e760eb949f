import * as vscode from 'vscode';
import { altText } from './alt-text';
import { linkStyleOf, linkText, placeLink, type Placement } from './link-text';
import { relativeLink } from './relative-link';
import { DocumentAnchor } from './document-anchor';
import type { Settings } from '../settings';

export interface PictureLink {
  readonly picture: vscode.Uri;
  readonly prompt: string;
  /** Pixels, for the languages that name them. */
  readonly width?: number;
  readonly height?: number;
}

/** Knows the document a person edited last, and writes links into it. */
export class LinkInserter implements vscode.Disposable {
  private last: vscode.TextEditor | undefined;
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly subscriptions: vscode.Disposable;

  /** Fires when another document becomes the one that is inserted into. */
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
   * shows pictures (Markdown, MDX, HTML, JSX, CSS).
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
  async insert(
    link: PictureLink,
    anchor = this.anchor(),
  ): Promise<vscode.TextDocument | undefined> {
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

  /** The Markdown for a picture, as it would be written into the target or at the workspace's root. */
  markdown(link: PictureLink): string {
    const document = this.target;
    const alt = this.alt(link.prompt, document?.uri);
    return linkText('markdown', { href: hrefOf(link.picture, document), alt });
  }

  /** The text that shows a picture at a place of a document; undefined where its language shows none. */
  textAt(
    document: vscode.TextDocument,
    position: vscode.Position,
    link: PictureLink,
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
    link: PictureLink,
  ): Placement | undefined {
    const style = linkStyleOf(document.languageId);
    if (!style) return undefined;
    return placeLink(document.getText(), offset, afterSelection, style, {
      ...link,
      href: hrefOf(link.picture, document),
      alt: this.alt(link.prompt, document.uri),
    });
  }

  private alt(prompt: string, scope: vscode.Uri | undefined): string {
    return altText(this.settings.read(scope).altText, prompt);
  }

  private remember(editor: vscode.TextEditor | undefined): void {
    // Output channels and search results are text editors too, but nobody writes in them.
    if (!editor || editor === this.last || editor.document.uri.scheme === 'output') return;
    this.last = editor;
    this.changed.fire();
  }
}

/** A document in sight that takes pictures, where none was edited yet: after a window was loaded again. */
function visibleDocument(): vscode.TextEditor | undefined {
  return vscode.window.visibleTextEditors.find(({ document }) => linkStyleOf(document.languageId));
}

/** The link from a document to a picture; one that is not saved yet is taken to lie at the root. */
function hrefOf(picture: vscode.Uri, document: vscode.TextDocument | undefined): string {
  const folder =
    document && !document.isUntitled
      ? vscode.Uri.joinPath(document.uri, '..')
      : vscode.workspace.getWorkspaceFolder(picture)?.uri;
  return relativeLink(folder, picture) ?? picture.toString();
}
