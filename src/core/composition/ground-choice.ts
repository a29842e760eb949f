import * as v from 'valibot';
import {
  type Composition,
  formsOf,
  type Ground,
  GROUND_NAMES,
  type GroundName,
} from './composition';

/** How the grounds that a request can name are listed for users. */
export const GROUND_HELP = `auto, none, transparent, #rrggbb, ${GROUND_NAMES.join(', ')}`;

const OTHER_CHOICES: readonly string[] = ['auto', 'none', 'transparent', ...GROUND_NAMES];
const COLOUR = /^#[0-9a-f]{6}$/;

/** The value of a request's `ground`, in lower case and with dashes: "Linear gradient" is `linear-gradient`. */
export const GroundChoiceSchema = v.pipe(
  v.string(),
  v.trim(),
  v.toLowerCase(),
  v.transform((text) => text.replace(/[\s_]+/g, '-')),
  v.check(
    (text) => OTHER_CHOICES.includes(text) || COLOUR.test(text),
    `must be one of ${GROUND_HELP}`,
  ),
);

/**
 * The ground that a request names itself.
 * @param choice a valid value of the field `ground`
 * @returns undefined for `auto` and `none`, which name none
 */
export function namedGround(choice: string): Composition['ground'] {
  if (choice === 'auto' || choice === 'none') return undefined;
  if (choice === 'transparent') return 'transparent';
  if (COLOUR.test(choice)) return { name: 'plain', colours: [choice] };
  return { name: choice as GroundName };
}

/** A ground by its name, in the light and colours that the words of the prompt ask for. */
export function inAskedLight(
  named: Ground | 'transparent',
  asked: Composition['ground'],
): Ground | 'transparent' {
  if (named === 'transparent' || asked === undefined || asked === 'transparent') return named;
  const { time, colours, dark, form } = asked;
  return {
    ...(form !== undefined && formsOf(named.name).includes(form) && { form }),
    ...(time !== undefined && { time }),
    ...(colours !== undefined && { colours }),
    ...(dark !== undefined && { dark }),
    ...named,
  };
}
