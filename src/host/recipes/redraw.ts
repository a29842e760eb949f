import * as vscode from 'vscode';
import { EaselError } from '../../core/errors';
import { formatOfFileName, type ImageFormat } from '../../core/image/formats';
import { EXACTLY } from '../../core/request/precision';
import type { GenerationRequestInput } from '../../core/request/request';
import { drawImage } from '../drawing/draw-image';
import { noticePrecision } from '../drawing/precision-notice';
import { exists, nameOf } from '../files/image-files';
import { variantPath } from '../files/paths';
import type { HostServices } from '../services';
import { imageRecipe, type LinkedImage } from './linked-image';
import { drawAgainRequest, precisionOfRecipe, variedRequest } from './redraw-request';
import { relink } from './relink';

/**
 * Draws an image once more from its recipe: *Draw Again* with the same seed and the current settings, *Vary*
 * with another seed. The new image lies beside the old one, which stays; a document that was hovered over
 * links the new one and shows it, and one undo takes that back.
 */
export class Redraw {
  constructor(private readonly services: HostServices) {}

  /**
   * @returns the new image, or the old one where the same came out of it
   * @throws EaselError `bad-file` where the image does not say how it was made
   */
  async run(linked: LinkedImage, vary: boolean): Promise<vscode.Uri> {
    const { image } = linked;
    const recipe = await imageRecipe(image);
    if (!recipe) throw tellsNothing(image);
    const values = this.services.settings.read(image);
    const asked = (vary ? variedRequest : drawAgainRequest)(recipe, values, formatOf(image));
    return this.draw(linked, await this.services.access.check(asked), vary);
  }

  /** Draws beside an image, and links the new one in its place. */
  private async draw(
    { image, link }: LinkedImage,
    request: GenerationRequestInput,
    vary: boolean,
  ): Promise<vscode.Uri> {
    const { saver, settings, log } = this.services;
    const drawn = await drawImage(this.services, request);
    const { prompt } = request;
    const { seed, format } = drawn;
    if (!vary && (await isSame(image, drawn.bytes))) {
      const text = vscode.l10n.t(
        'The new image is identical to {0}, which is kept.',
        nameOf(image),
      );
      void vscode.window.showInformationMessage(text);
      return image;
    }
    const path = await variantPath(image.path, prompt, (other) =>
      exists(image.with({ path: other })),
    );
    const file = await saver.save(drawn.bytes, { prompt, seed, format }, () =>
      image.with({ path }),
    );
    const linked = link && (await relink(link, image, file));
    if (!linked) await vscode.commands.executeCommand('vscode.open', file);
    const exact = { ...request, seed, ...EXACTLY };
    const unasked = drawn.unasked ?? precisionOfRecipe(request, settings.read(image));
    void noticePrecision(log, [{ unasked }], () => this.draw({ image: file, link }, exact, vary));
    return file;
  }
}

function formatOf(image: vscode.Uri): ImageFormat {
  return formatOfFileName(image.path) ?? 'png';
}

async function isSame(image: vscode.Uri, bytes: Uint8Array): Promise<boolean> {
  const there = await vscode.workspace.fs.readFile(image);
  return Buffer.from(there).equals(bytes);
}

function tellsNothing(image: vscode.Uri): EaselError {
  return new EaselError('bad-file', vscode.l10n.t('No recipe was found in {0}.', nameOf(image)));
}
