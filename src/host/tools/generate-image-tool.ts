import * as vscode from 'vscode';
import {
  generateImageRequest,
  parseGenerateImage,
  type GenerateImageInput,
} from '../../core/agent/generate-image';
import { abortSignalOf } from '../cancellation';
import { DrawingTool } from './drawing-tool';

/** `generate_image`: draws and saves for an agent. */
export class GenerateImageTool
  extends DrawingTool
  implements vscode.LanguageModelTool<GenerateImageInput>
{
  prepareInvocation({
    input,
  }: vscode.LanguageModelToolInvocationPrepareOptions<GenerateImageInput>): Promise<vscode.PreparedToolInvocation> {
    return this.prepare(input, vscode.l10n.t('Draw an image with Easel?'));
  }

  async invoke(
    { input }: vscode.LanguageModelToolInvocationOptions<GenerateImageInput>,
    token: vscode.CancellationToken,
  ): Promise<vscode.LanguageModelToolResult> {
    const call = parseGenerateImage(input);
    if (call.model !== undefined) await this.modelOf(call);
    return this.draw(call, generateImageRequest(call, this.defaults()), abortSignalOf(token));
  }
}
