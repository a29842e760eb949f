import { CompositionSchema, PaletteSchema } from '../../composition/composition';
import { GROUND_HELP, GroundChoiceSchema } from '../../composition/ground-choice';
import { readColours, readNumber, readWord } from '../option-values';
import type { RequestField } from './field';
import { LIMITS } from './limits';
import { integerIn } from './values';

/** What models that compose, such as the starter, are told. */
export const COMPOSING_FIELDS = {
  /**
   * What lies behind the subject, for models that compose (the starter); `auto` reads it from the prompt,
   * `none` draws the prompt as it is. Any other model starts from a ground that is named here.
   */
  ground: {
    schema: GroundChoiceSchema,
    default: 'auto',
    option: {
      name: 'ground',
      value: 'NAME',
      help: `what lies behind the subject: ${GROUND_HELP} (default auto: from the prompt)`,
      read: readWord,
    },
    setting: true,
    form: { control: 'custom', label: 'Ground' },
    tool: `What lies behind the subject with the starter model: ${GROUND_HELP}. "auto" reads it from the prompt ("a boat on the sea at dawn"), "none" draws the prompt without a composition, "transparent" leaves it out. Default: the user's setting.`,
  },
  /** The colours of a brand, the most important first: grounds and drawings take theirs from here. */
  palette: {
    schema: PaletteSchema,
    default: [],
    option: {
      name: 'palette',
      value: '#A,#B',
      help: 'colours of a brand for grounds and drawings, such as #0066cc,#ffcc00',
      read: readColours,
    },
    setting: true,
    form: { control: 'custom', label: 'Palette' },
    tool: 'Colours of the brand or page as #rrggbb, the most important first: grounds, patterns and vector drawings take theirs from here. Leave out for colours that suit the prompt.',
  },
  /** What the image is composed of; wins over the words of the prompt. */
  composition: { schema: CompositionSchema },
  /**
   * Which reading of the prompt is drawn, with a model that composes: 0 is the plain one, others change the
   * style, colours, place and ground. Image k of a job has variation + k.
   */
  variation: {
    schema: integerIn(LIMITS.variation),
    default: 0,
    option: {
      name: 'variation',
      value: 'N',
      help: 'another style, colour, place and ground with the starter; image k has variation + k (default 0)',
      read: readNumber,
    },
    form: { control: 'custom', label: 'Variation' },
  },
} as const satisfies Readonly<Record<string, RequestField>>;
