import type { Kind } from '../../composition';

/**
 * Words that say what an image is for, not what it shows. They are taken out. Each line: the kind of image
 * (absent: they say nothing about it), the pixels that suit it, and the words, separated by `|`.
 */
export interface KindWords {
  readonly kind?: Kind;
  readonly size?: readonly [width: number, height: number];
  /** A wide image on a page, which needs a ground. */
  readonly wide?: boolean;
  readonly words: string;
}

const PAGE_WIDTH = [1200, 630] as const;

export const KIND_WORDS: readonly KindWords[] = [
  {
    words:
      'brand|branded|slice|slices|img|dsc|untitled|pxl|screenshot|feature|features|section|blog post|article|post|blog post about|placeholder image|photo|photos|photograph|picture|pictures|image|images|pic|illustration|illustrations|drawing|sketch|' +
      'graphic|graphics|artwork|art|clip art|clipart|cartoon|render|rendering|visual|mockup|mock up|mock-up|' +
      'placeholder|stock photo|stock image|product photo|product image|product picture|product shot|packshot|' +
      'close up|closeup|macro shot|shot|view|spot illustration|feature image|featured image|teaser|painting of|oil painting of|watercolor of|watercolour of|watercolor painting of|portrait photo of|card image|' +
      'article image|post image|blog image|blog post image|demo|example|sample|asset|design|concept|style|styled',
  },
  {
    kind: 'icon',
    words:
      'icon|icons|app icon|web icon|ui icon|line icon|symbol|glyph|pictogram|badge|emblem|logo|logos|logotype|wordmark|word mark|' +
      'brand mark|logo design|button|toolbar icon|menu icon|tab icon|sidebar icon|status icon|social icon|emoji|sticker',
  },
  { kind: 'icon', size: [64, 64], words: 'favicon|fav icon|site icon|browser tab icon' },
  { kind: 'icon', size: [512, 512], words: 'touch icon|apple touch icon|app store icon|pwa icon' },
  {
    size: PAGE_WIDTH,
    wide: true,
    words:
      'hero|hero image|hero picture|hero banner|hero illustration|hero graphic|hero photo|hero section|heroes|' +
      'banner|banner image|web banner|website banner|page banner|header|header image|blog header|page header|' +
      'site header|website header|blog banner|cover|cover image|cover photo|cover picture|blog cover|post cover|' +
      'article cover|og image|og:image|open graph image|opengraph|social card|social image|social preview|' +
      'share image|link preview|twitter card|masthead|key visual|splash|splash image|splash screen|jumbotron|landing page|' +
      'landing page hero|landing page image|title image',
  },
  {
    size: [1280, 720],
    wide: true,
    words: 'thumbnail|thumb|video thumbnail|youtube thumbnail|preview image',
  },
  {
    size: [1500, 500],
    wide: true,
    words: 'twitter header|twitter banner|x header|linkedin banner|linkedin cover',
  },
  { size: [1080, 1080], words: 'instagram post|square post|social post|album cover' },
  { size: [1080, 1920], wide: true, words: 'instagram story|story image|mobile splash' },
  {
    kind: 'background',
    size: [1920, 1080],
    words: 'wallpaper|wallpapers|desktop wallpaper|desktop background|screen background',
  },
  {
    kind: 'background',
    size: [1080, 1920],
    words: 'phone wallpaper|mobile wallpaper|phone background',
  },
  {
    kind: 'background',
    size: PAGE_WIDTH,
    words:
      'hero background|banner background|header background|cover background|hero bg|banner bg|header bg',
  },
  {
    kind: 'background',
    words:
      'background|backgrounds|background image|backdrop|bg|back ground|page background|website background',
  },
  { kind: 'background', words: 'texture|textures|surface' },
  {
    kind: 'pattern',
    words:
      'pattern|patterns|seamless pattern|seamless|seamlessly|repeating pattern|repeat pattern|repeating|repeated|' +
      'tileable|tileable pattern|tiled|tiling|tile pattern|seamless tile|seamless texture|seamless background|' +
      'pattern background|background pattern|wallpaper pattern|wrapping paper|textile pattern|all over print',
  },
  { kind: 'page', words: 'page illustration|state illustration|screen illustration|empty screen' },
  { kind: 'scene', words: 'scene|scenery|landscape|panorama|vista|interior|diorama' },
];

/** Words that say nothing that can be drawn. They are taken out wherever they stand. */
export const FILLERS =
  'lorem ipsum|foo|bar baz|foobar|test image|test picture|dummy|dummy image|dummy text|untitled image|alt|src|null|undefined|none|asdf|tbd|unsplash|pexels|shutterstock|getty images|istock|freepik|photo by|on unsplash|footer|card|cards|feature card|shape|natural light|warm light|warm lighting|lighting|studio shot|isometric|isometric style|isometric illustration|isometric view|in the background|no text|without text|no words|copy space|with copy space|negative space|royalty free|for a blog post about|for a blog post|for a blog post on|for an article about|for my blog post about|rights free|animation|animated|app screen|tropical|set|please|draw|create|generate|make|design me|give me|i want|i need|we need|show|show me|paint|render me|' +
  'can you|could you|for my|for our|for the|for a website|for my website|for our website|for the website|' +
  'for a landing page|for a blog|for my blog|for an app|for my app|website|web site|web page|webpage|web|homepage hero|' +
  'my|our|your|some|very|really|quite|simple|simply|cute|nice|beautiful|pretty|lovely|modern|minimal|minimalist|' +
  'minimalistic|clean|professional|elegant|stylish|trendy|creative|friendly|playful|cool looking|generic|' +
  'high quality|best quality|high resolution|hi res|high detail|highly detailed|detailed|4k|8k|hd|uhd|full hd|' +
  'ultra hd|hdr|realistic|photorealistic|photo realistic|hyperrealistic|masterpiece|award winning|sharp|' +
  'sharp focus|soft light|soft lighting|studio lighting|cinematic|cinematic lighting|dramatic lighting|' +
  'trending on artstation|unreal engine|octane render|vector|vectors|vector art|svg|png|jpg|jpeg|webp|isolated|' +
  'centered|centred|colorful|colourful|vibrant|crisp|large|big|huge|small|little|tiny|happy|funny|old fashioned|' +
  'stylized|stylised|wooden|single|one single|typical|classic|vintage|retro|fresh|tasty|delicious|shiny|glossy|' +
  'premium|ui|ux|interface|app|user interface|logo style|icon style|cover of the|full of|themed|theme|inspired|' +
  'kawaii|adorable|fluffy|cozy|cosy|calm|peaceful|serene|majestic|epic|fantasy|magical|dreamy|tall|short|long|wide|' +
  'round|new|good|great|best|own|default|standard|basic|empty looking|decorative|corporate|business like';

/** Styles that the starter model knows; they stay in the words of what it draws. */
export const STYLE_WORDS: Readonly<Record<string, string>> = {
  flat: 'flat|flat vector|flat design|flat style|flat icon|flat illustration|in flat style|flat vector illustration|flat colour|flat color',
  '3d': '3d|3 d|3d render|3d icon|3d style|3d illustration|3d rendered|three dimensional|in 3d',
  outline:
    'outline|outlined|outline icon|line art|lineart|line drawing|line icon style|line style|outline style|in outline',
  'black and white': 'black and white|black & white|monochrome',
};

/** Words for a ground that is left out of the file. */
export const TRANSPARENT =
  'transparent background|transparent|no background|without background|without a background|' +
  'on a transparent background|with transparent background|with a transparent background|transparent png|background removed';
