import { change, fromOklch, isDark, lightness, mix, oklch } from '../../colours';
import { num } from '../drawing/canvas';
import { polygon } from '../drawing/curves';
import type { Light } from '../drawing/light';
import type { Placement, SceneContext } from '../scene';
import { eased, stopsOf } from '../surfaces/gradients';

const WALLS = ['#e9dccb', '#d6dfd8', '#dbe3ec', '#f0dcd2', '#cfd8d0', '#e6e1ee'];
const FLOORS = ['#c69c6d', '#b98a5e', '#d3b08a', '#a57b56'];

/** A wall and a floor of boards, a window or a lamp, a rug, and furniture at the sides. */
export function drawRoom(scene: SceneContext): Placement {
  const outside = scene.light;
  const context = { ...scene, light: indoors(outside) };
  const { canvas, width, height, unit, random, light, asked } = context;
  const own = asked[0] ?? random.pick(WALLS);
  const floorColour = asked[1] ?? random.pick(FLOORS);
  const edge = height * 0.7;
  const wide = Math.min(width, height * 1.9);
  const centre = width / 2;
  const night = outside.time === 'night';
  const wall = light.paint(own);
  const soft = night ? light.shine('#ffdca0') : light.glow;
  const windowSide = random.sign();
  const windowAt = centre + windowSide * wide * 0.28;
  const otherAt = centre - windowSide * wide * 0.3;
  const furniture = random.pick(['sideboard', 'lamp', 'armchair']);
  const lampAt = furniture === 'lamp' ? otherAt : otherAt - windowSide * wide * 0.11;
  canvas.rect(0, 0, width, edge + 1, wall);
  canvas.rect(
    0,
    0,
    width,
    edge,
    canvas.radial(
      eased(soft, night ? 0.38 : 0.45),
      night ? lampAt : windowAt,
      edge * (night ? 0.5 : 0.36),
      Math.max(wide * 0.6, height * 0.5),
    ),
  );
  drawFloor(context, floorColour, edge);
  const board = isDark(own) ? mix(own, '#ffffff', 0.22) : mix(own, '#ffffff', 0.7);
  canvas.rect(0, edge - height * 0.028, width, height * 0.03, light.paint(board));
  canvas.rect(0, edge, width, height * 0.007, light.paint('#5a3f2c'), 'opacity="0.45"');
  drawWindow(context, outside, windowAt, edge, wide, own);
  drawFrames(context, otherAt, edge * 0.34, Math.min(unit * 0.2, wide * 0.16), own);
  drawRug(context, centre, edge, wide, own);
  // In a narrow room things are as large as they can be, or most of it would be wall.
  const narrow = width < height * 0.8;
  const size = Math.min(unit, wide * (narrow ? 0.86 : 0.62));
  if (furniture === 'sideboard') drawSideboard(context, otherAt, edge + height * 0.03, size * 0.46);
  if (furniture === 'armchair')
    drawArmchair(context, otherAt, edge + height * 0.07, size * 0.3, own);
  if (furniture === 'lamp' || night)
    drawLamp(context, lampAt, edge + height * 0.03, size * 0.5, night);
  drawPlant(
    context,
    centre - windowSide * wide * 0.44,
    edge + (height - edge) * 0.3,
    size * random.range(0.26, 0.34),
  );
  return { floor: 0.88, horizon: edge / height, behind: mix(wall, soft, night ? 0.25 : 0.12) };
}

/** At night lamps are lit: things keep more of their colours than outside. */
function indoors(light: Light): Light {
  if (light.time !== 'night') return light;
  return {
    ...light,
    paint: (colour, far = 0) =>
      mix(mix(light.shine(colour), light.shine('#2b2244'), 0.76), light.haze, far * 0.3),
  };
}

function drawSideboard(
  { canvas, light, random }: SceneContext,
  x: number,
  foot: number,
  size: number,
): void {
  const wood = light.paint('#b07f55');
  const [left, top, tall] = [x - size / 2, foot - size * 0.42, size * 0.34];
  canvas.ellipse(x, foot, size * 0.52, size * 0.03, light.paint('#3f2a1c'), 'opacity="0.22"');
  const leg = size * 0.03;
  for (const share of [0.08, 0.89]) {
    canvas.rect(left + size * share, foot - size * 0.1, leg, size * 0.1, light.paint('#6b4a33'));
  }
  canvas.rect(left, top, size, tall, wood, `rx="${num(size * 0.015)}"`);
  for (const share of [0.03, 0.355, 0.68]) {
    canvas.rect(
      left + size * share,
      top + size * 0.03,
      size * 0.29,
      tall - size * 0.06,
      light.paint('#c59468'),
    );
    canvas.circle(
      left + size * (share + 0.145),
      top + tall * 0.3,
      size * 0.012,
      light.paint('#6b4a33'),
    );
  }
  // Books and a vase on it.
  const bookColours = random.shuffle(['#4f7a9a', '#c9684f', '#d9a94a', '#5f8f78', '#8a6a9a']);
  for (const [index, colour] of bookColours.slice(0, 4).entries()) {
    const tallness = size * (0.11 + 0.025 * ((index * 7) % 3));
    canvas.rect(
      left + size * (0.08 + index * 0.036),
      top - tallness,
      size * 0.032,
      tallness,
      light.paint(colour),
    );
  }
  const vase = left + size * 0.8;
  canvas.path(
    `M${num(vase - size * 0.03)} ${num(top)}q${num(-size * 0.05)} ${num(-size * 0.08)} ${num(size * 0.012)} ${num(-size * 0.15)}h${num(size * 0.036)}q${num(size * 0.062)} ${num(size * 0.07)} ${num(size * 0.012)} ${num(size * 0.15)}z`,
    light.paint('#e9e2d6'),
  );
}

function drawLamp(
  { canvas, light }: SceneContext,
  x: number,
  foot: number,
  tall: number,
  lit: boolean,
): void {
  const metal = light.paint('#5a4a44');
  if (lit) {
    canvas.circle(
      x,
      foot - tall * 0.86,
      tall * 0.7,
      canvas.radial(eased(light.shine('#ffe2a8'), 0.7), x, foot - tall * 0.86, tall * 0.7),
    );
  }
  canvas.ellipse(x, foot, tall * 0.12, tall * 0.018, metal);
  canvas.rect(x - tall * 0.009, foot - tall * 0.85, tall * 0.018, tall * 0.85, metal);
  canvas.path(
    `M${num(x - tall * 0.1)} ${num(foot - tall)}h${num(tall * 0.2)}l${num(tall * 0.06)} ${num(tall * 0.24)}h${num(-tall * 0.32)}z`,
    lit ? light.shine('#ffe9b8') : light.paint('#f0e3c8'),
  );
}

function drawArmchair(
  { canvas, light, random }: SceneContext,
  x: number,
  foot: number,
  size: number,
  wall: string,
): void {
  const { h } = oklch(wall);
  const cloth = fromOklch(0.62, 0.09, h + random.pick([120, 180, 210, -60]));
  const [main, dark, pale] = [cloth, mix(cloth, '#2a2233', 0.22), mix(cloth, '#ffffff', 0.14)].map(
    (colour) => light.paint(colour),
  );
  const round = (share: number): string => `rx="${num(size * share)}"`;
  canvas.ellipse(x, foot, size * 0.56, size * 0.05, light.paint('#3f2a1c'), 'opacity="0.22"');
  for (const side of [-1, 1]) {
    canvas.rect(
      x + side * size * 0.34 - size * 0.025,
      foot - size * 0.14,
      size * 0.05,
      size * 0.14,
      light.paint('#6b4a33'),
    );
  }
  canvas.rect(x - size * 0.38, foot - size, size * 0.76, size * 0.8, main!, round(0.16));
  canvas.rect(x - size * 0.34, foot - size * 0.48, size * 0.68, size * 0.36, dark!, round(0.05));
  canvas.rect(x - size * 0.32, foot - size * 0.5, size * 0.64, size * 0.17, pale!, round(0.06));
  for (const side of [-1, 1]) {
    canvas.rect(
      x + side * size * 0.41 - size * 0.1,
      foot - size * 0.6,
      size * 0.2,
      size * 0.5,
      main!,
      round(0.09),
    );
  }
}

function drawFloor(
  { canvas, width, height, light, unit }: SceneContext,
  colour: string,
  edge: number,
): void {
  canvas.rect(
    0,
    edge,
    width,
    height - edge + 1,
    canvas.linear(
      stopsOf(
        [light.paint(mix(colour, '#ffffff', 0.12), 0.06), light.paint(mix(colour, '#5a3820', 0.2))],
        4,
      ),
      [0, edge],
      [0, height],
    ),
  );
  const centre = width / 2;
  const depth = height - edge;
  const reach = 2.2;
  const step = Math.max(unit * 0.17, depth * 0.45);
  const count = Math.min(26, Math.ceil((width * reach) / step / 2));
  let d = '';
  for (let board = -count; board <= count; board++) {
    const end = centre + (board + 0.5) * step;
    d += `M${num(centre + (end - centre) / reach)} ${num(edge)}L${num(end)} ${num(height)}`;
  }
  canvas.line(
    d,
    light.paint(mix(colour, '#3f2716', 0.5)),
    Math.max(0.5, unit * 0.0022),
    'opacity="0.45"',
  );
}

function drawWindow(
  { canvas, light, height }: SceneContext,
  outside: Light,
  x: number,
  edge: number,
  wide: number,
  wall: string,
): void {
  const tall = Math.min(edge * 0.56, wide * (wide < edge ? 0.5 : 0.36));
  const w = tall * 0.82;
  const y = edge * 0.4 - tall / 2;
  const frame = light.paint(mix(wall, '#ffffff', 0.85));
  const bar = tall * 0.035;
  canvas.rect(x - w / 2 - bar, y - bar, w + bar * 2, tall + bar * 2, frame);
  canvas.rect(x - w / 2, y, w, tall, canvas.linear(stopsOf(outside.sky, 5), [0, y], [0, y + tall]));
  canvas.path(
    `M${num(x - w / 2)} ${num(y + tall)}v${num(-tall * 0.18)}q${num(w * 0.25)} ${num(-tall * 0.14)} ${num(w * 0.5)} ${num(-tall * 0.02)}t${num(w * 0.5)} ${num(-tall * 0.06)}v${num(tall * 0.26)}z`,
    outside.paint('#6f9a72', 0.4),
  );
  if (light.time === 'night') canvas.circle(x + w * 0.22, y + tall * 0.24, tall * 0.06, light.sun);
  canvas.rect(x - bar / 2, y, bar, tall, frame);
  canvas.rect(x - w / 2, y + tall * 0.45, w, bar, frame);
  canvas.rect(x - w / 2 - bar * 2.4, y + tall + bar, w + bar * 4.8, bar * 1.3, frame);
  // The light that falls on the floor.
  if (light.time !== 'night' && light.time !== 'overcast') {
    const lean = w * 0.5 * (x > edge ? -1 : 1);
    canvas.path(
      polygon([
        { x: x - w * 0.4 + lean, y: edge + (height - edge) * 0.16 },
        { x: x + w * 0.4 + lean, y: edge + (height - edge) * 0.16 },
        { x: x + w * 0.55 + lean * 1.9, y: edge + (height - edge) * 0.62 },
        { x: x - w * 0.45 + lean * 1.9, y: edge + (height - edge) * 0.62 },
      ]),
      light.glow,
      'opacity="0.26"',
    );
  }
  const curtain = light.paint(change(wall, { l: Math.max(0.25, lightness(wall) - 0.16), c: 1.6 }));
  const fall = tall * 1.22;
  for (const side of [-1, 1]) {
    const at = x + side * (w / 2 + bar * 2.2);
    canvas.path(
      `M${num(at - side * w * 0.16)} ${num(y - bar * 2)}h${num(side * w * 0.3)}q${num(-side * w * 0.06)} ${num(fall * 0.5)} ${num(side * w * 0.03)} ${num(fall)}h${num(-side * w * 0.27)}q${num(side * w * 0.02)} ${num(-fall * 0.6)} ${num(-side * w * 0.06)} ${num(-fall)}z`,
      curtain,
      'opacity="0.92"',
    );
  }
  canvas.rect(x - w * 0.78, y - bar * 2.6, w * 1.56, bar * 0.9, light.paint('#6b5140'));
}

function drawFrames(
  { canvas, light, random }: SceneContext,
  x: number,
  y: number,
  size: number,
  wall: string,
): void {
  const { h } = oklch(wall);
  for (const [dx, dy, w, tall] of random.pick([
    [[-0.5, -0.6, 1, 1.2]],
    [
      [-1.05, -0.6, 0.95, 1.2],
      [0.1, -0.6, 0.95, 1.2],
    ],
    [
      [-0.9, -0.7, 0.9, 1.3],
      [0.15, -0.7, 0.75, 0.6],
      [0.15, 0.05, 0.75, 0.55],
    ],
  ])) {
    const [left, top, width, height] = [
      x + dx! * size * 0.8,
      y + dy! * size * 0.8,
      w! * size * 0.8,
      tall! * size * 0.8,
    ];
    canvas.rect(left, top, width, height, light.paint('#6b5343'));
    const inner = size * 0.035;
    canvas.rect(
      left + inner,
      top + inner,
      width - inner * 2,
      height - inner * 2,
      light.paint('#f7f2e8'),
    );
    const pad = inner * 2.6;
    canvas.rect(
      left + pad,
      top + pad,
      width - pad * 2,
      height - pad * 2,
      light.paint(fromOklch(0.82, 0.06, h + random.range(60, 200))),
    );
    canvas.circle(
      left + width / 2,
      top + height * 0.55,
      Math.min(width, height) * 0.17,
      light.paint(fromOklch(0.66, 0.11, h + random.range(-40, 40))),
    );
  }
}

function drawRug(
  { canvas, light, random, height }: SceneContext,
  x: number,
  edge: number,
  wide: number,
  wall: string,
): void {
  const { h } = oklch(wall);
  const colour = fromOklch(0.72, 0.07, h + random.pick([-60, 40, 120, 180]));
  const y = edge + (height - edge) * 0.58;
  const [rx, ry] = [wide * 0.3, (height - edge) * 0.26];
  canvas.ellipse(x, y + ry * 0.06, rx * 1.01, ry, light.paint('#4a3322'), 'opacity="0.18"');
  canvas.ellipse(x, y, rx, ry, light.paint(colour));
  canvas.ellipse(
    x,
    y,
    rx * 0.86,
    ry * 0.84,
    'none',
    `stroke="${light.paint(mix(colour, '#ffffff', 0.55))}" stroke-width="${num(Math.max(0.6, ry * 0.05))}"`,
  );
}

function drawPlant({ canvas, light }: SceneContext, x: number, foot: number, tall: number): void {
  const pot = light.paint('#c9785a');
  canvas.ellipse(x, foot, tall * 0.2, tall * 0.03, light.paint('#3f2a1c'), 'opacity="0.25"');
  const leaf = light.paint('#4f8a5f');
  const second = light.paint('#6fa870');
  for (const [index, degrees] of [-150, -30, -125, -55, -100, -78].entries()) {
    const angle = (degrees * Math.PI) / 180;
    const reach = tall * (0.52 + (index % 3) * 0.09);
    const [bx, by] = [x, foot - tall * 0.26];
    const [tx, ty] = [bx + Math.cos(angle) * reach * 0.8, by + Math.sin(angle) * reach];
    const [nx, ny] = [-Math.sin(angle) * tall * 0.1, Math.cos(angle) * tall * 0.1];
    const [mx, my] = [(bx + tx) / 2, (by + ty) / 2];
    canvas.path(
      `M${num(bx)} ${num(by)}Q${num(mx + nx)} ${num(my + ny)} ${num(tx)} ${num(ty)}Q${num(mx - nx)} ${num(my - ny)} ${num(bx)} ${num(by)}z`,
      index % 2 === 0 ? leaf : second,
    );
  }
  canvas.path(
    `M${num(x - tall * 0.15)} ${num(foot - tall * 0.3)}h${num(tall * 0.3)}l${num(-tall * 0.04)} ${num(tall * 0.3)}h${num(-tall * 0.22)}z`,
    pot,
  );
}
