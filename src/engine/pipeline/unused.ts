import { requestField, type FieldName } from '../../core/request/fields';
import type { GenerationRequest } from '../../core/request/request';
import type { JobPlan } from './plan';

/**
 * What a request asks for and its image is drawn without, in sentences; diffusers ignores it without a word.
 * @param request as it was asked, without what its speed stands for
 */
export function unusedNotes(request: GenerationRequest, plan: JobPlan): string[] {
  return [
    ...withoutGuidance(request, plan),
    ...withoutImage(request, plan),
    ...withoutComposing(request, plan),
  ];
}

/** Stronger than any guidance that is asked for. */
const ANY_GUIDANCE = { guidanceScale: 2, imageGuidanceScale: 2 } as const;

function withoutGuidance(
  request: GenerationRequest,
  { guided, model, refining }: JobPlan,
): string[] {
  if (guided || refining?.guided) return [];
  const { guidanceRescale, guidanceInterval, negativePrompt, negativePrompt2 } = request;
  const unused = list([
    negativePrompt.trim() !== '' && 'negativePrompt',
    negativePrompt2 !== undefined && negativePrompt2.trim() !== '' && 'negativePrompt2',
    guidanceRescale > 0 && 'guidanceRescale',
    guidanceInterval && 'guidanceInterval',
  ]);
  if (unused === undefined) return [];
  const why = model.isGuided(ANY_GUIDANCE)
    ? `without guidance, the image follows the prompt alone. A guidanceScale above 1 turns it on`
    : `${model.id} is guided in a way of its own`;
  return [`${unused} not used: ${why}.`];
}

function withoutImage(request: GenerationRequest, { start }: JobPlan): string[] {
  if (request.initImage) return [];
  const unused = list([
    request.strength !== undefined && !start && 'strength',
    request.background !== requestField('background').default && 'background',
  ]);
  return unused === undefined ? [] : [`${unused} not used: there is no initial image.`];
}

function withoutComposing({ variation }: GenerationRequest, { model }: JobPlan): string[] {
  if (model.defaults.composes || variation === 0) return [];
  return [
    `variation is not used: ${model.id} does not compose its images, as the starter does. For another image, take another seed.`,
  ];
}

/** `a and b are`; undefined where there is none. */
function list(fields: readonly (FieldName | false | undefined)[]): string | undefined {
  const names = fields.filter((field) => field !== false && field !== undefined);
  if (names.length === 0) return undefined;
  return `${names.join(' and ')} ${names.length === 1 ? 'is' : 'are'}`;
}
