import * as vscode from 'vscode';
import { needsImage } from '../../core/catalogue/needs-image';
import { EaselError } from '../../core/errors';
import { formatOfFileName, type ImageFormat } from '../../core/image/formats';
import type { Recipe } from '../../core/recipe';
import type { GenerationRequestInput } from '../../core/request/request';
import { nameOf, readImage } from '../files/image-files';
import { STARTER } from '../models/model-words';
import type { HostServices } from '../services';
import { drawBeside } from './draw-beside';
import { imageRecipe, type LinkedImage } from './linked-image';
import { drawAgainRequest, variedRequest } from './redraw-request';

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
    const request = await this.services.access.check(asked);
    const start = await this.startOf(request, linked, recipe);
    return drawBeside(this.services, linked, { ...request, ...start }, { keepsSame: !vary });
  }

  /**
   * What a model that edits an image by words or makes it larger starts from: the image itself, for what it was made
   * from is not in its file. Nothing for other models.
   */
  private async startOf(
    { model }: GenerationRequestInput,
    { image }: LinkedImage,
    recipe: Recipe,
  ): Promise<Pick<GenerationRequestInput, 'initImage' | 'imageGuidanceScale' | 'noiseLevel'>> {
    // A listing looks into every model, and the starter is known.
    if (model === STARTER) return {};
    const entry = (await this.services.store.list()).find(({ id }) => id === model);
    if (!entry?.defaults || !needsImage(entry.defaults)) return {};
    const { model: before, imageGuidanceScale, noiseLevel } = recipe.request;
    return {
      initImage: await readImage(image),
      ...(before === model && { imageGuidanceScale, noiseLevel }),
    };
  }
}

function formatOf(image: vscode.Uri): ImageFormat {
  return formatOfFileName(image.path) ?? 'png';
}

function tellsNothing(image: vscode.Uri): EaselError {
  return new EaselError('bad-file', vscode.l10n.t('No recipe was found in {0}.', nameOf(image)));
}
