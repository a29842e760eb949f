import * as vscode from 'vscode';
import type { Recipe } from '../../core/recipe';
import { otherOptions } from '../../core/recipe/other-options';
import type { RecipeField } from '../../core/request/fields';
import { writeLoraWeights } from '../../core/request/lora-weights';
import { modelName } from '../models/model-words';

/** One line of a recipe as the user sees it. */
export interface RecipeFact {
  readonly label: string;
  readonly value: string;
}

/** The fields that have words of their own, or that `details` tell. */
const SAID: readonly RecipeField[] = [
  ...([
    'prompt',
    'negativePrompt',
    'prompt2',
    'negativePrompt2',
    'style',
    'model',
    'seed',
  ] as const),
  ...(['steps', 'guidanceScale', 'width', 'height', 'scheduler', 'strength', 'loras'] as const),
  ...(['upscale', 'transparent'] as const),
];

/** Every field of a recipe, the prompts first. Those of few images go by the names of their options. */
export function recipeFacts(recipe: Recipe): RecipeFact[] {
  const { t } = vscode.l10n;
  const { request, tool, toolVersion, details } = recipe;
  const { strength, loras = [] } = request;
  const known: readonly (readonly [string, string | number | undefined])[] = [
    [t('Prompt'), request.prompt],
    [t('Negative prompt'), request.negativePrompt],
    [t('Second prompt'), request.prompt2],
    [t('Second negative prompt'), request.negativePrompt2],
    [t('Style'), request.style?.name],
    [t('Model'), modelOf(recipe)],
    [t('Seed'), request.seed],
    [t('Steps'), request.steps],
    [t('Guidance'), request.guidanceScale],
    [t('Size'), sizeOf(recipe)],
    [t('Scheduler'), request.scheduler],
    [t('Strength'), strength],
    [t('LoRA'), loras.map(loraWords).join(', ')],
    [t('Transparent background'), request.transparent ? t('yes') : undefined],
    [t('Drawn with'), [tool, toolVersion].filter(Boolean).join(' ')],
    ...otherOptions(request, SAID).map(
      ({ option, values }) => [`--${option}`, values.join(', ') || t('yes')] as const,
    ),
    ...Object.entries(details),
  ];
  return known.flatMap(([label, value]) =>
    value === undefined || value === '' ? [] : [{ label, value: String(value) }],
  );
}

/** A recipe's settings on one line. */
export function recipeLine(recipe: Recipe): string {
  const { t } = vscode.l10n;
  const { request, tool } = recipe;
  const { seed, steps, style } = request;
  const parts = [
    modelOf(recipe),
    seed === undefined ? undefined : t('seed {0}', seed),
    steps === undefined ? undefined : steps === 1 ? t('1 step') : t('{0} steps', steps),
    sizeOf(recipe),
    style?.name,
    tool === 'Easel' ? undefined : tool,
  ];
  return parts.filter(Boolean).join(' · ');
}

/** The model as users know it: by its name where it is one of Easel's, else as the other tool writes it. */
function modelOf({ tool, model, request }: Recipe): string | undefined {
  const id = model ?? request.model;
  return id !== undefined && tool === 'Easel' ? modelName(id) : id;
}

/** The size of the file, else the size that was drawn. */
function sizeOf({ request: { fit, width, height } }: Recipe): string | undefined {
  const size = fit ?? (width && height ? { width, height } : undefined);
  return size && `${size.width} × ${size.height}`;
}

function loraWords({
  path,
  scale = 1,
  weights,
}: NonNullable<Recipe['request']['loras']>[number]): string {
  return [`${path}: ${scale}`, writeLoraWeights(weights)].filter(Boolean).join(', ');
}
