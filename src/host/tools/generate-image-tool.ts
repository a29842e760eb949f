import * as vscode from 'vscode';
import {
  generateImageRequest,
  parseGenerateImage,
  type GenerateImageInput,
} from '../../core/agent/generate-image';
import { describeDrawn, smallView } from '../../core/agent/result-text';
import { drawOneImage } from '../../client/engine';
import { EaselError } from '../../core/errors';
import { markdownImage } from '../../core/markdown-image';
import { abortSignalOf } from '../cancellation';
import { drawingRequest } from '../drawing/drawing-request';
import { linkStyleOf } from '../languages';
import { relativeLink } from '../links/relative-link';
import type { HostServices } from '../services';
import { callFolder, newWorkspaceFile } from './workspace-place';

/** `generate_image`: draws and saves for an agent. */
export class GenerateImageTool implements vscode.LanguageModelTool<GenerateImageInput> {
  constructor(private readonly services: HostServices) {}

  async prepareInvocation({
    input,
  }: vscode.LanguageModelToolInvocationPrepareOptions<GenerateImageInput>): Promise<vscode.PreparedToolInvocation> {
    const { t } = vscode.l10n;
    // Not checked yet: `invoke` reports to the model what is wrong with the input.
    const { prompt, path, model } = input as Partial<Record<string, unknown>>;
    const what = typeof prompt === 'string' ? prompt : '';
    const where = typeof path === 'string' ? path : await this.usualFolder();
    const by = typeof model === 'string' ? model : this.services.settings.read().model;
    return {
      invocationMessage: t('Drawing "{0}" with Easel', what),
      confirmationMessages: {
        title: t('Draw "{0}" with Easel?', what),
        message: t(
          'The image is drawn on this computer by {0} and saved as a new file in the workspace: {1}',
          ...[by, where],
        ),
      },
    };
  }

  async invoke(
    { input }: vscode.LanguageModelToolInvocationOptions<GenerateImageInput>,
    token: vscode.CancellationToken,
  ): Promise<vscode.LanguageModelToolResult> {
    return this.draw(parseGenerateImage(input), abortSignalOf(token));
  }

  /** The folder that images without a path are saved in, as the confirmation names it. */
  private async usualFolder(): Promise<string> {
    const { saver, settings } = this.services;
    try {
      // Bounds are those of `draw`; where they refuse the place, the call does so as well.
      const destination = await saver.destination(activeDocument(), callFolder());
      const sample = destination?.('image.png');
      if (sample) return vscode.workspace.asRelativePath(vscode.Uri.joinPath(sample, '..'));
    } catch {
      // `invoke` reports it.
    }
    return settings.read().saveFolder;
  }

  private async draw(
    input: GenerateImageInput,
    signal: AbortSignal,
  ): Promise<vscode.LanguageModelToolResult> {
    const { engine, settings, saver } = this.services;
    const folder = callFolder();
    const request = generateImageRequest(input, {
      // In no style: the agent's comes first, and is put around the prompt once.
      request: drawingRequest(settings, folder.uri, { prompt: '', style: '' }),
      styles: settings.styles(folder.uri),
      style: settings.read(folder.uri).style,
    });
    // Resolve the destination before generating. Agents save inside the workspace, whatever the settings say.
    const inside = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri);
    const place =
      input.path === undefined
        ? { destination: await saver.destination(activeDocument(), folder, inside) }
        : { file: await newWorkspaceFile(input.path) };
    const drawn = await drawOneImage(engine, request, { signal });
    const { bytes, format, seed } = drawn.image;
    const name = { prompt: input.prompt, seed, format };
    let file = place.file;
    if (file) await saver.saveAt(bytes, name, file, inside);
    else if (place.destination) file = await saver.save(bytes, name, place.destination, inside);
    else throw new EaselError('write-failed', 'No place to save was chosen.');
    const { base, relativeTo } = linkBase(file);
    const text = describeDrawn({
      path: vscode.workspace.asRelativePath(file),
      markdown: markdownImage(
        relativeLink(base, file) ?? file.toString(),
        input.altText ?? input.prompt,
      ),
      relativeTo,
      ...drawn,
    });
    const view = await engine.call('convert', smallView(drawn.image));
    return new vscode.LanguageModelToolResult([
      new vscode.LanguageModelTextPart(text),
      vscode.LanguageModelDataPart.image(view.bytes, 'image/jpeg'),
    ]);
  }
}

function activeDocument(): vscode.TextDocument | undefined {
  const document = vscode.window.activeTextEditor?.document;
  const isOwn = document && vscode.workspace.getWorkspaceFolder(document.uri) !== undefined;
  return isOwn ? document : undefined;
}

/** Links start from the active document where it can show images, else from the workspace folder. */
function linkBase(image: vscode.Uri): { base: vscode.Uri; relativeTo: string } {
  const document = activeDocument();
  if (document && linkStyleOf(document.languageId)) {
    return {
      base: vscode.Uri.joinPath(document.uri, '..'),
      relativeTo: vscode.workspace.asRelativePath(document.uri),
    };
  }
  const folder = vscode.workspace.getWorkspaceFolder(image) ?? callFolder();
  return { base: folder.uri, relativeTo: `the workspace folder ${folder.name}` };
}
