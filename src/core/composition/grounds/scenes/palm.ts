import { mix } from '../../colours';
import { num } from '../drawing/canvas';
import { smoothLoop, type Point } from '../drawing/curves';
import type { SceneContext } from '../scene';

/** A palm that leans over the scene. @param lean 1 to the right, -1 to the left */
export function palm(
  { canvas, light, random }: SceneContext,
  foot: Point,
  tall: number,
  lean: number,
): void {
  const top = { x: foot.x + lean * tall * random.range(0.16, 0.26), y: foot.y - tall };
  const bend = { x: foot.x - lean * tall * 0.02, y: foot.y - tall * 0.5 };
  const [thick, thin] = [tall * 0.03, tall * 0.016];
  const trunk = light.paint('#8a6444', 0);
  canvas.ellipse(
    foot.x,
    foot.y,
    tall * 0.16,
    tall * 0.018,
    light.paint('#6b4a2c', 0),
    'opacity="0.25"',
  );
  canvas.path(
    `M${num(foot.x - thick)} ${num(foot.y)}Q${num(bend.x - thick)} ${num(bend.y)} ${num(top.x - thin)} ${num(top.y)}h${num(thin * 2)}Q${num(bend.x + thick)} ${num(bend.y)} ${num(foot.x + thick)} ${num(foot.y)}z`,
    trunk,
  );
  const leaf = '#3f8a52';
  const fronds = [-168, -140, -108, -72, -40, -12, 22, 158];
  for (const [index, degrees] of random.shuffle(fronds).entries()) {
    const angle = ((degrees + random.range(-7, 7)) * Math.PI) / 180;
    const reach = tall * random.range(0.34, 0.44);
    const tip = {
      x: top.x + Math.cos(angle) * reach,
      y: top.y + Math.sin(angle) * reach * 0.62 + reach * 0.3,
    };
    const crest = {
      x: top.x + Math.cos(angle) * reach * 0.52,
      y: top.y + Math.sin(angle) * reach * 0.62 - reach * 0.08,
    };
    const across = tall * 0.05;
    const points: Point[] = [
      top,
      { x: crest.x, y: crest.y - across * 0.9 },
      {
        x: (crest.x + tip.x) / 2 + Math.cos(angle) * across * 0.6,
        y: (crest.y + tip.y) / 2 - across * 0.55,
      },
      tip,
      {
        x: (crest.x + tip.x) / 2 - Math.cos(angle) * across * 0.3,
        y: (crest.y + tip.y) / 2 + across * 0.55,
      },
      { x: crest.x, y: crest.y + across * 0.7 },
    ];
    canvas.path(
      smoothLoop(points),
      light.paint(mix(leaf, index % 2 === 0 ? '#1f5a3c' : '#8fc06a', 0.35), 0),
    );
  }
  canvas.circle(
    top.x - tall * 0.015,
    top.y + tall * 0.025,
    tall * 0.022,
    light.paint('#6b4630', 0),
  );
  canvas.circle(top.x + tall * 0.022, top.y + tall * 0.03, tall * 0.02, light.paint('#7a5238', 0));
}
