import { baseFamily } from '../../src/core/catalogue/base-family';
import { byGenerality, ipAdapterFor } from '../../src/core/catalogue/ip-adapters';
import type { GenerationRequestInput } from '../../src/core/request/request';
import type { StudioState } from '../../src/protocol/studio';
import { t } from '../l10n';
import type { Form } from './form';
import { familyOf, networksRefused } from './networks';

/** How much the image counts where the user has not said: as diffusers has it. */
export const STYLE_SCALE = 1;

/** How an image can be drawn in the style of another. */
export interface StyleBy {
  /** Why it cannot; undefined where it can, with an IP-Adapter. */
  readonly refused: string | undefined;
  /** The IP-Adapters of this machine that fit the model, the most general first. */
  readonly ipAdapters: readonly string[];
  /** The one that is used; undefined where there is none yet. */
  readonly chosen: string | undefined;
}

type Known = Pick<StudioState, 'models' | 'ipAdapters' | 'endpoints'>;

/** How an image of the form's model can be drawn in the style of another. */
export function styleBy(form: Pick<Form, 'model' | 'ipAdapter'>, state: Known): StyleBy {
  const refuse = (refused: string) => ({ refused, ipAdapters: [], chosen: undefined });
  const refused = networksRefused('ipAdapters', form.model, state);
  if (refused !== undefined) return refuse(refused);
  const family = familyOf(form.model, state);
  const ipAdapters = state.ipAdapters
    .filter((one) => baseFamily(one.family) === family)
    .map(({ id }) => id)
    .sort(byGenerality);
  if (ipAdapters.length === 0 && ipAdapterFor(family) === undefined) {
    return refuse(t('styleImageNotTaken'));
  }
  const own = ipAdapters.find((id) => id === form.ipAdapter);
  return { refused: undefined, ipAdapters, chosen: own ?? ipAdapters[0] };
}

/** Whether the next image is to be drawn in the style of another. */
export function wantsStyle({ added, styleImage }: Form, { refused }: StyleBy): boolean {
  return added.includes('styleImage') && styleImage !== undefined && refused === undefined;
}

type StyleFields = Pick<
  GenerationRequestInput,
  'ipAdapters' | 'ipAdapterImages' | 'ipAdapterScale'
>;

/** The fields of a request that draws in the style of the form's image; none where it does not, or cannot yet. */
export function styleFields(form: Form, by: StyleBy): StyleFields {
  const { styleImage, styleScale = STYLE_SCALE } = form;
  if (!wantsStyle(form, by) || !styleImage || by.chosen === undefined) return {};
  return styledLike(by.chosen, bytesOfDataUrl(styleImage.src), styleScale);
}

/** The fields of a request that draws in the style of an image. @param image the bytes of its file */
export function styledLike(ipAdapter: string, image: Uint8Array, scale: number): StyleFields {
  return { ipAdapters: [ipAdapter], ipAdapterImages: [image], ipAdapterScale: [scale] };
}

function bytesOfDataUrl(url: string): Uint8Array {
  const letters = atob(url.slice(url.indexOf(',') + 1));
  return Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
}
