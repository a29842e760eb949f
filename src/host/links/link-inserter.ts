import * as vscode from 'vscode';
import { linkStyleOf, NOTEBOOK_CELL } from '../languages';
import type { Settings } from '../settings';
import { documentFile } from '../files/image-files';
import { siteAddress } from '../sites/site-address';
import { attributeAddress } from './link-format';
import {
  altText,
  linkText,
  placeLink,
  shiftOffset,
  type LinkParts,
  type Placement,
} from './link-text';
import { relativeLink } from './relative-link';
import { tagAt } from './tag-context';

export interface ImageLink {
  readonly image: vscode.Uri;
  readonly prompt: string;
  /** Pixels, for the languages that name them. */
  readonly width?: number | undefined;
  readonly height?: number | undefined;
}

/** A link that was inserted: the text from `start` to `end` of the document. */
export interface InsertedLink {
  readonly document: vscode.TextDocument;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A place in a document that moves with the edits before it, for example while an image is drawn. */
export class DocumentAnchor implements vscode.Disposable {
  readonly document: vscode.TextDocument;
  readonly viewColumn: vscode.ViewColumn | undefined;
  /** Whether text was selected: what is inserted comes after it, and leaves it alone. */
  readonly afterSelection: boolean;
  private current: number;
  private from: number;
  private readonly subscription: vscode.Disposable;

  /** Starts at the end of the editor's selection. */
  constructor({ document, viewColumn, selection }: vscode.TextEditor) {
    this.document = document;
    this.viewColumn = viewColumn;
    this.afterSelection = !selection.isEmpty;
    this.current = document.offsetAt(selection.end);
    this.from = document.offsetAt(selection.start);
    this.subscription = vscode.workspace.onDidChangeTextDocument((event) => {
      if (event.document !== document) return;
      // Ordered from the end of the document, so each offset is still that of the text before the edits.
      for (const change of event.contentChanges) {
        this.current = shiftOffset(this.current, change);
        this.from = shiftOffset(this.from, change);
      }
    });
  }

  get offset(): number {
    return this.current;
  }

  /** Where the selection begins. */
  get start(): number {
    return Math.min(this.from, this.current);
  }

  dispose(): void {
    this.subscription.dispose();
  }
}

/** Writes links into the document that the user edited last. */
export class LinkInserter implements vscode.Disposable {
  private last: vscode.TextEditor | undefined;
  private newest: InsertedLink | undefined;
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
    this.newest = undefined;
    const parts = await this.partsOf(document, link);
    if (document.uri.scheme === NOTEBOOK_CELL) {
      const placed = this.place(document, anchor, parts);
      return placed && (await applyPlacement(document, placed)) ? document : undefined;
    }
    const editor = await vscode.window.showTextDocument(document, anchor.viewColumn);
    const placed = this.place(document, anchor, parts);
    if (!placed) return undefined;
    const range = rangeOf(document, placed);
    const text = withLineEnds(document, placed.text);
    if (!(await editor.edit((edit) => edit.replace(range, text)))) return undefined;
    const start = document.positionAt(placed.offset);
    const end = document.positionAt(placed.offset + text.length);
    editor.selection = new vscode.Selection(end, end);
    editor.revealRange(new vscode.Range(start, end));
    const own = placed.offset + text.length - text.trimStart().length;
    const written = text.trim();
    const place = { start: own, end: own + written.length, text: written };
    this.newest = { document, ...place };
    return document;
  }

  /**
   * Replaces the link that was inserted last by one to another image, while its text is where it was inserted;
   * one undo takes it back.
   * @param from the image that it links
   * @returns the document, or undefined where the link is no longer there
   */
  async replace(from: ImageLink, to: ImageLink): Promise<vscode.TextDocument | undefined> {
    const { inserted } = this;
    if (!inserted) return undefined;
    const { document, start, end } = inserted;
    const [before, after] = [await this.partsOf(document, from), await this.partsOf(document, to)];
    const pieces = inserted.text.split(before.href);
    if (pieces.length === 1) return undefined;
    const text = pieces
      .map((piece) => (before.alt ? piece.replace(before.alt, () => after.alt) : piece))
      .join(after.href);
    const edit = new vscode.WorkspaceEdit();
    const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
    edit.replace(document.uri, range, text);
    if (!(await vscode.workspace.applyEdit(edit))) return undefined;
    this.newest = { document, start, end: start + text.length, text };
    return document;
  }

  /** The link that was inserted last, while its text is where it was inserted. */
  get inserted(): InsertedLink | undefined {
    const { document, start, end, text } = this.newest ?? {};
    if (!document || document.isClosed || start === undefined || end === undefined)
      return undefined;
    return document.getText().slice(start, end) === text ? this.newest : undefined;
  }

  /** The Markdown for an image, as it would be written into the target or at the workspace's root. */
  markdown(link: ImageLink): string {
    const document = this.target;
    const alt = this.alt(link.prompt, document?.uri);
    return linkText('markdown', { href: hrefOf(link.image, document), alt });
  }

  /**
   * What shows an image that is dropped at a place of a document; undefined where its language shows none.
   * The edit is for a link that belongs elsewhere than where it was dropped; the text is empty then.
   */
  async drop(
    document: vscode.TextDocument,
    position: vscode.Position,
    link: ImageLink,
  ): Promise<{ text: string; edit?: vscode.WorkspaceEdit } | undefined> {
    const offset = document.offsetAt(position);
    const at = { offset, start: offset, afterSelection: false };
    const placed = this.place(document, at, await this.partsOf(document, link));
    if (!placed) return undefined;
    if (placed.offset === offset && !placed.length) return { text: placed.text };
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, rangeOf(document, placed), withLineEnds(document, placed.text));
    return { text: '', edit };
  }

  /** The address of an image as a document writes one at an offset. */
  async address(document: vscode.TextDocument, image: vscode.Uri, offset: number): Promise<string> {
    const href = await addressOf(image, document);
    const isAttribute = tagAt(document.getText(), offset)?.attribute !== undefined;
    return isAttribute ? attributeAddress(href) : href;
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  private async partsOf(document: vscode.TextDocument, link: ImageLink): Promise<LinkParts> {
    const href = await addressOf(link.image, document);
    return { ...link, href, alt: this.alt(link.prompt, document.uri) };
  }

  private place(
    document: vscode.TextDocument,
    at: Pick<DocumentAnchor, 'offset' | 'start' | 'afterSelection'>,
    parts: LinkParts,
  ): Placement | undefined {
    const style = linkStyleOf(document.languageId);
    if (!style) return undefined;
    return placeLink(document.getText(), at.offset, at.afterSelection, style, parts, at.start);
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

function rangeOf(document: vscode.TextDocument, { offset, length = 0 }: Placement): vscode.Range {
  return new vscode.Range(document.positionAt(offset), document.positionAt(offset + length));
}

function withLineEnds(document: vscode.TextDocument, text: string): string {
  return text.replaceAll('\n', document.eol === vscode.EndOfLine.CRLF ? '\r\n' : '\n');
}

async function applyPlacement(document: vscode.TextDocument, placed: Placement): Promise<boolean> {
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, rangeOf(document, placed), withLineEnds(document, placed.text));
  return vscode.workspace.applyEdit(edit);
}

/** The address from the site's root, where one is needed; else the link from the document to the image. */
async function addressOf(image: vscode.Uri, document: vscode.TextDocument): Promise<string> {
  return (await siteAddress(image, document)) ?? hrefOf(image, document);
}

/** The link from a document to an image; an unsaved document is taken to be in the workspace folder. */
function hrefOf(image: vscode.Uri, document: vscode.TextDocument | undefined): string {
  const folder =
    document && !document.isUntitled
      ? vscode.Uri.joinPath(documentFile(document), '..')
      : vscode.workspace.getWorkspaceFolder(image)?.uri;
  return relativeLink(folder, image) ?? image.toString();
}
