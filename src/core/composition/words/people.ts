import { groupMeaning, isThing, isUnknown, meaning, numberOf, type Group } from './groups';
import type { Item } from './items';
import type { Draft, Drafts } from './drafts';
import type { Intent } from './intent';
import { isFaced, isFacedAlone, isLook, isPerson } from './persons';
import { fold, singulars } from './spelling';

const ANYONE = 'person';
const LONGEST_WORDS = 190;
const MANY = 3;
/** Words for several people that say how they look. */
const MANY_OF_A_KIND = /^(?:kids|children|boys|girls|women|men|teenagers|schoolchildren|toddlers)$/;
/** Words for a person that say nothing about the face. */
const NOBODY = new Set([
  'person',
  'user',
  'customer',
  'client',
  'someone',
  'people person',
  'human',
  'face',
  'human face',
  'employee',
]);

/** The one of several persons: "waiters" is "waiter". Undefined: the folded words are no plural of a person. */
function oneOf({ key, match }: Item): string | undefined {
  if (match?.plural === true && isPerson(match.name)) return match.name;
  return isPerson(key) ? undefined : singulars(key).find(isPerson);
}

/**
 * Reads a group of words as faces: where they ask for a portrait or a team, or say more of a person than the
 * model can draw ("a man with a beard").
 * @returns whether the group was about people
 */
export function readPeople(
  group: Group,
  after: Group | undefined,
  intent: Intent,
  drafts: Drafts,
): boolean {
  const people = groupMeaning(group, 'people');
  const portrait = groupMeaning(group, 'portrait') !== undefined;
  const isSign = group.items.some((item) => meaning(item, 'sign') !== undefined);
  if ((people !== undefined || portrait) && intent.kinds.has('icon') && isSign) return false;
  if (portrait && intent.kinds.has('background')) return false;
  const counted = numberOf(group);
  const faces = drafts.last?.source === 'portrait' ? drafts.last : undefined;
  const isNumber = group.items.every((item) => meaning(item, 'count') !== undefined);
  if (isNumber && faces !== undefined && group.relation === 'of') {
    faces.count = counted ?? faces.count;
    return true;
  }
  const other = group.items.some((item) => isThing(item) && !isAboutPeople(item));
  // A yoga teacher is a teacher.
  if (other && !isFaced(group.items.at(-1)!.key)) return false;
  if (people !== undefined) {
    if (faces !== undefined && group.relation === 'of') faces.count = counted ?? faces.count;
    else drafts.push(portraits(described(group), counted ?? people.count));
    return true;
  }
  if (faces !== undefined && addsTo(faces, group)) return true;
  if (portrait) {
    drafts.push(portraits(described(group), counted ?? 1));
    return true;
  }
  const person = group.items.find((item) => isPerson(item.key) || oneOf(item) !== undefined);
  if (person === undefined || intent.kinds.has('icon')) return false;
  const one = oneOf(person);
  const many = counted ?? (one === undefined ? 1 : MANY);
  const key = one ?? person.key;
  const isOf = (is: (words: string) => boolean): boolean =>
    is(key) ||
    (person.match !== undefined && person.match.sense !== 'meaning' && is(person.match.thing));
  const isSeen =
    intent.portrait ||
    many > 1 ||
    person.match === undefined ||
    isOf(isFaced) ||
    (isOf(isFacedAlone) && !(intent.crowded && isCarried(after)));
  const hasLooks = group.items.some((item) => isLook(item.key) && item.match?.sense !== 'name');
  if (!isSeen && !hasLooks && !isAboutLooks(after)) return false;
  drafts.push(portraits(described(group), many));
  return true;
}

function portraits(words: string, count: number): Draft {
  return { words: words === '' ? ANYONE : words, source: 'portrait', count, weak: words === '' };
}

function isAboutPeople(item: Item): boolean {
  return (
    isPerson(item.key) ||
    isPerson(item.match!.name) ||
    isLook(item.key) ||
    meaning(item, 'people') !== undefined ||
    meaning(item, 'portrait') !== undefined
  );
}

/** "…, with a beard", "avatar of | a woman", "testimonial, | an old man". */
function addsTo(faces: Draft, group: Group): boolean {
  const { relation } = group;
  if (relation !== undefined && !['beside', 'inside', 'of'].includes(relation)) return false;
  const person = group.items.some((item) => isPerson(item.key) || isPerson(item.match?.name ?? ''));
  const isMore = group.items.some((item) => isLook(item.key)) || (person && relation !== 'beside');
  const words = described(group);
  if (!isMore || words === '') return false;
  const isNobody = NOBODY.has(faces.words);
  if (isNobody && person) faces.words = words;
  else
    faces.words = `${faces.words} ${relation === 'inside' ? 'in' : 'with'} ${words}`.slice(
      0,
      LONGEST_WORDS,
    );
  return true;
}

/** Whether the next words say how a person looks: "a man | with a beard". */
function isAboutLooks(after: Group | undefined): boolean {
  if (after?.relation !== 'beside' && after?.relation !== 'inside') return false;
  return (
    after.items.some((item) => isLook(item.key)) &&
    after.items.every((item) => isLook(item.key) || item.match === undefined)
  );
}

/** Whether a person is in a thing: "a baby | in a basket". A portrait stands beside what it is on or under. */
function isCarried(after: Group | undefined): boolean {
  return (
    after?.relation === 'inside' &&
    after.items.some((item) => isThing(item) && meaning(item, 'scene') === undefined)
  );
}

/** The words about a person, without what is said about the image. */
function described(group: Group): string {
  const isSomebody = group.items.some(
    (item) => isPerson(item.key) || oneOf(item) !== undefined || isLook(item.key),
  );
  const words = group.items.filter((item) => {
    if (meaning(item, 'people') !== undefined) return MANY_OF_A_KIND.test(item.key);
    if (isPerson(item.key) || oneOf(item) !== undefined) return true;
    if (meaning(item, 'portrait') !== undefined) return false;
    return (
      isLook(item.key) ||
      item.colour !== undefined ||
      (isSomebody && isUnknown(item)) ||
      isPerson(item.match?.name ?? '')
    );
  });
  const text = words
    .map((item) => oneOf(item) ?? (item.match?.plural === true ? item.match.name : item.text))
    .join(' ');
  return NOBODY.has(fold(text)) ? '' : text.slice(0, LONGEST_WORDS).trim();
}
