import { posix } from 'node:path';
import * as vscode from 'vscode';
import { formatOfFileName, IMAGE_FORMATS, type ImageFormat } from '../../core/image/formats';
import { EXACTLY } from '../../core/request/precision';
import type { GenerationRequestInput } from '../../core/request/request';
import { drawImage } from '../drawing/draw-image';
import { noticePrecision } from '../drawing/precision-notice';
import { exists, nameOf } from '../files/image-files';
import { variantPath } from '../files/paths';
import type { HostServices } from '../services';
import type { LinkedImage } from './linked-image';
import { precisionOfRecipe } from './redraw-request';
import { relink } from './relink';

export interface BesideOptions {
  /** The old image is kept, and no file is written, where the same came out of it. Default: no. */
  readonly keepsSame?: boolean;
  /** Opens the new image where no document links it. Default: yes. */
  readonly opens?: boolean;
}

/**
 * Draws an image and saves it beside another one, which stays. A document that links the old one links the new one
 * and shows it, and one undo takes that back.
 * @returns the new image, or the old one where it is kept
 */
export async function drawBeside(
  services: HostServices,
  { image, link }: LinkedImage,
  request: GenerationRequestInput,
  options: BesideOptions = {},
): Promise<vscode.Uri> {
  const { saver, settings, log } = services;
  const { keepsSame = false, opens = true } = options;
  const drawn = await drawImage(services, request);
  const { prompt } = request;
  const { seed, format, width, height } = drawn;
  if (keepsSame && (await isSame(image, drawn.bytes))) {
    const text = vscode.l10n.t('The new image is identical to {0}, which is kept.', nameOf(image));
    void vscode.window.showInformationMessage(text);
    return image;
  }
  const path = await variantPath(withEnding(image.path, format), prompt, (other) =>
    exists(image.with({ path: other })),
  );
  const name = {
    ...{ prompt, seed, format, size: { width, height } },
    ...(request.initImage && { madeFrom: image }),
  };
  const file = await saver.save(drawn.bytes, name, () => image.with({ path }));
  const linked = link && (await relink(link, image, file));
  if (!linked && opens) await vscode.commands.executeCommand('vscode.open', file);
  const exact = { ...request, seed, ...EXACTLY };
  const unasked = drawn.unasked ?? precisionOfRecipe(request, settings.read(image));
  void noticePrecision(log, [{ unasked }], () =>
    drawBeside(services, { image: file, ...(link && { link }) }, exact, options),
  );
  return file;
}

/** The path of an image of this format. */
function withEnding(path: string, format: ImageFormat): string {
  if (formatOfFileName(path) === format) return path;
  const { dir, name } = posix.parse(path);
  return posix.join(dir, `${name}.${IMAGE_FORMATS[format].extensions[0]}`);
}

async function isSame(image: vscode.Uri, bytes: Uint8Array): Promise<boolean> {
  const there = await vscode.workspace.fs.readFile(image);
  return Buffer.from(there).equals(bytes);
}
