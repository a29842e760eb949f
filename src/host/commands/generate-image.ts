import * as vscode from 'vscode';
import type { DocumentAnchor } from '../links/document-anchor';
import { drawPicture } from '../drawing/draw-picture';
import { drawingRequest, type Wish } from '../drawing/drawing-request';
import type { HostServices } from '../services';
import { offerToSave } from './offer-to-save';
import { askPrompt } from './ask-prompt';

/** What `easel.generateImage` takes when another extension or a key binding runs it. */
export interface GenerateArguments {
  readonly prompt?: string;
  readonly seed?: number;
  /** The name of a style; empty for none, whatever the settings say. */
  readonly style?: string;
}

/** *Easel: Generate Image*: asks for a prompt, draws, saves, and inserts or opens. */
export class GenerateImage {
  constructor(private readonly services: HostServices) {}

  /**
   * @param argument GenerateArguments, or what a menu passes, which is not looked at
   * @returns the picture, or undefined when the person backed out
   */
  async run(argument?: unknown): Promise<vscode.Uri | undefined> {
    const { settings, history } = this.services;
    const given = readArguments(argument);
    const editor = vscode.window.activeTextEditor;
    const prompt = given.prompt ?? selectedPrompt(editor);
    const scope = editor && isFileLike(editor.document) ? editor.document.uri : undefined;
    const wish = prompt ? { ...given, prompt } : await askPrompt(history, settings, scope, given);
    if (!wish) return undefined;
    const anchor = editor ? this.services.inserter.anchor() : undefined;
    try {
      return await this.draw(wish, editor?.document, anchor);
    } finally {
      anchor?.dispose();
    }
  }

  private async draw(
    wish: Wish,
    document: vscode.TextDocument | undefined,
    anchor: DocumentAnchor | undefined,
  ): Promise<vscode.Uri | undefined> {
    const { settings, saver, inserter, history } = this.services;
    const owner = document && isFileLike(document) ? document : undefined;
    // Asked before drawing: nobody should wait for a picture that has no place to go.
    const destination = await saver.destination(owner);
    if (!destination) return undefined;
    const { prompt } = wish;
    const request = drawingRequest(settings, owner?.uri, wish);
    await history.add(prompt);
    const drawn = await drawPicture(this.services, request);
    const { seed, format } = drawn;
    const picture = await saver.save(drawn.bytes, { prompt, seed, format }, destination);
    const link = { picture, prompt, width: drawn.width, height: drawn.height };
    const inserted = anchor && (await inserter.insert(link, anchor));
    if (!inserted) await vscode.commands.executeCommand('vscode.open', picture);
    if (saver.isKept(picture)) offerToSave(picture);
    return picture;
  }
}

function readArguments(argument: unknown): GenerateArguments {
  if (typeof argument !== 'object' || argument === null || argument instanceof vscode.Uri) {
    return {};
  }
  const { prompt, seed, style } = argument as Record<string, unknown>;
  return {
    ...(typeof prompt === 'string' && prompt.trim() && { prompt: prompt.trim() }),
    ...(typeof seed === 'number' && { seed }),
    ...(typeof style === 'string' && { style }),
  };
}

/** The selected text on one line, or undefined. */
function selectedPrompt(editor: vscode.TextEditor | undefined): string | undefined {
  if (!editor || editor.selection.isEmpty || !isFileLike(editor.document)) return undefined;
  const text = editor.document.getText(editor.selection);
  return text.replace(/\s+/gu, ' ').trim() || undefined;
}

/** Output channels show text too, but are no place for pictures. */
function isFileLike({ uri }: vscode.TextDocument): boolean {
  return uri.scheme !== 'output';
}
