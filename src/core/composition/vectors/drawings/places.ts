// Buildings and landmarks.
import { area, box, disc, oval, SHADE, stroke, type Drawing } from './drawing';

const WHITE = '#fbfbfd';
const WOOD = '#a8713f';
const DARK_WOOD = '#8a5a30';
const GRASS = '#7cb46b';
const LEAF = '#3f9a63';
const DARK_LEAF = '#2f7f52';
const GLASS = '#bfe3f5';

export const lighthouse: Drawing = {
  width: 512,
  height: 512,
  colours: ['#e2483d', '#ffd35c'],
  phrases: ['lighthouse', 'light house', 'lighthouses'],
  draw: ({ main, deep, accent, ink }, id) =>
    beam(`${id}left`, accent, 1) +
    beam(`${id}right`, accent, 0) +
    area('M216 126 28 70v92l188-14Z', `fill="url(#${id}left)"`) +
    area('M296 126 484 70v92l-188-14Z', `fill="url(#${id}right)"`) +
    area('M206 176h100l34 274H172Z', WHITE) +
    area('M199 232h114l7 54H192ZM185.500 340h141l6.500 54H179Z', main) +
    area('M262 176h44l34 274h-74Z', SHADE) +
    area('M238 450v-46a18 18 0 0 1 36 0v46Z', ink) +
    box(246, 298, 20, 32, 10, ink) +
    box(246, 190, 20, 30, 10, ink) +
    box(214, 100, 84, 62, 4, accent) +
    disc(256, 132, 18, '#fff8dc') +
    area('M214 100h8v62h-8ZM290 100h8v62h-8Z', ink) +
    box(188, 160, 136, 18, 6, ink) +
    area('M202 104a54 50 0 0 1 108 0Z', main) +
    area('M256 54a54 50 0 0 1 54 50h-54Z', deep) +
    box(252, 28, 8, 28, 4, ink) +
    disc(256, 28, 9, accent) +
    area(
      'M84 490c6-32 44-36 62-50 20-15 48-6 66-8 30-8 70-8 94 2 38-8 66 8 80 22 22 2 38 16 42 34Z',
      '#76839a',
    ) +
    area('M84 490c6-32 44-36 62-50 14-9 30-9 44-8-22 18-34 38-34 58Z', '#626f86') +
    area('M296 490c4-26 26-40 52-32 26-6 44 8 50 32Z', '#8995aa'),
};

/** A light that fades: to the left from x = 1, to the right from x = 0. */
function beam(id: string, colour: string, from: 0 | 1): string {
  return (
    `<linearGradient id="${id}" x1="${from}" y1="0" x2="${1 - from}" y2="0">` +
    `<stop stop-color="${colour}" stop-opacity=".85"/><stop offset="1" stop-color="${colour}" stop-opacity="0"/></linearGradient>`
  );
}

export const windmill: Drawing = {
  width: 512,
  height: 512,
  colours: ['#c8553d', '#f3c26b'],
  phrases: ['windmill', 'windmills', 'wind mill', 'dutch windmill'],
  draw: ({ main, deep, accent, ink }) => {
    const sail = (turn: number): string =>
      `<g transform="rotate(${turn} 256 190)">` +
      box(251, 8, 10, 182, 5, DARK_WOOD) +
      box(261, 16, 38, 132, 4, '#fff6e3') +
      stroke('M261 49h38M261 82h38M261 115h38', '#cdb48a', 5) +
      '</g>';
    return (
      oval(256, 476, 190, 18, GRASS) +
      area('M204 190h104l48 284H156Z', '#f4e6cf') +
      area('M256 190h52l48 284H256Z', SHADE) +
      area('M170 392h172l14 82H156Z', main) +
      area('M256 392h86l14 82H256Z', deep) +
      area('M190 196c4-62 32-92 66-92s62 30 66 92Z', main) +
      area('M256 104c34 0 62 30 66 92h-66Z', deep) +
      area('M226 474v-54a30 30 0 0 1 60 0v54Z', ink) +
      box(238, 274, 36, 48, 18, accent) +
      stroke('M256 276v44M240 298h32', ink, 4) +
      [20, 110, 200, 290].map(sail).join('') +
      disc(256, 190, 17, ink) +
      disc(256, 190, 7, accent)
    );
  },
};

export const cabin: Drawing = {
  width: 560,
  height: 480,
  colours: ['#b5533c', '#ffd27a'],
  phrases: [
    'cabin',
    'log cabin',
    'wooden cabin',
    'cottage',
    'hut',
    'chalet',
    'cozy cabin',
    'wooden house',
  ],
  draw: ({ main, deep, accent, ink }) =>
    oval(280, 448, 262, 20, GRASS) +
    pine(82, 448, 1) +
    pine(470, 448, 1.15) +
    box(366, 92, 44, 100, 3, '#8f98a8') +
    box(358, 82, 60, 18, 5, '#767f90') +
    box(132, 230, 296, 218, 4, WOOD) +
    stroke('M132 266h296M132 302h296M132 338h296M132 374h296M132 410h296', DARK_WOOD, 5) +
    area('M150 232 280 104l130 128Z', '#bb834d') +
    area('M280 74 92 246c-10 10 4 26 16 16l172-156 172 156c12 10 26-6 16-16Z', main) +
    area('M280 74v32l172 156c12 10 26-6 16-16Z', deep) +
    area('M246 448V338a34 34 0 0 1 68 0v110Z', ink) +
    disc(300, 394, 5, accent) +
    glowingWindow(160, 290, accent, DARK_WOOD) +
    glowingWindow(342, 290, accent, DARK_WOOD) +
    disc(280, 196, 26, DARK_WOOD) +
    disc(280, 196, 19, accent) +
    stroke('M280 178v36M262 196h36', DARK_WOOD, 5),
};

function glowingWindow(x: number, y: number, light: string, frame: string): string {
  return (
    box(x - 4, y - 4, 66, 70, 6, frame) +
    box(x + 3, y + 3, 52, 56, 3, light) +
    stroke(`M${x + 29} ${y + 4}v54M${x + 4} ${y + 31}h50`, frame, 5)
  );
}

/** A fir that stands at x, y. */
function pine(x: number, y: number, size: number): string {
  return (
    `<g transform="translate(${x} ${y}) scale(${size})">` +
    box(-8, -40, 16, 40, 2, DARK_WOOD) +
    area('M0-240 38-166H22l36 58H38l34 74H-72l34-74h-20l36-58h-16Z', LEAF) +
    area('M0-240 38-166H22l36 58H38l34 74H0Z', DARK_LEAF) +
    '</g>'
  );
}

export const shop: Drawing = {
  width: 560,
  height: 480,
  colours: ['#e0524a', '#2b9c8f'],
  phrases: [
    'shop front',
    'store front',
    'storefront',
    'shopfront',
    'small shop',
    'boutique',
    'corner shop',
    'grocery store',
    'retail store',
    'local shop',
    'flower shop',
  ],
  draw: (paint) =>
    shopFront(paint) +
    // Things for sale.
    area('M104 372h28l-5 34h-18Z', '#c8814a') +
    disc(118, 352, 26, LEAF) +
    disc(104, 362, 14, DARK_LEAF) +
    box(152, 330, 42, 76, 6, paint.accent) +
    box(160, 346, 26, 20, 3, WHITE) +
    box(204, 352, 52, 54, 5, '#f2b84b') +
    stroke('M216 352v-8a14 14 0 0 1 28 0v8', '#c98a1d', 6),
};

export const bakery: Drawing = {
  width: 560,
  height: 480,
  colours: ['#d9822b', '#8a4b2a'],
  phrases: [
    'bakery',
    'bakery store front',
    'bakery storefront',
    'bakery shop',
    'bread shop',
    'cake shop',
    'pastry shop',
    'patisserie',
    'baker shop',
    'bakery front',
  ],
  draw: (paint) =>
    shopFront(paint) +
    // Bread and cake in the window, and a pretzel over the door.
    area('M98 406c-12-44 14-62 44-62s56 18 44 62Z', '#d99a4e') +
    stroke('M120 362l8 22M142 358l4 22M164 362l-2 22', '#f6d9a6', 7) +
    area('M206 406l6-34h46l6 34Z', '#b5703a') +
    area('M204 374c-6-22 12-26 16-32 10-14 30-10 32 0 12 4 16 20 10 32Z', '#f7a9bf') +
    disc(236, 332, 8, '#d9433f') +
    stroke('M96 322c12-10 28-10 40 0', '#c9883f', 12),
};

function shopFront({ main, deep, accent, ink, paper }: Parameters<Drawing['draw']>[0]): string {
  const stripes = [0, 1, 2, 3, 4, 5, 6, 7].map((at) => {
    const x = 56 + at * 56;
    const d = `M${x} 190h56v42a28 26 0 0 1-56 0Z`;
    return area(d, at % 2 === 0 ? main : paper);
  });
  return (
    oval(280, 452, 264, 16, SHADE) +
    box(84, 90, 392, 362, 8, '#f7e7cf') +
    box(84, 422, 392, 30, 0, '#d6bf9f') +
    box(70, 72, 420, 30, 8, deep) +
    box(142, 112, 276, 54, 10, ink) +
    stroke('M182 139h196', paper, 12) +
    box(92, 250, 186, 164, 8, accent) +
    box(102, 260, 166, 146, 4, GLASS) +
    area('M112 330 172 260h36l-96 112Z', 'fill="#fff" fill-opacity=".45"') +
    box(90, 404, 190, 16, 5, '#b98d5c') +
    box(310, 250, 140, 202, 8, accent) +
    box(326, 266, 108, 122, 5, GLASS) +
    area('M336 348 396 266h28l-88 120Z', 'fill="#fff" fill-opacity=".45"') +
    box(350, 306, 60, 30, 6, paper) +
    stroke('M364 321h32', main, 6) +
    disc(428, 412, 8, '#ffd35c') +
    stripes.join('') +
    box(56, 176, 448, 22, 6, deep) +
    area('M56 198h448v12H56Z', SHADE)
  );
}

export const bridge: Drawing = {
  width: 640,
  height: 420,
  colours: ['#d8523f', '#4aa3d8'],
  phrases: [
    'bridge',
    'suspension bridge',
    'golden gate bridge',
    'bridge over a river',
    'bridge over water',
    'bridges',
  ],
  draw: ({ main, deep, accent }) => {
    const hangers = Array.from({ length: 23 }, (_, at) => {
      const x = 38 + at * 25.6;
      return `M${x.toFixed(1)} ${cable(x).toFixed(1)}V262`;
    }).join('');
    return (
      box(20, 330, 600, 60, 30, accent) +
      stroke(
        'M70 354h70M220 370h90M400 352h80M520 370h40',
        'rgb(255 255 255)',
        7,
        ' stroke-opacity=".6"',
      ) +
      stroke(hangers, deep, 4) +
      stroke('M20 236Q100 216 170 86Q320 330 470 86Q540 216 620 236', main, 9) +
      tower(170, main, deep) +
      tower(470, main, deep) +
      box(8, 258, 624, 24, 6, main) +
      box(8, 272, 624, 10, 5, deep) +
      box(134, 322, 72, 34, 8, '#8995aa') +
      box(434, 322, 72, 34, 8, '#8995aa')
    );
  },
};

/** The height of the cable at x. */
function cable(x: number): number {
  if (x >= 170 && x <= 470) {
    const t = (x - 170) / 300;
    return 86 * (1 - t) ** 2 + 660 * t * (1 - t) + 86 * t ** 2;
  }
  const t = x < 170 ? x / 170 : (640 - x) / 170;
  return 236 - 150 * Math.min(1, t) ** 2.2;
}

function tower(x: number, main: string, deep: string): string {
  return (
    box(x - 28, 62, 18, 270, 4, main) +
    box(x + 10, 62, 18, 270, 4, deep) +
    box(x - 28, 82, 56, 16, 2, main) +
    box(x - 28, 140, 56, 14, 2, main) +
    box(x - 28, 200, 56, 14, 2, main)
  );
}

export const tent: Drawing = {
  width: 560,
  height: 420,
  colours: ['#ee8a3b', '#ffd35c'],
  phrases: ['tent', 'camping tent', 'camping', 'campsite', 'tents'],
  draw: ({ main, deep, light, accent, ink }) =>
    pine(92, 384, 1.1) +
    pine(462, 384, 1.25) +
    oval(280, 386, 264, 18, GRASS) +
    area('M266 110 96 384h170Z', light) +
    area('M266 110 150 384h230Z', main) +
    area('M266 110 436 384h-92Z', deep) +
    area('M266 110 214 384h104Z', ink) +
    area('M266 110c0 0 30 190 78 274h-26Z', light) +
    stroke('M266 110l8-20M96 384l-30 6M436 384l30 6', ink, 6) +
    // A fire of camp.
    stroke('M398 384l56-18M400 366l54 18', DARK_WOOD, 12) +
    area(
      'M426 366c-28-6-26-34-10-50 2 12 8 14 10 18 2-14 0-22 6-34 12 18 30 30 22 52-4 10-16 16-28 14Z',
      '#f0682f',
    ) +
    area('M428 366c-14-2-14-18-4-28 4 8 8 6 10-2 8 12 12 28-6 30Z', accent),
};

export const palm: Drawing = {
  width: 512,
  height: 512,
  colours: ['#2f9e62', '#f3d08a'],
  phrases: ['palm tree', 'palm', 'palm trees', 'coconut tree', 'desert island', 'tropical island'],
  draw: ({ accent }) =>
    oval(256, 474, 190, 30, accent) +
    oval(300, 482, 120, 18, 'fill="#b98c3f" fill-opacity=".25"') +
    area('M238 474c-2-110 6-196 36-274l26 6c-30 84-30 170-18 268Z', '#b07a48') +
    stroke('M242 430l38-8M240 388l36-8M242 346l34-8M246 304l34-8M254 262l32-8', DARK_WOOD, 6) +
    area(
      'M284 190c-20-70-90-110-172-76 8 4 14 10 16 16-16 2-26 8-34 18 12-2 18 2 22 8-14 8-22 22-24 38 60-50 120-40 192-4Z',
      '#2f9e62',
    ) +
    area(
      'M284 190c20-74 86-108 164-70-8 4-12 8-14 14 14 4 24 12 30 24-10-2-18 0-22 6 12 10 18 24 18 40-54-52-108-50-176-14Z',
      '#1f7f4b',
    ) +
    area(
      'M280 190c-76-20-146 14-170 106 10-6 18-6 26-2-2 14 0 24 8 34 4-10 10-14 18-14-2 16 4 30 16 40 4-84 46-134 102-164Z',
      '#1f7f4b',
    ) +
    area(
      'M286 190c78-14 140 24 158 112-10-6-18-6-26-2 2 14-2 24-8 34-4-10-10-14-18-14 2 16-4 28-16 38-4-80-42-134-90-168Z',
      '#2f9e62',
    ) +
    area(
      'M282 194c-26-56-14-120 34-158 2 10 6 16 14 20 0-10 4-18 12-24 22 62 0 126-60 162Z',
      '#2f9e62',
    ) +
    disc(264, 212, 17, '#8a5a30') +
    disc(300, 214, 17, '#74481f') +
    disc(280, 228, 16, '#9a683a'),
};
