import type { EndpointAbilities } from '../../src/core/endpoints/abilities';
import { splitEndpointModel } from '../../src/core/endpoints/endpoint';
import type { FieldName } from '../../src/core/request/fields';
import type { GenerationRequestInput } from '../../src/core/request/request';
import type { StudioEndpoint, StudioState } from '../../src/protocol/studio';
import { t } from '../l10n';

/** Where a model of an endpoint draws, and what it takes. */
export interface Elsewhere {
  readonly endpoint: StudioEndpoint;
  /** As the service names it; empty for the endpoint's own. */
  readonly model: string;
  /** Absent: not known yet, so that everything can be set. */
  readonly abilities: EndpointAbilities | undefined;
}

/** Where a model draws, as a request names it; undefined for one of this machine. */
export function elsewhereOf(
  model: string,
  { endpoints }: Pick<StudioState, 'endpoints'>,
): Elsewhere | undefined {
  const split = splitEndpointModel(model);
  const endpoint = split && endpoints.find(({ name }) => name === split.endpoint);
  if (!endpoint) return undefined;
  const abilities = endpoint.abilitiesOf[model] ?? endpoint.abilities;
  return { endpoint, model: split.model, abilities };
}

/** Fields that are about what the starter composes, which no endpoint does. */
const COMPOSED: readonly FieldName[] = ['ground', 'palette', 'variation', 'composition'];
/** Fields that the page asks for, and that an endpoint may not take. */
const ASKED = [
  ...(['negativePrompt', 'seed', 'steps', 'guidanceScale', 'scheduler', 'numImages'] as const),
  ...(['width', 'height', 'initImage', 'strength', 'mask', 'ground', 'palette'] as const),
] as const satisfies readonly FieldName[];

/** Why a field cannot be set for a model; undefined where it can. */
export function notTaken(elsewhere: Elsewhere | undefined, field: FieldName): string | undefined {
  if (!elsewhere) return undefined;
  if (COMPOSED.includes(field)) return t('endpointComposes');
  const { abilities, endpoint } = elsewhere;
  if (!abilities || abilities.fields.includes(field)) return undefined;
  return t('endpointNotTaken', endpoint.host);
}

/** The labels of what an endpoint does not take, for one line under the settings. */
export function notTakenLabels(elsewhere: Elsewhere): readonly string[] {
  const labels: readonly (readonly [FieldName, string])[] = [
    ['width', t('size')],
    ['numImages', t('endpointSeveral')],
    ['steps', t('steps.label')],
    ['guidanceScale', t('guidanceScale.label')],
    ['seed', t('seed.label')],
    ['negativePrompt', t('negativePrompt.label')],
    ['scheduler', t('scheduler.label')],
    ['initImage', t('sketch')],
    ['mask', t('endpointMask')],
  ];
  return labels.flatMap(([field, label]) => (notTaken(elsewhere, field) ? label : []));
}

/** A request without what the form shows as not taken. */
export function withoutRefused(
  request: GenerationRequestInput,
  elsewhere: Elsewhere | undefined,
): GenerationRequestInput {
  const refused: readonly string[] = ASKED.filter((field) => notTaken(elsewhere, field));
  const kept = Object.entries(request).filter(([field]) => !refused.includes(field));
  return { ...Object.fromEntries(kept), prompt: request.prompt };
}
