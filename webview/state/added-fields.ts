import { needsImage } from '../../src/core/catalogue/needs-image';
import { BASE_SHARE } from '../../src/core/diffusion/denoise';
import { pickFields, REQUEST_FIELDS } from '../../src/core/request/fields';
import { usualFreeU, type FreeU } from '../../src/core/request/free-u';
import type { GenerationRequest, GenerationRequestInput } from '../../src/core/request/request';
import { SEAMLESS_AXES, type SeamlessAxes } from '../../src/core/request/seamless';
import type { ModelEntry } from '../../src/protocol/engine';
import type { StudioState } from '../../src/protocol/studio';
import * as v from 'valibot';
import { t } from '../l10n';
import { elsewhereOf, notTaken } from './elsewhere';
import {
  FIELD_ADDITION_NAMES,
  fieldsOf,
  type AddedDetail,
  type FieldAddition,
} from './field-additions';
import type { Form } from './form';
import { familyOf } from './networks';

export type Hires = NonNullable<GenerationRequest['hires']>;

/** The second pass where the user has not said more: as the command line has it. */
export const USUAL_HIRES: Hires = v.parse(REQUEST_FIELDS.hires.schema, {});

/** The axes that an image repeats along where the user has not said: both. */
export const USUAL_AXES: SeamlessAxes = SEAMLESS_AXES[2];

/** Models that can go on from the form's model. */
export interface Refiners {
  /** Those that only refine, and then other models of SDXL; with one that is not on this machine where the form names it. */
  readonly listed: readonly { readonly id: string; readonly refines: boolean }[];
  /** The one that is used; undefined where there is no refiner yet. */
  readonly chosen: string | undefined;
}

/** What the cards of request fields show. */
export interface AddedFields {
  /** Why each cannot be used with the form's model; undefined where it can. */
  readonly refused: Readonly<Record<FieldAddition, string | undefined>>;
  /** What is left out, because the endpoint or the chosen refiner does not take it. */
  readonly idle: readonly AddedDetail[];
  readonly refiners: Refiners;
  /** The factors of FreeU where the user has not said: those for the model's family. */
  readonly freeu: FreeU;
}

type Known = Pick<StudioState, 'models' | 'endpoints'>;

/** @param isMasked whether a mask says which part of the sketch is drawn */
export function addedFieldsOf(form: Form, state: Known, isMasked: boolean): AddedFields {
  const refused = Object.fromEntries(
    FIELD_ADDITION_NAMES.map((addition) => [
      addition,
      refusal(addition, form.model, state, isMasked),
    ]),
  ) as Record<FieldAddition, string | undefined>;
  const refiners = refinersOf(form, state);
  return {
    refused,
    idle: idleDetails(form.model, state, refiners),
    refiners,
    freeu: usualFreeU(familyOf(form.model, state)),
  };
}

/** Whether an addition is in the next image. */
function usesAddition(
  addition: FieldAddition,
  { added }: Pick<Form, 'added'>,
  { refused }: Pick<AddedFields, 'refused'>,
): boolean {
  return added.includes(addition) && refused[addition] === undefined;
}

/** Whether the next image waits for a refiner that is not here. */
export function needsRefiner(form: Form, of: AddedFields): boolean {
  return usesAddition('refiner', form, of) && of.refiners.chosen === undefined;
}

type AddedRequest = Partial<GenerationRequestInput>;

const VALUES: Readonly<Record<FieldAddition, (form: Form, of: AddedFields) => AddedRequest>> = {
  hires: ({ hires = USUAL_HIRES, hiresUpscaler }) => ({
    hires,
    ...(hiresUpscaler !== undefined && { hiresUpscaler }),
  }),
  seamless: ({ seamless = USUAL_AXES }) => ({ seamless }),
  variations: ({ variationStrength, variationSeed }) => ({
    variationStrength,
    ...(variationSeed !== undefined && { variationSeed }),
  }),
  refiner: (form, { refiners: { chosen } }) => {
    if (chosen === undefined) return {};
    const { refinerFrom = BASE_SHARE, aestheticScore, negativeAestheticScore } = form;
    return {
      ...{ refiner: chosen, denoisingEnd: refinerFrom },
      ...(aestheticScore !== undefined && { aestheticScore }),
      ...(negativeAestheticScore !== undefined && { negativeAestheticScore }),
    };
  },
  secondPrompts: ({ prompt2 = '', negativePrompt2 = '' }) => ({
    ...(prompt2.trim() !== '' && { prompt2: prompt2.trim() }),
    ...(negativePrompt2.trim() !== '' && { negativePrompt2: negativePrompt2.trim() }),
  }),
  pag: (form) => pickFields(form, ['pagScale', 'pagAdaptiveScale', 'pagAppliedLayers']),
  freeu: ({ freeu }, { freeu: usual }) => ({ freeu: freeu ?? usual }),
  guidanceRescale: ({ guidanceRescale }) => ({ guidanceRescale }),
  clipSkip: ({ clipSkip }) => ({ clipSkip }),
};

/** The fields of a request that the cards stand for. */
export function addedRequest(form: Form, of: AddedFields): AddedRequest {
  const used = FIELD_ADDITION_NAMES.filter((addition) => usesAddition(addition, form, of));
  const said = used.flatMap((addition) => Object.entries(VALUES[addition](form, of)));
  const idle: readonly string[] = of.idle;
  return Object.fromEntries(said.filter(([field]) => !idle.includes(field)));
}

/** What of a model decides what it can do. */
function traitsOf(model: string, { models }: Known) {
  const entry = models.find(({ id }) => id === model);
  const { defaults } = entry ?? {};
  return {
    ...{ composes: defaults?.composes, inpaints: defaults?.inpaints },
    changes: needsImage(defaults ?? {}),
    isExported: entry?.precision === 'ONNX',
    // Its UNet and its text encoder are used in a way of their own.
    enlargesLatents: entry?.pipeline === 'StableDiffusionLatentUpscalePipeline',
    // What is not known is left to the engine.
    isXl: defaults === undefined || defaults.xl === true,
  };
}

/** Why an addition cannot be used; undefined where it can. The engine refuses the same. */
function refusal(
  addition: FieldAddition,
  modelId: string,
  state: Known,
  isMasked: boolean,
): string | undefined {
  const elsewhere = elsewhereOf(modelId, state);
  if (elsewhere) {
    const fields = fieldsOf(addition).filter((field) => field !== 'refinerFrom');
    if (!elsewhere.abilities) return t('endpointNotTaken', elsewhere.endpoint.host);
    return fields.map((field) => notTaken(elsewhere, field)).find((why) => why !== undefined);
  }
  const model = traitsOf(modelId, state);
  switch (addition) {
    case 'hires':
      if (model.composes) return t('hiresComposes');
      if (model.changes) return t('notForEditing');
      return isMasked ? t('notWithMask') : undefined;
    case 'seamless':
      if (model.composes) return t('seamlessComposes');
      return model.isExported ? t('notForGraphs') : undefined;
    case 'refiner':
      if (!model.isXl) return t('refinerForXl');
      return model.changes || model.inpaints ? t('refinerForBase') : undefined;
    case 'secondPrompts':
      return model.isXl ? undefined : t('secondPromptsForXl');
    case 'pag':
      if (model.changes) return t('notForEditing');
      return model.isExported ? t('notForGraphs') : undefined;
    case 'freeu':
    case 'clipSkip':
      if (model.enlargesLatents) return t('notForLatentUpscaler');
      return model.isExported ? t('notForGraphs') : undefined;
    case 'variations':
    case 'guidanceRescale':
      return undefined;
  }
}

function idleDetails(
  model: string,
  state: Known,
  { listed, chosen }: Refiners,
): readonly AddedDetail[] {
  const elsewhere = elsewhereOf(model, state);
  const scores = ['aestheticScore', 'negativeAestheticScore'] as const;
  // Another model of SDXL is told no score.
  const isTold = listed.some(({ id, refines }) => id === chosen && refines);
  return [
    ...(['hiresUpscaler', 'pagAppliedLayers'] as const).filter((field) =>
      notTaken(elsewhere, field),
    ),
    ...(isTold ? [] : scores),
  ];
}

function refinersOf({ model, refiner }: Form, { models }: Known): Refiners {
  const listed = models
    .filter(({ id, defaults }) => id !== model && canRefine(defaults))
    .map(({ id, defaults }) => ({ id, refines: defaults?.refines === true }))
    .sort((one, other) => Number(other.refines) - Number(one.refines));
  const isMissing = refiner !== undefined && !listed.some(({ id }) => id === refiner);
  return {
    listed: isMissing ? [{ id: refiner, refines: true }, ...listed] : listed,
    chosen: refiner ?? listed.find((one) => one.refines)?.id,
  };
}

function canRefine(defaults: ModelEntry['defaults']): boolean {
  if (defaults?.refines) return true;
  return defaults?.xl === true && !defaults.edits && !defaults.inpaints;
}
