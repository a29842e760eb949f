import { EaselError } from '../../../core/errors';
import type { GenerationRequest } from '../../../core/request/request';
import { openUpscaler, type Upscaler } from '../../model/components/upscaler/upscaler';

/** The upscalers of a request, opened. */
export interface RequestedUpscaling {
  /** Between the passes. */
  readonly hires: Upscaler | undefined;
  /** Of the finished image. */
  readonly finished:
    { readonly upscaler: Upscaler | undefined; readonly factor: number | undefined } | undefined;
}

type Asked = Pick<GenerationRequest, 'format' | 'hires' | 'hiresUpscaler' | 'upscale'>;

/**
 * Opens the upscalers of a request. No weights are loaded.
 * @throws EaselError `bad-request` where they have nothing to enlarge; and as `openUpscaler`
 */
export async function openRequestedUpscalers(asked: Asked): Promise<RequestedUpscaling> {
  const { format, hires, hiresUpscaler, upscale } = asked;
  if (hiresUpscaler !== undefined && !hires) {
    throw refused('hiresUpscaler', 'It enlarges the image between two passes: give --hires too, or give --upscale for the finished image.'); // prettier-ignore
  }
  if (upscale && format === 'svg') {
    throw refused('upscale', 'An SVG file has any size. Leave it out, or choose another format.');
  }
  return {
    hires: hiresUpscaler === undefined ? undefined : await openUpscaler(hiresUpscaler),
    finished: upscale && {
      upscaler: upscale.model === undefined ? undefined : await openUpscaler(upscale.model),
      factor: upscale.factor,
    },
  };
}

/** What of the request's upscaling the user may not expect. */
export function upscalingNotes({ upscale }: Pick<Asked, 'upscale'>): string[] {
  if (!upscale || upscale.model !== undefined) return [];
  return ['No upscaler was named: the image is resampled (Lanczos), which adds no details.'];
}

function refused(field: string, message: string): EaselError {
  return new EaselError('bad-request', `${field}: ${message}`, { field });
}
