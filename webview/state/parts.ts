import type { Composition, Ground, Kind, Subject } from '../../src/core/composition/composition';
import { namedGround } from '../../src/core/composition/ground-choice';

/** A composition that the user has changed, and the prompt that it was changed for. */
export interface ChangedParts {
  readonly composition: Composition;
  readonly prompt: string;
}

/** How a prompt is read: as the engine does. */
export type Read = (prompt: string) => Composition;

/** What goes together: where the words say another of it, a change of it has lost what it was about. */
const PARTS = [['kind', 'tiled'], ['subjects'], ['ground']] as const;

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
const isSamePart = (part: readonly (keyof Composition)[], a: Composition, b: Composition) =>
  part.every((name) => same(a[name], b[name]));

/**
 * What the next image is composed of: what the words say, with the user's changes of what they still say.
 * @returns also whether anything differs from the words
 */
export function partsOf(
  prompt: string,
  changed: ChangedParts | undefined,
  read: Read,
): { readonly composition: Composition; readonly isChanged: boolean } {
  const words = read(prompt);
  if (!changed) return { composition: words, isChanged: false };
  const before = changed.prompt === prompt ? words : read(changed.prompt);
  const kept = PARTS.filter((part) => isSamePart(part, before, words)).flat();
  const composition = tidy({
    ...words,
    ...Object.fromEntries(kept.map((name) => [name, changed.composition[name]])),
  });
  return { composition, isChanged: !PARTS.every((part) => isSamePart(part, composition, words)) };
}

/** Without the fields that are undefined: a strict schema would refuse some of them. */
function tidy(composition: Composition): Composition {
  const given = Object.entries(composition).filter(
    ([, value]: [string, unknown]) => value !== undefined,
  );
  return Object.fromEntries(given) as unknown as Composition;
}

/** A composition with something else behind its subjects; `auto` is nothing in particular. */
export function withGround(composition: Composition, ground: Composition['ground']): Composition {
  return tidy({ ...composition, ground });
}

/** Which parts differ from what the words say. */
export function changedParts(composition: Composition, words: Composition) {
  return {
    kind: !isSamePart(['kind', 'tiled'], composition, words),
    ground: !same(composition.ground, words.ground),
    subject: (at: number) => !same(composition.subjects[at], words.subjects[at]),
  };
}

/** A composition with another subject at a place; without one it is taken out. */
export function withSubject(
  composition: Composition,
  at: number,
  subject: Subject | undefined,
): Composition {
  const subjects = [...composition.subjects];
  if (subject) subjects[at] = subject;
  else subjects.splice(at, 1);
  return { ...composition, subjects };
}

/**
 * A composition of another kind, with what that kind cannot do without.
 * @param words what the prompt says by itself
 */
export function withKind(composition: Composition, kind: Kind, words: Composition): Composition {
  const rest = tidy({ ...composition, kind, tiled: undefined });
  const subjects = rest.subjects.length > 0 ? rest.subjects : words.subjects;
  switch (kind) {
    case 'pattern':
      return { ...rest, subjects, tiled: true };
    case 'background':
      return { ...rest, subjects: [], ground: surface(rest.ground) ?? { name: 'mesh-gradient' } };
    case 'scene':
      return { ...rest, subjects, ground: surface(rest.ground) ?? { name: 'hills' } };
    case 'avatar': {
      const [first, ...others] = subjects;
      const person: Subject = first
        ? { ...first, source: 'portrait' }
        : { words: 'person', source: 'portrait', count: 1 };
      return { ...rest, subjects: [person, ...others] };
    }
    default:
      return { ...rest, subjects };
  }
}

function surface(ground: Composition['ground']): Ground | undefined {
  return ground === 'transparent' ? undefined : ground;
}

/** What the user can choose as a ground: as the words say, no composition at all, or one of the grounds. */
export type GroundValue = 'auto' | 'none' | 'transparent' | Ground;

/** The choice that a request's `ground` stands for. @param choice a valid value of that field */
export function groundValue(choice: string): GroundValue {
  if (choice === 'auto' || choice === 'none') return choice;
  return namedGround(choice) ?? 'auto';
}

/** The value of a request's `ground` for a choice; it names no light and no second colour. */
export function groundChoice(value: GroundValue): string {
  if (typeof value === 'string') return value;
  const [colour] = value.colours ?? [];
  return value.name === 'plain' && colour !== undefined ? colour : value.name;
}

/** What the next image is composed of, with a model that composes. */
export interface Composing {
  readonly composition: Composition;
  /** What the words of the prompt say by themselves. */
  readonly words: Composition;
  /** The size that suits the words, in pixels. */
  readonly size: { readonly width: number; readonly height: number } | undefined;
  /** Whether the composition differs from what the words say. */
  readonly isChanged: boolean;
  /** What lies behind, the form's own ground considered. */
  readonly ground: GroundValue;
  /** The prompt goes to the model as it is. */
  readonly isPlain: boolean;
}
