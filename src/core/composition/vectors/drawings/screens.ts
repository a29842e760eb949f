// Programs and devices: windows, dashboards, charts, forms.
import type { Paint } from '../paint';
import { area, box, disc, SHADE, stroke, type Drawing } from './drawing';

/** A window with its bar and three buttons; its page begins at y + 44. */
function appWindow(
  x: number,
  y: number,
  width: number,
  height: number,
  paint: Paint,
  body = paint.paper,
): string {
  return (
    box(x, y + 8, width, height, 18, SHADE) +
    box(x, y, width, height, 18, body) +
    area(
      `M${x} ${y + 44}V${y + 18}a18 18 0 0 1 18-18h${width - 36}a18 18 0 0 1 18 18v26Z`,
      paint.ink,
    ) +
    disc(x + 26, y + 22, 8, '#ff6b5e') +
    disc(x + 50, y + 22, 8, '#fdbd3f') +
    disc(x + 74, y + 22, 8, '#34c759')
  );
}

/** Lines of text, each of a share of the width. */
function text(
  x: number,
  y: number,
  width: number,
  shares: readonly number[],
  colour: string,
  size = 10,
  gap = 24,
): string {
  return shares
    .map((share, row) => box(x, y + row * gap, Math.round(width * share), size, size / 2, colour))
    .join('');
}

export const browser: Drawing = {
  width: 640,
  height: 480,
  colours: ['#3f74e6', '#ffb84d'],
  phrases: [
    'browser window',
    'browser',
    'website',
    'web page',
    'webpage',
    'website mockup',
    'web browser',
    'landing page',
    'browser mockup',
    'website design',
    'web design',
    'homepage design',
    'website screenshot',
    'web development',
  ],
  draw: (paint) =>
    appWindow(20, 20, 600, 430, paint) +
    box(140, 31, 440, 22, 11, 'fill="#fff" fill-opacity=".2"') +
    box(52, 92, 250, 28, 8, paint.ink) +
    text(52, 140, 250, [1, 0.85, 0.6], paint.line) +
    box(52, 218, 120, 36, 18, paint.main) +
    box(332, 92, 256, 162, 14, paint.tint) +
    disc(540, 132, 20, paint.accent) +
    area('M332 240l74-82 56 60 34-34 92 66a14 14 0 0 1-10 4H346a14 14 0 0 1-14-14Z', paint.light) +
    area('M420 254l76-70 92 66a14 14 0 0 1-10 4Z', paint.main) +
    [0, 1, 2]
      .map((at) => {
        const x = 52 + at * 184;
        return (
          box(x, 284, 168, 134, 14, paint.tint) +
          disc(x + 36, 320, 18, at === 1 ? paint.accent : paint.main) +
          text(x + 18, 356, 132, [0.9, 0.6], paint.light)
        );
      })
      .join(''),
};

export const phone: Drawing = {
  width: 320,
  height: 600,
  colours: ['#6a5be2', '#ff9f5a'],
  phrases: [
    'phone mockup',
    'phone mock-up',
    'app mockup',
    'mobile app mockup',
    'app screen',
    'mobile app screen',
    'smartphone app',
    'phone screen',
    'mobile screen',
    'app screenshot',
    'phone with app',
    'smartphone mockup',
    'mobile mockup',
    'mobile app',
    'app on a phone',
  ],
  draw: (paint) =>
    box(22, 18, 276, 572, 46, SHADE) +
    box(22, 10, 276, 572, 46, paint.ink) +
    box(34, 22, 252, 548, 36, paint.paper) +
    area('M34 200V58a36 36 0 0 1 36-36h180a36 36 0 0 1 36 36v142Z', paint.main) +
    box(118, 34, 84, 20, 10, paint.ink) +
    disc(76, 108, 24, paint.light) +
    disc(76, 101, 9, paint.paper) +
    area('M60 122a16 14 0 0 1 32 0 24 24 0 0 1-32 0Z', paint.paper) +
    text(114, 94, 130, [0.9, 0.55], 'fill="#fff" fill-opacity=".85"', 11, 24) +
    box(54, 160, 212, 96, 20, SHADE) +
    box(54, 154, 212, 96, 20, paint.paper) +
    stroke('M76 222l34-26 32 16 40-34 62 22', paint.accent, 8) +
    [0, 1, 2, 3]
      .map((row) => {
        const y = 276 + row * 62;
        return (
          box(54, y, 48, 48, 14, row % 2 === 0 ? paint.light : paint.accent) +
          text(116, y + 9, 140, [row % 2 === 0 ? 1 : 0.8, 0.5], paint.line, 10, 20)
        );
      })
      .join('') +
    box(34, 524, 252, 2, 1, paint.line) +
    [76, 132, 188, 244]
      .map((x, at) => disc(x, 544, 9, at === 0 ? paint.main : paint.line))
      .join(''),
};

export const dashboard: Drawing = {
  width: 680,
  height: 480,
  colours: ['#3b6fe0', '#f7a440'],
  phrases: [
    'dashboard',
    'admin dashboard',
    'analytics dashboard',
    'admin panel',
    'analytics',
    'data visualization',
    'data visualisation',
    'dashboard with charts',
    'charts',
    'control panel',
    'statistics dashboard',
    'saas dashboard',
    'dashboard mockup',
    'business intelligence',
    'crm',
    'reports',
  ],
  draw: (paint) =>
    box(20, 28, 640, 432, 20, SHADE) +
    box(20, 20, 640, 432, 20, paint.soft) +
    area('M20 40a20 20 0 0 1 20-20h88v432H40a20 20 0 0 1-20-20Z', paint.ink) +
    disc(74, 64, 20, paint.main) +
    [0, 1, 2, 3, 4]
      .map((row) =>
        box(
          44,
          116 + row * 44,
          60,
          14,
          7,
          row === 0 ? paint.main : 'fill="#fff" fill-opacity=".28"',
        ),
      )
      .join('') +
    [0, 1, 2]
      .map((at) => {
        const x = 150 + at * 166;
        return (
          box(x, 44, 148, 92, 14, paint.paper) +
          box(x + 16, 62, 60, 10, 5, paint.line) +
          box(x + 16, 86, 84, 18, 9, [paint.main, paint.accent, paint.deep][at] ?? paint.main) +
          stroke(`M${x + 16} 120h${[110, 70, 90][at]}`, paint.light, 6)
        );
      })
      .join('') +
    box(150, 154, 314, 274, 14, paint.paper) +
    box(170, 174, 96, 12, 6, paint.ink) +
    stroke('M170 228h274M170 278h274M170 328h274M170 378h274', paint.line, 2) +
    area(
      'M170 360 220 316 268 336 322 268 376 288 444 222V404H170Z',
      `fill="${paint.light}" fill-opacity=".6"`,
    ) +
    stroke('M170 360 220 316 268 336 322 268 376 288 444 222', paint.main, 7) +
    disc(444, 222, 9, paint.accent) +
    box(482, 154, 148, 274, 14, paint.paper) +
    disc(556, 230, 38, `fill="none" stroke="${paint.light}" stroke-width="22"`) +
    stroke('M556 192a38 38 0 0 1 34 55', paint.main, 22, '').replace(
      'stroke-linecap="round" ',
      '',
    ) +
    stroke('M590 247a38 38 0 0 1-50 17', paint.accent, 22).replace('stroke-linecap="round" ', '') +
    [0, 1, 2]
      .map(
        (row) =>
          disc(508, 318 + row * 36, 8, [paint.main, paint.accent, paint.light][row] ?? paint.main) +
          box(526, 313 + row * 36, [82, 60, 70][row] ?? 60, 10, 5, paint.line),
      )
      .join(''),
};

export const barChart: Drawing = {
  width: 512,
  height: 440,
  colours: ['#3f74e6', '#ff9f45'],
  phrases: [
    'bar chart',
    'bar graph',
    'chart',
    'graph',
    'bar charts',
    'column chart',
    'histogram',
    'statistics',
    'bars chart',
    'sales chart',
  ],
  draw: ({ main, light, accent, line, outline }) =>
    stroke('M64 100h408M64 190h408M64 280h408', line, 4) +
    [150, 226, 190, 300, 260]
      .map((height, at) =>
        box(
          92 + at * 76,
          372 - height,
          52,
          height + 4,
          10,
          [main, light, main, accent, main][at] ?? main,
        ),
      )
      .join('') +
    stroke('M64 40v336h408', outline, 12),
};

export const lineChart: Drawing = {
  width: 512,
  height: 440,
  colours: ['#1f9d6b', '#3f74e6'],
  phrases: [
    'line chart',
    'line graph',
    'growth chart',
    'stock chart',
    'trend chart',
    'growth',
    'growth graph',
    'area chart',
    'stock market',
    'sales growth',
    'line diagram',
    'revenue chart',
  ],
  draw: ({ main, light, accent, line, outline }) =>
    stroke('M64 100h408M64 190h408M64 280h408', line, 4) +
    area(
      'M64 320 146 250 222 282 306 176 376 206 462 90V376H64Z',
      `fill="${light}" fill-opacity=".55"`,
    ) +
    stroke(
      'M64 344 146 320 222 300 306 310 376 262 462 232',
      accent,
      8,
      ' stroke-dasharray="2 18"',
    ) +
    stroke('M64 320 146 250 222 282 306 176 376 206 462 90', main, 12) +
    [
      [146, 250],
      [222, 282],
      [306, 176],
      [376, 206],
      [462, 90],
    ]
      .map(([x = 0, y = 0]) => disc(x, y, 13, main) + disc(x, y, 6, '#fff'))
      .join('') +
    stroke('M64 40v336h408', outline, 12),
};

export const pieChart: Drawing = {
  width: 480,
  height: 480,
  colours: ['#4f6fe3', '#ffae42'],
  phrases: ['pie chart', 'pie graph', 'pie diagram', 'market share', 'circle chart', 'pie charts'],
  draw: ({ main, deep, light, accent }) =>
    disc(232, 250, 196, main) +
    area('M232 250 232 54A196 196 0 0 0 62.300 348Z', light) +
    area('M232 250 62.300 348A196 196 0 0 0 281 440Z', deep) +
    area('M262 218V22a196 196 0 0 1 170 294Z', accent),
};

export const donutChart: Drawing = {
  width: 480,
  height: 480,
  colours: ['#8a5be0', '#ff8a5c'],
  phrases: ['donut chart', 'doughnut chart', 'ring chart', 'donut graph'],
  draw: ({ main, light, accent, outline, line }) => {
    const ring = (from: number, to: number, colour: string): string => {
      const at = (turn: number): string =>
        `${(240 + 160 * Math.sin(turn * 2 * Math.PI)).toFixed(1)} ${(240 - 160 * Math.cos(turn * 2 * Math.PI)).toFixed(1)}`;
      return `<path d="M${at(from)}A160 160 0 ${to - from > 0.5 ? 1 : 0} 1 ${at(to)}" fill="none" stroke="${colour}" stroke-width="78"/>`;
    };
    return (
      ring(0.005, 0.42, main) +
      ring(0.43, 0.68, accent) +
      ring(0.69, 0.86, light) +
      ring(0.87, 0.995, line) +
      box(186, 212, 108, 24, 12, outline) +
      box(206, 250, 68, 14, 7, line)
    );
  },
};

export const codeEditor: Drawing = {
  width: 640,
  height: 460,
  colours: ['#5d8bf4', '#f7a440'],
  phrases: [
    'code editor',
    'code window',
    'code on a screen',
    'code snippet',
    'programming code',
    'ide',
    'source code editor',
    'code editor window',
    'coding',
    'programming',
    'software development',
    'computer code',
    'code',
  ],
  draw: (paint) => {
    const row = (
      y: number,
      indent: number,
      parts: readonly (readonly [number, string])[],
    ): string => {
      let x = 92 + indent * 30;
      return parts
        .map(([width, colour]) => {
          const one = box(x, y, width, 13, 6.5, colour);
          x += width + 12;
          return one;
        })
        .join('');
    };
    const [word, name, value, quiet] = [paint.main, '#e7ecf5', paint.accent, '#6b7690'];
    const green = '#6fcf97';
    return (
      appWindow(20, 20, 600, 412, paint, '#222a3a') +
      box(20, 64, 50, 350, 0, 'fill="#000" fill-opacity=".16"') +
      Array.from({ length: 10 }, (_, line) => box(36, 91 + line * 33, 18, 7, 3.5, '#59647c')).join(
        '',
      ) +
      row(88, 0, [
        [64, word],
        [110, name],
        [46, value],
      ]) +
      row(121, 0, [
        [88, quiet],
        [150, quiet],
      ]) +
      row(154, 0, [
        [52, word],
        [130, '#7cc4ff'],
        [80, name],
      ]) +
      row(187, 1, [
        [60, word],
        [70, name],
        [120, green],
      ]) +
      row(220, 1, [
        [40, word],
        [100, '#7cc4ff'],
        [56, value],
      ]) +
      row(253, 2, [
        [84, word],
        [150, green],
        [40, name],
      ]) +
      row(286, 2, [
        [120, name],
        [60, value],
      ]) +
      row(319, 1, [[36, name]]) +
      row(352, 1, [
        [74, word],
        [130, name],
      ]) +
      row(385, 0, [[34, name]])
    );
  },
};

export const login: Drawing = {
  width: 480,
  height: 520,
  colours: ['#4f6fe3', '#35b37e'],
  phrases: [
    'login form',
    'login page',
    'log in form',
    'sign in page',
    'sign in form',
    'login screen',
    'sign up form',
    'signup form',
    'registration form',
    'login card',
    'login illustration',
    'sign up page',
    'authentication',
    'sign up',
    'contact form',
    'form',
  ],
  draw: (paint) =>
    box(50, 28, 380, 472, 28, SHADE) +
    box(50, 20, 380, 472, 28, paint.paper) +
    disc(240, 110, 56, paint.tint) +
    disc(240, 94, 22, paint.main) +
    area('M200 146a40 32 0 0 1 80 0 56 56 0 0 1-80 0Z', paint.main) +
    box(90, 196, 300, 54, 14, paint.tint) +
    disc(122, 223, 10, paint.light) +
    box(146, 217, 130, 12, 6, paint.light) +
    box(90, 268, 300, 54, 14, paint.tint) +
    box(112, 293, 20, 16, 4, paint.light) +
    stroke('M116 292v-5a6 6 0 0 1 12 0v5', paint.light, 4) +
    [152, 176, 200, 224, 248, 272].map((x) => disc(x, 295, 6, paint.ink)).join('') +
    box(90, 346, 22, 22, 6, paint.accent) +
    stroke('M95 357l5 5 8-9', '#fff', 4) +
    box(124, 351, 96, 11, 5.5, paint.line) +
    box(298, 351, 92, 11, 5.5, paint.light) +
    box(90, 394, 300, 58, 16, paint.main) +
    box(196, 417, 88, 13, 6.5, '#ffffff'),
};

export const chat: Drawing = {
  width: 560,
  height: 480,
  colours: ['#3f7ae8', '#ffb44d'],
  phrases: [
    'chat conversation',
    'conversation',
    'chat app',
    'messenger',
    'chat window',
    'messages',
    'live chat',
    'chat messages',
    'messaging app',
    'chatting',
    'dialogue',
    'dialog bubbles',
    'speech bubbles',
    'chat bubbles',
    'discussion',
    'comments',
  ],
  draw: ({ main, light, soft, accent, paper, line }) =>
    face(58, 150, accent) +
    area(
      'M104 60h284a30 30 0 0 1 30 30v66a30 30 0 0 1-30 30H136l-42 20 12-34a30 30 0 0 1-28-30V90a30 30 0 0 1 26-30Z',
      soft,
    ) +
    text(114, 92, 270, [1, 0.85, 0.5], light, 13, 26) +
    area(
      'M456 218H200a30 30 0 0 0-30 30v56a30 30 0 0 0 30 30h230l46 20-14-36a30 30 0 0 0 20-28v-42a30 30 0 0 0-26-30Z',
      main,
    ) +
    text(204, 250, 240, [1, 0.7], paper, 13, 28) +
    face(506, 300, main) +
    face(58, 424, accent) +
    area(
      'M104 372h130a30 30 0 0 1 30 30v20a30 30 0 0 1-30 30h-98l-42 16 12-30a28 28 0 0 1-28-28v-10a28 28 0 0 1 26-28Z',
      line,
    ) +
    [140, 174, 208].map((x) => disc(x, 412, 10, main)).join(''),
};

function face(x: number, y: number, colour: string): string {
  return (
    disc(x, y, 34, colour) +
    disc(x, y - 8, 12, '#fff') +
    area(`M${x - 20} ${y + 20}a20 16 0 0 1 40 0a34 34 0 0 1-40 0Z`, '#fff')
  );
}
