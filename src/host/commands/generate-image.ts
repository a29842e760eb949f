import * as vscode from 'vscode';
import { EaselError, toEaselError } from '../../core/errors';
import type { GenerationRequestInput } from '../../core/request';
import type { GenerationEvent } from '../../protocol/engine';
import type { DocumentAnchor } from '../document-anchor';
import { describeProgress } from '../progress-text';
import type { HostServices } from '../services';
import { offerToSave } from './offer-to-save';
import { askPrompt } from './ask-prompt';

/** What `easel.generateImage` takes when another extension or a key binding runs it. */
export interface GenerateArguments {
  readonly prompt?: string;
  readonly seed?: number;
}

type PictureEvent = Extract<GenerationEvent, { event: 'image' }>;

/** *Easel: Generate Image*: asks for a prompt, draws, saves, and inserts or opens. */
export class GenerateImage {
  constructor(private readonly services: HostServices) {}

  /**
   * @param argument GenerateArguments, or what a menu passes, which is not looked at
   * @returns the picture, or undefined when the person backed out
   */
  async run(argument?: unknown): Promise<vscode.Uri | undefined> {
    const given = readArguments(argument);
    const editor = vscode.window.activeTextEditor;
    const prompt =
      given.prompt ?? selectedPrompt(editor) ?? (await askPrompt(this.services.history));
    if (!prompt) return undefined;
    const anchor = editor ? this.services.inserter.anchor() : undefined;
    try {
      return await this.draw(prompt, given.seed, editor?.document, anchor);
    } finally {
      anchor?.dispose();
    }
  }

  private async draw(
    prompt: string,
    seed: number | undefined,
    document: vscode.TextDocument | undefined,
    anchor: DocumentAnchor | undefined,
  ): Promise<vscode.Uri | undefined> {
    const { settings, saver, inserter, history } = this.services;
    const owner = document && isFileLike(document) ? document : undefined;
    // Asked before drawing: nobody should wait for a picture that has no place to go.
    const destination = await saver.destination(owner);
    if (!destination) return undefined;
    await history.add(prompt);
    const { model, device, steps, guidanceScale, width, height } = settings.read(owner?.uri);
    const request = { prompt, model, device, seed, steps, guidanceScale, width, height };
    const drawn = await this.drawWithProgress(request);
    const picture = await saver.save(drawn.bytes, { prompt, seed: drawn.seed }, destination);
    const link = { picture, prompt, width: drawn.width, height: drawn.height };
    const inserted = anchor && (await inserter.insert(link, anchor));
    if (!inserted) await vscode.commands.executeCommand('vscode.open', picture);
    if (saver.isKept(picture)) offerToSave(picture);
    return picture;
  }

  private drawWithProgress(request: GenerationRequestInput): Thenable<PictureEvent> {
    const options = {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t('Drawing "{0}"', shorten(request.prompt)),
      cancellable: true,
    };
    return vscode.window.withProgress(options, async (progress, token) => {
      const controller = new AbortController();
      token.onCancellationRequested(() => controller.abort());
      let shown = 0;
      let picture: PictureEvent | undefined;
      const drawing = this.services.engine.generate(request, {
        signal: controller.signal,
        onEvent: (event, state) => {
          if (event.event === 'image') picture = event;
          const increment = (state.fraction - shown) * 100;
          shown = state.fraction;
          progress.report({ message: describeProgress(state), increment });
        },
      });
      try {
        await drawing;
      } catch (thrown) {
        // A picture that came is worth keeping, whatever became of the engine after it.
        if (!picture || controller.signal.aborted) throw thrown;
        this.services.log.warn(toEaselError(thrown).message);
      }
      if (!picture) throw new EaselError('internal', 'The engine answered without a picture.');
      return picture;
    });
  }
}

function readArguments(argument: unknown): GenerateArguments {
  if (typeof argument !== 'object' || argument === null || argument instanceof vscode.Uri) {
    return {};
  }
  const { prompt, seed } = argument as Record<string, unknown>;
  return {
    ...(typeof prompt === 'string' && prompt.trim() && { prompt: prompt.trim() }),
    ...(typeof seed === 'number' && { seed }),
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

function shorten(prompt: string): string {
  const characters = Array.from(prompt);
  return characters.length <= 60 ? prompt : `${characters.slice(0, 59).join('')}…`;
}
