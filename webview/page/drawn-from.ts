import { suitablePreprocessor } from '../../src/core/image/control/suitable';
import type { RecipeRequest } from '../../src/core/recipe/index';
import type { StudioState } from '../../src/protocol/studio';
import type { LinesInput } from '../state/request';
import { STYLE_SCALE, styledLike } from '../state/style-image';

/** That a variation is drawn in the style of an image which an IP-Adapter of this machine drew like another. */
export function likeItself(
  { ipAdapters = [], ipAdapterScale: [scale = STYLE_SCALE] = [] }: RecipeRequest,
  bytes: Uint8Array,
  state: StudioState,
) {
  const [ipAdapter, ...others] = ipAdapters;
  const isHere = state.ipAdapters.some(({ id }) => id === ipAdapter);
  return ipAdapter === undefined || others.length > 0 || !isHere
    ? {}
    : styledLike(ipAdapter, bytes, scale);
}

/** The lines of an image that a ControlNet of this machine followed, so that another one follows them. */
export function followedLines(
  { controlnets = [] }: RecipeRequest,
  bytes: Uint8Array,
  state: StudioState,
): LinesInput | undefined {
  const [controlnet, ...others] = controlnets;
  const isHere = state.controlnets.some(({ id }) => id === controlnet);
  if (controlnet === undefined || others.length > 0 || !isHere) return undefined;
  return suitablePreprocessor(controlnet) === 'none' ? undefined : { lines: bytes, controlnet };
}
