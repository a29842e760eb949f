import { mix } from '../../colours';
import { num } from '../drawing/canvas';
import { polygon, type Point } from '../drawing/curves';
import type { SceneContext } from '../scene';

/** Directions of the leaves in degrees: right is 0, up is -90. */
const FRONDS = [-174, -150, -122, -94, -60, -32, -6, 22, 158];

/** A palm that leans over the scene. @param lean 1 to the right, -1 to the left */
export function drawPalm(
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
  for (const [index, degrees] of random.shuffle(FRONDS).entries()) {
    const angle = ((degrees + random.range(-6, 6)) * Math.PI) / 180;
    const reach = tall * random.range(0.36, 0.46);
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    // Up and out, then down by its weight; feathered below by cuts in the lower edge.
    const along = (share: number): Point => ({
      x: top.x + c * reach * share,
      y:
        top.y +
        s * reach * 0.6 * share +
        reach * 0.5 * share ** 2.4 -
        reach * 0.1 * Math.sin(share * Math.PI),
    });
    const upper: Point[] = [];
    const lower: Point[] = [];
    for (let step = 0; step <= 6; step++) {
      const share = step / 6;
      const at = along(share);
      const wide = tall * 0.055 * Math.sin(Math.PI * Math.min(1, share * 0.86 + 0.1)) ** 0.7;
      upper.push({ x: at.x, y: at.y - wide * 0.55 });
      if (step > 0 && step < 6) {
        lower.push({ x: at.x + c * reach * 0.05, y: at.y + wide * 1.15 });
        lower.push({ x: at.x + c * reach * 0.055, y: at.y + wide * 0.35 });
      }
    }
    canvas.path(
      polygon([...upper, ...lower.reverse()]),
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
