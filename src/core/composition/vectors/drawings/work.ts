// People at work, and what stands for working together.
import { area, box, disc, oval, SHADE, stroke, type Drawing } from './drawing';

const SKINS = ['#f2c29b', '#9a6038', '#d9a066', '#ffd7b3'] as const;

export const desk: Drawing = {
  width: 640,
  height: 480,
  colours: ['#4a74dd', '#f29b4b'],
  phrases: [
    'person at a desk',
    'desk with two monitors',
    'developer at a desk',
    'workspace',
    'workplace',
    'person working at a computer',
    'home office',
    'person at a computer',
    'programmer at work',
    'working from home',
    'remote work',
    'desk and monitors',
    'desk with monitors',
    'office desk',
    'woman at a desk',
    'man at a desk',
    'person working on a laptop',
    'person with a laptop',
    'working at a desk',
    'developer working',
    'programmer at a desk',
    'desk setup',
    'person at a desk with two monitors',
    'freelancer at work',
  ],
  draw: ({ main, deep, light, soft, accent, paper, ink, line }) =>
    disc(320, 214, 196, soft) +
    oval(320, 462, 270, 14, SHADE) +
    // Two monitors, their feet on the desk.
    monitor(96, 118, ink) +
    monitor(384, 118, ink) +
    box(110, 132, 132, 88, 4, paper) +
    box(398, 132, 132, 88, 4, '#222a3a') +
    [0, 1, 2, 3]
      .map((at) =>
        box(
          124 + at * 28,
          200 - (at % 3) * 16 - 16,
          18,
          16 + (at % 3) * 16,
          3,
          at === 2 ? accent : main,
        ),
      )
      .join('') +
    box(124, 144, 70, 8, 4, line) +
    [0, 1, 2, 3]
      .map((row) =>
        box(
          412 + (row % 2) * 14,
          146 + row * 18,
          [70, 54, 84, 40][row] ?? 50,
          8,
          4,
          [main, '#6fcf97', accent, '#e7ecf5'][row] ?? main,
        ),
      )
      .join('') +
    // A person seen from behind the desk.
    area('M222 372c0-78 36-118 98-118s98 40 98 118Z', main) +
    area('M320 254c62 0 98 40 98 118H320Z', `fill="${deep}" fill-opacity=".45"`) +
    box(300, 226, 40, 46, 16, '#dca67c') +
    oval(320, 190, 46, 54, SKINS[0]) +
    area(
      'M270 196c-10-60 18-88 56-86 40 2 56 34 46 84-4-26-16-40-34-44-22 12-48 10-58 8-6 8-8 24-10 38Z',
      '#4a312c',
    ) +
    disc(302, 194, 5, ink) +
    disc(338, 194, 5, ink) +
    stroke('M306 216c8 10 20 10 28 0', ink, 5) +
    box(284, 178, 34, 30, 13, `fill="none" stroke="${ink}" stroke-width="4"`) +
    box(324, 178, 34, 30, 13, `fill="none" stroke="${ink}" stroke-width="4"`) +
    // The desk before it.
    area('M236 350l14-16h140l14 16Z', '#c3ccd9') +
    box(264, 336, 112, 8, 3, '#8d99ab') +
    box(40, 350, 560, 22, 8, '#c78a55') +
    box(40, 362, 560, 10, 5, '#a8713f') +
    box(74, 372, 18, 92, 4, '#8a5a30') +
    box(548, 372, 18, 92, 4, '#8a5a30') +
    area('M468 312h44v26a12 12 0 0 1-12 12h-20a12 12 0 0 1-12-12Z', accent) +
    stroke('M512 318h8a9 9 0 0 1 0 20h-8', accent, 6) +
    area('M104 318h40l-6 32h-28Z', '#e08a5b') +
    area(
      'M124 318c-30-8-32-38-24-54 20 10 26 32 24 54ZM124 318c28-8 30-40 20-58-18 14-24 36-20 58Z',
      '#3f9a63',
    ) +
    stroke('M480 300c-4-8 4-10 0-18M496 300c-4-8 4-10 0-18', light, 5),
};

function monitor(x: number, y: number, ink: string): string {
  return (
    box(x, y, 160, 116, 10, ink) +
    box(x + 66, y + 116, 28, 100, 2, '#8d99ab') +
    box(x + 40, y + 218, 80, 14, 6, '#8d99ab')
  );
}

export const handshake: Drawing = {
  width: 600,
  height: 400,
  colours: ['#3b6fd6', '#f2a03d'],
  phrases: [
    'handshake',
    'shaking hands',
    'business deal',
    'partnership',
    'agreement',
    'hand shake',
    'deal',
    'cooperation',
    'collaboration',
  ],
  draw: ({ main, deep, accent, accentDeep, paper }) =>
    // Two sleeves with cuffs, two hands that meet in the middle.
    area('M20 120l150-40 60 150-150 90Z', main) +
    area('M50 220 201 158l29 72-150 90Z', `fill="${deep}" fill-opacity=".5"`) +
    area('M168 80l34-10 66 142-36 22Z', paper) +
    area('M580 120l-150-40-60 150 150 90Z', accent) +
    area('M550 220 399 158l-29 72 150 90Z', `fill="${accentDeep}" fill-opacity=".5"`) +
    area('M432 80l-34-10-66 142 36 22Z', paper) +
    area(
      'M398 92 330 74c-20-4-34 0-48 12l-62 58c-14 16 4 38 24 28l46-24 20 6 92 82c24-14 30-40 22-64Z',
      SKINS[2],
    ) +
    area(
      'M208 98l56-14 30 2-62 56c-18 18 4 44 30 32l42-20 88 78c16 16-2 36-20 24l-8-6c8 20-12 34-28 22l-8-6c4 18-16 28-30 16l-8-6c0 16-18 22-32 10l-48-46-36-30Z',
      SKINS[0],
    ) +
    stroke('M372 256l-44-40M336 272l-36-34M298 282l-28-28', '#d19a70', 6) +
    stroke('M232 142 294 86l36-6', '#b9824e', 4),
};

export const team: Drawing = {
  width: 640,
  height: 420,
  colours: ['#4a74dd', '#f29b4b'],
  phrases: [
    'teamwork',
    'team working together',
    'people working together',
    'meeting',
    'team meeting',
    'business meeting',
    'people in a meeting',
    'collaborating team',
    'brainstorming',
    'team collaboration',
    'people around a table',
    'workshop',
  ],
  draw: ({ main, light, soft, accent, paper, ink, line }) =>
    box(150, 20, 340, 170, 14, SHADE) +
    box(150, 14, 340, 170, 14, paper) +
    stroke('M190 146l54-44 46 24 60-60', main, 9) +
    disc(350, 66, 11, accent) +
    box(392, 54, 70, 12, 6, line) +
    box(392, 82, 50, 12, 6, line) +
    box(392, 110, 62, 12, 6, line) +
    colleague(110, 236, main, SKINS[0], '#4a312c', true, ink) +
    colleague(250, 226, accent, SKINS[1], '#1f1512', false, ink) +
    colleague(390, 226, light, SKINS[2], '#2c1b18', true, ink) +
    colleague(530, 236, '#3f9a76', SKINS[3], '#b58143', false, ink) +
    box(40, 344, 560, 26, 10, '#c78a55') +
    box(40, 358, 560, 12, 6, '#a8713f') +
    box(90, 370, 20, 46, 3, '#8a5a30') +
    box(530, 370, 20, 46, 3, '#8a5a30') +
    area('M276 344l10-44h96l10 44Z', '#c3ccd9') +
    area('M286 300h96l-2 6h-92Z', soft),
};

/** Head and shoulders; the shoulders end below y + 130. */
function colleague(
  x: number,
  y: number,
  clothes: string,
  skin: string,
  hair: string,
  long: boolean,
  ink: string,
): string {
  return (
    (long ? area(`M${x - 46} ${y + 54}V${y - 14}a46 46 0 0 1 92 0v68Z`, hair) : '') +
    area(`M${x - 66} ${y + 116}c0-46 26-66 66-66s66 20 66 66Z`, clothes) +
    box(x - 15, y + 24, 30, 40, 13, skin) +
    box(x - 15, y + 34, 30, 12, 6, SHADE) +
    oval(x, y, 34, 40, skin) +
    area(
      `M${x - 36} ${y - 2}c-4-42 14-50 36-50s40 8 36 50c-4-18-10-26-18-28-18 6-36 4-44 2-6 6-8 14-10 26Z`,
      hair,
    ) +
    disc(x - 12, y + 2, 4, ink) +
    disc(x + 12, y + 2, 4, ink) +
    stroke(`M${x - 9} ${y + 18}c5 6 13 6 18 0`, ink, 4)
  );
}
