import type { Size } from '../image/resize';
import type { Composition, Kind, Subject } from './composition';
import { habitatOf } from './habitat';
import { createRandom } from './random';

/** Where the subjects of a wide image stand. */
export type Place = 'left' | 'centre' | 'right';

/** How a variation of an image differs in its layout. */
export interface Arrangement {
  readonly place: Place;
  readonly mirrored: boolean;
  /** Degrees clockwise. */
  readonly turn: number;
}

export interface LayoutFacts {
  /** Width by height of what is seen of each subject, in the composition's order. */
  readonly aspects: readonly number[];
  /** Of a scene, as shares of the image's height: where things stand, and where the sky ends. */
  readonly floor?: number | undefined;
  readonly horizon?: number | undefined;
  readonly seed: number;
  readonly arrangement: Arrangement;
}

/** One drawing of a subject in an image, in the order from back to front. */
export interface Placement {
  /** Index of the subject in the composition. */
  readonly subject: number;
  /** Which of the subject's drawings this is, 0-based. */
  readonly copy: number;
  /** Pixels; whole numbers. The box can reach over the image's edges. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly mirrored: boolean;
  /** Degrees clockwise about the middle of the box. */
  readonly turn: number;
  /** It touches a floor or water there: a shadow or ripples belong under it. */
  readonly stands?: true;
  /** It is shown within a circle, on a colour of its own. */
  readonly circled?: true;
}

/** A box in the units of a cluster: y is 0 at its foot and grows upwards. */
interface Member {
  readonly subject: number;
  readonly copy: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly mirrored: boolean;
  readonly turn: number;
}

/**
 * Says where each subject of a composition is drawn in an image of any size.
 * @param size of the image in pixels
 */
export function layOut(composition: Composition, size: Size, facts: LayoutFacts): Placement[] {
  const { subjects, tiled } = composition;
  if (subjects.length === 0) return [];
  if (tiled === true) return tile(subjects, size, facts);
  if (subjects.every(({ source }) => source === 'portrait') && facts.floor === undefined) {
    return placePortraits(subjects, size, facts);
  }
  if (facts.floor === undefined) return placeOnSurface(composition, size, facts);
  return placeInScene(subjects, { ...facts, floor: facts.floor }, size);
}

/** The members moved and scaled so that their common box is in the middle of an area, as large as fits. */
function fitInto(members: readonly Member[], area: Area): Placement[] {
  const box = boxOf(members);
  const scale = Math.min(area.width / box.width, area.height / box.height);
  const left = area.x - (box.width * scale) / 2;
  const bottom = area.bottom ?? area.middle! + (box.height * scale) / 2;
  return members.map(({ subject, copy, x, y, width, height, mirrored, turn }) => ({
    subject,
    copy,
    left: Math.round(left + (x - box.x) * scale),
    top: Math.round(bottom - (y - box.y + height) * scale),
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
    mirrored,
    turn,
  }));
}

/** Where a cluster goes: the middle of its width, and the middle or the foot of its height, in pixels. */
interface Area {
  readonly x: number;
  readonly middle?: number;
  readonly bottom?: number;
  /** At most. */
  readonly width: number;
  readonly height: number;
}

function boxOf(members: readonly Member[]): {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
} {
  const x = Math.min(...members.map((member) => member.x));
  const y = Math.min(...members.map((member) => member.y));
  return {
    x,
    y,
    width: Math.max(...members.map((member) => member.x + member.width)) - x,
    height: Math.max(...members.map((member) => member.y + member.height)) - y,
  };
}

/** Arranges subjects to each other: copies in a row or a loose group, neighbours side by side, and relations. */
function cluster(
  subjects: readonly (readonly [index: number, subject: Subject])[],
  facts: LayoutFacts,
  standing: boolean,
): Member[] {
  const { arrangement } = facts;
  let members: Member[] = [];
  let before: Member[] = [];
  for (const [index, subject] of subjects) {
    let own = copies(index, subject, facts, standing);
    if (members.length === 0) members = own;
    else if (subject.relation === undefined) {
      own = beside(boxOf(members), own, standing);
      members = [...members, ...own];
    } else {
      ({ members, own } = related(subject.relation, members, before, own));
    }
    before = own;
  }
  return members.map((member) => ({
    ...member,
    mirrored: member.mirrored !== arrangement.mirrored,
    turn: standing ? member.turn : member.turn + arrangement.turn,
  }));
}

const NO_TURN = { mirrored: false, turn: 0 } as const;
/** Space between neighbours, as a share of the side of a square one. */
const GAP = 0.14;
/** Sizes of the copies of a subject: they are of one kind and not the same. */
const SIZES = [1, 0.84, 0.92, 0.78, 0.96, 0.82, 0.9, 0.76, 0.98, 0.86, 0.8, 0.94] as const;

function copies(
  subject: number,
  { count, source, words }: Subject,
  { aspects, seed }: LayoutFacts,
  standing: boolean,
): Member[] {
  const aspect = aspects[subject] ?? 1;
  const [width, height] = [Math.sqrt(aspect), 1 / Math.sqrt(aspect)];
  if (count === 1) return [{ subject, copy: 0, x: 0, y: 0, width, height, ...NO_TURN }];
  const random = createRandom(seed, `copies ${subject}`);
  // Signs and portraits are told apart by nothing: they are all of one size, upright, in one row.
  const alike = source !== 'model';
  const air = !standing && habitatOf(words) === 'air';
  const rows = count > 5 ? 2 : 1;
  const inRow = Math.ceil(count / rows);
  const step = width + (alike ? GAP * 2 : GAP) * (air ? 0.6 : 1);
  return Array.from({ length: count }, (_, copy) => {
    const size = alike ? 1 : SIZES[(copy + Math.floor(random.next() * 0.999)) % SIZES.length]!;
    const row = Math.floor(copy / inRow);
    const shift = row * step * 0.5;
    const drift = air ? [0, 0.42, 0.12, 0.5, 0.05, 0.34][copy % 6]! * height : 0;
    return {
      subject,
      copy,
      x: (copy % inRow) * step + shift + (width * (1 - size)) / 2,
      y: row * height * (standing ? 0.45 : 1.12) + drift,
      width: width * size,
      height: height * size,
      mirrored: !alike && copy % 2 === 1,
      turn: air ? random.range(-5, 5) : 0,
    };
  });
}

/** Moves members to the right of a box: on one floor, else middle by middle. */
function beside(box: ReturnType<typeof boxOf>, members: Member[], standing: boolean): Member[] {
  const own = boxOf(members);
  const dx = box.x + box.width + GAP - own.x;
  const dy = standing ? box.y - own.y : box.y + box.height / 2 - (own.y + own.height / 2);
  return moved(members, dx, dy);
}

function moved(members: readonly Member[], dx: number, dy: number): Member[] {
  return members.map((member) => ({ ...member, x: member.x + dx, y: member.y + dy }));
}

function scaled(members: readonly Member[], by: number): Member[] {
  return members.map((member) => ({
    ...member,
    x: member.x * by,
    y: member.y * by,
    width: member.width * by,
    height: member.height * by,
  }));
}

/** Puts members to the subject before them: onto it, under it, behind it or into it. */
function related(
  relation: NonNullable<Subject['relation']>,
  members: readonly Member[],
  before: readonly Member[],
  added: readonly Member[],
): { members: Member[]; own: Member[] } {
  const base = boxOf(before);
  const size = boxOf(added);
  const centre = base.x + base.width / 2;
  /** Added members, scaled, with their foot at a height, centred about x. */
  const put = (by: number, x: number, foot: number): Member[] => {
    const larger = scaled(added, by);
    const box = boxOf(larger);
    return moved(larger, x - box.x - box.width / 2, foot - box.y);
  };
  switch (relation) {
    case 'on': {
      const by = Math.min((base.width * 0.8) / size.width, (base.height * 0.95) / size.height);
      const own = put(by, centre, base.y + base.height - size.height * by * 0.06);
      return { members: [...members, ...own], own };
    }
    case 'under': {
      const by = (base.width * 1.3) / size.width;
      const own = put(by, centre, 0);
      const foot = base.y - size.height * by + size.height * by * 0.08;
      const lower = moved(own, 0, foot);
      return { members: [...lower, ...members], own: lower };
    }
    case 'behind': {
      const by = (base.height * 1.35) / size.height;
      const own = put(by, centre + base.width * 0.35, base.y + base.height * 0.06);
      return { members: [...own, ...members], own };
    }
    case 'inside': {
      const by = Math.min((base.width * 0.5) / size.width, (base.height * 0.5) / size.height);
      const own = put(by, centre, base.y + base.height * 0.24);
      return { members: [...members, ...own], own };
    }
  }
}

/** Sides up to this are icons: what is drawn needs every pixel. */
const SMALL_SIDE = 96;
/** Images this much wider than high have room beside the subject. */
const WIDE = 1.35;

function placeOnSurface(
  { kind, subjects }: Composition,
  { width, height }: Size,
  facts: LayoutFacts,
): Placement[] {
  const people = kind !== 'icon' && areBusts(subjects);
  const members = cluster([...subjects.entries()], facts, people);
  const side = Math.min(width, height);
  // A pixel on each side stays free, or the subject would look cut.
  const small = Math.min(0.94, 1 - 2 / side);
  const share = side <= SMALL_SIDE ? small : shareOf(kind, width / height);
  const area = {
    x: placeAt(facts.arrangement.place, width, width / height),
    middle: height / 2,
    width: width * (width / height > WIDE && subjects.length > 1 ? (people ? 0.92 : 0.8) : share),
    height: height * share,
  } as const;
  const placed = fitInto(members, area);
  const highest = Math.max(...placed.map((one) => one.height));
  return people && highest > height * LARGE_BUST
    ? fitInto(members, { ...area, middle: undefined, bottom: height })
    : placed;
}

/** Busts this high, as a share of the image, stand on its lower edge; smaller ones are in its middle. */
const LARGE_BUST = 0.5;

/** Whether people are among what stands side by side: their shoulders end at the lower edge of the image. */
function areBusts(subjects: readonly Subject[]): boolean {
  return (
    subjects.some(({ source }) => source === 'portrait') &&
    subjects.every(({ relation }) => relation === undefined)
  );
}

/** How much of the shorter side a subject takes. */
function shareOf(kind: Kind, ratio: number): number {
  if (kind === 'icon' || kind === 'avatar') return 0.86;
  if (kind === 'page' || kind === 'chart') return 0.78;
  return ratio > WIDE ? 0.74 : 0.84;
}

function placeAt(place: Place, width: number, ratio: number): number {
  if (place === 'centre' || ratio <= WIDE) return width / 2;
  return width * (place === 'left' ? 0.3 : 0.7);
}

/** How high what stands in a scene is, as a share of the image's height. */
const STANDING = 0.46;
/** The same of people, of whom only head and shoulders are seen. */
const NEAR = 0.66;

function placeInScene(
  subjects: readonly Subject[],
  facts: LayoutFacts & { readonly floor: number },
  { width, height }: Size,
): Placement[] {
  const { floor, horizon = floor * 0.7, arrangement } = facts;
  const entries = [...subjects.entries()];
  const flies = (subject: Subject) =>
    subject.relation === undefined && habitatOf(subject.words) === 'air';
  const flying = entries.filter(([, subject]) => flies(subject));
  const standing = entries.filter(([, subject]) => !flies(subject));
  const x = placeAt(arrangement.place, width, width / height);
  const placed: Placement[] = [];
  if (flying.length > 0) {
    const aside = standing.length > 0;
    const sky = height * Math.max(horizon, 0.35);
    const area: Area = {
      x: aside ? (x > width / 2 ? width * 0.28 : width * 0.74) : x,
      middle: sky * (aside ? 0.42 : 0.52),
      width: width * (aside ? 0.3 : 0.6),
      height: sky * (aside ? 0.5 : 0.76),
    };
    placed.push(...fitInto(cluster(flying, facts, false), area));
  }
  if (standing.length > 0) {
    const members = cluster(standing, facts, true);
    const stacked = standing.some(([, { relation }]) => relation !== undefined);
    const people = areBusts(standing.map(([, subject]) => subject));
    const area: Area = {
      x:
        flying.length > 0 && width / height > WIDE && arrangement.place === 'centre'
          ? width * 0.4
          : x,
      bottom: people ? height : height * floor,
      width: width * 0.78,
      height: people
        ? height * NEAR
        : Math.min(height * (stacked ? STANDING * 1.3 : STANDING), height * floor * 0.88),
    };
    if (people) return [...placed, ...fitInto(members, area)];
    const foot = boxOf(members).y;
    const own = fitInto(members, area);
    placed.push(
      ...own.map((placement, index) => {
        const onFloor = Math.abs(members[index]!.y - foot) < 0.02;
        return onFloor ? { ...placement, stands: true as const } : placement;
      }),
    );
  }
  return placed;
}

/** One portrait fills the image from its foot; several stand in circles, in rows. */
function placePortraits(
  subjects: readonly Subject[],
  { width, height }: Size,
  { aspects, arrangement }: LayoutFacts,
): Placement[] {
  const all = subjects.flatMap(({ count }, subject) =>
    Array.from({ length: count }, (_, copy) => ({ subject, copy })),
  );
  const [only] = all;
  if (all.length === 1 && only) {
    const aspect = aspects[only.subject] ?? 1;
    const high = Math.min(height, width / aspect);
    const wide = Math.round(high * aspect);
    const left = Math.round(placeAt(arrangement.place, width, width / height) - wide / 2);
    return [
      {
        ...only,
        left,
        top: Math.round(height - high),
        width: wide,
        height: Math.round(high),
        mirrored: arrangement.mirrored,
        turn: 0,
      },
    ];
  }
  const { columns, rows } = gridFor(all.length, width / height);
  const cell = Math.min(width / (columns + MARGIN), height / (rows + MARGIN));
  const side = Math.round(cell * 0.9);
  // Where there is more room, the circles stand further apart instead of leaving an empty edge.
  const apart = (length: number, count: number): number =>
    count === 1 ? cell : Math.max(cell, Math.min(cell * APART, (length - cell * MARGIN) / count));
  const [stepX, stepY] = [apart(width, columns), apart(height, rows)];
  return all.map((one, index) => {
    const row = Math.floor(index / columns);
    const inRow = Math.min(columns, all.length - row * columns);
    const column = index - row * columns;
    return {
      ...one,
      left: Math.round(width / 2 + (column - (inRow - 1) / 2) * stepX - side / 2),
      top: Math.round(height / 2 + (row - (rows - 1) / 2) * stepY - side / 2),
      width: side,
      height: side,
      mirrored: arrangement.mirrored !== (index % 3 === 1),
      turn: 0,
      circled: true,
    };
  });
}

/** The free edge around portraits in rows, as a share of a portrait with its space. */
const MARGIN = 0.12;
/** The middles of neighbours are so far apart at most, as a share of a portrait with its space. */
const APART = 1.4;

/** The rows and columns in which portraits are large; a row that is not full or not wide costs some of that. */
function gridFor(count: number, ratio: number): { columns: number; rows: number } {
  let best = { columns: count, rows: 1 };
  let most = 0;
  for (let rows = 1; rows <= count; rows++) {
    const columns = Math.ceil(count / rows);
    const cell = Math.min(ratio / (columns + MARGIN), 1 / (rows + MARGIN));
    const wide = Math.min(1, (cell * APART * columns) / ratio);
    const worth = cell * Math.sqrt(count / (rows * columns)) * wide ** 0.3;
    if (worth > most) [best, most] = [{ columns, rows }, worth];
  }
  return best;
}

/** The side of a pattern's cell, as a share of the shorter side, and its limits in pixels. */
const CELL = { share: 0.3, min: 24, max: 260 } as const;
/** How much of its cell a subject fills. */
const FILLED = 0.66;

/**
 * A seamless tiling in half-drop: every second column is half a cell lower, and what crosses an edge comes
 * in again at the other. So the image can be repeated, too.
 */
function tile(
  subjects: readonly Subject[],
  { width, height }: Size,
  { aspects, seed, arrangement }: LayoutFacts,
): Placement[] {
  const random = createRandom(seed, 'pattern');
  const wanted = Math.min(
    CELL.max,
    Math.max(CELL.min, Math.min(width, height) * CELL.share, Math.max(width, height) / 24),
  );
  // Columns in pairs, so that the last one meets the first.
  const columns = Math.max(2, 2 * Math.round(width / wanted / 2));
  const rows = Math.max(1, Math.round(height / wanted));
  const cell = { width: width / columns, height: height / rows };
  const side = Math.min(cell.width, cell.height) * FILLED;
  const placed: Placement[] = [];
  for (let column = 0; column < columns; column++) {
    for (let row = 0; row < rows; row++) {
      const subject = (column + row) % subjects.length;
      const aspect = aspects[subject] ?? 1;
      const size = side * random.range(0.92, 1.12);
      const wide = Math.max(1, Math.round(size * Math.min(1, aspect)));
      const high = Math.max(1, Math.round(size * Math.min(1, 1 / aspect)));
      const x = (column + 0.5) * cell.width;
      const y = (row + (column % 2 === 0 ? 0.25 : 0.75)) * cell.height;
      const one: Placement = {
        subject,
        copy: (column * rows + row) % subjects[subject]!.count,
        left: Math.round(x - wide / 2),
        top: Math.round(y - high / 2),
        width: wide,
        height: high,
        mirrored: arrangement.mirrored !== random.chance(0.5),
        turn: subjects[subject]!.source === 'text' ? 0 : random.range(-22, 22) + arrangement.turn,
      };
      placed.push(...wrapped(one, width, height));
    }
  }
  return placed;
}

/** A placement, and the same one beyond the opposite edges that it crosses. */
function wrapped(placement: Placement, width: number, height: number): Placement[] {
  // A turned box reaches as far as its diagonal.
  const reach = Math.hypot(placement.width, placement.height) / 2;
  const [x, y] = [placement.left + placement.width / 2, placement.top + placement.height / 2];
  const shifts = (centre: number, side: number) => [
    0,
    ...(centre - reach < 0 ? [side] : []),
    ...(centre + reach > side ? [-side] : []),
  ];
  return shifts(x, width).flatMap((dx) =>
    shifts(y, height).map((dy) => ({
      ...placement,
      left: placement.left + dx,
      top: placement.top + dy,
    })),
  );
}
