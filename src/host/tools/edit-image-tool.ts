import * as vscode from 'vscode';
import { editImageRequest, parseEditImage, type EditImageInput } from '../../core/agent/edit-image';
import { abortSignalOf } from '../cancellation';
import { readImage } from '../files/image-files';
import { DrawingTool } from './drawing-tool';
import { existingFile } from './workspace-place';

/** `edit_image`: draws an image of the workspace anew by words, as a whole or where a mask is white. */
export class EditImageTool extends DrawingTool implements vscode.LanguageModelTool<EditImageInput> {
  prepareInvocation({
    input,
  }: vscode.LanguageModelToolInvocationPrepareOptions<EditImageInput>): Promise<vscode.PreparedToolInvocation> {
    return this.prepare(input, vscode.l10n.t('Change an image with Easel?'));
  }

  async invoke(
    { input }: vscode.LanguageModelToolInvocationOptions<EditImageInput>,
    token: vscode.CancellationToken,
  ): Promise<vscode.LanguageModelToolResult> {
    const call = parseEditImage(input);
    const model = await this.modelOf(call);
    const image = await this.read(call.image, 'image');
    const mask = call.mask === undefined ? undefined : await this.read(call.mask, 'mask');
    const size = await this.services.engine.call('size', { file: image });
    const files = { image, mask, size };
    const request = editImageRequest(call, files, this.defaults(), model?.defaults);
    return this.draw(call, request, abortSignalOf(token));
  }

  private async read(named: string, field: string): Promise<Uint8Array> {
    return readImage(await existingFile(named, field, this.temporary));
  }
}
