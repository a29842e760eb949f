import { EaselError } from '../errors';
import type { Size } from '../image/resize';
import { FIELD_NAMES, requestField, type FieldName } from '../request/fields';
import type { GenerationRequestInput } from '../request/request';

/** What an endpoint can do with a request. */
export interface EndpointAbilities {
  /** The fields of a request that it takes. */
  readonly fields: readonly FieldName[];
  /** The only sizes that it draws in; never empty. Absent: any. */
  readonly sizes?: readonly Size[];
  /** Whether it tells how far a job is. */
  readonly progress: boolean;
  /** Whether it sends images of unfinished steps. */
  readonly previews: boolean;
  /** Whether a cancelled job ends there too; else it goes on, and its image is thrown away. */
  readonly cancels: boolean;
}

/** Fields that say how this machine computes, or what is done here with the finished image. */
const OWN_FIELDS: readonly FieldName[] = [
  ...(['prompt', 'endpoint', 'model', 'device', 'precision', 'speed', 'vaeTiling'] as const),
  'safetyChecker',
  ...(['preview', 'metadata', 'format', 'fit', 'transparent', 'style', 'background'] as const),
];

/** Why an endpoint cannot take a field, for the fields that no endpoint takes. */
const LOCAL_ONLY: Readonly<Partial<Record<FieldName, string>>> = {
  ground: 'grounds are composed by the starter model of this machine',
  palette: 'palettes are for the grounds of this machine',
  variation: 'variations are made by the starter model of this machine',
  composition: 'images are composed by the starter model of this machine',
  controlnets: 'ControlNets and T2I-Adapters are added to models of this machine',
};

/** Whether a request says something with a field, other than what it means without it. */
function isSet(name: FieldName, value: unknown): boolean {
  const usual = requestField(name).default;
  return value !== undefined && JSON.stringify(value) !== JSON.stringify(usual);
}

/** The name of a field as the user gives it. */
function shownField(name: FieldName): string {
  const { option } = requestField(name);
  return option ? `--${option.name}` : name;
}

/** A request as an endpoint takes it. */
interface Fitted {
  readonly request: GenerationRequestInput;
  /** What was left out, as the user gives it, with the reason where there is one: a sentence. Absent: nothing. */
  readonly leftOut?: string;
}

/**
 * A request without what an endpoint would not honour.
 * @param leaveOut for fronts that fill fields from settings. Absent: what it does not take is an error
 * @throws EaselError `not-supported` naming each field
 */
export function fitRequest(
  request: GenerationRequestInput,
  abilities: EndpointAbilities,
  { endpoint, leaveOut = false }: { readonly endpoint: string; readonly leaveOut?: boolean },
): Fitted {
  const refused = FIELD_NAMES.filter(
    (field) =>
      isSet(field, request[field]) &&
      !OWN_FIELDS.includes(field) &&
      !abilities.fields.includes(field),
  );
  if (refused.length === 0) return { request };
  if (!leaveOut) {
    const what = refused.length > 1 ? 'them' : 'it';
    throw new EaselError(
      'not-supported',
      `${refusal(refused, endpoint)} Leave ${what} out, or draw on this machine.`,
      { fields: refused },
    );
  }
  const fitted = Object.fromEntries(
    Object.entries(request).filter(([field]) => !refused.some((one) => one === field)),
  );
  // Such a front chooses a seed for each request that names none.
  const told = refused.filter((field) => field !== 'seed');
  return {
    request: { ...fitted, prompt: request.prompt },
    ...(told.length > 0 && { leftOut: refusal(told, endpoint) }),
  };
}

function refusal(fields: readonly FieldName[], endpoint: string): string {
  const reasons = [...new Set(fields.flatMap((field) => LOCAL_ONLY[field] ?? []))];
  const why = reasons.length > 0 ? ` (${reasons.join('; ')})` : '';
  return `The endpoint ${endpoint} does not take ${fields.map(shownField).join(', ')}${why}.`;
}
