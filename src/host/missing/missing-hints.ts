import * as vscode from 'vscode';
import { nameOf } from '../files/image-files';
import type { ImageSaver } from '../files/image-saver';
import { syntaxOf } from '../languages';
import { findMissing } from './missing-image';

/** The code of the hints. */
export const MISSING_IMAGE = 'missing-image';
const SETTING = 'easel.missingImages.hints';
/** Milliseconds after the last change, until the hints are made again. */
const DELAY = 500;
/** Files of these kinds come and go with the images that are missing. */
const IMAGES = '**/*.{png,jpg,jpeg,webp,avif,svg,gif,ico}';
/** What documents are of while they are shown in comparisons, or are no files. */
const NO_FILES = new Set(['git', 'output', 'untitled', 'vscode', 'walkThrough', 'comment']);

/** Hints at the missing images of open documents, so that the quick fix is seen. */
export class MissingHints implements vscode.Disposable {
  private readonly hints = vscode.languages.createDiagnosticCollection('easel');
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly subscriptions: vscode.Disposable;

  constructor(saver: ImageSaver) {
    const images = vscode.workspace.createFileSystemWatcher(IMAGES, false, true, false);
    const all = () => {
      for (const document of vscode.workspace.textDocuments) this.later(document);
    };
    this.subscriptions = vscode.Disposable.from(
      this.hints,
      images,
      images.onDidCreate(all),
      images.onDidDelete(all),
      saver.onDidSave(all),
      vscode.workspace.onDidOpenTextDocument((document) => this.later(document)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.later(document)),
      vscode.workspace.onDidCloseTextDocument((document) => this.forget(document)),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(SETTING)) all();
      }),
    );
    all();
  }

  dispose(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
    this.subscriptions.dispose();
  }

  private later(document: vscode.TextDocument): void {
    if (NO_FILES.has(document.uri.scheme) || !syntaxOf(document)) return;
    const key = document.uri.toString();
    clearTimeout(this.timers.get(key));
    const timer = setTimeout(() => {
      this.timers.delete(key);
      void this.update(document);
    }, DELAY);
    this.timers.set(key, timer);
  }

  private async update(document: vscode.TextDocument): Promise<void> {
    const section = vscode.workspace.getConfiguration('easel', document.uri);
    const isOn = section.get<unknown>('missingImages.hints') !== false;
    const { version } = document;
    const missing = isOn ? await findMissing(document) : [];
    // A document that was changed or closed meanwhile is looked at again, or not any more.
    if (document.isClosed || document.version !== version) return;
    const found = missing.map(({ reference: { address, start, end }, file }) => {
      const place = address.end > address.start ? address : { start, end };
      const range = new vscode.Range(
        document.positionAt(place.start),
        document.positionAt(place.end),
      );
      const text = vscode.l10n.t('{0} is missing. Easel can draw it.', nameOf(file));
      const hint = new vscode.Diagnostic(range, text, vscode.DiagnosticSeverity.Hint);
      hint.source = 'Easel';
      hint.code = MISSING_IMAGE;
      return hint;
    });
    this.hints.set(document.uri, found);
  }

  private forget(document: vscode.TextDocument): void {
    const key = document.uri.toString();
    clearTimeout(this.timers.get(key));
    this.timers.delete(key);
    this.hints.delete(document.uri);
  }
}
