import type { Composition, Ground, Subject } from './composition';

/** A composition in words, such as "a sofa (drawn by the model) with a cat (drawn by the model) on it on a ground of room". */
export function describeComposition({ subjects, ground, tiled }: Composition): string {
  const things = subjects.map(describeSubject).join(' ');
  const pattern = tiled === true ? 'a pattern of ' : '';
  const behind =
    ground === undefined
      ? 'a plain ground'
      : ground === 'transparent'
        ? 'nothing behind'
        : ['a ground of ', ground.name, ...said(ground)].join('');
  return things === '' ? behind : `${pattern}${things} on ${behind}`;
}

/** The light of a scene or the form of a surface, after its name. */
function said({ form, time }: Ground): string[] {
  return [form, time].flatMap((part) => (part === undefined ? [] : [`, ${part}`]));
}

const MADE_BY = {
  model: 'drawn by the model',
  portrait: 'a portrait of the library',
  vector: 'a vector drawing',
  text: 'letters',
} as const;

function describeSubject({ words, source, count, relation }: Subject, index: number): string {
  const times = count > 1 ? `${count} × ` : '';
  const thing = `${times}${words} (${MADE_BY[source]})`;
  if (index === 0) return thing;
  return relation === undefined ? `and ${thing}` : `with ${thing} ${relation} it`;
}
