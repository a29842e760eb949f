import type * as vscode from 'vscode';
import type { Size } from '../../core/image/resize';
import { canBeTransparent, type ImageFormat } from '../../core/image/formats';
import { pickFields } from '../../core/request/fields';
import { EXACTLY } from '../../core/request/precision';
import type { GenerationRequestInput } from '../../core/request/request';
import { SETTING_FIELDS } from '../../core/request/settings';
import { applyStyle, findStyle } from '../../core/request/styles';
import type { Settings } from '../settings';

/** What the user asks for. Everything else comes from the settings. */
export interface DrawOptions {
  readonly prompt: string;
  readonly seed?: number | undefined;
  /** The name of a style, empty for none; absent: the setting's. */
  readonly style?: string | undefined;
  /** Absent: the setting's. */
  readonly format?: ImageFormat | undefined;
  /** The size of the file, whatever the model draws; absent: the settings', else the model's. */
  readonly fit?: Size | undefined;
  /** As diffusers draws it, whatever the settings say. */
  readonly exactly?: boolean;
}

/**
 * The request for these options, under the settings of a document or folder.
 * @throws EaselError `bad-request` for an unknown style, or an invalid setting of styles
 */
export function drawingRequest(
  settings: Settings,
  scope: vscode.Uri | undefined,
  { prompt, seed, style, format: asked, fit, exactly }: DrawOptions,
): GenerationRequestInput {
  const values = settings.read(scope);
  const format = asked ?? values.format;
  const request = {
    ...pickFields(values, SETTING_FIELDS),
    // The size that is drawn follows from the size of the file.
    ...(fit && { fit, width: undefined, height: undefined }),
    ...(exactly && EXACTLY),
    prompt,
    seed,
    format,
    transparent: values.transparent && canBeTransparent(format),
  };
  const name = style ?? values.style;
  return name ? applyStyle(findStyle(settings.styles(scope), name), request) : request;
}
