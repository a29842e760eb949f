import type { RgbaImage } from '../../../../src/core/image/pixels';

/** A red apple with a leaf and a dark spot, with soft edges, on nothing. */
export function apple(side: number): RgbaImage {
  const data = new Uint8Array(side * side * 4);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const [u, v] = [(x + 0.5) / side - 0.5, (y + 0.5) / side - 0.55];
      const body = 0.36 - Math.hypot(u, v);
      const leaf = 0.1 - Math.hypot(u - 0.08, (v + 0.4) * 1.6);
      const spot = 0.09 - Math.hypot(u + 0.05, v - 0.05);
      const colour = spot > 0 ? [60, 20, 30] : body > leaf ? [215, 40, 35] : [60, 160, 60];
      data.set(colour, (y * side + x) * 4);
      const edge = Math.max(body, leaf);
      data[(y * side + x) * 4 + 3] = Math.round(Math.max(0, Math.min(1, edge * 64 + 0.5)) * 255);
    }
  }
  return { width: side, height: side, alpha: true, data };
}

/** A sky that becomes lighter downwards, with a sun, over dark hills. */
export function scene(width: number, height: number): RgbaImage {
  const data = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const hill = 0.65 + 0.08 * Math.sin((x / width) * 9);
      const down = y / height;
      const sun = Math.hypot((x - width * 0.7) / height, down - 0.25) < 0.12;
      const sky = [90 + 120 * down, 150 + 80 * down, 235];
      const colour = down > hill ? [40, 90 - 40 * down, 50] : sun ? [255, 240, 180] : sky;
      data.set([...colour, 255], (y * width + x) * 4);
    }
  }
  return { width, height, alpha: true, data };
}
