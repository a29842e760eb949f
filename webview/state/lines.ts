import { baseFamily } from '../../src/core/catalogue/base-family';
import { byLines } from '../../src/core/image/control/suitable';
import type { StudioState } from '../../src/protocol/studio';
import type { Form } from './form';
import { familyOf, networksRefused } from './networks';

/** How an image can follow the lines of the sketch. */
export interface Lines {
  /** Why it cannot; undefined where it can, with a ControlNet. */
  readonly refused: string | undefined;
  /** The ControlNets of this machine that fit the model, the best for a sketch first. */
  readonly controlnets: readonly string[];
  /** The one that is used; undefined where there is none yet. */
  readonly chosen: string | undefined;
}

/** How an image of the form's model can follow the lines of the sketch. */
export function linesOf(
  form: Pick<Form, 'model' | 'controlnet'>,
  state: Pick<StudioState, 'models' | 'controlnets' | 'endpoints'>,
): Lines {
  const refused = networksRefused('controlnets', form.model, state);
  if (refused !== undefined) return { refused, controlnets: [], chosen: undefined };
  const family = familyOf(form.model, state);
  const controlnets = state.controlnets
    .filter((one) => baseFamily(one.family) === family)
    .map(({ id }) => id)
    .sort(byLines);
  const own = controlnets.find((id) => id === form.controlnet);
  return { refused, controlnets, chosen: own ?? controlnets[0] };
}

/** The ControlNets that are computed in each step: a T2I-Adapter is computed once. */
export function controlNetsOf({ chosen }: Lines): number {
  return chosen === undefined || /t2i-?adapter/i.test(chosen) ? 0 : 1;
}
