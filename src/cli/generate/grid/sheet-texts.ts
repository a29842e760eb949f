import type { Recipe, RecipeRequest } from '../../../core/recipe';
import { GRID } from '../../../core/recipe/readers/easel';
import type { GridPlan } from './plan';

/** The axes in the words of the options: `steps=4,8 guidance-scale=1,3`. */
export function axesText({ axes }: GridPlan): string {
  return axes
    .map(({ name, values }) => {
      const between = values.some((value) => value.includes(',')) ? '|' : ',';
      // One that is there again has a number after its name.
      return `${name.replace(/ \(\d+\)$/, '')}=${values.join(between)}`;
    })
    .join(' ');
}

/**
 * The recipe of a sheet: that of an image on it, with the prompt as it was typed, and the axes.
 * @param first the recipe of an image; undefined where images have none
 */
export function sheetRecipe(plan: GridPlan, first: Recipe | undefined): Recipe | undefined {
  return (
    first && {
      ...first,
      request: { ...first.request, prompt: plan.title },
      details: { [GRID]: axesText(plan) },
    }
  );
}

/** Fields that are told below the title, by the name of their option. */
const TOLD: readonly (readonly [
  axis: string,
  tell: (request: RecipeRequest) => string | undefined,
])[] = [
  ['model', ({ model }) => model],
  ['seed', ({ seed }) => (seed === undefined ? undefined : `seed ${seed}`)],
  ['steps', ({ steps }) => (steps === undefined ? undefined : `steps ${steps}`)],
  [
    'guidance-scale',
    ({ guidanceScale }) => (guidanceScale === undefined ? undefined : `guidance ${guidanceScale}`),
  ],
  ['scheduler', ({ scheduler }) => scheduler],
  ['style', ({ style }) => style?.name],
];

/** What all images of a grid have in common, in one line. */
export function commonText({ axes }: GridPlan, first: Recipe | undefined): string {
  if (!first) return '';
  const varied = new Set(axes.map(({ name }) => name));
  const told: readonly string[] = TOLD.filter(([axis]) => !varied.has(axis)).flatMap(
    ([, tell]) => tell(first.request) ?? [],
  );
  return told.join(' · ');
}
