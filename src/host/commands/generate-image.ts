import * as vscode from 'vscode';
import type { ImageEvent } from '../../client/engine';
import { collapseSpaces } from '../../core/shown-text';
import { noticeDoubt } from '../doubts/doubt-notice';
import { drawImage } from '../drawing/draw-image';
import { drawingRequest, type DrawOptions } from '../drawing/drawing-request';
import { noticePrecision } from '../drawing/precision-notice';
import { nameOf } from '../files/image-files';
import type { Destination } from '../files/image-saver';
import type { DocumentAnchor, ImageLink } from '../links/link-inserter';
import { showHoverAt } from '../recipes/image-hover';
import type { HostServices } from '../services';
import { askPrompt } from './ask-prompt';

/** What `easel.generateImage` takes when another extension or a key binding runs it. */
export interface GenerateArguments {
  readonly prompt?: string;
  readonly seed?: number;
  /** The name of a style; empty for none, whatever the settings say. */
  readonly style?: string;
}

/** What is drawn, under which settings, and where it is saved. */
interface Order {
  readonly options: DrawOptions;
  readonly scope: vscode.Uri | undefined;
  readonly destination: Destination;
}

/** *Easel: Generate Image*: asks for a prompt, draws, saves, and inserts or opens. */
export class GenerateImage {
  constructor(private readonly services: HostServices) {}

  /**
   * @param argument GenerateArguments; anything else, such as what a menu passes, is ignored
   * @returns the image, or undefined when the user cancelled a question
   */
  async run(argument?: unknown): Promise<vscode.Uri | undefined> {
    const { settings } = this.services;
    const given = readArguments(argument);
    const editor = vscode.window.activeTextEditor;
    const prompt = given.prompt ?? selectedPrompt(editor);
    const scope = editor && isFileLike(editor.document) ? editor.document.uri : undefined;
    const options = prompt
      ? { ...given, prompt }
      : await askPrompt(this.services, settings, scope, given);
    if (!options) return undefined;
    const anchor = editor ? this.services.inserter.anchor() : undefined;
    try {
      return await this.draw(options, editor?.document, anchor);
    } finally {
      anchor?.dispose();
    }
  }

  private async draw(
    options: DrawOptions,
    source: vscode.TextDocument | undefined,
    anchor: DocumentAnchor | undefined,
  ): Promise<vscode.Uri | undefined> {
    const { history, saver, inserter } = this.services;
    // At once: the box that is opened next offers it, and it is not lost where no place is found for the image.
    await history.add(options.prompt);
    const owner = source && isFileLike(source) ? source : undefined;
    // Resolve the destination before generating.
    const destination = await saver.destination(owner);
    if (!destination) return undefined;
    const order: Order = { options, scope: owner?.uri, destination };
    const { link, drawn } = await this.drawOne(order);
    const document = anchor && (await inserter.insert(link, anchor));
    await this.show(link, document);
    if (saver.isStored(link.image)) offerToSave(link.image);
    this.notice(order, link, drawn);
    return link.image;
  }

  private async drawOne({
    options,
    scope,
    destination,
  }: Order): Promise<{ readonly link: ImageLink; readonly drawn: ImageEvent }> {
    const { settings, saver } = this.services;
    const { prompt } = options;
    const request = drawingRequest(settings, scope, options);
    const drawn = await drawImage(this.services, request);
    const { seed, format, width, height } = drawn;
    const name = { prompt, seed, format, size: { width, height } };
    const image = await saver.save(drawn.bytes, name, destination);
    return { link: { image, prompt, width, height }, drawn };
  }

  /** Where the image is linked, or else in an editor of its own. */
  private async show(
    { image }: ImageLink,
    document: vscode.TextDocument | undefined,
  ): Promise<void> {
    const { inserted } = this.services.inserter;
    // Without the focus: the user may already be writing something else, or the next prompt.
    const options: vscode.TextDocumentShowOptions = { preserveFocus: true };
    if (!document) await vscode.commands.executeCommand('vscode.open', image, options);
    else if (inserted) await showHoverAt(document, inserted.end);
  }

  /**
   * Says what the starter may not know, and that an image is not exact. Both offer to draw another image, which is
   * linked in place of this one.
   */
  private notice(order: Order, link: ImageLink, drawn: ImageEvent): void {
    const { services } = this;
    const drawInstead = async (options: Partial<DrawOptions>): Promise<void> => {
      const other: Order = { ...order, options: { ...order.options, ...options } };
      await services.history.add(other.options.prompt);
      const { link: newer, drawn: again } = await this.drawOne(other);
      await this.show(newer, await services.inserter.replace(link, newer));
      this.notice(other, newer, again);
    };
    void noticeDoubt(services, link.prompt, drawn, (prompt) => drawInstead({ prompt }));
    const { seed } = drawn;
    void noticePrecision(services.log, [drawn], () => drawInstead({ seed, exactly: true }));
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
  return collapseSpaces(text) || undefined;
}

/** Output channels are text documents too, but nothing can be inserted there. */
function isFileLike({ uri }: vscode.TextDocument): boolean {
  return uri.scheme !== 'output';
}

/** Says that the image is in the extension's own storage because no folder is open, with *Save As*. */
function offerToSave(image: vscode.Uri): void {
  const saveAs = vscode.l10n.t('Save As…');
  const shown = vscode.window.showInformationMessage(
    vscode.l10n.t(
      'No folder is open, so the image is in the storage of Easel. Save it to another place to keep it.',
    ),
    saveAs,
  );
  void shown.then(async (chosen) => {
    if (chosen !== saveAs) return;
    const target = await vscode.window.showSaveDialog({
      defaultUri: vscode.Uri.file(nameOf(image)),
    });
    // The dialog has already asked whether to replace an existing file.
    if (target) await vscode.workspace.fs.copy(image, target, { overwrite: true });
  });
}
