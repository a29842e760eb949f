import * as vscode from 'vscode';
import { EaselError } from '../../core/errors';
import { canBeTransparent, formatOfFileName, type ImageFormat } from '../../core/image/formats';
import type { Recipe } from '../../core/recipe';
import { pickFields, requestField } from '../../core/request/fields';
import { type GenerationRequestInput, randomSeed } from '../../core/request/request';
import { SETTING_FIELDS } from '../../core/request/settings';
import { drawImage } from '../drawing/draw-image';
import { nameOf } from '../files/image-files';
import { reseededPath } from '../files/paths';
import { findReferences } from '../references/find-references';
import type { HostServices } from '../services';
import { resolveImage } from '../sites/resolve-image';
import { imageRecipe, type LinkedImage } from './linked-image';
import { renameTarget } from './rename-target';

/** How an image is drawn and delivered here, which no recipe tells. */
const LOCAL_FIELDS = SETTING_FIELDS.filter((field) => requestField(field).recipe === false);

/**
 * Draws an image once more from its recipe: *Draw Again* with the same seed, *Vary* with another. The new
 * image lies beside the old one, which stays; a document that was hovered over links the new one, and
 * one undo takes that back.
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
    const request = this.request(recipe, image, vary);
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
    const path = reseededPath(image.path, recipe.request.seed ?? -1, seed);
    const file = await saver.save(drawn.bytes, { prompt, seed, format }, () =>
      image.with({ path }),
    );
    const linked = link && (await relink(link, image, file));
    if (!linked) await vscode.commands.executeCommand('vscode.open', file);
    return file;
  }

  /** The recipe's request as far as this machine and the file's name allow. */
  private request(recipe: Recipe, image: vscode.Uri, vary: boolean): GenerationRequestInput {
    const { settings } = this.services;
    const values = settings.read(image);
    const { request } = recipe;
    const format: ImageFormat = formatOfFileName(image.path) ?? 'png';
    return {
      ...request,
      ...pickFields(values, LOCAL_FIELDS),
      // What it was drawn from is not in the file, so it is drawn from its words.
      strength: undefined,
      outpaint: undefined,
      model: request.model ?? values.model,
      format,
      transparent: request.transparent === true && canBeTransparent(format),
      ...(vary && { seed: randomSeed() }),
    };
  }
}

/** @returns whether the document links the new image now */
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
    return vscode.workspace.applyEdit(edit);
  }
  return false;
}

async function isSame(image: vscode.Uri, bytes: Uint8Array): Promise<boolean> {
  const there = await vscode.workspace.fs.readFile(image);
  return Buffer.from(there).equals(bytes);
}

function tellsNothing(image: vscode.Uri): EaselError {
  return new EaselError('bad-file', vscode.l10n.t('No recipe was found in {0}.', nameOf(image)));
}
