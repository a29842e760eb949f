import * as vscode from 'vscode';
import { EaselError } from '../../core/errors';
import { formatOfFileName, type ImageFormat } from '../../core/image/formats';
import { drawImage } from '../drawing/draw-image';
import { exists, nameOf } from '../files/image-files';
import { variantPath } from '../files/paths';
import { findReferences } from '../references/find-references';
import type { HostServices } from '../services';
import { resolveImage } from '../sites/resolve-image';
import { showHoverAt } from './image-hover';
import { imageRecipe, type LinkedImage } from './linked-image';
import { drawAgainRequest, variedRequest } from './redraw-request';
import { renameTarget } from './rename-target';

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
  async run({ image, link }: LinkedImage, vary: boolean): Promise<vscode.Uri> {
    const { saver } = this.services;
    const recipe = await imageRecipe(image);
    if (!recipe) throw tellsNothing(image);
    const values = this.services.settings.read(image);
    const asked = (vary ? variedRequest : drawAgainRequest)(recipe, values, formatOf(image));
    const request = await this.services.access.check(asked);
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
    return file;
  }
}

/**
 * Links the new image in place of the old one, and shows it there.
 * @returns whether the document links it now
 */
async function relink(
  { document: uri, start }: NonNullable<LinkedImage['link']>,
  old: vscode.Uri,
  file: vscode.Uri,
): Promise<boolean> {
  const document = await vscode.workspace.openTextDocument(uri);
  const text = document.getText();
  // The text may have moved while it drew: the nearest link to the old image is meant.
  const references = [...(await findReferences(document))].sort(
    (a, b) => Math.abs(a.start - start) - Math.abs(b.start - start),
  );
  for (const reference of references) {
    const target = await resolveImage(reference, document);
    if (target?.toString() !== old.toString()) continue;
    const change = renameTarget(text, reference, nameOf(file));
    if (!change || document.getText() !== text) return false;
    const edit = new vscode.WorkspaceEdit();
    const [from, to] = [document.positionAt(change.start), document.positionAt(change.end)];
    edit.replace(uri, new vscode.Range(from, to), change.text);
    if (!(await vscode.workspace.applyEdit(edit))) return false;
    const grown =
      change.start < reference.end ? change.text.length - (change.end - change.start) : 0;
    await showHoverAt(document, reference.end + grown);
    return true;
  }
  return false;
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
