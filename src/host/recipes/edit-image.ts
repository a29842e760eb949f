import * as vscode from 'vscode';
import * as v from 'valibot';
import { sizeToDraw } from '../../core/agent/edit-image';
import { formatOfFileName, type ImageFormat } from '../../core/image/formats';
import type { Size } from '../../core/image/resize';
import type { GenerationRequestInput } from '../../core/request/request';
import { drawingRequest } from '../drawing/drawing-request';
import { nameOf, readImage } from '../files/image-files';
import { shownModel } from '../models/model-words';
import type { HostServices } from '../services';
import { drawBeside, type BesideOptions } from './draw-beside';
import { editingModel, type EditingModel } from './editing-model';
import type { LinkedImage } from './linked-image';

/** What a caller knows already. */
export interface EditOptions extends Pick<BesideOptions, 'opens'> {
  /** What is to change. Absent: the user is asked. */
  readonly prompt?: string | undefined;
}

/**
 * *Edit Image*: asks what is to change, and draws the image with that change, by a model that edits by words or, where
 * the user prefers that, from the image (image to image). The new image is saved beside the old one, which stays.
 * @returns the new image; undefined where the user does not go on
 * @throws EaselError of reading the file and of drawing
 */
export async function editImage(
  services: HostServices,
  linked: LinkedImage,
  { prompt, opens }: EditOptions = {},
): Promise<vscode.Uri | undefined> {
  const { image } = linked;
  // What cannot be read is said before anything is asked.
  const bytes = await readImage(image);
  const size = await services.engine.call('size', { file: bytes });
  const model = await editingModel(services, image);
  if (!model) return undefined;
  const words = (prompt ?? (await askWords(services, image, model)))?.trim();
  if (!words) return undefined;
  const request = editRequest(services, image, model, { words, bytes, size });
  return drawBeside(services, linked, request, { ...(opens !== undefined && { opens }) });
}

const EditOptionsSchema = v.object({ prompt: v.optional(v.string()) });

/** Reads what a key binding or another extension says of an edit; nothing of anything else. */
export function readEditOptions(argument: unknown): EditOptions {
  const parsed = v.safeParse(EditOptionsSchema, argument);
  return parsed.success ? { prompt: parsed.output.prompt } : {};
}

function askWords(
  { endpoints }: HostServices,
  image: vscode.Uri,
  { id, edits }: EditingModel,
): Thenable<string | undefined> {
  const { t } = vscode.l10n;
  const model = shownModel(endpoints, id);
  return vscode.window.showInputBox({
    title: t('Edit {0}', nameOf(image)),
    placeHolder: edits
      ? t('What should change? For example: make it snow')
      : t('What should the whole image show? For example: a house in the snow'),
    prompt: edits
      ? t('{0} keeps the image and changes what the words say.', model)
      : t('{0} draws a new image of the words over this one.', model),
  });
}

interface Edited {
  readonly words: string;
  readonly bytes: Uint8Array;
  /** In pixels. */
  readonly size: Size;
}

/** The file has the size of the old one, whatever the model draws. A style would change the words. */
function editRequest(
  { settings }: HostServices,
  image: vscode.Uri,
  { id, entry }: EditingModel,
  { words, bytes, size }: Edited,
): GenerationRequestInput {
  const asked = drawingRequest(settings, image, {
    ...{ prompt: words, style: '', format: editedFormat(image), fit: size },
  });
  // What the user has set is meant for the user's own model.
  const others = { steps: undefined, guidanceScale: undefined, scheduler: undefined };
  return {
    ...asked,
    ...(settings.read(image).model !== id && others),
    ...(entry?.defaults && sizeToDraw(size, entry.defaults)),
    model: id,
    initImage: bytes,
  };
}

/** That of the image; PNG where images are not saved as such, and for drawings, which an edit makes to pixels. */
function editedFormat(image: vscode.Uri): ImageFormat {
  const format = formatOfFileName(image.path) ?? 'png';
  return format === 'svg' ? 'png' : format;
}
