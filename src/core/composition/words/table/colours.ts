/** Colour words that are read as colours. Words of things ("peach", "rose") are so only before "background". */
export const COLOURS =
  'red|orange|yellow|green|teal|blue|purple|pink|brown|black|white|gray|grey|beige|navy|cyan|turquoise|magenta|violet|' +
  'indigo|lilac|lavender|maroon|burgundy|crimson|scarlet|gold|golden|silver|bronze|cream|ivory|mint|aqua|azure|cobalt|' +
  'emerald|amber|coral|fuchsia|mauve|khaki|tan|charcoal|ochre|mustard|rust|terracotta|sage|petrol|anthracite|reddish|' +
  'greenish|bluish|yellowish|pinkish|off white|rose gold|navy blue|royal blue|sky blue|baby blue|baby pink|hot pink|' +
  'forest green|olive green|mint green|lime green|dusty rose|dusty pink|electric blue|neon green|neon pink|ice blue|ocean blue|' +
  'brick red|blood red|midnight blue|steel blue|slate blue|sea green|dark|light';

/** Words of things that are colours too, directly before a ground or a colour. */
export const COLOUR_THINGS =
  'rose|peach|cherry|olive|lemon|lime|plum|salmon|champagne|moss|caramel|apricot|raspberry|ruby|jade|sapphire|slate|' +
  'midnight|graphite|aubergine|eggplant|copper|orange|tangerine';

/** The colours that the starter model knows, for a hex in a prompt. */
export const MODEL_COLOURS = 'red|orange|yellow|green|teal|blue|purple|pink|brown|black|white|gray';

/** Colours of a surface by the light that its words name: "sunset gradient". */
export const TIME_COLOURS: Readonly<Record<string, readonly string[]>> = {
  sunset: ['#ff7e5f', '#feb47b', '#7b4397'],
  dawn: ['#ffd3a5', '#fd9cb0', '#8fb8ed'],
  night: ['#0f1b3d', '#2b2a5e'],
};
