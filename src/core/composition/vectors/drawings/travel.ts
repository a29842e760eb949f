// Things that people travel with.
import { area, box, disc, oval, stroke, type Drawing } from './drawing';

export const bicycle: Drawing = {
  width: 640,
  height: 440,
  colours: ['#e0483e', '#2f3a4c'],
  phrases: [
    'bicycle',
    'bike',
    'bicycles',
    'racing bike',
    'city bike',
    'road bike',
    'bicycle at a wall',
    'bicycle leaning against a wall',
  ],
  draw: ({ main, deep, outline }) =>
    wheel(150, outline) +
    wheel(490, outline) +
    // Frame: chain stays, seat tube, top tube, down tube, fork.
    stroke('M150 296 236 158M150 296h144M294 296 222 128M236 158h176M294 296 412 158', main, 15) +
    stroke('M490 296 404 130', main, 15) +
    stroke('M404 130l-8-32', deep, 13) +
    stroke('M356 92h48c34 0 40 34 18 44', outline, 13) +
    stroke('M222 128l-10-26', '#98a2b3', 11) +
    area('M164 84c28-10 62-10 92 2 8 4 6 16-4 16l-56 6c-16 0-40-6-40-14 0-4 2-8 8-10Z', outline) +
    disc(294, 296, 30, `fill="none" stroke="${outline}" stroke-width="9"`) +
    stroke('M152 286h142M152 308h142', outline, 4) +
    disc(294, 296, 9, outline) +
    stroke('M294 296l34 52M316 350h28', outline, 9) +
    disc(150, 296, 13, '#98a2b3') +
    disc(490, 296, 13, '#98a2b3'),
};

function wheel(x: number, outline: string): string {
  const spokes = Array.from({ length: 8 }, (_, at) => {
    const turn = (at * Math.PI) / 8;
    const [dx, dy] = [Math.cos(turn) * 104, Math.sin(turn) * 104];
    return `M${(x - dx).toFixed(1)} ${(296 - dy).toFixed(1)}L${(x + dx).toFixed(1)} ${(296 + dy).toFixed(1)}`;
  }).join('');
  return (
    stroke(spokes, '#b4bdcb', 3) +
    disc(x, 296, 112, `fill="none" stroke="${outline}" stroke-width="15"`) +
    disc(x, 296, 101, 'fill="none" stroke="#b4bdcb" stroke-width="6"')
  );
}

export const sailboat: Drawing = {
  width: 512,
  height: 512,
  colours: ['#e2574c', '#3d8fd1'],
  phrases: ['sail boat', 'sailing boat', 'sailboat', 'sailing ship', 'yacht', 'sail boats'],
  draw: ({ main, deep, accent }) =>
    area('M248 40c-20 130-80 240-158 306h158Z', '#fff6e6') +
    area('M248 40c-20 130-80 240-158 306h158Z', 'fill="#c79a5a" fill-opacity=".16"') +
    area('M190 214h58v44h-84Z', main) +
    area('M276 70c66 70 116 164 132 276H276Z', main) +
    area('M276 220c38 30 92 84 132 126H276Z', deep) +
    box(254, 26, 14, 346, 7, '#8a5a30') +
    area('M268 32l56 18-56 18Z', accent) +
    area('M54 366h404c-12 50-46 86-96 86H150c-50 0-82-36-96-86Z', '#a8683a') +
    area('M54 366h404l-7 22H61Z', '#fbfbfd') +
    area('M256 388h195c-16 40-46 64-89 64H256Z', 'fill="#1d2740" fill-opacity=".14"') +
    stroke('M40 470q36-26 72 0t72 0 72 0 72 0 72 0 72 0', accent, 16),
};

export const balloon: Drawing = {
  width: 440,
  height: 560,
  colours: ['#e8503f', '#ffc94d'],
  phrases: ['hot air balloon', 'hot-air balloon', 'hot air balloons', 'air balloon'],
  draw: ({ main, accent, paper, ink }) =>
    area(
      'M220 20C104 20 40 104 40 196c0 92 76 156 124 208h112c48-52 124-116 124-208C400 104 336 20 220 20Z',
      main,
    ) +
    area(
      'M220 20C150 20 112 104 112 196c0 92 46 156 72 208h72c26-52 72-116 72-208C328 104 290 20 220 20Z',
      accent,
    ) +
    area('M220 20c-30 0-46 84-46 176s24 156 36 208h20c12-52 36-116 36-208S250 20 220 20Z', paper) +
    area(
      'M220 20c116 0 180 84 180 176 0 92-76 156-124 208h-40c60-60 100-130 100-220C336 110 290 40 220 20Z',
      'fill="#1d2740" fill-opacity=".12"',
    ) +
    area('M164 404h112l-8 24h-96Z', ink) +
    stroke('M176 428l10 52M264 428l-10 52M204 428l4 52M236 428l-4 52', ink, 5) +
    area('M178 476h84l-8 62a10 10 0 0 1-10 8h-48a10 10 0 0 1-10-8Z', '#b07a48') +
    stroke('M184 502h72M188 524h64', '#8a5a30', 5) +
    box(172, 470, 96, 14, 7, '#8a5a30'),
};

export const street: Drawing = {
  width: 640,
  height: 440,
  colours: ['#e58a5b', '#4f8ac9'],
  phrases: [
    'street',
    'city street',
    'town',
    'row of houses',
    'houses',
    'townhouses',
    'village street',
    'neighbourhood',
    'neighborhood',
    'small town',
    'village',
  ],
  draw: ({ main, deep, accent, ink, outline, tint }) => {
    const house = (x: number, width: number, top: number, wall: string, roof: string): string => {
      const windows = [];
      for (let y = top + 34; y < 280; y += 62) {
        for (let at = 0; at < 2; at++) {
          const wx = x + width * (0.17 + at * 0.4);
          windows.push(
            box(wx, y, width * 0.26, 38, 4, '#ffe3a3'),
            stroke(`M${wx + width * 0.13} ${y}v38`, wall, 4),
          );
        }
      }
      return (
        box(x, top, width, 364 - top, 0, wall) +
        box(x + width * 0.78, top, width * 0.22, 364 - top, 0, 'fill="#1d2740" fill-opacity=".1"') +
        area(`M${x - 10} ${top}l${width / 2 + 10}-64 ${width / 2 + 10} 64Z`, roof) +
        windows.join('') +
        area(
          `M${x + width * 0.36} 364v-48a14 14 0 0 1 14-14h${width * 0.28 - 28 + 10}a14 14 0 0 1 14 14v48Z`,
          ink,
        )
      );
    };
    return (
      house(40, 130, 170, main, ink) +
      house(180, 120, 120, '#f3d9b1', deep) +
      house(310, 140, 190, accent, ink) +
      house(460, 130, 140, tint, main) +
      box(20, 360, 600, 18, 4, '#b8c0cc') +
      box(20, 378, 600, 46, 6, '#5b6577') +
      stroke('M50 402h60M160 402h60M270 402h60M380 402h60M490 402h60', '#f3f5fa', 7) +
      stroke('M610 364V230M610 232h-26', outline, 7) +
      disc(580, 240, 11, '#ffd35c') +
      oval(304, 346, 20, 24, '#3f9a63') +
      oval(454, 350, 16, 20, '#2f7f52')
    );
  },
};
