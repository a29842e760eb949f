import * as vscode from 'vscode';
import {
  generateImageRequest,
  parseGenerateImage,
  type GenerateImageInput,
} from '../../core/agent/generate-image';
import { describeDrawn, smallView } from '../../core/agent/result-text';
import { EaselError } from '../../core/errors';
import { markdownImage } from '../../core/markdown-image';
import type { GenerationEvent } from '../../protocol/engine';
import { drawingRequest } from '../drawing/drawing-request';
import { linkStyleOf } from '../links/link-text';
import { relativeLink } from '../links/relative-link';
import type { HostServices } from '../services';
import { toolFailure } from './tool-failure';
import { callFolder, newWorkspaceFile } from './workspace-place';

type PictureEvent = Extract<GenerationEvent, { event: 'image' }>;

/** `generate_image`: draws and saves for an agent. */
export class GenerateImageTool implements vscode.LanguageModelTool<GenerateImageInput> {
  constructor(private readonly services: HostServices) {}

  prepareInvocation({
    input,
  }: vscode.LanguageModelToolInvocationPrepareOptions<GenerateImageInput>): vscode.PreparedToolInvocation {
    const { t } = vscode.l10n;
    // Not checked yet: what is wrong with the input is for `invoke` to tell the model.
    const { prompt, path, model } = input as Partial<Record<string, unknown>>;
    const what = typeof prompt === 'string' ? prompt : '';
    const where = typeof path === 'string' ? path : this.services.settings.read().saveFolder;
    const by = typeof model === 'string' ? model : this.services.settings.read().model;
    return {
      invocationMessage: t('Drawing "{0}" with Easel', what),
      confirmationMessages: {
        title: t('Draw "{0}" with Easel?', what),
        message: t(
          'The picture is drawn on this computer by {0} and saved as a new file in the workspace: {1}',
          ...[by, where],
        ),
      },
    };
  }

  async invoke(
    { input }: vscode.LanguageModelToolInvocationOptions<GenerateImageInput>,
    token: vscode.CancellationToken,
  ): Promise<vscode.LanguageModelToolResult> {
    try {
      return await this.draw(parseGenerateImage(input), token);
    } catch (thrown) {
      throw toolFailure(thrown, this.services.log);
    }
  }

  private async draw(
    input: GenerateImageInput,
    token: vscode.CancellationToken,
  ): Promise<vscode.LanguageModelToolResult> {
    const { engine, settings, saver } = this.services;
    const folder = callFolder();
    const request = generateImageRequest(input, {
      // In no style: the agent's comes first, and is put around the prompt once.
      request: drawingRequest(settings, folder.uri, { prompt: '', style: '' }),
      styles: settings.styles(folder.uri),
      style: settings.read(folder.uri).style,
    });
    // Known before drawing: nobody should wait for a picture that has no place to go.
    const place =
      input.path === undefined
        ? { destination: await saver.destination(activeDocument(), folder) }
        : { file: await newWorkspaceFile(input.path) };
    const warnings: string[] = [];
    const { drawn, summary } = await this.run(request, token, warnings);
    const { format, seed } = drawn;
    const name = { prompt: input.prompt, seed, format };
    let file = place.file;
    if (file) await saver.saveAt(drawn.bytes, name, file);
    else if (place.destination) file = await saver.save(drawn.bytes, name, place.destination);
    else throw new EaselError('write-failed', 'No place to save was chosen.');
    const { base, relativeTo } = linkBase(file);
    const text = describeDrawn({
      path: vscode.workspace.asRelativePath(file),
      markdown: markdownImage(
        relativeLink(base, file) ?? file.toString(),
        input.altText ?? input.prompt,
      ),
      relativeTo,
      ...{ width: drawn.width, height: drawn.height, format, seed, warnings },
      model: summary.model,
      device: summary.device,
      steps: summary.settings.steps,
      seconds: summary.seconds.total,
    });
    const view = await engine.call('convert', smallView(drawn));
    return new vscode.LanguageModelToolResult([
      new vscode.LanguageModelTextPart(text),
      vscode.LanguageModelDataPart.image(view.bytes, 'image/jpeg'),
    ]);
  }

  private async run(
    request: Parameters<HostServices['engine']['generate']>[0],
    token: vscode.CancellationToken,
    warnings: string[],
  ) {
    const controller = new AbortController();
    if (token.isCancellationRequested) controller.abort();
    const watching = token.onCancellationRequested(() => controller.abort());
    let drawn: PictureEvent | undefined;
    try {
      const summary = await this.services.engine.generate(request, {
        signal: controller.signal,
        onEvent: (event) => {
          if (event.event === 'image') drawn = event;
          if (event.event === 'warning') warnings.push(event.message);
        },
      });
      if (!drawn) throw new EaselError('internal', 'The engine answered without a picture.');
      return { drawn, summary };
    } finally {
      watching.dispose();
    }
  }
}

function activeDocument(): vscode.TextDocument | undefined {
  const document = vscode.window.activeTextEditor?.document;
  const isOwn = document && vscode.workspace.getWorkspaceFolder(document.uri) !== undefined;
  return isOwn ? document : undefined;
}

/** Links start from the active document where it can show pictures, else from the workspace folder. */
function linkBase(picture: vscode.Uri): { base: vscode.Uri; relativeTo: string } {
  const document = activeDocument();
  if (document && linkStyleOf(document.languageId)) {
    return {
      base: vscode.Uri.joinPath(document.uri, '..'),
      relativeTo: vscode.workspace.asRelativePath(document.uri),
    };
  }
  const folder = vscode.workspace.getWorkspaceFolder(picture) ?? callFolder();
  return { base: folder.uri, relativeTo: `the workspace folder ${folder.name}` };
}
