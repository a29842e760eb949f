// What pages show while there is nothing else to show: empty, not found, uploading, welcome.
import { area, box, disc, oval, SHADE, stroke, type Drawing } from './drawing';

const CLOUD = 'M150 340a92 92 0 0 1-8-183.600A120 120 0 0 1 372 132a104 104 0 0 1 4 208Z';

export const cloudUpload: Drawing = {
  width: 512,
  height: 460,
  colours: ['#3f7ff0', '#ffffff'],
  phrases: [
    'upload to a cloud',
    'upload to the cloud',
    'upload to cloud',
    'cloud upload',
    'uploading files',
    'file upload',
    'upload files',
    'cloud backup',
    'drag and drop',
    'cloud storage upload',
    'upload illustration',
  ],
  draw: (paint) => cloudWith('M256 426V236M184 302l72-72 72 72', paint.main, paint.light),
};

export const cloudDownload: Drawing = {
  width: 512,
  height: 460,
  colours: ['#19a186', '#ffffff'],
  phrases: [
    'download from the cloud',
    'download from a cloud',
    'download from cloud',
    'cloud download',
  ],
  draw: (paint) => cloudWith('M256 230V420M184 352l72 72 72-72', paint.main, paint.light),
};

/** A cloud with an arrow that has a light rim, so that it stands out of the cloud. */
function cloudWith(arrow: string, main: string, light: string): string {
  return (
    area(CLOUD, light) +
    area(
      'M150 340a92 92 0 0 1-8-183.600c10-4 30-2 46 4-40 20-60 90 10 179.600Z',
      'fill="#fff" fill-opacity=".25"',
    ) +
    area('M376 340a104 104 0 0 0-4-208c30 60 20 150-80 208Z', `fill="${main}" fill-opacity=".18"`) +
    stroke(arrow, '#ffffff', 62) +
    stroke(arrow, main, 36)
  );
}

export const mapWithPin: Drawing = {
  width: 512,
  height: 512,
  colours: ['#e5483f', '#4fae73'],
  phrases: [
    'pin on a map',
    'map with a pin',
    'map with pin',
    'location map',
    'map location',
    'store locator',
    'find us',
    'our location',
    'directions',
    'route map',
    'city map',
    'street map',
    'map with marker',
    'map pin on a map',
    'location on a map',
    'contact map',
  ],
  draw: ({ main, deep, accent, accentDeep }) =>
    oval(256, 478, 210, 14, SHADE) +
    area('M40 236 184 200V436L40 472Z', '#f3ead6') +
    area('M184 200 328 236V472L184 436Z', '#e6dabf') +
    area('M328 236 472 200V436L328 472Z', '#f3ead6') +
    area('M40 330 184 292v66L40 400Z', accent) +
    area('M370 226 472 200v96c-50 20-80-30-102-70Z', '#7fc1e8') +
    area('M184 376l144 40v56L184 436Z', accentDeep) +
    stroke('M66 252c50 40 96 20 118 62s64 70 144 50 96-60 122-46', '#ffffff', 16) +
    stroke('M112 260v170M400 300l-20 140', '#ffffff', 9) +
    oval(256, 384, 44, 14, 'fill="#1d2740" fill-opacity=".28"') +
    area('M256 384c-60-84-108-138-108-214a108 108 0 0 1 216 0c0 76-48 130-108 214Z', main) +
    area('M256 62a108 108 0 0 1 108 108c0 76-48 130-108 214Z', deep) +
    disc(256, 170, 46, '#ffffff'),
};

export const emptyState: Drawing = {
  width: 560,
  height: 460,
  colours: ['#6f8fe8', '#ffb84d'],
  phrases: [
    'empty state',
    'empty',
    'no data',
    'nothing here',
    'nothing here yet',
    'no items',
    'no content',
    'empty list',
    'empty box',
    'no orders',
    'no products',
    'blank state',
    'zero state',
    'empty folder',
    'no records',
    'no files',
    'empty page',
    'nothing to show',
  ],
  draw: ({ main, deep, light, soft, accent, line }) =>
    oval(280, 418, 230, 22, soft) +
    // An open box with nothing in it, and what might have been there as dashes.
    stroke('M206 88h72M312 60h46M176 136h40M372 122h36', line, 8, ' stroke-dasharray="14 16"') +
    stroke(
      'M280 172c-26-50 44-66 26-112-10-24-44-18-40 8 6 36 74 28 108 2',
      light,
      6,
      ' stroke-dasharray="3 14"',
    ) +
    area('M374 62l34-16-10 22 12 20Z', accent) +
    area('M124 220 280 172l156 48-156 52Z', deep) +
    area('M124 220 280 272V424L124 376Z', main) +
    area('M436 220 280 272V424L436 376Z', light) +
    area('M124 220 280 272 236 334 74 278Z', light) +
    area('M436 220 280 272 324 334 486 278Z', soft) +
    area(
      'M124 220l156 52-6 8-160-54ZM436 220l-156 52 6 8 160-54Z',
      'fill="#fff" fill-opacity=".35"',
    ) +
    stroke('M160 336l44 14', '#ffffff', 9, ' stroke-opacity=".7"'),
};

export const noResults: Drawing = {
  width: 520,
  height: 480,
  colours: ['#5b7be6', '#ff9d5c'],
  phrases: [
    'no results',
    'no results found',
    'no search results',
    'nothing found',
    'no matches',
    'empty search',
    'empty search results',
    'no match found',
    'search empty state',
    'not found illustration',
  ],
  draw: ({ main, deep, soft, tint, outline, light, paper, line, ink }) =>
    oval(250, 448, 200, 18, soft) +
    box(74, 44, 270, 360, 24, SHADE) +
    box(74, 36, 270, 360, 24, paper) +
    `<rect x="74" y="36" width="270" height="360" rx="24" fill="none" stroke="${light}" stroke-width="8" stroke-dasharray="22 16"/>` +
    [0, 1, 2, 3]
      .map(
        (row) =>
          disc(124, 100 + row * 68, 20, tint) +
          box(160, 86 + row * 68, 140, 11, 5.5, line) +
          box(160, 107 + row * 68, 90, 11, 5.5, line),
      )
      .join('') +
    stroke('M390 366l70 74', outline, 34) +
    disc(322, 288, 104, main) +
    disc(322, 288, 82, paper) +
    disc(322, 288, 82, `fill="${light}" fill-opacity=".4"`) +
    disc(294, 268, 10, ink) +
    disc(350, 268, 10, ink) +
    stroke('M290 328c16-22 48-22 64 0', ink, 10) +
    stroke('M262 250a64 64 0 0 1 34-32', '#ffffff', 10) +
    disc(322, 288, 93, `fill="none" stroke="${deep}" stroke-width="4" stroke-opacity=".35"`),
};

export const notFound: Drawing = {
  width: 600,
  height: 480,
  colours: ['#5b7be6', '#ff8a5c'],
  phrases: [
    'broken page',
    'error page',
    'page error',
    'broken website',
    'website down',
    'error illustration',
    'something went wrong',
    'broken browser',
    'crashed page',
    'page crashed',
    'error state',
    'server error',
    'app crash',
  ],
  draw: ({ main, soft, tint, light, accent, paper, line, ink }) =>
    oval(300, 446, 250, 18, soft) +
    // The two halves of a window that broke.
    `<g transform="rotate(-5 180 250)">` +
    area(
      'M70 70a20 20 0 0 1 20-20h196l-26 70 38 60-44 74 34 62-24 84H90a20 20 0 0 1-20-20Z',
      paper,
    ) +
    area('M70 108V70a20 20 0 0 1 20-20h196l-22 58Z', ink) +
    disc(98, 80, 8, '#ff6b5e') +
    disc(122, 80, 8, '#fdbd3f') +
    disc(146, 80, 8, '#34c759') +
    box(100, 140, 120, 90, 12, light) +
    box(100, 254, 130, 12, 6, line) +
    box(100, 282, 150, 12, 6, line) +
    box(100, 310, 100, 12, 6, line) +
    '</g>' +
    `<g transform="translate(26 6) rotate(7 420 250)">` +
    area(
      'M308 50h202a20 20 0 0 1 20 20v310a20 20 0 0 1-20 20H298l24-84-34-62 44-74-38-60Z',
      paper,
    ) +
    area('M308 50h202a20 20 0 0 1 20 20v38H286Z', ink) +
    box(360, 140, 140, 12, 6, line) +
    box(360, 168, 100, 12, 6, line) +
    box(356, 210, 146, 74, 12, tint) +
    box(360, 310, 96, 36, 18, main) +
    '</g>' +
    disc(300, 236, 66, accent) +
    box(290, 194, 20, 56, 10, '#ffffff') +
    disc(300, 272, 12, '#ffffff'),
};

export const unplugged: Drawing = {
  width: 640,
  height: 320,
  colours: ['#4f74e3', '#ff9d3f'],
  phrases: [
    'unplugged',
    'unplugged cable',
    'disconnected',
    'connection lost',
    'lost connection',
    'no connection',
    'connection error',
    'no internet connection',
    'network error',
    'disconnected plug',
    'you are offline',
    'offline page',
    'unplugged plug',
    'service unavailable',
    'no internet',
  ],
  draw: ({ main, deep, accent, ink, outline }) =>
    stroke('M20 236c60 40 110-10 90-56s20-70 90-34', outline, 18) +
    `<g transform="rotate(14 240 170)">` +
    area('M186 112h44a64 58 0 0 1 0 116h-44a20 20 0 0 1-20-20v-76a20 20 0 0 1 20-20Z', main) +
    area('M166 170h126a64 58 0 0 1-62 58h-44a20 20 0 0 1-20-20Z', deep) +
    box(286, 132, 46, 16, 6, '#9aa6b8') +
    box(286, 190, 46, 16, 6, '#9aa6b8') +
    '</g>' +
    stroke('M356 92l-14-36M396 76V36M436 96l22-34', accent, 12) +
    `<g transform="rotate(14 460 190)">` +
    area('M476 126h-46a10 10 0 0 0-10 10v108a10 10 0 0 0 10 10h46a64 64 0 0 0 0-128Z', main) +
    area('M420 190h120a64 64 0 0 1-64 64h-46a10 10 0 0 1-10-10Z', deep) +
    box(416, 150, 18, 18, 4, ink) +
    box(416, 212, 18, 18, 4, ink) +
    '</g>' +
    stroke('M536 206c70 20 90 80 30 80', outline, 18),
};

export const welcome: Drawing = {
  width: 600,
  height: 480,
  colours: ['#6a5be2', '#ffb347'],
  phrases: [
    'welcome',
    'onboarding',
    'welcome screen',
    'welcome illustration',
    'get started',
    'onboarding screen',
    'onboarding step',
    'welcome page',
    'hello',
    'getting started',
    'welcome aboard',
    'intro screen',
    'first steps',
    'onboarding illustration',
  ],
  draw: ({ main, deep, light, soft, accent, paper }) =>
    oval(300, 440, 250, 20, soft) +
    // A door that opens on light, and steps to it.
    box(196, 52, 208, 380, 12, deep) +
    box(212, 68, 176, 364, 6, accent) +
    area('M212 74a6 6 0 0 1 6-6h164a6 6 0 0 1 6 6v358H212Z', 'fill="#fff" fill-opacity=".45"') +
    area('M212 68 312 96V452L212 432Z', main) +
    area('M230 100l62 16v110l-62-8ZM230 244l62 6v140l-62-12Z', 'fill="#fff" fill-opacity=".18"') +
    disc(296, 280, 9, accent) +
    // A sheet that greets, confetti, a plant.
    box(432, 96, 138, 100, 18, paper) +
    area('M432 150l-30 18 34 12Z', paper) +
    `<path d="M470 152c8 20 52 20 62 0" fill="none" stroke="${main}" stroke-width="10" stroke-linecap="round"/>` +
    disc(478, 128, 8, main) +
    disc(524, 128, 8, main) +
    stroke('M74 120l22 14M120 62l6 26M52 190l26-4M150 150l-14 22', accent, 11) +
    disc(92, 70, 9, light) +
    disc(146, 104, 8, main) +
    disc(60, 236, 8, light) +
    disc(520, 60, 9, accent) +
    disc(570, 240, 8, main) +
    disc(452, 52, 7, light) +
    area('M96 356h84l-12 76h-60Z', '#e08a5b') +
    box(90, 344, 96, 20, 6, '#c97447') +
    area(
      'M136 344c-60-14-70-70-52-108 40 20 56 60 52 108ZM138 344c50-20 60-80 34-118-36 26-46 70-34 118Z',
      '#3f9a63',
    ) +
    stroke('M137 344c-2-60-2-90 4-140', '#2f7f52', 7),
};

export const success: Drawing = {
  width: 480,
  height: 480,
  colours: ['#22a565', '#ffb84d'],
  phrases: [
    'success',
    'payment successful',
    'order confirmed',
    'success page',
    'success screen',
    'all done',
    'thank you',
    'order complete',
    'order placed',
    'success illustration',
    'confirmation',
    'account created',
    'email verified',
    'well done',
  ],
  draw: ({ main, deep, soft, accent, light }) =>
    disc(240, 240, 190, soft) +
    disc(240, 240, 134, main) +
    area('M240 106a134 134 0 0 1 0 268c60-60 60-208 0-268Z', `fill="${deep}" fill-opacity=".5"`) +
    stroke('M178 244l44 44 84-92', '#ffffff', 30) +
    stroke('M62 96l22 20M400 70l-16 26M430 360l-28-10M74 392l24-18', accent, 13) +
    disc(120, 52, 12, main) +
    disc(440, 156, 12, accent) +
    disc(40, 230, 11, light) +
    disc(380, 430, 12, main) +
    disc(160, 450, 10, accent),
};
