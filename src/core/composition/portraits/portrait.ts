import { createAvatar } from '@dicebear/core';
import * as avataaars from '@dicebear/avataaars';
import { hash } from '../random';
import type { VectorImage } from '../vector-image';
import { CHEEKS, LASHES, OVER, WRINKLES } from './extras';
import { choosePerson, type Person } from './person';
import { readTraits } from './traits';

/** The view box of the library's portraits. */
const SIZE = 280;

/** What is worn below a doctor's coat. */
const SCRUBS = '#7fb2d9';

/** How far the next variation is from the next seed: a job may count up both. */
const VARIATION_STEP = 4;

/**
 * Draws the head and shoulders of a person on a transparent ground. The shoulders end at the lower edge.
 *
 * Faces are "Avataaars" by Pablo Stanley, by way of DiceBear, with parts of our own: hats of trades, lines of
 * age, the proportions of children.
 * @param words English, such as "an old man with glasses"; what they leave open varies
 * @param options the same seed and variation draw the same portrait; neighbouring ones differ clearly
 */
export function drawPortrait(
  words: string,
  { seed, variation = 0 }: { readonly seed: number; readonly variation?: number },
): VectorImage {
  const number = Math.abs(Math.trunc(seed)) + variation * VARIATION_STEP;
  const traits = readTraits(words);
  const person = choosePerson(traits, number);
  const svg = createAvatar(avataaars, { ...person.options, seed: '' }).toString();
  // The shirt of the library is grey; that of a doctor is not, so that the coat stands out.
  const dressed = person.extra === 'coat' ? svg.replace('#E6E6E6', SCRUBS) : svg;
  const body = grownAs(person, bodyOf(dressed));
  const extra =
    person.extra === undefined
      ? ''
      : OVER[person.extra](hatColour(person, traits.headwearColour !== undefined));
  const child = person.age === 'child' || person.age === 'baby';
  const shift = child ? `translate(8 ${CHILD_DROP})` : 'translate(8)';
  const drawing = body
    .replace(/<\/g>$/, `${extra}</g>`)
    .replace('<g transform="translate(8)">', `<g transform="${shift}">`);
  return {
    width: SIZE,
    height: SIZE,
    body: withPrefix(drawing, `portrait-${hash(`${words}/${number}`).toString(36)}-`),
  };
}

/** @param asked the words name a colour of it */
function hatColour({ extra, headwearColour }: Person, asked: boolean): string {
  if (extra === 'helmet' && !asked) return '#f6c33b';
  return `#${headwearColour}`;
}

/** The elements of a portrait, without the file around them and what it says of its makers. */
function bodyOf(svg: string): string {
  const inner = /^<svg[^>]*>(.*)<\/svg>$/s.exec(svg)?.[1] ?? '';
  const bare = inner.replace(/<metadata.*?<\/metadata>/s, '');
  // The library clips to its view box, by a mask around everything.
  return (
    /^<mask id="viewboxMask">.*?<\/mask><g mask="url\(#viewboxMask\)">(.*)<\/g>$/s.exec(
      bare,
    )?.[1] ?? bare
  );
}

const HEAD =
  'M132 36a56 56 0 0 0-56 56v6.17A12 12 0 0 0 66 110v14a12 12 0 0 0 10.3 11.88 56.04 56.04 0 0 0 31.7 44.73v24h48v-24' +
  'a56.04 56.04 0 0 0 31.7-44.73A12 12 0 0 0 198 124v-14a12 12 0 0 0-10-11.83V92a56 56 0 0 0-56-56Z';
const SHOULDERS = 'M108 199h-4a72 72 0 0 0-72 72v9h200v-9a72 72 0 0 0-72-72Z';
const CHILD_BODY = 0.78;
/** What the smaller shoulders leave free below. */
const CHILD_DROP = Math.round((SIZE - 199) * (1 - CHILD_BODY) * 10) / 10;

/** The face with the lines or the proportions of its age. */
function grownAs({ age, lashes, skin }: Person, body: string): string {
  const face = '<g transform="translate(104 122)">';
  const lashed = lashes ? body.replace(face, LASHES + face) : body;
  if (age === 'old') return lashed.replace(face, WRINKLES + face);
  if (age !== 'child' && age !== 'baby') return lashed;
  const small = `translate(132 199) scale(${CHILD_BODY}) translate(-132 -199)`;
  return body
    .replace(/<path d="M132 36a56 56[^"]*" fill="([^"]*)"\/>/, () => {
      const fill = `fill="#${skin}"`;
      return `<path d="${SHOULDERS}" ${fill} transform="${small}"/><path d="${HEAD}" ${fill}/>`;
    })
    .replace('<g transform="translate(0 170)">', `<g transform="${small} translate(0 170)">`)
    .replace(
      '<g transform="translate(76 90)">',
      '<g transform="translate(132 116) scale(1.25) translate(-132 -112) translate(76 90)">',
    )
    .replace(face, `${CHEEKS}<g transform="translate(104 124)">`);
}

/** Ids with a prefix, and the references to them. */
function withPrefix(body: string, prefix: string): string {
  return body
    .replace(/\bid="([^"]+)"/g, `id="${prefix}$1"`)
    .replace(/url\(#([^)]+)\)/g, `url(#${prefix}$1)`)
    .replace(/href="#([^"]+)"/g, `href="#${prefix}$1"`);
}
