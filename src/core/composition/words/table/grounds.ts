import type { Form, SceneName, SURFACES, Time } from '../../composition';

/**
 * Words for surfaces and their forms. `sure`: they mean it alone ("a gradient"); the others only with "background"
 * or "pattern".
 */
export const SURFACE_WORDS: readonly {
  readonly name: (typeof SURFACES)[number];
  readonly form?: Form;
  readonly sure?: true;
  readonly words: string;
}[] = [
  {
    name: 'mesh-gradient',
    sure: true,
    words:
      'abstract gradient|mesh gradient|gradient mesh|blurred gradient|' +
      'aurora gradient|smooth gradient|colorful gradient|colourful gradient|' +
      'holographic|iridescent|glassmorphism|blurry gradient|fluid gradient|' +
      'multicolor gradient|rainbow gradient',
  },
  {
    name: 'mesh-gradient',
    words:
      'abstract|watercolor|watercolour|blurred|blurry|aurora|glow|glowing|soft|' +
      'silk|fluid|liquid|colorful',
  },
  {
    name: 'linear-gradient',
    sure: true,
    words: 'gradient|gradients|linear gradient|colour gradient|color gradient|ombre|fade',
  },
  {
    name: 'radial-gradient',
    sure: true,
    words: 'radial gradient|circular gradient|vignette|spotlight gradient|radial',
  },
  {
    name: 'waves',
    form: 'layers',
    sure: true,
    words: 'layered waves|wavy layers|paper cut waves',
  },
  {
    name: 'waves',
    form: 'lines',
    sure: true,
    words: 'wavy lines|wave lines|flowing lines|line waves|wave line',
  },
  {
    name: 'waves',
    form: 'rings',
    sure: true,
    words: 'concentric circles|concentric rings|ripple rings|water ripples',
  },
  {
    name: 'waves',
    sure: true,
    words:
      'wave divider|wavy divider|section divider|page divider|divider|wavy|abstract waves|wavy shapes|wave pattern',
  },
  {
    name: 'waves',
    form: 'rings',
    words: 'ripples|rings|ripple',
  },
  {
    name: 'waves',
    words: 'waves|wave|curves|curvy|swirl|swirls|swoosh|flowing',
  },
  {
    name: 'blobs',
    form: 'memphis',
    sure: true,
    words: 'memphis|memphis style|memphis design|memphis shapes|memphis pattern',
  },
  {
    name: 'blobs',
    form: 'terrazzo',
    sure: true,
    words: 'terrazzo|terrazzo pattern|terrazzo texture',
  },
  {
    name: 'blobs',
    sure: true,
    words:
      'blob|blobs|organic shapes|abstract shapes|abstract blobs|amoeba shapes|' + 'fluid shapes',
  },
  {
    name: 'blobs',
    form: 'camouflage',
    words: 'camouflage|camo|camouflage pattern',
  },
  {
    name: 'blobs',
    form: 'memphis',
    words: 'squiggles',
  },
  {
    name: 'blobs',
    words: 'shapes|organic|lava lamp|spots',
  },
  {
    name: 'dots',
    form: 'polka',
    sure: true,
    words: 'polka dots|polka dot|polkadots|polkadot|polka-dots|dotted|dots',
  },
  {
    name: 'dots',
    form: 'rows',
    sure: true,
    words: 'dot grid|dotted grid|grid of dots|dot matrix|bullet journal',
  },
  {
    name: 'dots',
    form: 'halftone',
    sure: true,
    words: 'halftone|half tone|halftone dots|comic dots|pop art dots',
  },
  {
    name: 'dots',
    form: 'bokeh',
    sure: true,
    words:
      'bokeh|bokeh lights|blurred lights|lights out of focus|out of focus lights|' +
      'blurry lights',
  },
  {
    name: 'dots',
    form: 'confetti',
    sure: true,
    words:
      'confetti pattern|confetti background|confetti dots|falling confetti|' + 'party confetti',
  },
  {
    name: 'dots',
    form: 'scattered',
    sure: true,
    words: 'scattered dots|random dots|dot pattern|speckles|speckled',
  },
  {
    name: 'dots',
    form: 'confetti',
    words: 'confetti|sprinkles',
  },
  {
    name: 'dots',
    form: 'scattered',
    words: 'dot|spotted|bubbles dots|particles|circles',
  },
  {
    name: 'stripes',
    form: 'diagonal',
    sure: true,
    words:
      'diagonal stripes|diagonal lines|slanted stripes|slanted lines|candy stripes|' +
      'candy cane stripes|diagonal striped',
  },
  {
    name: 'stripes',
    form: 'horizontal',
    sure: true,
    words:
      'horizontal stripes|horizontal lines|breton stripes|sailor stripes|' + 'horizontal striped',
  },
  {
    name: 'stripes',
    form: 'vertical',
    sure: true,
    words: 'vertical stripes|vertical lines|vertical striped|vertical bars',
  },
  {
    name: 'stripes',
    form: 'awning',
    sure: true,
    words: 'awning stripes|deckchair stripes|deck chair stripes',
  },
  {
    name: 'stripes',
    form: 'pinstripe',
    sure: true,
    words: 'pinstripes|pinstripe|pin stripes|pin stripe|pinstriped',
  },
  {
    name: 'stripes',
    form: 'chevron',
    sure: true,
    words:
      'chevron|chevrons|zigzag|zig zag|zig-zag|zigzags|chevron stripes|' +
      'zigzag lines|zigzag stripes',
  },
  {
    name: 'stripes',
    form: 'rays',
    sure: true,
    words:
      'sunburst|sun burst|starburst|sun rays|sunrays|sunbeams|light rays|' +
      'radial rays|retro rays|comic rays',
  },
  {
    name: 'stripes',
    sure: true,
    words: 'stripes|striped|stripe',
  },
  {
    name: 'stripes',
    form: 'rays',
    words: 'rays|beams',
  },
  {
    name: 'stripes',
    words: 'lines|bars',
  },
  {
    name: 'grid',
    form: 'paper',
    sure: true,
    words:
      'graph paper|squared paper|grid paper|millimeter paper|millimetre paper|' +
      'blueprint|blueprint grid|engineering paper|quad paper|math paper',
  },
  {
    name: 'grid',
    form: 'ruled',
    sure: true,
    words: 'lined paper|ruled paper|notebook paper|notebook lines|writing paper',
  },
  {
    name: 'grid',
    form: 'checkerboard',
    sure: true,
    words:
      'checkered|checkerboard|chequered|checked|chessboard|chess board|' +
      'checker board|checkers pattern|racing flag|checkered flag pattern',
  },
  {
    name: 'grid',
    form: 'gingham',
    sure: true,
    words: 'gingham|vichy|picnic blanket pattern|tablecloth pattern',
  },
  {
    name: 'grid',
    form: 'plaid',
    sure: true,
    words: 'plaid|tartan|lumberjack|flannel|madras|scottish',
  },
  {
    name: 'grid',
    form: 'argyle',
    sure: true,
    words: 'argyle|argyll|argyle pattern',
  },
  {
    name: 'grid',
    form: 'isometric',
    sure: true,
    words: 'isometric grid|isometric lines|isometric paper|triangle grid|triangular grid',
  },
  {
    name: 'grid',
    form: 'perspective',
    sure: true,
    words:
      'cyber grid|synthwave grid|neon grid|retro grid|perspective grid|synthwave|' +
      'vaporwave|retrowave|outrun',
  },
  {
    name: 'grid',
    form: 'circuit',
    sure: true,
    words:
      'circuit board|circuit pattern|circuitry|circuit lines|circuit board pattern|' +
      'pcb|printed circuit',
  },
  {
    name: 'grid',
    form: 'network',
    sure: true,
    words:
      'network lines|connected dots|connecting dots|plexus|dots and lines|' +
      'lines and dots|neural network|blockchain|network pattern|network mesh',
  },
  {
    name: 'grid',
    form: 'crosses',
    sure: true,
    words:
      'plus signs|plus pattern|plus sign pattern|crosses pattern|swiss cross|' + 'cross pattern',
  },
  {
    name: 'grid',
    sure: true,
    words: 'grid|grid lines',
  },
  {
    name: 'grid',
    form: 'squares',
    words: 'squares|lined',
  },
  {
    name: 'grid',
    form: 'circuit',
    words: 'circuit|electronics',
  },
  {
    name: 'grid',
    form: 'network',
    words:
      'network|tech|technology|digital|data|cyber|connections|constellation|' +
      'constellations|molecules',
  },
  {
    name: 'grid',
    words: 'net|mesh|matrix',
  },
  {
    name: 'tiles',
    form: 'low-poly',
    sure: true,
    words:
      'low poly|lowpoly|low-poly|polygons|polygon|polygonal|low poly triangles|' +
      'polygon mesh|geometric polygons|faceted',
  },
  {
    name: 'tiles',
    form: 'triangles',
    sure: true,
    words:
      'triangles pattern|triangular|triangle pattern|geometric triangles|' +
      'triangle tiles|triangle mosaic',
  },
  {
    name: 'tiles',
    form: 'hexagons',
    sure: true,
    words:
      'hexagons|hexagon|hexagonal|honeycomb|hexagon pattern|hexagon grid|' +
      'hex grid|hexagonal grid|hexagon tiles|hexagonal tiles|hexagonal pattern|' +
      'beehive pattern',
  },
  {
    name: 'tiles',
    form: 'cubes',
    sure: true,
    words:
      'isometric cubes|isometric blocks|3d cubes|cube pattern|cubes pattern|' +
      'tumbling blocks|isometric cube pattern|isometric pattern',
  },
  {
    name: 'tiles',
    form: 'diamonds',
    sure: true,
    words: 'harlequin|rhombus pattern|diamond pattern|diamond tiles|rhombuses|rhombus|' + 'rhombs',
  },
  {
    name: 'tiles',
    form: 'mosaic',
    sure: true,
    words:
      'mosaic|mosaic tiles|pixel mosaic|pixels pattern|bathroom tiles|' +
      'square tiles|pixel blocks|kitchen tiles',
  },
  {
    name: 'tiles',
    form: 'scales',
    sure: true,
    words:
      'fish scales|mermaid scales|seigaiha|scallops|scallop|scalloped|fish scale|' +
      'japanese waves|japanese wave pattern|art deco fans|dragon scales',
  },
  {
    name: 'tiles',
    form: 'arcs',
    sure: true,
    words: 'truchet|maze|labyrinth|pipes pattern|maze pattern',
  },
  {
    name: 'tiles',
    form: 'quarters',
    sure: true,
    words: 'bauhaus|mid century|mid-century|midcentury|quarter circles|' + 'scandinavian shapes',
  },
  {
    name: 'tiles',
    form: 'bricks',
    sure: true,
    words:
      'brick wall pattern|brick pattern|bricks pattern|brickwork|brick texture|' +
      'brick wall texture|subway tiles|metro tiles',
  },
  {
    name: 'tiles',
    form: 'herringbone',
    sure: true,
    words:
      'herringbone|herring bone|parquet|herringbone pattern|herringbone floor|' + 'wood parquet',
  },
  {
    name: 'tiles',
    form: 'houndstooth',
    sure: true,
    words: 'houndstooth|hounds tooth|dogtooth|pepita',
  },
  {
    name: 'tiles',
    sure: true,
    words:
      'geometric|geometric shapes|geometric pattern|tessellation|tiling shapes|' +
      'moroccan tiles|geometric tiles',
  },
  {
    name: 'tiles',
    form: 'triangles',
    words: 'triangles',
  },
  {
    name: 'tiles',
    form: 'diamonds',
    words: 'diamonds',
  },
  {
    name: 'tiles',
    form: 'cubes',
    words: 'cubes|blocks',
  },
  {
    name: 'tiles',
    form: 'low-poly',
    words: 'crystals|facets|prism',
  },
  {
    name: 'tiles',
    form: 'scales',
    words: 'art deco|scales',
  },
  {
    name: 'tiles',
    form: 'bricks',
    words: 'brick wall|bricks|brick',
  },
  {
    name: 'tiles',
    form: 'mosaic',
    words: 'pixels|pixelated',
  },
  {
    name: 'tiles',
    words: 'tiles',
  },
  {
    name: 'noise',
    form: 'contours',
    sure: true,
    words:
      'topographic|topographic lines|contour lines|topography|topographic map|' +
      'contour map|topo map|height lines|topo lines|elevation lines|topographical|' +
      'contours|map lines|topo',
  },
  {
    name: 'noise',
    form: 'grain',
    sure: true,
    words: 'noise|grain|grainy|film grain|noise texture|static noise|noisy',
  },
  {
    name: 'noise',
    form: 'paper',
    sure: true,
    words: 'paper texture|concrete|grunge|concrete wall|paper grain',
  },
  {
    name: 'noise',
    form: 'wood',
    sure: true,
    words:
      'wood grain|wood texture|wood planks|wooden planks|wooden boards|' +
      'wood boards|wood panel|wood paneling|wooden floor|wooden texture|' +
      'floorboards|planks',
  },
  {
    name: 'noise',
    form: 'marble',
    sure: true,
    words: 'marble|marble texture|marbled|marble stone',
  },
  {
    name: 'noise',
    form: 'wood',
    words: 'wood|wooden',
  },
  {
    name: 'noise',
    form: 'paper',
    words:
      'paper|sand|stone|rough|fabric|linen|canvas|leather|denim|metal|' +
      'plaster|wall|chalkboard|cardboard',
  },
  {
    name: 'noise',
    form: 'grain',
    words: 'smoke|fog|mist|cloudy',
  },
  {
    name: 'plain',
    sure: true,
    words:
      'solid|solid color|solid colour|plain|single color|single colour|uni|' +
      'one color|one colour|flat colour',
  },
];

/** Words before or after a surface that say its form: "diagonal blue stripes". */
export const FORM_WORDS: Partial<Record<Form, string>> = {
  diagonal: 'diagonal|diagonally|slanted|slanting|angled|tilted',
  horizontal: 'horizontal|horizontally|level',
  vertical: 'vertical|vertically|upright',
  isometric: 'isometric',
  perspective: 'perspective',
  confetti: 'confetti',
};

/** Colours of a surface that its words mean where none is named. */
export const SURFACE_COLOURS: Readonly<Record<string, readonly string[]>> = {
  'brick wall': ['#a8503a'],
  bricks: ['#a8503a'],
  brick: ['#a8503a'],
  brickwork: ['#a8503a'],
  'brick pattern': ['#a8503a'],
  'bricks pattern': ['#a8503a'],
  'brick texture': ['#a8503a'],
  'brick wall pattern': ['#a8503a'],
  'brick wall texture': ['#a8503a'],
  camouflage: ['#6f7a4d', '#4a5a35', '#a39a6b', '#3b3a2c'],
  camo: ['#6f7a4d', '#4a5a35', '#a39a6b', '#3b3a2c'],
  'camouflage pattern': ['#6f7a4d', '#4a5a35', '#a39a6b', '#3b3a2c'],
  marble: ['#f1efec', '#8d8f98'],
  'marble texture': ['#f1efec', '#8d8f98'],
  'marble stone': ['#f1efec', '#8d8f98'],
  'wood grain': ['#b98550'],
  'wood texture': ['#b98550'],
  'wooden texture': ['#b98550'],
  'wood planks': ['#b98550'],
  'wooden planks': ['#b98550'],
  'wooden boards': ['#b98550'],
  'wood boards': ['#b98550'],
  'wooden floor': ['#b98550'],
  floorboards: ['#b98550'],
  planks: ['#b98550'],
  parquet: ['#c1925c'],
  'wood parquet': ['#c1925c'],
  'herringbone floor': ['#c1925c'],
  synthwave: ['#1a1033', '#ff2bd6'],
  vaporwave: ['#1a1033', '#ff2bd6'],
  retrowave: ['#1a1033', '#ff2bd6'],
  outrun: ['#1a1033', '#ff2bd6'],
  'synthwave grid': ['#1a1033', '#ff2bd6'],
  'neon grid': ['#1a1033', '#ff2bd6'],
  'retro grid': ['#1a1033', '#ff2bd6'],
  checkerboard: ['#f7f7f5', '#2b2b2f'],
  chessboard: ['#f7f7f5', '#2b2b2f'],
  'chess board': ['#f7f7f5', '#2b2b2f'],
  houndstooth: ['#f7f6f2', '#2b2b2f'],
  dogtooth: ['#f7f6f2', '#2b2b2f'],
  'racing flag': ['#f7f7f5', '#2b2b2f'],
  pcb: ['#0f3d2e'],
  circuitry: ['#0f3d2e'],
  'circuit board pattern': ['#0f3d2e'],
  'circuit pattern': ['#0f3d2e'],
  'printed circuit': ['#0f3d2e'],
  blueprint: ['#1d4e9e'],
  'blueprint grid': ['#1d4e9e'],
  'circuit board': ['#0f3d2e'],
  circuit: ['#0f3d2e'],
  matrix: ['#0b2b16'],
  cyber: ['#1b1040'],
  technology: ['#12305f'],
  tech: ['#12305f'],
  digital: ['#12305f'],
  wood: ['#b98550'],
  wooden: ['#b98550'],
  cardboard: ['#c49a6c'],
  concrete: ['#a3a6a8'],
  stone: ['#9a9a97'],
  sand: ['#e3cfa4'],
  leather: ['#7a4a2b'],
  denim: ['#3c5a86'],
  chalkboard: ['#2c3e36'],
  paper: ['#f6f1e4'],
  'paper texture': ['#f6f1e4'],
  honeycomb: ['#f2b632'],
  pastel: ['#dcebfb', '#f9d9e3', '#e6dcf8', '#d8f1e4'],
  neon: ['#1a1033', '#ff2bd6', '#19f0ff', '#b6ff3b'],
  muted: ['#e4e0da', '#a8b5a2', '#c9a9a6', '#8fa3b0'],
};

/** Words for the scenes. `bare`: a scene also where nothing else is said; the others are things alone ("a beach"). */
export const SCENE_WORDS: readonly {
  readonly name: SceneName;
  readonly bare?: true;
  readonly time?: Time;
  readonly words: string;
}[] = [
  {
    name: 'mountains',
    bare: true,
    words:
      'mountains|snow capped mountains|mountain landscape|mountain range|mountain view|mountain scene|mountain scenery|mountainscape|mountain panorama|mountain peaks|peaks|alps|the alps|alpine landscape|alpine|canyon|cliffs|valley|mountain valley|mountain lake|mountain silhouette|rocky mountains|mountain backdrop|fjord|waterfall|waterfalls',
  },
  { name: 'mountains', time: 'dawn', words: 'sunrise over mountains' },
  { name: 'mountains', words: 'mountain|volcano|mount fuji|hiking|trekking|mountaineering' },
  {
    name: 'hills',
    bare: true,
    words:
      'hills|hill|rolling hills|green hills|hillside|countryside|hilly landscape|green landscape|landscape|nature landscape|nature scene|natural landscape|rural landscape|vineyard|toscana|tuscany|park|garden|village landscape|backyard|hilltop',
  },
  { name: 'hills', words: 'nature|outdoors|outside|lawn|grass|village|playground' },
  {
    name: 'fields',
    bare: true,
    words:
      'field|fields|meadow|meadows|farmland|farm field|flower field|flower meadow|wheat field|corn field|grassland|prairie|savanna|savannah|pasture|lavender field|rice field|field of flowers|field of wheat',
  },
  { name: 'fields', words: 'farm' },
  {
    name: 'sea',
    bare: true,
    words:
      'ocean view|sea view|seascape|ocean|open sea|open ocean|lake|the sea|the ocean|sea|water|river|harbor|harbour|bay|ocean waves|lagoon|horizon over the sea|sea horizon|seashore waves|pond|marina|pool|swimming pool|underwater',
  },
  { name: 'sea', words: 'waves|sea water' },
  {
    name: 'beach',
    bare: true,
    words:
      'beach scene|beach landscape|sandy beach|tropical beach|seaside|coast|coastline|shore|seashore|tropical island beach|beachside|summer beach|paradise beach|the beach',
  },
  { name: 'beach', words: 'beach|island|desert island|summer|vacation|sand|the sand' },
  {
    name: 'desert',
    bare: true,
    words:
      'desert landscape|desert scene|dunes|sand dunes|sahara|the desert|desert dunes|wild west|mars|martian landscape|moon surface',
  },
  { name: 'desert', words: 'desert' },
  {
    name: 'forest',
    bare: true,
    words:
      'forest|forests|woods|the woods|jungle|rainforest|pine forest|woodland|forest scene|forest landscape|forest path|misty forest|autumn forest|grove|bamboo forest|birch forest|dark forest|spooky forest|tropical forest',
  },
  {
    name: 'snow',
    bare: true,
    words:
      'snowy mountains|snow covered mountains|snowy forest|winter forest|snowy woods|winter woods|snowy pine forest|snow covered forest|snow covered trees|snowy trees|snowy village|winter village|snowy park|snowy field|snow field|snow landscape|snowy landscape|winter landscape|winter scene|snowy scene|snowy field|snowy hills|winter wonderland|arctic|antarctica|ice landscape|snowy|snowfall scene|wintry landscape|north pole|snow covered landscape|tundra|iceberg|glacier|ski slope',
  },
  { name: 'snow', words: 'snowy mountain|snow|the snow|winter|ice|snowy night|snowfall' },
  {
    name: 'city',
    bare: true,
    words:
      'city skyline|skyline|cityscape|city scape|urban skyline|city scene|city landscape|downtown|metropolis|urban landscape|new york skyline|city view|skyscrapers|urban|city street|street|the city|the street|town square|new york|manhattan|london|paris|tokyo|city lights|big city|urban scene|cyberpunk city|night city|smart city|megacity|town skyline|city park|sidewalk|storefront street|avenue|rooftop',
  },
  { name: 'city', words: 'city|town|buildings|road|highway|bridge' },
  {
    name: 'room',
    bare: true,
    words:
      'living room|guest room|waiting room|reception|spare room|visitor center|bedroom|room|office interior|interior|kitchen interior|modern interior|home interior|interior design|room interior|office room|classroom|kids room|nursery|dining room|bathroom interior|bathroom|lounge|studio apartment|apartment|empty room|hotel room|meeting room|conference room|home office|library interior|coffee shop interior|cafe interior|restaurant interior|gym interior|hallway|lobby|coworking space|workspace|gallery wall|the office|the kitchen|a room|indoors|office space',
  },
  {
    name: 'room',
    words:
      'office|kitchen|desk|table|shelf|floor|wall|brick wall|wooden table|counter|tabletop|bookshelf|podium|stage|carpet|workbench|windowsill|restaurant|cafe|bar|gym|library|school|hospital|shop|shelves|a desk|museum|home',
  },
  {
    name: 'sky',
    bare: true,
    words:
      'sky|skies|the sky|cloudy sky|sky with clouds|cloudscape|skyscape|clouds in the sky|above the clouds|air|the air|open sky|heaven|heavens|the clouds',
  },
  { name: 'sky', words: 'clouds|space shuttle sky' },
  {
    name: 'sky',
    bare: true,
    time: 'night',
    words:
      'starry sky|night sky|starry night|starry night sky|sky full of stars|outer space|deep space|milky way|moonlit sky|galaxy background|cosmos|stars in the sky|starry|moonlit night|northern lights|aurora borealis|space background|the stars|the moon',
  },
  { name: 'sky', time: 'night', words: 'space|galaxy|universe|stars|nebula|astronomy' },
  {
    name: 'sky',
    bare: true,
    time: 'day',
    words: 'blue sky|clear sky|sunny sky|clear blue sky|bright blue sky',
  },
  {
    name: 'sky',
    bare: true,
    time: 'sunset',
    words: 'sunset sky|evening sky|orange sky|red sky|pink sky',
  },
  { name: 'sky', bare: true, time: 'dawn', words: 'sunrise sky|morning sky' },
  {
    name: 'sky',
    bare: true,
    time: 'overcast',
    words: 'grey sky|gray sky|stormy sky|rainy sky|storm clouds|dark clouds|overcast sky',
  },
];

/** Things that are a room where something is in them: "reading in a coffee shop". */
export const INDOORS =
  'coffee shop|coffee house|cafe|restaurant|bakery|shop|store|supermarket|bookstore|book shop|bookshop|hospital|school|museum|library|bank|factory|warehouse|' +
  'laboratory|lab|gym|hotel|hair salon|barber shop|art gallery|server room|data center|data centre|data center room|studio|workshop|garage|airport|train station|office building';

/** Words for the light. `alone`: with a word for a place before them or after them only ("sunset" is a thing too). */
export const TIME_WORDS: Readonly<Record<Time, string>> = {
  dawn: 'dawn|at dawn|sunrise|at sunrise|in the morning|early morning|at daybreak|morning|morning light|daybreak',
  sunset:
    'sunset|at sunset|dusk|at dusk|golden hour|in the evening|evening|twilight|at twilight|sundown|at golden hour|evening light',
  night:
    'night|at night|by night|nighttime|night time|midnight|at midnight|moonlight|in the moonlight|under the moon|moonlit|' +
    'night view|in the dark|nocturnal|night scene',
  day: 'day|daytime|by day|at noon|noon|sunny|sunny day|on a sunny day|daylight|in the sun|in the sunshine|sunshine|bright day|midday|in summer|in spring|during the day',
  overcast:
    'overcast|cloudy|foggy|misty|in the fog|in the rain|rainy|rainy day|stormy|in the mist|on a cloudy day|on a rainy day|gloomy|in a storm|storm',
};

/** Where a thing stands by nature, used where only the light is said ("a lighthouse at dawn") or a wide image is asked. */
export const NATURAL_PLACES: Partial<Record<SceneName, string>> = {
  sea: 'lighthouse|sail-boat|bridge|boat|cruise ship|motor boat|whale|whale spouting water|dolphin|shark|canoe|anchor|fish|mermaid|jellyfish|octopus|seal|wave|swan|duck|aquarium fish|squid|puffer fish|life buoy',
  beach: 'palm|palm-tree|crab|sea shell|island|coconut|beach|sandal|lobster|turtle|snorkel',
  desert: 'cactus|camel|scorpion|desert',
  forest:
    'tent|cabin|deer|fox|bear|wolf|owl|moose|hedgehog|squirrel|tree|pine tree|mushroom|log|boar|badger|raccoon|campfire|elf|fairy',
  snow: 'penguin|polar bear|snowman|sledge|ski|skier|snowboarder|santa|christmas tree|mammoth|ice skate',
  mountains: 'goat|mountain|snowy mountain|eagle|llama',
  fields: 'windmill|cow|horse|sheep|sunflower|tractor|farmer|tulip|rooster|pig|corn|donkey',
  city: 'bicycle|bakery|shop-front|street|car|bus|taxi|building|police car|traffic light|tram|bike|scooter|motorcycle|shop|ambulance|fire engine|truck|van|suv|race car|city|train',
  room: 'sofa|armchair|bed|chair|tv|laptop|computer|light bulb|bathtub|toilet|piano|plant|teapot|coffee|books|clock',
  sky: 'hot-air-balloon|plane|helicopter|bird|balloon|kite|ufo|space ship|sun|moon|full moon|star|rainbow|cloud|comet|shooting star|satellite|saturn|bat|dove|dragon|eagle|parachute|astronaut|globe|fireworks',
  hills: 'home|castle|hut|unicorn|rabbit|dog|cat|church|camp site|dinosaur',
};
