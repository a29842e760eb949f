/** `np.linspace(start, stop, count)`. */
export function linspace(start: number, stop: number, count: number): number[] {
  const step = (stop - start) / (count - 1);
  return Array.from({ length: count }, (_, i) =>
    i > 0 && i === count - 1 ? stop : i === 0 ? start : i * step + start,
  );
}

/** `torch.linspace(start, end, count, dtype=float32)`: from both ends to the middle, one FMA for each value. */
export function linspace32(start: number, end: number, count: number): Float32Array {
  const values = new Float32Array(count);
  if (count === 1) {
    values[0] = start;
    return values;
  }
  const [first, last] = [Math.fround(start), Math.fround(end)];
  const step = Math.fround(Math.fround(last - first) / (count - 1));
  for (let i = 0; i < count; i++) {
    values[i] = i < Math.floor(count / 2) ? first + step * i : last - step * (count - 1 - i);
  }
  return values;
}

/** `np.round`: a half goes to the even neighbour. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const fraction = value - floor;
  if (fraction < 0.5) return floor;
  if (fraction > 0.5) return floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}
