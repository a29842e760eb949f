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

/** Words for the mood of colours. They colour a ground and say nothing of a thing. */
export const MOODS =
  'warm|cool|earthy|earth tones|vivid|vibrant|saturated|bold|subtle|delicate|gentle|soft|monochrome|monochromatic|muted|desaturated|' +
  'autumnal|retro|vintage|luxury|luxurious|synthwave|vaporwave|cyberpunk|calming|vivid colors|vivid colours|vibrant colors|vibrant colours|warm colors|warm colours|cool colors|cool colours|' +
  'warm tones|cool tones|muted colors|muted colours|pastel colors|pastel colours|bold colors|bold colours';

/** Colours of a surface that words for a mood mean where no colour is named. */
export const MOOD_COLOURS: Readonly<Record<string, readonly string[]>> = {
  pastel: ['#dcebfb', '#f9d9e3', '#e6dcf8', '#d8f1e4'],
  neon: ['#1a1033', '#ff2bd6', '#19f0ff', '#b6ff3b'],
  muted: ['#e4e0da', '#a8b5a2', '#c9a9a6', '#8fa3b0'],
  desaturated: ['#d9dce0', '#a7adb5', '#c4bfb8', '#8d97a1'],
  warm: ['#ffb066', '#f56f55', '#ffd89b', '#e0455a'],
  cool: ['#7cc4f5', '#4f7bd9', '#b6ecec', '#6d6bd6'],
  earthy: ['#a9764a', '#d9b88a', '#75804f', '#8a4f35'],
  vivid: ['#7c3aed', '#ec3f8f', '#f5a020', '#06b6d4'],
  vibrant: ['#7c3aed', '#ec3f8f', '#f5a020', '#06b6d4'],
  saturated: ['#7c3aed', '#ec3f8f', '#f5a020', '#06b6d4'],
  bold: ['#2431d8', '#ff3d57', '#ffc22e', '#111a3a'],
  subtle: ['#f3f5f9', '#e2e8f1', '#eef0fa', '#dfe9ea'],
  delicate: ['#f3f5f9', '#e2e8f1', '#f7eef2', '#dfe9ea'],
  gentle: ['#eaf1fb', '#dfeee6', '#f6e9ee', '#e6e4f7'],
  soft: ['#eaf1fb', '#dfeee6', '#f6e9ee', '#e6e4f7'],
  monochrome: ['#f4f5f7', '#c3c8cf', '#868d97', '#3d434d'],
  monochromatic: ['#f4f5f7', '#c3c8cf', '#868d97', '#3d434d'],
  autumn: ['#c8552b', '#e59a3c', '#8c3b2a', '#f1cf8e'],
  autumnal: ['#c8552b', '#e59a3c', '#8c3b2a', '#f1cf8e'],
  retro: ['#e8c27d', '#cc6f4a', '#3f7d7b', '#f3e6c8'],
  vintage: ['#d9c3a0', '#b5826a', '#7d8471', '#efe6d5'],
  luxury: ['#14141c', '#c9a227', '#2b2a33'],
  luxurious: ['#14141c', '#c9a227', '#2b2a33'],
  synthwave: ['#1b0b3b', '#ff2e93', '#2de2e6', '#7a1fd1'],
  vaporwave: ['#ff9de2', '#8c82fc', '#7be8f0', '#3c1a6e'],
  cyberpunk: ['#120a2e', '#ff2a9d', '#14e0ff', '#5b1fd1'],
  calming: ['#cfe6f3', '#a9d3d8', '#dfeee6', '#b9c8ee'],
};

/** How much white is mixed into the colours of a mood. */
export const LIGHTER: Readonly<Record<string, number>> = {
  subtle: 0.7,
};

/** How much colourfulness a word leaves the colours that were named, as a factor. */
export const CHROMA: Readonly<Record<string, number>> = {
  muted: 0.5,
  subtle: 0.5,
  soft: 0.7,
  earthy: 0.7,
  desaturated: 0.4,
  vivid: 1.3,
  vibrant: 1.3,
  bold: 1.2,
  saturated: 1.3,
  monochrome: 1,
  monochromatic: 1,
};

/** The colours that the starter model knows, for a hex in a prompt. */
export const MODEL_COLOURS = 'red|orange|yellow|green|teal|blue|purple|pink|brown|black|white|gray';

/** Colours of a surface by the light that its words name: "sunset gradient". */
export const TIME_COLOURS: Readonly<Record<string, readonly string[]>> = {
  sunset: ['#ff7e5f', '#feb47b', '#7b4397'],
  dawn: ['#ffd3a5', '#fd9cb0', '#8fb8ed'],
  night: ['#0f1b3d', '#2b2a5e'],
};
